"""Whatever happens in whatever order: the rules that hold after every fact."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import escalation, events, moves, promises
from sla.decide import Outcome
from sla.illegal import IllegalMove
from sla.notices import Say
from sla.promises import SECOND, Promise, Standing
from sla.replay import replay
from sla.terms import Clock, Kind, Terms
from sla.ticket import WORKING, Stage, Ticket
from tests.sla import contract
from tests.sla.contract import COLLEAGUE, ENGINEER, MANAGER, OFFICER, Story, at

# Half an hour between calls keeps the stories short.
SHAOGUAN = contract.terms(change=lambda table: table["escalation"].update(repeat_every="30m"))
GOV_CLOUD = contract.terms(contract.GOV_CLOUD, lambda table: table["escalation"].update(repeat_every="30m"))
CLOUD = contract.terms(contract.CLOUD, lambda table: table["escalation"].update(repeat_every="30m"))
CENTRE = contract.terms(contract.CENTRE, lambda table: table["escalation"].update(repeat_every="30m"))
REPORTS = {"major": {"every": "30m", "final": True}, "general": {"every": "2h"}}
REPORTED = contract.terms(
    change=lambda table: table.update(reports=REPORTS, escalation=table["escalation"] | {"repeat_every": "30m"})
)
SPOKEN = (events.Warned, events.Breached, events.CalledAgain, events.Prompted)
LATE = (Standing.OVERDUE, Standing.KEPT_LATE, Standing.WAIVED_LATE)

# What people can do: the way of a fault, and everything else.
WAY = (
    events.Acknowledged,
    events.Arrived,
    events.OnSiteRequested,
    events.VisitWaived,
    events.Repaired,
    events.MeetingSupported,
    events.RecoveryConfirmed,
    events.RecoveryRejected,
    events.FixedRemotely,
    events.Located,
    events.Paused,
    events.Resumed,
    events.TransmissionDeclared,
    events.TransmissionRefused,
    events.TransmissionReturned,
)
ASIDE = tuple(fact for fact in events.FACTS if fact not in (events.Reported, *SPOKEN, *WAY))
LEVELLED = (events.Reclassified, events.ReclassificationAsked, events.Absorbed, events.Suggested)
JUDGED = ({"covered": True}, {"covered": False})

# A reason that every contract takes.
REASONED: dict[type[events.Deed], dict[str, object]] = {
    fact: {"reason": "force_majeure"} for fact in (events.PauseAsked, events.Paused)
}

# A step: how far the clock moves, which of the deeds that are allowed then, by whom, and whether the program sleeps.
Step = tuple[int, int, str, bool]
PEOPLE = (ENGINEER, COLLEAGUE, MANAGER, OFFICER)
GAPS = st.one_of(
    st.sampled_from([0, 1, 59, 299, 300, 301, 480, 599, 600, 601, 3_599, 3_600, 3_601, 14_400]),
    st.integers(0, 4_000),
)
STEPS = st.lists(
    st.tuples(GAPS, st.integers(0, 999), st.sampled_from(PEOPLE), st.booleans()),
    min_size=6,
    max_size=20,
)
STARTS = (
    (SHAOGUAN, "major"),
    (SHAOGUAN, "general"),
    (GOV_CLOUD, "normal"),
    (SHAOGUAN, "consultation"),
    (SHAOGUAN, "other"),
    (CLOUD, "normal"),
    (CLOUD, "important"),
    (CENTRE, "fault"),
    (CENTRE, "image_retrieval"),
    (CENTRE, "meeting_guarantee"),
    (REPORTED, "major"),
    (REPORTED, "general"),
)
CONTRACTS = st.sampled_from(STARTS)


def choose(told: Story, pick: int, by: str, when: datetime) -> events.Fact | None:
    """One of the facts that the ticket's state allows; three times out of four one that leads on."""
    way, aside = [possible(told, facts, by, when) for facts in (WAY, ASIDE)]
    facts = way if way and pick % 4 else aside
    return facts[pick // 4 % len(facts)] if facts else None


def possible(told: Story, facts: Sequence[type[events.Deed]], by: str, when: datetime) -> Sequence[events.Fact]:
    """Those of the facts that are allowed now, to every level."""
    levels = tuple({"level": level} for level in told.terms.levels)
    tried = [
        contract.example(fact, when, by=by, **details, **REASONED.get(fact, {}))
        for fact in facts
        for details in (levels if fact in LEVELLED else JUDGED if fact is events.CoverJudged else ({},))
    ]
    return [fact for fact in tried if allowed(told, fact)]


def allowed(told: Story, fact: events.Fact) -> bool:
    """Whether the ticket takes the fact."""
    try:
        moves.apply(told.ticket, fact, told.terms)
    except IllegalMove:
        return False
    return True


def breached(ticket: Ticket, promise: Promise) -> bool:
    """Whether the ladder holds a breach of the promise as it stands now, not of a limit that it had before."""
    rung = ticket.rungs.get(promise.clock)
    at_ = None if rung is None else rung.breached_at
    return at_ is not None and promise.due_at is not None and promises.is_late(at_, promise.due_at)


def run(terms: Terms, level: str, steps: Sequence[Step], check: Callable[[Story, Outcome, Story], None]) -> Story:
    """Play the steps; after every fact `check` sees the story, the outcome and the story before."""

    class Watched(Story):
        def meets(self, event: events.Event) -> Outcome:
            before = Story(terms=self.terms, now=self.now, ticket=self.ticket, alarms=self.alarms)
            outcome = super().meets(event)
            check(self, outcome, before)
            return outcome

    told = Watched(terms=terms).reported(level=level)
    for seconds, pick, by, sleeps in steps:
        then = told.now + timedelta(seconds=seconds)
        if sleeps:
            told.now = then
        told.until(then)
        fact = choose(told, pick, by, then)
        if fact:
            told.meets(fact)
    told.until(told.now)
    return told


def test_the_walk_reaches_every_state() -> None:
    """Picking allowed deeds leads everywhere, so the properties below are not about first steps only."""
    seen: set[Stage] = set()
    dice = random.Random(20261121)  # the same walks each time, whatever else is loaded
    for place in range(400):
        steps = [
            (dice.choice((0, 59, 301, 601, 3_601)), dice.randrange(1000), dice.choice(PEOPLE), False) for _ in range(14)
        ]
        run(*STARTS[place % len(STARTS)], steps, lambda told, _, __: seen.add(told.it.state))
    assert seen == set(Stage)


@settings(max_examples=150)
@given(CONTRACTS, STEPS)
def test_the_ledger_holds_the_ticket(start: tuple[Terms, str], steps: list[Step]) -> None:
    """Each fact raises the version by one, is recorded once, and the recorded facts alone rebuild ticket and alarms."""

    def check(told: Story, outcome: Outcome, before: Story) -> None:
        rebuilt = replay(told.facts, told.terms)
        assert rebuilt == told.it
        assert told.it.version == len(told.facts) == (before.ticket.version if before.ticket else 0) + 1
        assert [entry.noted_at for entry in outcome.entries] == [told.now]
        assert outcome.alarms == escalation.alarms(rebuilt, told.terms)
        assert len({alarm.clock for alarm in outcome.alarms}) == len(outcome.alarms)

    run(*start, steps, check)


@settings(max_examples=150)
@given(CONTRACTS, STEPS)
def test_a_clock_speaks_the_truth(start: tuple[Terms, str], steps: list[Step]) -> None:
    """No alarm speaks before it is due; a warning is in time, a breach is not, and neither is for a kept promise."""

    def check(told: Story, outcome: Outcome, before: Story) -> None:
        for entry in outcome.entries:
            fact = entry.fact
            if isinstance(fact, SPOKEN):
                (alarm,) = [alarm for alarm in before.alarms if alarm.clock is fact.clock]
                assert alarm.due_at <= told.now
            if isinstance(fact, events.Warned | events.Breached):
                promise = before.promise(fact.clock)
                assert promise.ended_at is None
                assert promise.due_at == fact.due_at
                over = promises.counted(promise, told.now) - promise.limit
                assert over >= SECOND if isinstance(fact, events.Breached) else over < SECOND
        for alarm in outcome.alarms:
            early = Story(terms=told.terms, now=alarm.due_at - timedelta(microseconds=1), ticket=told.ticket)
            silent = early.meets(events.AlarmDue(clock=alarm.clock))
            assert (silent.ticket, silent.entries, silent.notices) == (told.it, (), ())

    run(*start, steps, check)


@settings(max_examples=150)
@given(CONTRACTS, STEPS)
def test_a_verdict_is_what_the_counted_time_says(start: tuple[Terms, str], steps: list[Step]) -> None:
    """Late means that more than the limit was counted; and after the alarms have spoken nothing overdue is unspoken."""

    def check(told: Story, outcome: Outcome, before: Story) -> None:
        for promise in promises.promises(told.it, told.terms):
            until = told.now if promise.ended_at is None else promise.ended_at
            late = promises.counted(promise, until) - promise.limit >= SECOND
            assert late is (promises.standing(promise, told.now) in LATE) or promise.void

    told = run(*start, steps, check)
    if told.it.is_open:
        unspoken = [
            promise.clock
            for promise in promises.promises(told.it, told.terms)
            if promises.standing(promise, told.now) is Standing.OVERDUE and not breached(told.it, promise)
        ]
        assert unspoken == []


@settings(max_examples=150)
@given(st.sampled_from([(SHAOGUAN, "major"), (SHAOGUAN, "general")]), STEPS)
def test_an_open_fault_is_always_watched(start: tuple[Terms, str], steps: list[Step]) -> None:
    """Before its repair each promise of a fault has an alarm, unless it is kept, held, void, or late and taken."""

    def check(told: Story, outcome: Outcome, before: Story) -> None:
        if told.it.kind is not Kind.FAULT or told.it.stage not in WORKING | {Stage.REPORTED}:
            return
        watched = {alarm.clock for alarm in outcome.alarms}
        for promise in promises.promises(told.it, told.terms):
            taken = breached(told.it, promise) and told.it.rungs[promise.clock].taken_by is not None
            silent = promise.ended_at is not None or promise.due_at is None or promise.void or taken
            assert (promise.clock in watched) is not silent
        if told.it.hold is None and told.it.covered is not False and Clock.HANDLING not in watched:
            assert told.it.rungs[Clock.HANDLING].taken_by is not None

    run(*start, steps, check)


@settings(max_examples=150)
@given(CONTRACTS, STEPS)
def test_whoever_was_called_hears_that_it_is_over(start: tuple[Terms, str], steps: list[Step]) -> None:
    """What is called is open; what is open no more is told to all whom that call has reached, and to nobody else."""
    reached: dict[Clock, set[str]] = {}

    def check(told: Story, outcome: Outcome, before: Story) -> None:
        if before.ticket is None:
            reached.clear()
        calling = {rung.clock for rung in escalation.open_calls(told.it, told.terms)}
        called = {rung.clock for rung in escalation.open_calls(before.it, before.terms)} if before.ticket else set()
        expected = {selector for clock in called - calling for selector in reached[clock]}
        ended = [notice.to for notice in outcome.notices if notice.say is Say.CALL_ENDED]
        assert [sorted(to) for to in ended] == ([sorted(expected)] if expected else [])
        for notice in outcome.notices:
            if notice.say in (Say.CALL, Say.CALL_AGAIN):
                assert notice.clock in calling
                earlier = reached.get(notice.clock, set()) if notice.say is Say.CALL_AGAIN else set()
                reached[notice.clock] = earlier | set(notice.to)
        assert calling <= set(reached)
        assert told.it.is_open or not calling

    run(*start, steps, check)


@settings(max_examples=150)
@given(CONTRACTS, st.lists(st.tuples(GAPS, GAPS, st.integers(0, 999)), min_size=4, max_size=10))
def test_facts_that_arrive_late_keep_the_ledger_whole(
    start: tuple[Terms, str], steps: list[tuple[int, int, int]]
) -> None:
    """A fact may be known later than it occurred, out of order even: the ticket is still what its ledger says."""
    told = Story(terms=start[0]).reported(level=start[1])
    for seconds, delay, pick in steps:
        told.until(told.now + timedelta(seconds=seconds))
        fact = choose(told, pick, ENGINEER, told.now - timedelta(seconds=delay))
        if fact is None:
            break
        outcome = told.meets(fact)
        assert outcome.entries[0].noted_at == told.now
        told.until(told.now)
        assert replay(told.facts, told.terms) == told.it
        assert told.it.version == len(told.facts)
        assert told.alarms == escalation.alarms(told.it, told.terms)
        assert all(alarm.due_at > told.now for alarm in told.alarms)


def test_nothing_is_replayed_from_nothing() -> None:
    """An empty ledger has no ticket."""
    assert replay([], SHAOGUAN) is None


def test_a_report_is_recorded_once() -> None:
    """The first outcome holds ticket, entry, alarms and notices together; a second report of it is refused."""
    told = Story(terms=SHAOGUAN, now=at("09:00:05"))
    outcome = told.meets(contract.reported(at("09:00"), SHAOGUAN))
    assert (outcome.entries[0].fact.at, outcome.entries[0].noted_at) == (at("09:00"), at("09:00:05"))
    assert {alarm.clock for alarm in outcome.alarms} == {Clock.RESPONSE, Clock.ARRIVAL, Clock.HANDLING}
    assert outcome.notices
    with pytest.raises(IllegalMove):
        told.meets(contract.reported(at("09:00"), SHAOGUAN))
