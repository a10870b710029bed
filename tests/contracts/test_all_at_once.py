"""One hotline serves all five contracts from their own files, with people who have a part in several of them."""

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import HandClock
from bot.config import settings
from bot.demo import stage
from bot.demo.stage import Stage
from sandbox.phones import Phone
from sandbox.world import World
from tests.contracts import files

SGC, SGR, BJC, BJO, BJG = files.SLUGS
SHAOGUAN, BEIJING = (SGC, SGR), (BJC, BJO, BJG)
NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # a Friday, 09:00 in Beijing
PEOPLE: Mapping[str, Mapping[str, str]] = {
    "engineer": dict.fromkeys(SHAOGUAN, "engineer"),
    "lead": dict.fromkeys((*SHAOGUAN, BJG), "technical_lead"),
    "manager": dict.fromkeys((*SHAOGUAN, BJG), "project_manager"),
    "officer": dict.fromkeys(SHAOGUAN, "supervising_officer"),
    "command": {SGC: "reporter"},
    "rescue": {SGR: "reporter"},
    "image": {BJC: "engineer", BJO: "engineer"},
    "desk": dict.fromkeys((BJC, BJO), "service_desk"),
    "service-manager": dict.fromkeys((BJC, BJO), "service_manager"),
    "expert": dict.fromkeys((BJC, BJO), "expert"),
    "client": dict.fromkeys(BEIJING, "supervising_officer"),
    "hall": {BJC: "reporter"},
    "office": {BJO: "reporter"},
    "cloud": {BJG: "reporter"},
    "cloud-engineer": {BJG: "engineer"},
    "admin": dict.fromkeys(files.SLUGS, "admin"),
}
ROSTERS = [
    (SGC, "engineer", "engineer"),
    (SGR, "engineer", "engineer"),
    (BJC, "engineer", "image"),
    (BJC, "service_desk", "desk"),
    (BJO, "engineer", "image"),
    (BJO, "service_desk", "desk"),
    (BJG, "engineer", "cloud-engineer"),
]
CONFIG = """
[hotline]
contracts = "contracts"
people = "people.toml"

[telegram]
token = "100001:sandbox"

[storage]
url = "sqlite:///hotline.db"
files = "files"

[web]
listen = ""
"""


@dataclass(frozen=True)
class Day:
    """A morning of the hotline, and everybody's phone."""

    stage: Stage
    phones: Mapping[str, Phone]

    async def says(self, key: str, text: str) -> str:
        """Report something; the number of the ticket."""
        phone = self.phones[key]
        phone.says(text)
        await self.stage.settles()
        return next(line.split()[0] for line in self.card(key).splitlines() if line[3:4] == "-")

    def card(self, key: str) -> str:
        """What the last card on a phone says."""
        return next(message.text for message in reversed(self.phones[key].chat) if " · " in message.text)

    def heard(self, key: str, number: str, words: str) -> bool:
        """Whether somebody was told these words of this ticket."""
        return any(number in message.text and words in message.text for message in self.phones[key].chat)

    async def presses(self, key: str, label: str) -> None:
        """Press the newest button of this label."""
        self.phones[key].presses(label)
        await self.stage.settles()


def written(folder: Path) -> Path:
    """The five files as they are, and people beside them."""
    shutil.copytree(files.FOLDER, folder / "contracts")
    parts = []
    for account, (key, roles) in enumerate(PEOPLE.items(), start=7001):
        held = ", ".join(f'{{ contract = "{slug}", role = "{role}" }}' for slug, role in roles.items())
        parts.append(f'[[people]]\nkey = "{key}"\nname = "{key}"\ntelegram_id = {account}\nroles = [{held}]\n')
    for slug, role, key in ROSTERS:
        turn = f'{{ start = 2026-01-05T08:00:00+08:00, every = "24h", people = {json.dumps([key])} }}'
        parts.append(f'[[rosters]]\ncontract = "{slug}"\nrole = "{role}"\nhours = "always"\nrotation = {turn}\n')
    (folder / "people.toml").write_text("\n".join(parts), encoding="utf-8")
    path = folder / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """The hotline runs at nine in the morning."""
    read = settings.load(written(tmp_path), {})
    clock = HandClock(NINE)
    world: World = stage.world_at(clock)
    phones = {one.key: world.phone(one.telegram_id or 0, one.name, started=True) for one in read.people}
    async with stage.opened(read, world, clock) as opened:
        await opened.settles()
        yield Day(opened, phones)


async def test_each_contract_keeps_its_own_time(day: Day) -> None:
    """Five reports at nine: each has its own number, limits and ladder, and nobody hears of a contract not theirs."""
    numbers = {
        SGC: await day.says("command", "三楼会议室有一块拼接屏花屏"),
        SGR: await day.says("rescue", "有一台对讲机充不进电"),
        BJC: await day.says("hall", "请调取密云水库的实时画面"),
        BJO: await day.says("office", "公文传输专线丢包"),
        BJG: await day.says("cloud", "一台云主机的磁盘告警"),
    }
    assert [number.partition("-")[0] for number in numbers.values()] == ["SGC", "SGR", "BJC", "BJO", "BJG"]
    assert all(day.heard("engineer", numbers[slug], "待接单") for slug in SHAOGUAN)
    assert all(day.heard("image", numbers[slug], "待接单") for slug in (BJC, BJO))
    assert not any(day.heard("cloud-engineer", numbers[slug], "") for slug in files.SLUGS if slug != BJG)

    await day.stage.passes(minutes=5, seconds=2)  # the picture was due by 09:05:00
    assert day.heard("service-manager", numbers[BJC], "超时")
    assert not day.heard("manager", numbers[SGC], "超时")
    await day.stage.passes(minutes=5)  # the answers of Shaoguan were due by 09:10:00
    assert all(day.heard("manager", numbers[slug], "响应超时") for slug in SHAOGUAN)
    assert not day.heard("manager", numbers[BJG], "响应超时")

    await day.stage.passes(minutes=1, seconds=58)
    await day.presses("cloud-engineer", "接单")  # 09:12, inside the fifteen minutes
    assert "09:42:00" in day.card("cloud-engineer")
    await day.stage.passes(minutes=30)  # 09:42:00 is in time
    assert not day.heard("manager", numbers[BJG], "超时")
    await day.stage.passes(seconds=1)
    assert day.heard("manager", numbers[BJG], "超时")

    assert not any(day.heard(key, numbers[BJO], "超时") for key in PEOPLE)
    assert not day.heard("officer", numbers[BJC], "")


async def test_a_grave_event_is_told_to_both_sides_at_once(day: Day) -> None:
    """Where an event lets the client end the contract, client and service manager hear of it with the page."""
    number = await day.says("hall", "值守区电脑中了勒索病毒，内网文件全部打不开")
    assert day.heard("client", number, "重大故障")
    assert day.heard("service-manager", number, "重大故障")
