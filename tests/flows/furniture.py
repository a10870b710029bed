"""What stands in the house: a contract as a clerk would write it, its people, and the configuration around them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

SLUG = "shaoguan-command"
OTHER = "qingyuan-video"

CONTRACT = """
slug = "{slug}"
name = "{name}"
client = "应急管理局"
ticket_prefix = "{prefix}"
timezone = "Asia/Shanghai"

[levels.major]
name = "重大故障"
response = "10m"
arrival = "1h"
handling = "4h"
report_at_once = ["supervising_officer", "project_manager"]

[levels.general]
name = "一般故障"
response = "10m"
arrival = "2h"
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
repeats_before_then = 2
then = ["supervising_officer"]

[pauses]
consent = ["supervising_officer"]
clocks = ["arrival", "handling"]

[transmission]
allowed = true
clocks = ["arrival", "handling"]

[level_change]
consent = ["reporter", "supervising_officer"]

[words]
major = ["瘫痪", "全部中断", "全部掉线"]
general = ["黑屏", "没有声音", "掉线", "坏了"]
consultation = ["怎么", "如何", "请问"]
other = ["申请", "预约", "借用"]
"""

CONFIG = """
[hotline]
contracts = "contracts"
people = "people.toml"
language = "zh-CN"
message_detail = "{detail}"

[telegram]
token = "100001:sandbox"
mode = "{mode}"
{webhook}
[storage]
url = "{storage}"
files = "files"

[web]
listen = "{web}"
{public}
"""

WEBHOOK = """
[telegram.webhook]
listen = "127.0.0.1:{port}"
url = "http://127.0.0.1:{port}/telegram"
secret = "the-right-word"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One person of the people file: what each contract calls the person."""

    key: str
    name: str
    account: int | None
    roles: Mapping[str, str]
    ways: Mapping[str, str] = field(default_factory=dict)  # key of the way -> the person's number there


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One bound group."""

    chat: int
    audience: str
    contract: str = SLUG


ENGINEERS = ("engineer-1", "engineer-2")
STAFF = (
    Someone(key="engineer-1", name="值班工程师甲", account=2001, roles={SLUG: "engineer"}),
    Someone(key="engineer-2", name="值班工程师乙", account=2002, roles={SLUG: "engineer"}),
    Someone(key="technical-lead", name="技术负责人", account=2003, roles={SLUG: "technical_lead"}),
    Someone(key="project-manager", name="项目经理", account=2004, roles={SLUG: "project_manager"}),
    Someone(key="officer-1", name="监督管理员", account=2005, roles={SLUG: "supervising_officer"}),
    Someone(key="reporter-1", name="指挥中心值班员甲", account=2006, roles={SLUG: "reporter"}),
    Someone(key="reporter-2", name="区县应急局值班员乙", account=2007, roles={SLUG: "reporter"}),
    Someone(key="service-desk", name="服务台", account=2008, roles={SLUG: "service_desk"}),
    Someone(key="admin", name="热线管理员", account=2009, roles={SLUG: "admin"}),
)
NEIGHBOURS = (
    Someone(key="other-engineer", name="邻约工程师", account=3001, roles={OTHER: "engineer"}),
    Someone(key="other-lead", name="邻约技术负责人", account=3002, roles={OTHER: "technical_lead"}),
    Someone(key="other-manager", name="邻约项目经理", account=3003, roles={OTHER: "project_manager"}),
    Someone(key="other-officer", name="邻约监督管理员", account=3004, roles={OTHER: "supervising_officer"}),
    Someone(key="other-reporter", name="邻约值班员", account=3005, roles={OTHER: "reporter"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a house is furnished; whatever is not said is as most bureaus have it."""

    people: Sequence[Someone] = STAFF
    rooms: Sequence[Room] = ()
    minimal: bool = False
    neighbours: bool = False
    storage: str
    webhook_port: int | None = None
    web_port: int | None = None  # the house's own pages
    more: str = ""  # at the end of config.toml
    gateways: Mapping[str, str] = field(default_factory=dict)  # key and kind of a way -> its address
    contract: str = CONTRACT
    terms: Mapping[str, str] = ()  # type: ignore[assignment]  # text of the contract -> what stands there instead

    @property
    def everybody(self) -> Sequence[Someone]:
        """The people of all contracts of the house."""
        return (*self.people, *(NEIGHBOURS if self.neighbours else ()))


def with_ways(people: Sequence[Someone], **ways: Mapping[str, str]) -> tuple[Someone, ...]:
    """The same people; those named by ``engineer_1`` and the like have these further ways."""
    return tuple(replace(one, ways=ways.get(one.key.replace("-", "_"), one.ways)) for one in people)


def written(plan: Plan, folder: Path) -> Path:
    """Write the files of a house; the path of its config.toml."""
    contracts = folder / "contracts"
    contracts.mkdir(exist_ok=True)
    profile = plan.contract.format(slug=SLUG, name="韶关指挥调度维保", prefix="SGC")
    for was, becomes in dict(plan.terms).items():
        assert was in profile, was
        profile = profile.replace(was, becomes)
    (contracts / f"{SLUG}.toml").write_text(profile, encoding="utf-8")
    if plan.neighbours:
        other = CONTRACT.format(slug=OTHER, name="清远视频会议维保", prefix="QYV")
        (contracts / f"{OTHER}.toml").write_text(other, encoding="utf-8")
    for kind, address in plan.gateways.items():
        (folder / f"{kind}.url").write_text(address, encoding="utf-8")
    (folder / "people.toml").write_text(people_file(plan), encoding="utf-8")
    path = folder / "config.toml"
    path.write_text(config_file(plan), encoding="utf-8")
    return path


def config_file(plan: Plan) -> str:
    """The configuration that belongs to a plan."""
    return (
        CONFIG.format(
            detail="minimal" if plan.minimal else "full",
            mode="polling" if plan.webhook_port is None else "webhook",
            webhook="" if plan.webhook_port is None else WEBHOOK.format(port=plan.webhook_port),
            storage=plan.storage,
            web="" if plan.web_port is None else f"127.0.0.1:{plan.web_port}",
            public="" if plan.web_port is None else f'public_url = "http://127.0.0.1:{plan.web_port}"',
        )
        + plan.more
    )


def people_file(plan: Plan) -> str:
    """The people, the engineers' roster, and the bound groups."""
    parts = [f'[[ways]]\nkey = "{kind}"\nkind = "{kind}"\nurl_file = "{kind}.url"\n' for kind in plan.gateways]
    parts += [_person(one) for one in plan.everybody]
    parts.append(_roster(SLUG, ENGINEERS))
    if plan.neighbours:
        parts.append(_roster(OTHER, ("other-engineer",)))
    parts += [
        f'[[groups]]\ncontract = "{room.contract}"\nchat_id = {room.chat}\naudience = "{room.audience}"\n'
        for room in plan.rooms
    ]
    return "\n".join(parts)


def _person(one: Someone) -> str:
    account = "" if one.account is None else f"telegram_id = {one.account}\n"
    roles = ", ".join(f'{{ contract = "{slug}", role = "{role}" }}' for slug, role in one.roles.items())
    ways = ", ".join(f'{{ way = "{way}", to = "{number}" }}' for way, number in one.ways.items())
    who = f'[[people]]\nkey = "{one.key}"\nname = {json.dumps(one.name)}\n{account}'
    return f"{who}roles = [{roles}]\nways = [{ways}]\n"


def _roster(contract: str, people: Sequence[str]) -> str:
    return (
        f'[[rosters]]\ncontract = "{contract}"\nrole = "engineer"\nhours = "always"\n'
        f'rotation = {{ start = 2026-01-05T08:00:00+08:00, every = "24h", people = {json.dumps(list(people))} }}\n'
    )
