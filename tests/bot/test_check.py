"""What is wrong is found before it hurts: decided from facts, and asked of a real Bot API server."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checks import check, database, staffing
from bot.checks.account import Account, Place, Silence, Trouble, token_trouble
from bot.checks.check import Facts
from bot.checks.database import Found
from bot.config.settings import Settings
from bot.reader import Reader
from sandbox import server
from sandbox.world import World
from storage import people
from storage.people import Person
from storage.standing import Standing
from storage.store import Store
from tests.bot.written import CALENDAR, GROUP, TOKEN, Folder, good

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
CHINESE = Reader()
WELL = Facts(found=Found(), account=Account(username="weibao_bot"))
CONTRACT = "contracts/shaoguan-command.toml"


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client gives waiting times as timedelta, as it will by default one day."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path)


def said(settings: Settings, facts: Facts = WELL) -> list[str]:
    """The lines of `hotline check` for these facts."""
    return [remark.worded(CHINESE) for remark in check.remarks(settings, facts, NOW)]


def keys(settings: Settings, facts: Facts = WELL) -> list[str]:
    """The same, as keys of the catalogue."""
    return [remark.key for remark in check.remarks(settings, facts, NOW)]


def told(folder: Folder, old: str, new: str = "") -> list[str]:
    """The lines after a change to people.toml."""
    return said(folder.change("people.toml", old, new).load())


def test_a_well_staffed_contract_has_no_finding(folder: Folder) -> None:
    """Nothing is wrong with the good files and a bot that answers."""
    assert said(folder.load()) == []


def test_a_contract_without_people_is_one_line(folder: Folder) -> None:
    """Of a contract that nobody serves yet, it is enough to say so."""
    (line,) = said(folder.write("people.toml", "").load())
    assert line.startswith("合同 shaoguan-command 还没有任何人员")


def test_a_contract_with_one_person_misses_every_step(folder: Folder) -> None:
    """With an administrator alone every step, every needed role and the roster is missed, each in a line of its own."""
    role = 'roles = [{ contract = "shaoguan-command", role = "admin" }]'
    alone = f'[[people]]\nkey = "admin-1"\nname = "热线管理员"\ntelegram_id = 2006\n{role}\n'
    assert keys(folder.write("people.toml", alone).load()) == [
        *["no_step"] * 4,
        "no_reporter",
        "no_officer",
        "no_contact",
        "no_contact",
        "no_roster",
        "post_gap",
    ]


def test_a_step_that_reaches_nobody_is_named(folder: Folder) -> None:
    """The step that breaks the ladder is named by its key in the profile."""
    lines = told(folder, 'role = "project_manager"', 'role = "expert"')
    assert "合同 shaoguan-command 的 escalation.on_breach 找不到任何人：升级到这一步就断了。" in lines
    assert "合同 shaoguan-command 缺少接口人 project_manager。" in lines


def test_an_empty_next_step_is_a_finding(folder: Folder) -> None:
    """A ladder without `then` ends after two repeats, and that is said."""
    folder.change(CONTRACT, 'then = ["supervising_officer"]', "then = []")
    assert keys(folder.load()) == ["no_step"]


@pytest.mark.parametrize("key", ["first", "to"])
def test_whoever_reports_go_to_must_be_there(folder: Folder, key: str) -> None:
    """A report to the bureau that reaches nobody is found before the first fault."""
    folder.change(CONTRACT, "[reports.general]", f'[reports.general]\n{key} = ["expert"]')
    assert f"reports.general.{key}" in "\n".join(said(folder.load()))


def test_a_vacant_place_beside_a_filled_one_is_named(folder: Folder) -> None:
    """Where one of two addressees of a step is missing, that one is named."""
    lines = told(folder, 'role = "technical_lead"', 'role = "expert"')
    assert "合同 shaoguan-command 的 escalation.page 中，technical_lead 无人担任。" in lines


def test_a_group_can_be_the_next_step(folder: Folder) -> None:
    """A bound group resolves; one of another audience does not."""
    folder.change(CONTRACT, 'then = ["supervising_officer"]', 'then = ["group:vendor"]')
    assert keys(folder.load()) == ["no_step"]
    assert keys(folder.add("people.toml", GROUP).load()) == []


@pytest.mark.parametrize(
    ("role", "key"), [("reporter", "no_reporter"), ("supervising_officer", "no_officer"), ("admin", "no_admin")]
)
def test_a_needed_role_is_missed(folder: Folder, role: str, key: str) -> None:
    """Nobody to report, to sign off, or to look after the bot is a finding."""
    folder.change("people.toml", f'role = "{role}"', 'role = "expert"')
    assert key in keys(folder.load())


def test_services_that_nobody_can_count_are_one_line(folder: Folder) -> None:
    """As long as the contract has no first day, its services are named together."""
    (line,) = said(folder.change(CONTRACT, "\nservice_start = 2026-01-01\n", "\n").load())
    assert "“平台和硬件月度巡检”不知道从哪天起计" in line


def without_posts(folder: Folder) -> Folder:
    """The contract names no posts: its rosters alone say who should be there."""
    text = (folder.path / CONTRACT).read_text(encoding="utf-8")
    return folder.write(CONTRACT, re.sub(r"(?s)\[\[posts\]\].*?\n\n", "", text))


def test_a_roster_that_begins_too_late_leaves_a_gap(folder: Folder) -> None:
    """Nobody is on duty before the first turn; the gap is said in the contract's own time."""
    assert told(without_posts(folder), "2026-01-05T08:00:00+08:00", "2026-11-22T08:00:00+08:00") == [
        "合同 shaoguan-command 的 engineer 在未来 14 天有 1 段无人值班，最早是 11-21 00:00 至 11-22 08:00。"
    ]


def test_office_hours_leave_nights_and_weekends_empty(folder: Folder) -> None:
    """From a Saturday's first minute: a weekend, nine working nights and so on, counted as spans."""
    folder.change("people.toml", 'role = "engineer"\nrotation', 'role = "engineer"\nhours = "business_hours"\nrotation')
    assert said(without_posts(folder).load()) == [
        "合同 shaoguan-command 的 engineer 在未来 14 天有 11 段无人值班，最早是 11-21 00:00 至 11-23 09:00。"
    ]


def test_a_gap_beyond_two_weeks_is_for_another_day(folder: Folder) -> None:
    """The check looks two weeks ahead, and a roster that begins exactly now has no gap."""
    assert told(folder, "2026-01-05T08:00:00+08:00", "2026-11-21T00:00:00+08:00") == []


def test_whoever_is_on_duty_must_hold_the_role(folder: Folder) -> None:
    """A person on the roster without the role could be paged but not take the ticket."""
    lines = told(folder, 'people = ["engineer-1"]', 'people = ["engineer-1", "lead-1"]')
    assert lines == ["合同 shaoguan-command：lead-1 排进了 engineer 的值班表，却没有这个角色，接不了单。"]


def test_a_person_without_an_account_is_named_with_the_remedy(folder: Folder) -> None:
    """Whoever stands on a ladder and has no account is named; a reporter, who stands on none, is not."""
    lines = told(folder, "telegram_id = 2001\n")
    assert lines == ["值班工程师甲（engineer-1）还没有绑定 Telegram 账号：请运行 hotline invite engineer-1。"]


def test_an_account_bound_by_invite_counts(folder: Folder) -> None:
    """The database knows accounts that the file does not."""
    settings = folder.change("people.toml", "telegram_id = 2001\n", "").load()
    bound = Found(people=(Person(key="engineer-1", name="值班工程师甲", telegram_id=2001),))
    assert said(settings, replace(WELL, found=bound)) == []


@pytest.mark.parametrize("silence", list(Silence))
def test_a_person_who_cannot_be_written_to_is_named(folder: Folder, silence: Silence) -> None:
    """Blocked, never started, or not to be found out: each has its sentence."""
    facts = replace(WELL, account=Account(silent={2003: silence}))
    (line,) = said(folder.load(), facts)
    assert line.startswith("项目经理（manager-1）")


def test_a_block_that_the_database_remembers_counts_without_the_server(folder: Folder) -> None:
    """When nobody can be asked, what is known already is said."""
    gone = Found(people=(Person(key="lead-1", name="技术负责人", telegram_id=2002, reachable=False),))
    facts = Facts(found=gone, account=Account(trouble=Trouble.UNREACHABLE))
    assert keys(folder.load(), facts) == ["api_unreachable", "silent_blocked"]


@pytest.mark.parametrize(
    ("place", "reads_all", "key"),
    [
        (Place.ABSENT, True, ["not_in_group"]),
        (Place.UNKNOWN, True, ["group_unknown"]),
        (Place.MEMBER, False, ["privacy"]),
        (Place.MEMBER, True, []),
        (Place.LEADS, False, []),
    ],
)
def test_a_bound_group_must_be_heard(folder: Folder, place: Place, reads_all: bool, key: list[str]) -> None:
    """A group without the bot is deaf; with privacy mode and without rank the bot hears only what is for it."""
    settings = folder.add("people.toml", GROUP).load()
    facts = replace(WELL, account=Account(reads_all=reads_all, places={-1001: place}))
    assert keys(settings, facts) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://hotline.example.org/telegram", []),
        ("https://hotline.example.org:8443/telegram", []),
        ("https://hotline.example.org:9443/telegram", ["webhook_port"]),
        ("http://hotline.example.org/telegram", ["webhook_plain"]),
    ],
)
def test_a_webhook_must_be_one_that_telegram_delivers_to(folder: Folder, url: str, key: list[str]) -> None:
    """Telegram wants https on one of four ports; a server of one's own takes any address."""
    hook = f'[telegram.webhook]\nlisten = "127.0.0.1:1"\nurl = "{url}"\nsecret = "a"\n'
    folder.write("config.toml", f'{CALENDAR}[telegram]\ntoken = "{TOKEN}"\nmode = "webhook"\n{hook}')
    assert keys(folder.load()) == key
    folder.change("config.toml", "mode =", 'api_url = "http://127.0.0.1:8081"\nmode =')
    assert keys(folder.load()) == []


@pytest.mark.parametrize(
    ("token", "trouble"),
    [
        ("", Trouble.NO_TOKEN),
        ("abc", Trouble.MALFORMED),
        ("123:abc def", Trouble.MALFORMED),
        ("123:令牌", Trouble.MALFORMED),
        (TOKEN, None),
    ],
)
def test_the_look_of_a_token_is_judged(token: str, trouble: Trouble | None) -> None:
    """A token that cannot be one is not even sent."""
    assert token_trouble(token) is trouble


async def test_files_that_are_missing_are_named(folder: Folder) -> None:
    """An equipment list that is not there, and a folder that is a file."""
    folder.change(CONTRACT, "ledger-shaoguan-command.csv", "absent.csv").write("files", "in the way")
    folder.write("config.toml", "")
    lines = await check.check(folder.load(), NOW, CHINESE)
    assert lines[:3] == [
        f"维保服务清单 {folder.path}/contracts/absent.csv 文件不存在。",
        f"证据文件夹 {folder.path}/files 不可写。",
        "没有写机器人令牌：请设置 telegram.token、token_file 或环境变量 HOTLINE_TELEGRAM_TOKEN。",
    ]


async def test_the_database_is_judged_without_being_made(folder: Folder) -> None:
    """Looking leaves no file behind; a folder that is missing is a finding of its own."""
    assert await database.look(folder.load(), CHINESE) == Found()
    assert not (folder.path / "hotline.db").exists()
    folder.write("config.toml", '[storage]\nurl = "sqlite:///config.toml/hotline.db"')
    found = await database.look(folder.load(), CHINESE)
    assert found.trouble.startswith("数据库所在的文件夹")


async def test_a_folder_that_is_not_there_is_a_finding(folder: Folder) -> None:
    """The database makes its file, but nobody makes the folder for it: better said before the first start."""
    settings = replace(folder.load(), storage_url=f"sqlite:///{folder.path / 'absent' / 'hotline.db'}")
    assert "absent" in (await database.look(settings, CHINESE)).trouble


async def test_a_database_that_is_none_is_a_finding(folder: Folder) -> None:
    """A file of another kind in the database's place is called damaged."""
    folder.write("hotline.db", "this is no database, and long enough to look like one " * 40)
    found = await database.look(folder.load(), CHINESE)
    assert "已损坏" in found.trouble


async def test_the_schema_is_compared_with_the_program(folder: Folder) -> None:
    """Empty, of today, and newer are told apart, and people bound by invites are seen."""
    settings = folder.load()
    store = await Store.open(settings.storage_url)
    assert (await database.look(settings, CHINESE)).standing is Standing.EMPTY
    await store.migrate(NOW)
    await store.write(lambda tx: people.upsert(tx, settings.people))
    found = await database.look(settings, CHINESE)
    assert (found.standing, len(found.people)) == (Standing.NEWEST, len(settings.people))
    await store.close()
    assert keys(settings, replace(WELL, found=Found(standing=Standing.NEWER))) == ["schema_newer"]
    assert keys(settings, replace(WELL, found=Found(standing=Standing.OLDER))) == ["schema_older"]


class TestAgainstAServer:
    """The same, asked of a Bot API server over HTTP."""

    @pytest.fixture
    def world(self) -> World:
        """Everybody on the ladder has pressed Start, but for one who blocked and one who never did."""
        world = World(token=TOKEN, username="weibao_bot", now=lambda: NOW)
        for number, name in ((2001, "值班工程师甲"), (2002, "技术负责人"), (2003, "项目经理")):
            world.phone(number, name, started=True)
        world.phone(2004, "监督管理员")
        return world

    @pytest.fixture
    async def settings(self, world: World, folder: Folder) -> AsyncIterator[Settings]:
        """The good files, pointed at the server."""
        async with server.serving(world) as url:
            folder.write("config.toml", f'{CALENDAR}[telegram]\ntoken = "{TOKEN}"\napi_url = "{url}"\n')
            yield folder.add("people.toml", GROUP).load()
        assert world.errors == []

    async def lines(self, settings: Settings, **changes: Any) -> list[str]:
        """What `hotline check` prints, which never holds the token."""
        lines = await check.check(replace(settings, **changes), NOW, CHINESE)
        assert settings.token not in "".join(lines)
        return lines

    async def test_people_and_groups_are_asked_for(self, settings: Settings, world: World) -> None:
        """Whoever never started, whoever blocked, and a group without the bot are named; nobody is written to."""
        world.people[2002].blocked = True
        world.group(-1001, "维保群", members=[world.phones[2001]], bot_inside=False)
        assert await self.lines(settings) == [
            "合同 shaoguan-command 的群 -1001：机器人不在群里，或群号不对。",
            "技术负责人（lead-1）屏蔽了机器人，收不到通知。",
            "监督管理员（officer-1）还没有对机器人按过 Start，收不到通知。",
        ]
        assert {method for method, _ in world.calls} == {"getMe", "getChatMember", "sendChatAction"}

    async def test_a_deaf_bot_is_found(self, settings: Settings, world: World) -> None:
        """An ordinary member in privacy mode hears little; when all is well there is nothing to say."""
        world.people[2004].started = True
        group = world.group(-1001, "维保群", members=[world.phones[2001]])
        (line,) = await self.lines(settings)
        assert "只听得见提到它、回复它的话和命令" in line
        group.promotes_bot(by=world.phones[2001])
        assert await self.lines(settings) == []

    async def test_a_group_that_moved_is_followed(self, settings: Settings, world: World) -> None:
        """A group that became a supergroup is asked for under its new number."""
        world.people[2004].started = True
        group = world.group(-1001, "维保群", members=[world.phones[2001]], bot_leads=True)
        group.becomes_supergroup(-1002)
        assert await self.lines(settings) == []

    async def test_a_refused_token_is_not_repeated(self, settings: Settings) -> None:
        """The server refuses the token: the sentence says so without it."""
        lines = await self.lines(settings, token="100:another")
        assert lines[0].startswith("127.0.0.1 不认这个令牌")
        assert "another" not in "".join(lines)

    async def test_a_server_out_of_reach_is_named(self, settings: Settings, world: World) -> None:
        """Broken connections are no reason to hang or to crash."""
        world.goes_dark()
        assert (await self.lines(settings))[0].startswith("连不上 Bot API 服务器 127.0.0.1")

    async def test_something_else_that_answers_is_no_bot_api(self, settings: Settings, world: World) -> None:
        """A web page in the place of the Bot API is called what it is."""
        world.faults.answers(200, "", body="<html>welcome</html>", method="getMe", times=None)
        assert (await self.lines(settings))[0] == "127.0.0.1 有回应，但不像 Bot API：请核对 api_url。"


def test_two_weeks_are_two_weeks() -> None:
    """The horizon of the roster check."""
    assert staffing.AHEAD == timedelta(days=14)


@pytest.mark.parametrize(
    ("web", "keys"),
    [
        ('public_url = "https://hotline.example.org"', []),
        ('public_url = "http://127.0.0.1:8080/"', []),
        ('public_url = "http://hotline.example.org"', ["web_plain"]),
        ('listen = ""\npublic_url = "https://hotline.example.org"', ["web_closed"]),
        ('listen = ""', []),
    ],
)
def test_calendars_need_a_port_and_a_way_that_nobody_reads(folder: Folder, web: str, keys: list[str]) -> None:
    """A link is a secret, and one that leads nowhere is of no use."""
    settings = folder.add("config.toml", f"\n[web]\n{web}\n").load()
    facts = Facts(found=Found(), account=Account(username="weibao_bot"))
    found = [remark.key for remark in check.remarks(settings, facts, NOW)]
    assert [key for key in found if key.startswith("web_")] == keys
