"""The tables that a clerk has to understand, in sentences: limits, clocks, ladder, pauses, record, damages."""

from collections.abc import Callable, Iterator, Mapping

from bot.papers.leaf import Grid, Lines, Part, Sentence
from bot.papers.speech import Speech
from sla.money import share_of
from sla.profile import Profile
from sla.profile.clocks import LevelTable
from sla.terms import Clock, Level, LocateMetric, Terms

Chapter = Callable[[Profile, Speech], Iterator[Part]]


def levels(profile: Profile, speech: Speech) -> Iterator[Part]:
    """Every level with its limits, the gravest first."""
    terms = profile.terms()
    clocks = _measured(terms)
    if not clocks:
        yield Sentence(speech.say("levels.no_clock"))
    limits = {clock.value for clock in Clock}
    columns: list[tuple[str, Callable[[Level], str]]] = [
        (speech.say("levels.level"), lambda level: level.name),
        (speech.label("levels.*.kind"), lambda level: speech.value(level.kind, "levels.kind")),
        *((speech.value(clock.value), _limit(clock, speech)) for clock in clocks),
        *(
            (speech.label(f"levels.*.{key}"), _written(key, profile, speech))
            for key in LevelTable.model_fields
            if key not in limits | {"name", "kind"}
        ),
    ]
    rows = [[say(level) for _, say in columns] for level in terms.levels.values()]
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    yield Grid(
        head=tuple(columns[place][0] for place in kept),
        rows=tuple(tuple(row[place] or speech.say("none") for place in kept) for row in rows),
    )
    if clocks:
        yield Sentence(speech.say("levels.inclusive"))


def clocks(profile: Profile, speech: Speech) -> Iterator[Part]:
    """What starts each clock that the contract has, and what stops it."""
    terms = profile.terms()
    for clock in _measured(terms):
        start = terms.clock_start.get(clock)
        began = speech.value(start.value, "clocks") if start else ""
        cleared = clock is Clock.LOCATE and terms.locate_metric is LocateMetric.REPAIRED
        sentence = "clocks.locate_and_clear" if cleared else f"clocks.{clock.value}"
        yield Sentence(speech.say(sentence, clock=speech.value(clock.value), start=began))


def escalation(profile: Profile, speech: Speech) -> Iterator[Part]:
    """Who is called at once, who is reminded, and who is called when nothing happens."""
    ladder = profile.escalation
    yield Sentence(speech.say("escalation.page", page=speech.value(ladder.page)))
    measured = bool(_measured(profile.terms()))
    if measured and ladder.warn_at:
        yield Sentence(speech.say("escalation.warn_at", warn_at=speech.value(ladder.warn_at)))
    breach = "escalation.on_breach" if measured else "escalation.by_hand"
    yield Sentence(speech.say(breach, on_breach=speech.value(ladder.on_breach)))
    every = speech.value(ladder.repeat_every)
    if ladder.then:
        then = speech.value(ladder.then)
        yield Sentence(speech.say("escalation.then", every=every, repeats=ladder.repeats_before_then, then=then))
    else:
        yield Sentence(speech.say("escalation.repeat", every=every))


def pauses(profile: Profile, speech: Speech) -> Iterator[Part]:
    """Who agrees to a pause, and which clocks stand meanwhile."""
    table = profile.pauses
    consent, stops = speech.value(table.consent), speech.value(table.clocks)
    asked = speech.say("pauses.consent" if consent else "pauses.free", consent=consent)
    yield Sentence(asked + speech.say("pauses.stops" if stops else "pauses.none", clocks=stops))


def transmission(profile: Profile, speech: Speech) -> Iterator[Part]:
    """Whether a declared fault of the transmission network stops clocks."""
    table = profile.transmission
    stops = speech.value(table.clocks) if table.allowed else ""
    yield Sentence(speech.say("transmission.stops" if stops else "transmission.none", clocks=stops))


def level_change(profile: Profile, speech: Speech) -> Iterator[Part]:
    """Whose word lowers a level."""
    consent = speech.value(profile.level_change.consent)
    yield Sentence(speech.say("level_change.consent" if consent else "level_change.free", consent=consent))


def record(profile: Profile, speech: Speech) -> Iterator[Part]:
    """What has to be written down before a fault ticket closes."""
    fields = speech.value(profile.record.fault)
    yield Sentence(speech.say("records.fault" if fields else "records.none", fields=fields))


def confidentiality(profile: Profile, speech: Speech) -> Iterator[Part]:
    """What a breach costs at least, in yuan as soon as the contract total is known."""
    table, total = profile.confidentiality, profile.fee.contract_total if profile.fee else None
    if table.damages is not None:
        yield Sentence(speech.say("damages.sum", sum=speech.value(table.damages)))
    if table.damages_share is not None:
        share = speech.value(table.damages_share)
        least = "" if total is None else speech.value(share_of(total, table.damages_share))
        yield Sentence(speech.say("damages.share_of" if least else "damages.share", share=share, sum=least))


def words(profile: Profile, speech: Speech) -> Iterator[Part]:
    """Which words propose which level."""
    named = profile.terms().levels
    rows = tuple((named[level].name, speech.value(said)) for level, said in profile.words.items() if said)
    if rows:
        yield Lines(rows)


# Beside each, the keys that it speaks of: what a newer schema has besides is added as it is.
CHAPTERS: Mapping[str, tuple[Chapter, frozenset[str]]] = {
    "levels": (levels, frozenset()),
    "clocks": (clocks, frozenset({"response", "arrival", "locate", "handling", "locate_metric"})),
    "escalation": (
        escalation,
        frozenset({"page", "warn_at", "on_breach", "repeat_every", "repeats_before_then", "then"}),
    ),
    "pauses": (pauses, frozenset({"consent", "clocks"})),
    "transmission": (transmission, frozenset({"allowed", "clocks"})),
    "level_change": (level_change, frozenset({"consent"})),
    "record": (record, frozenset({"fault"})),
    "confidentiality": (confidentiality, frozenset({"damages", "damages_share"})),
    "words": (words, frozenset()),
}


def _measured(terms: Terms) -> list[Clock]:
    return [clock for clock in Clock if any(clock in level.limits for level in terms.levels.values())]


def _limit(clock: Clock, speech: Speech) -> Callable[[Level], str]:
    return lambda level: speech.value(level.limits.get(clock))


def _written(key: str, profile: Profile, speech: Speech) -> Callable[[Level], str]:
    return lambda level: (
        speech.value(getattr(profile.levels[level.key], key), f"levels.*.{key}") if level.key in profile.levels else ""
    )
