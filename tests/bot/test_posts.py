"""`hotline check` says each gap of a post, each overload, and who is missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.checks import database, posts, staffing
from bot.checks.database import Changes
from bot.config.settings import Settings
from bot.reader import Reader
from sla.duty import Override
from sla.key_periods import KeyPeriod, Watch
from storage import key_periods, overrides
from storage.store import Store
from tests.bot.written import Folder, good
from tests.flows import furniture

NOW = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)  # a Monday, 08:00 in Shaoguan
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONTRACT = "contracts/shaoguan-command.toml"
SLUG = "shaoguan-command"
CHINESE = Reader()
POST = """
[[posts]]
post = "video"
name = "视频"
role = "engineer"
at_least = {at_least}
people = {people}

[roster]
{roster}
"""
TWO = """
[[rosters]]
contract = "shaoguan-command"
role = "engineer"
post = "video"
rotation = { start = 2026-01-05T08:00:00+08:00, every = "24h", people = ["engineer-1"] }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path)


def settings(folder: Folder, *, at_least: int = 1, people: int = 0, roster: str = "", staff: str = TWO) -> Settings:
    """The settings with one post, and whoever is on duty at it."""
    contract = furniture.CONTRACT.format(slug=SLUG, name="韶关指挥调度维保", prefix="SGC")
    folder.write(CONTRACT, contract + POST.format(at_least=at_least, people=people, roster=roster))
    people_file = (folder.path / "people.toml").read_text(encoding="utf-8")
    folder.write("people.toml", people_file + staff)
    return folder.load()


def said(found: Settings, changes: Changes | None = None) -> list[str]:
    """The lines, as they are read."""
    changed = {SLUG: changes} if changes else {}
    return [one.worded(CHINESE) for one in posts.remarks(found, changed, NOW)]


def override(start: int, hours: int, absent: str = "", person: str = "") -> Override:
    """A change of the video post, so many hours from now."""
    return Override(
        contract=SLUG,
        role="engineer",
        post="video",
        start=NOW + start * HOUR,
        end=NOW + (start + hours) * HOUR,
        absent=absent,
        person=person,
        by="manager-1",
        at=NOW,
    )


def test_a_staffed_post_is_not_mentioned(folder: Folder) -> None:
    """One person round the clock where one is enough."""
    assert said(settings(folder)) == []


def test_each_gap_has_a_line(folder: Folder) -> None:
    """A leave without reserve, in the contract's own time."""
    leave = Changes(overrides=(override(26, 1, "engineer-1"), override(50, 2, "engineer-1")))
    assert said(settings(folder), leave) == [
        "合同 shaoguan-command 的岗位“视频”06-02 10:00 至 06-02 11:00 只有 0 人，应有 1 人。",
        "合同 shaoguan-command 的岗位“视频”06-03 10:00 至 06-03 12:00 只有 0 人，应有 1 人。",
    ]


def test_many_gaps_are_counted(folder: Folder) -> None:
    """After the fifth line the rest is one number."""
    leaves = tuple(override(24 * day + 26, 1, "engineer-1") for day in range(8))
    lines = said(settings(folder), Changes(overrides=leaves))
    assert len(lines) == 6
    assert lines[-1] == "合同 shaoguan-command 的岗位“视频”在未来 14 天另有 3 段人数不足。"


def test_a_leave_of_the_duty_file_counts_as_well(folder: Folder) -> None:
    """An override in people.toml, with a reserve that steps in, leaves no gap; without one it does."""
    leave = (
        '\n[[overrides]]\ncontract = "shaoguan-command"\nrole = "engineer"\npost = "video"\nabsent = "engineer-1"\n'
        "start = 2026-06-02T08:00:00+08:00\nend = 2026-06-03T08:00:00+08:00\n"
    )
    assert "06-02 08:00 至 06-03 08:00" in said(settings(folder, staff=TWO + leave))[0]
    folder.change("people.toml", '\npost = "video"\nrotation', '\npost = "video"\nreserve = ["lead-1"]\nrotation')
    assert said(folder.load()) == []


def test_too_few_people_are_reckoned_from_the_contract_alone(folder: Folder) -> None:
    """Two seats and five people: 67.2 hours a week each, and nine people at forty hours."""
    lines = said(settings(folder, at_least=2, people=5, roster="weekly_hours_warn = 48"))
    assert (
        "合同 shaoguan-command 的岗位“视频”只有 5 人，平均每人每周值班 67.2 小时，超过 48 小时；"
        "按每周 40 小时算需要 9 人。" in lines
    )
    assert "合同 shaoguan-command 的岗位“视频”只登记了 1 人，合同写明 5 人。" in lines
    assert "值班工程师甲（engineer-1）在 06-01 起的一周值班 168 小时，超过 48 小时（shaoguan-command）。" in lines


def test_a_contract_without_a_limit_warns_of_no_hours(folder: Folder) -> None:
    """Whoever is on call at home all week is no finding unless the contract says how much is too much."""
    assert said(settings(folder, people=1)) == []


def test_too_few_holders_of_a_role(folder: Folder) -> None:
    """The contract wants three engineers, one is registered."""
    lines = said(settings(folder, roster="holders = { engineer = 3 }"))
    assert lines == ["合同 shaoguan-command 的 engineer 只登记了 1 人，合同要求至少 3 人。"]


def test_an_undermanned_key_period(folder: Folder) -> None:
    """Two people are asked for and one is named: one is missing; a period that is over is not mentioned."""
    period = KeyPeriod(
        contract=SLUG, name="汛期", start=NOW + DAY, end=NOW + 3 * DAY, people=2, by="officer-1", at=NOW, id=7
    )
    watch = Watch(person="engineer-1", named_by="manager-1", named_at=NOW)
    found = settings(folder)
    lines = said(found, Changes(periods=(period,), watches={7: (watch,)}))
    assert lines == ["合同 shaoguan-command 的重保“汛期”（06-02 08:00 至 06-04 08:00）还差 1 名值守人员，应有 2 人。"]
    over = KeyPeriod(
        contract=SLUG, name="春运", start=NOW - 2 * DAY, end=NOW, people=2, by="officer-1", at=NOW - 3 * DAY, id=8
    )
    assert said(found, Changes(periods=(over,))) == []


async def test_changes_of_the_chat_are_read_from_the_database(folder: Folder) -> None:
    """Those of the duty file are in the settings already and are not read twice."""
    found = settings(folder)
    store = await Store.open(found.storage_url)
    await store.migrate(NOW)
    made = await store.write(lambda tx: overrides.add(tx, override(26, 1, "engineer-1")))
    written = replace(override(50, 1, "engineer-1"), by="")
    await store.write(lambda tx: overrides.put_file(tx, [written], NOW))
    period = KeyPeriod(contract=SLUG, name="汛期", start=NOW, end=NOW + DAY, people=1, by="officer-1", at=NOW)
    kept = await store.write(lambda tx: key_periods.add(tx, period))
    await store.close()
    looked = (await database.look(found, CHINESE)).duty[SLUG]
    assert looked.overrides == (made,)
    assert looked.periods == (kept,)


DESK = """
[[posts]]
name = "服务台"
role = "service_desk"
people = 1
double_hat = true
"""


def test_a_desk_that_others_cover_is_not_missed(folder: Folder) -> None:
    """Where double hats are allowed, the desk needs no roster and no person of its own; where not, it is a gap."""
    changed = settings(folder, roster=f"allow_double_hat = true\n{DESK}")
    assert said(changed) == []
    selector = 'page = ["on_duty:engineer", "on_duty:service_desk", "technical_lead"]'
    folder.change(CONTRACT, 'page = ["on_duty:engineer", "technical_lead"]', selector)
    assert staffing.remarks(folder.load(), NOW) == []
    folder.change(CONTRACT, "allow_double_hat = true", "allow_double_hat = false")
    keys = [one.key for one in posts.remarks(folder.load(), {}, NOW)]
    assert keys == ["post_gap", "few_at_post"]
    assert [one.key for one in staffing.remarks(folder.load(), NOW)] == ["vacant", "no_roster"]


def test_hours_of_two_contracts_are_added(folder: Folder) -> None:
    """Whoever serves here by day and there by night is told of once, with both contracts."""
    other = furniture.CONTRACT.format(slug="other-line", name="另一份维保", prefix="OTH")
    folder.write("contracts/other-line.toml", other)
    shared = TWO.replace('every = "24h", people = ["engineer-1"]', 'every = "12h", people = ["engineer-1", "lead-1"]')
    night = shared.replace(SLUG, "other-line").replace('["engineer-1", "lead-1"]', '["lead-1", "engineer-1"]')
    settings(folder, roster="weekly_hours_warn = 90", staff=shared + night)
    lone = [line for line in said(folder.load()) if "值班工程师甲" in line]
    assert lone == [
        "值班工程师甲（engineer-1）在 06-01 起的一周值班 168 小时，超过 90 小时（other-line、shaoguan-command）。"
    ]
