"""Two contracts, and one person of each kind: a role, a role held twice, somebody who left, and a stranger."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from desk.house import Contract, House
from desk.words import Words
from sla.profile import Profile
from storage.people import Person, RoleHeld

LOCALES = Path(__file__).parents[2] / "locales"
MINE, OTHER = "command-hall", "gov-cloud"

COMMAND_HALL = """
slug = "command-hall"
name = "指挥调度系统维保"
ticket_prefix = "SGC"
timezone = "Asia/Shanghai"
hotline = ["热线一"]

[levels.major]
name = "重大故障"
response = "10m"
arrival = "1h"
handling = "4h"
report_at_once = ["supervising_officer"]

[levels.general]
name = "一般故障"
response = "10m"
arrival = "2h"
locate = "3h"
handling = "8h"

[levels.consultation]
name = "技术咨询"
response = "10m"

[levels.other]
name = "其他要求"
response = "10m"

[levels.image_retrieval]
name = "图像调取"
handling = "5m"

[levels.meeting_guarantee]
name = "会议保障"

[escalation]
page = ["on_duty:engineer", "technical_lead"]
on_breach = ["project_manager"]
repeat_every = "5m"
then = ["supervising_officer"]

[pauses]
consent = ["supervising_officer"]

[words]
major = ["瘫痪", "全部中断"]
general = ["花屏", "黑屏"]
consultation = ["怎么"]
other = ["申请"]

[[services]]
key = "scan"
name = "漏洞扫描"
unit = "次"
kind = "scan"
count = 46
per = "term"
full_round = 23
before_key_periods = true
starts = 2026-07-01
ends = 2027-06-30

[[services]]
key = "drill"
name = "年度演练"
unit = "次"
kind = "drill"
count = 2
at_least_people = 2
plan_by = 0.5
starts = 2026-01-01
ends = 2026-12-31

[[services]]
key = "training"
name = "培训"
unit = "次"
kind = "training"
count = 4
even = true
starts = 2026-01-01
ends = 2026-12-31
"""

GOV_CLOUD = """
slug = "gov-cloud"
name = "政务云租用"
ticket_prefix = "GC"

[levels.normal]
name = "故障"
response = "15m"

[escalation]
page = ["engineer"]
on_breach = ["project_manager"]
repeat_every = "5m"

[[services]]
key = "scan"
name = "云主机扫描"
unit = "台次"
kind = "scan"
count = 3
starts = 2026-07-01
"""

_ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "reporter-1": ((MINE, "reporter"), (OTHER, "reporter")),
    "reporter-2": ((MINE, "reporter"),),
    "officer-1": ((MINE, "supervising_officer"),),
    "engineer-1": ((MINE, "engineer"),),
    "engineer-2": ((MINE, "engineer"),),
    "lead-1": ((MINE, "technical_lead"),),
    "manager-1": ((MINE, "project_manager"),),
    "desk-1": ((MINE, "service_desk"),),
    "expert-1": ((MINE, "expert"),),
    "admin-1": ((MINE, "admin"),),
    "both-1": ((MINE, "engineer"), (MINE, "supervising_officer")),
    "cloud-1": ((OTHER, "engineer"), (OTHER, "supervising_officer"), (OTHER, "service_desk")),
    "left-1": ((MINE, "engineer"), (MINE, "supervising_officer"), (MINE, "service_desk")),
}
_BEYOND_32_BITS = 7_000_000_000
STRANGER = _BEYOND_32_BITS - 1
ACCOUNTS = {key: _BEYOND_32_BITS + place for place, key in enumerate(_ROLES)} | {"stranger": STRANGER}


def people() -> list[Person]:
    """Everybody, under a name that says what they are."""
    return [
        Person(
            key=key,
            name=f"〔{key}〕",
            telegram_id=ACCOUNTS[key],
            active=key != "left-1",
            roles=tuple(RoleHeld(contract=contract, role=role) for contract, role in held),
        )
        for key, held in _ROLES.items()
    ]


def contract(text: str, **changes: object) -> Contract:
    """A contract as it is served, with some tables of its profile changed."""
    return Contract.of(Profile.model_validate(tomllib.loads(text) | changes))


def house(contracts: Mapping[str, Contract] | None = None, *, minimal: bool = False) -> House:
    """Both contracts, or others under the same slugs."""
    served = {MINE: contract(COMMAND_HALL), OTHER: contract(GOV_CLOUD)} | dict(contracts or {})
    return House(
        contracts=served,
        words=Words.read(LOCALES),
        language="zh-CN",
        minimal=minimal,
        username="weibao_bot",
        public_url="https://hotline.example.org",
    )
