"""Two contracts as their profiles are written, and a story that happens under one of them."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sla import escalation, events, promises, record
from sla.decide import Outcome, decide
from sla.devices import Chosen, Scope
from sla.notices import Notice, Say
from sla.profile import Profile
from sla.promises import Promise, Standing
from sla.terms import Clock, Kind, Terms
from sla.ticket import Ticket

SHAOGUAN = """
slug = "shaoguan-command"
name = "应急指挥调度系统维保"
client = "应急管理局"
ticket_prefix = "SGC"
timezone = "Asia/Shanghai"

[levels.major]
name = "重大故障"
response = "10m"
arrival = "1h"
handling = "4h"
report_at_once = ["supervising_officer"]

[levels.general]
name = "一般故障"
response = "10分钟"
arrival = "2小时"
handling = "8h"

[levels.consultation]
name = "技术咨询"
response = "10m"
arrival = "4h"
handling = "12h"

[levels.other]
name = "其他要求"
response = "10m"

[escalation]
page = ["on_duty:engineer", "technical_lead"]
warn_at = [0.5, 0.8]
on_breach = ["project_manager"]
repeat_every = "5m"
then = ["supervising_officer"]

[pauses]
consent = ["supervising_officer"]

[words]
major = ["瘫痪", "中断", "ＵＰＳ断电"]
general = ["花屏"]
consultation = ["怎么"]
other = ["加装"]
"""

GOV_CLOUD = """
slug = "gov-cloud"
name = "政务云租用"
ticket_prefix = "GC"

[levels.important]
name = "重要信息系统"
response = "15m"
locate = "10m"

[levels.normal]
name = "故障"
response = "15m"
locate = "30m"

[clocks]
locate = "acknowledged"

[escalation]
page = ["service_desk"]
on_breach = ["project_manager"]
repeat_every = "5m"
"""

# On-site support is promised after the client's notice; what is located is repaired; on site the clock starts anew.
CLOUD = """
slug = "gov-cloud"
name = "政务云租用（扩展服务）"
ticket_prefix = "GC"

[levels.important]
name = "重要信息系统"
response = "15m"
arrival = "1h"
locate = "10m"

[levels.normal]
name = "故障"
response = "15m"
arrival = "1h"
locate = "30m"

[clocks]
arrival = "client_notice"
locate = "acknowledged"
restart_at_arrival = ["locate"]
locate_metric = "repaired"

[escalation]
page = ["on_duty:engineer"]
on_breach = ["project_manager"]
repeat_every = "5m"

[pauses]
consent = ["supervising_officer"]
reasons = ["carrier_fault", "force_majeure"]
"""

# Faults without any limit; pictures within five minutes; meetings of which somebody says whether they were interrupted.
CENTRE = """
slug = "command-center"
name = "应急指挥中心信息化技术保障"
ticket_prefix = "BCC"

[levels.fault]
name = "故障"

[levels.image_retrieval]
name = "图像调取"
handling = "5m"

[levels.meeting_guarantee]
name = "会议保障"

[escalation]
page = ["on_duty:engineer", "service_desk"]
on_breach = ["project_manager"]
repeat_every = "5m"

[words]
image_retrieval = ["调取", "调看"]
meeting_guarantee = ["会议保障"]

[record]
fault = ["phenomenon", "handlers"]
"""

REPORTER = "reporter-1"
OFFICER = "officer-1"
ENGINEER = "engineer-1"
COLLEAGUE = "engineer-2"
MANAGER = "manager-1"

CHINA = timezone(timedelta(hours=8))
DAY = "2026-05-12"
TYPED = ("fault_type", "cause_analysis", "handling_summary", "responsibility_analysis", "lessons_learned")


def at(text: str) -> datetime:
    """A moment of the contract's local time: `02:15`, `02:15:01`, or with a date in front."""
    moment = datetime.fromisoformat(text if " " in text else f"{DAY} {text}")
    return moment.replace(tzinfo=CHINA).astimezone(UTC)


def local(moment: datetime | None) -> str:
    """A moment as the contract's people read it, without its date."""
    return "-" if moment is None else moment.astimezone(CHINA).strftime("%H:%M:%S")


def profile(text: str = SHAOGUAN, change: Callable[[dict[str, Any]], object] | None = None) -> Profile:
    """A profile as read from its file, after a change that a clerk could have made to the file."""
    table = tomllib.loads(text)
    if change:
        change(table)
    return Profile.model_validate(table)


def terms(text: str = SHAOGUAN, change: Callable[[dict[str, Any]], object] | None = None) -> Terms:
    """What the core knows of a contract."""
    return profile(text, change).terms()


@dataclass
class Story:
    """Facts that happen one after the other to one ticket, while the clock passes and every due alarm speaks."""

    terms: Terms
    now: datetime = field(default_factory=lambda: at("00:00"))
    ticket: Ticket | None = None
    facts: list[events.Fact] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)
    alarms: tuple[escalation.Alarm, ...] = ()

    @property
    def it(self) -> Ticket:
        """The ticket, once it is reported."""
        assert self.ticket is not None
        return self.ticket

    def reported(self, when: str = "09:00", level: str = "major", text: str = "指挥大厅视频会议中断") -> "Story":
        """A report comes in at its own time."""
        fact = reported(at(when), self.terms, level=level, text=text)
        self.now = at(when)
        self.meets(fact)
        return self

    def does(self, make: Callable[..., events.Fact], when: str, *, by: str = ENGINEER, **details: object) -> Outcome:
        """Time passes until then, and somebody does something."""
        self.until(when)
        return self.meets(make(at=self.now, by=by, **details))

    def meets(self, event: events.Event) -> Outcome:
        """The core decides on an event now, and what it decided is kept."""
        outcome = decide(self.ticket, event, self.terms, self.now)
        self.ticket, self.alarms = outcome.ticket, outcome.alarms
        self.facts += [entry.fact for entry in outcome.entries]
        self.told += outcome.notices
        return outcome

    def until(self, when: str | datetime) -> "Story":
        """Every alarm that comes due until then speaks at its moment (or now, if it is overdue)."""
        end = at(when) if isinstance(when, str) else when
        while due := sorted((alarm for alarm in self.alarms if alarm.due_at <= end), key=lambda alarm: alarm.due_at):
            self.now = max(self.now, due[0].due_at)
            assert self.meets(events.AlarmDue(clock=due[0].clock)).entries, f"{due[0]} had nothing to say"
        self.now = max(self.now, end)
        return self

    def sleeps(self, when: str) -> "Story":
        """The program is down until then: time passes and nothing speaks."""
        self.now = at(when)
        return self

    def fills(self, when: str, *fields: str) -> "Story":
        """The engineer fills fields of the fault record."""
        for name in fields:
            self.does(events.RecordFilled, when, field=name, value="已填写")
        return self

    def heard(self, say: Say) -> list[Notice]:
        """Every notice of this kind so far."""
        return [notice for notice in self.told if notice.say is say]

    def spoken(self, *clocks: Clock) -> list[str]:
        """What the clocks have said, as `10:10:01 response breached`."""
        climbs = (fact for fact in self.facts if isinstance(fact, events.Warned | events.Breached | events.CalledAgain))
        said = {events.Warned: "warned", events.Breached: "breached", events.CalledAgain: "called"}
        return [
            f"{local(fact.at)} {fact.clock} {said[type(fact)]}{'' if isinstance(fact, events.Breached) else fact.count}"
            for fact in climbs
            if not clocks or fact.clock in clocks
        ]

    def promise(self, clock: Clock) -> Promise:
        """One promise of the ticket."""
        found = promises.find(self.it, self.terms, clock)
        assert found is not None
        return found

    def due(self, clock: Clock) -> str:
        """When a promise is due, in local time; `-` while it stands still."""
        return local(self.promise(clock).due_at)

    def standing(self, clock: Clock) -> Standing:
        """How a promise stands now."""
        return promises.standing(self.promise(clock), self.now)

    def next(self, clock: Clock) -> str:
        """When this clock speaks next; `-` if it does not."""
        return local(next((alarm.due_at for alarm in self.alarms if alarm.clock is clock), None))


def reported(
    when: datetime, terms_: Terms, *, level: str = "major", text: str = "指挥大厅视频会议中断"
) -> events.Reported:
    """A report by a person of the bureau."""
    kind = terms_.levels[level].kind
    return events.Reported(
        at=when,
        by=REPORTER,
        ticket=1,
        contract=terms_.contract,
        number="SGC-20260512-001",
        terms="digest",
        kind=kind,
        level=level,
        text=text,
        channel="chat:1",
        received_at=when,
    )


def story(level: str = "major", when: str = "09:00", under: Terms | None = None) -> Story:
    """A ticket that was just reported."""
    return Story(terms=under or terms()).reported(when, level)


def on_site(when: str = "09:00") -> Story:
    """A major fault with its engineer on site after half an hour."""
    told = story(when=when)
    told.meets(events.Acknowledged(at=told.now, by=ENGINEER))
    told.until(told.now + timedelta(minutes=20))
    told.meets(events.Arrived(at=told.now, by=ENGINEER))
    return told


DETAILS: Mapping[type[events.Deed], Mapping[str, object]] = {
    events.Supplemented: {"text": "还有二号屏"},
    events.Amended: {"text": "指挥大厅一号屏", "first": True},
    events.MeetingSupported: {"interrupted": False},
    events.Reclassified: {"level": "general"},
    events.ReclassificationAsked: {"level": "general"},
    events.PauseAsked: {"reason": "等待备件"},
    events.Paused: {"reason": "等待备件"},
    events.TransmissionDeclared: {"reason": "专线中断"},
    events.HandedOver: {"to": COLLEAGUE},
    events.Merged: {"into": "SGC-20260512-000"},
    events.Absorbed: {"number": "SGC-20260512-002", "text": "同一故障", "level": "general"},
    events.Voided: {"reason": "误报"},
    events.Answered: {"text": "按右键"},
    events.Noted: {"text": "备件在路上"},
    events.RecordFilled: {"field": "fault_type", "value": "hardware"},
    events.FollowedUp: {"satisfied": True},
    events.DeviceChosen: {"device": Chosen(scope=Scope.LISTED, section="（二）大屏", seq="1", name="拼接屏")},
    events.CoverJudged: {"covered": False},
    events.Suggested: {"level": "general"},
    events.Warned: {"clock": Clock.HANDLING, "count": 1, "due_at": at("13:00")},
    events.Breached: {"clock": Clock.HANDLING, "due_at": at("13:00")},
    events.CalledAgain: {"clock": Clock.HANDLING, "count": 2},
}


def example(fact: type[events.Deed], when: datetime, *, by: str = ENGINEER, **other: object) -> events.Fact:
    """A fact of this type as it could happen to any ticket."""
    if fact is events.Reported:
        return reported(when, terms())
    make: Callable[..., events.Fact] = fact  # type: ignore[assignment]  # FACTS lists the union's members
    return make(at=when, by=by, **{**DETAILS.get(fact, {}), **other})


assert set(TYPED) < set(record.FIELDS)
assert {Kind.FAULT} == {level.kind for level in terms(GOV_CLOUD).levels.values() if level.limits}
