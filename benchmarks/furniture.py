"""A hotline to be measured: its configuration, contracts and people, written as a clerk would write them."""

import re
import shutil
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.post import TOKEN
from benchmarks.processes import ROOT

_MODEL = ROOT / "contracts" / "shaoguan-command.toml"
_EQUIPMENT = ROOT / "contracts" / "ledger-shaoguan-command.csv"
_GATEWAY = "sms.txt"
_REPORTERS_FROM = 100_000
_ROLES = ("engineer", "technical_lead", "project_manager", "supervising_officer", "admin")
# Limits so long that a hundred thousand tickets can be open with every one of their clocks still ahead.
LONG = {"response": "1000h", "arrival": "2000h", "handling": "3000h"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the hotline is set up; `limits` and `page` replace what the model contract says."""

    reporters: int = 1
    contracts: int = 1
    paced: bool = False
    database: str = "sqlite:///hotline.db"
    limits: Mapping[str, str] = field(default_factory=dict)
    page: str | None = None
    by_sms: bool = False  # the engineers have a second way, through a gateway of our own


@dataclass(frozen=True, slots=True)
class Furniture:
    """A written configuration, and who is who in it."""

    config: Path
    plan: Plan

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self.config.parent

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "hotline.db"

    def reporter(self, number: int) -> int:
        """The chat of a reporter."""
        return _REPORTERS_FROM + number

    def chat(self, role: str, contract: int = 0) -> int:
        """The chat of the one who has this role under a contract."""
        return 2000 + 10 * contract + _ROLES.index(role)

    @property
    def duty(self) -> frozenset[int]:
        """The chats of all who are paged at once."""
        paged = ("engineer", "technical_lead")
        return frozenset(self.chat(role, number) for number in range(self.plan.contracts) for role in paged)


def furnish(folder: Path, api_url: str, plan: Plan) -> Furniture:
    """Write everything that `hotline run` needs into this folder."""
    (folder / "contracts").mkdir(parents=True)
    shutil.copy(_EQUIPMENT, folder / "contracts")
    for number in range(plan.contracts):
        (folder / "contracts" / f"{_slug(number)}.toml").write_text(_contract(number, plan), encoding="utf-8")
    furniture = Furniture(folder / "config.toml", plan)
    if plan.by_sms:
        gateway = f"json://{api_url.removeprefix('http://')}/gateway/sms?:phone={{to}}"
        (folder / _GATEWAY).write_text(gateway, encoding="utf-8")
    (folder / "people.toml").write_text(_people(furniture), encoding="utf-8")
    furniture.config.write_text(
        f"""[hotline]
people = "people.toml"

[telegram]
token = "{TOKEN}"
api_url = "{api_url}"
limits = "{"telegram" if plan.paced else "none"}"

[storage]
url = "{plan.database}"

[web]
listen = ""
""",
        encoding="utf-8",
    )
    return furniture


def _slug(number: int) -> str:
    return f"bench-{string.ascii_lowercase[number]}"


def _contract(number: int, plan: Plan) -> str:
    text = _MODEL.read_text(encoding="utf-8")
    text = _replaced(text, r'^slug = ".*?"', f'slug = "{_slug(number)}"')
    text = _replaced(text, r'^ticket_prefix = ".*?"', f'ticket_prefix = "B{string.ascii_uppercase[number]}"')
    for clock, limit in plan.limits.items():
        text = _replaced(text, rf'^{clock} = "\d.*?"', f'{clock} = "{limit}"')
    return text if plan.page is None else _replaced(text, r"^page = \[.*?\]", f'page = ["{plan.page}"]')


def _replaced(text: str, pattern: str, by: str) -> str:
    changed, count = re.subn(pattern, by, text, flags=re.MULTILINE)
    if not count:
        raise LookupError(f"the model contract has no {pattern}")
    return changed


def _people(furniture: Furniture) -> str:
    plan = furniture.plan
    parts = [f'[[ways]]\nkey = "sms"\nkind = "sms"\nurl_file = "{_GATEWAY}"\n'] if plan.by_sms else []
    for number in range(plan.contracts):
        for role in _ROLES:
            chat = furniture.chat(role, number)
            ways = f'ways = [{{ way = "sms", to = "{chat}" }}]\n' if plan.by_sms and role == "engineer" else ""
            parts.append(_person(f"{role}-{number}", chat, number, role) + ways)
        parts.append(
            f"""[[rosters]]
contract = "{_slug(number)}"
role = "engineer"
rotation = {{ start = 2026-01-05T08:00:00+08:00, every = "24h", people = ["engineer-{number}"] }}
"""
        )
    for number in range(plan.reporters):
        parts.append(_person(f"reporter-{number}", furniture.reporter(number), number % plan.contracts, "reporter"))
    return "\n".join(parts)


def _person(key: str, chat: int, contract: int, role: str) -> str:
    return f"""[[people]]
key = "{key}"
name = "{key}"
telegram_id = {chat}
roles = [{{ contract = "{_slug(contract)}", role = "{role}" }}]
"""
