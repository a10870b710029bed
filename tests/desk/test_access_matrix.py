"""Who may press and send what: one table for a clerk, held against the one door and against the real thing."""

from collections.abc import Iterator, Mapping

import pytest

from desk import access, buttons, command_menu
from desk.access import Act, Command
from desk.words import Words
from sla import events
from sla.terms import Role
from storage import people
from storage.people import Person
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS, COMMAND_HALL, LOCALES, MINE, contract, house
from tests.desk.people import people as everybody
from tests.desk.room import Room

# Each column is a person and who has the ticket; “－” may not, “是” may.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "本人": ("reporter-1", "engineer-1"),  # the reporter of the ticket
    "别人": ("reporter-2", "engineer-1"),  # another reporter
    "监督": ("officer-1", "engineer-1"),  # the supervising officer
    "经手": ("engineer-1", "engineer-1"),  # the engineer who has it
    "同事": ("engineer-2", "engineer-1"),  # another engineer
    "技负": ("lead-1", "engineer-1"),  # the technical lead
    "技经": ("lead-1", "lead-1"),  # a technical lead who has it
    "经理": ("manager-1", "engineer-1"),  # the project manager
    "服台": ("desk-1", "engineer-1"),  # the service desk
    "专家": ("expert-1", "engineer-1"),  # an expert
    "管理": ("admin-1", "engineer-1"),  # the admin
    "自修": ("both-1", "both-1"),  # an officer who is an engineer too, and has repaired it
    "他约": ("cloud-1", "engineer-1"),  # somebody of another contract
    "离开": ("left-1", "engineer-1"),  # somebody who left
    "生人": ("stranger", "engineer-1"),  # a stranger
}
BUTTONS = """
按钮          本人 别人 监督 经手 同事 技负 技经 经理 服台 专家 管理 自修 他约 离开 生人
接单          －   －   －   是   是   是   是   是   －   －   －   是   －   －   －
接手督办      －   －   是   －   －   是   是   是   －   －   －   是   －   －   －
出发          －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
到场          －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
请到场支持    是   －   是   －   －   －   －   －   是   －   －   是   －   －   －
免到场        －   －   是   －   －   －   －   －   －   －   －   －   －   －   －
远程解决      －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
已定位        －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
修复          －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
已保障，无中断  －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
已保障，有中断  －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
已恢复，销障  是   －   是   －   －   －   －   －   －   －   －   －   －   －   －
未恢复        是   －   是   －   －   －   －   －   －   －   －   是   －   －   －
改级别        是   －   是   是   是   是   是   是   －   －   －   是   －   －   －
同意降级      是   －   是   －   －   －   －   －   －   －   －   －   －   －   －
不同意降级    是   －   是   －   －   －   －   －   －   －   －   是   －   －   －
挂起          －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
同意挂起      －   －   是   －   －   －   －   －   －   －   －   －   －   －   －
不同意挂起    －   －   是   －   －   －   －   －   －   －   －   是   －   －   －
恢复          －   －   是   是   是   －   是   －   －   －   －   是   －   －   －
申告传输故障  －   －   －   是   是   －   是   －   －   －   －   是   －   －   －
确认传输故障  是   －   是   －   －   －   －   －   －   －   －   －   －   －   －
不是传输故障  是   －   是   －   －   －   －   －   －   －   －   是   －   －   －
传输已恢复    是   －   是   是   是   －   是   －   －   －   －   是   －   －   －
转派          －   －   －   是   是   是   是   是   －   －   －   是   －   －   －
升级          －   －   －   是   是   是   是   是   －   －   －   是   －   －   －
合并工单      －   －   是   是   是   是   是   是   是   －   －   是   －   －   －
作废          是   －   是   －   －   －   －   －   －   －   －   是   －   －   －
答复          －   －   －   是   是   是   是   是   是   是   －   是   －   －   －
写进展        －   －   －   是   是   是   是   是   是   是   －   是   －   －   －
填写记录      －   －   －   是   是   是   是   是   －   －   －   是   －   －   －
满意          是   －   是   －   －   －   －   －   －   －   －   是   －   －   －
不满意        是   －   是   －   －   －   －   －   －   －   －   是   －   －   －
改合同        是   －   －   －   －   －   －   －   －   －   －   －   －   －   －
更多          是   －   是   是   是   是   是   是   是   是   －   是   －   －   －
看卡片        是   －   是   是   是   是   是   是   是   是   是   是   －   －   －
"""
COMMANDS = """
命令      本人 监督 同事 技负 经理 服台 专家 管理 他约 离开 生人
start     是   是   是   是   是   是   是   是   是   －   －
help      是   是   是   是   是   是   是   是   是   －   －
report    是   是   是   是   是   是   是   是   是   －   －
ask       是   是   是   是   是   是   是   是   是   －   －
log       －   －   －   －   －   是   －   －   是   －   －
my        是   是   是   是   是   是   是   是   是   －   －
open      －   是   是   是   是   是   是   是   是   －   －
ticket    是   是   是   是   是   是   是   是   是   －   －
duty      是   是   是   是   是   是   是   是   是   －   －
service   －   是   是   是   是   是   是   －   是   －   －
quota     －   是   是   是   是   是   是   是   是   －   －
calendar  －   是   是   是   是   是   是   是   是   －   －
keyperiod －   是   －   －   －   －   －   －   是   －   －
cancel    是   是   是   是   是   是   是   是   是   －   －
language  是   是   是   是   是   是   是   是   是   －   －
"""
LADDER = {"engineer-1", "engineer-2", "desk-1", "expert-1", "reporter-1"}
_LABELS = {Words.read(LOCALES).plain("zh-CN", f"act.{act.value}"): act for act in Act}
_REPORTER, _OFFICER = frozenset({Role.REPORTER}), frozenset({Role.SUPERVISING_OFFICER})
_ENGINEER, _MANAGER = frozenset({Role.ENGINEER}), frozenset({Role.PROJECT_MANAGER, Role.SERVICE_MANAGER})
_LEAD = frozenset({Role.TECHNICAL_LEAD})
_CONTACTS = _MANAGER | _LEAD
# The column “who” of the public table of buttons, and what the desk allows beyond it.
PUBLISHED: Mapping[str, frozenset[Role]] = {
    "改级别": _REPORTER | _ENGINEER | _OFFICER,
    "接单": _ENGINEER | _CONTACTS,
    "出发": _ENGINEER,
    "到场": _ENGINEER,
    "远程解决": _ENGINEER,
    "已定位": _ENGINEER,
    "修复": _ENGINEER,
    "挂起": _ENGINEER,
    "恢复": _ENGINEER | _OFFICER,
    "转派": _ENGINEER | _MANAGER,
    "升级": _ENGINEER | _MANAGER,
    "已恢复，销障": _REPORTER | _OFFICER,
    "未恢复": _REPORTER | _OFFICER,
    "满意": _REPORTER,
    "不满意": _REPORTER,
}
BEYOND: Mapping[str, frozenset[Role]] = {
    "改级别": _CONTACTS,  # an interface contact takes tickets too
    "转派": _LEAD,
    "升级": _LEAD,
    "满意": _OFFICER,  # the officer may speak for a reporter who is not on Telegram
    "不满意": _OFFICER,
}


def cells(table: str) -> Iterator[tuple[str, str, bool]]:
    """Row, column and whether."""
    head, *rows = (line.split() for line in table.strip().splitlines())
    for row in rows:
        assert len(row) == len(head), row[0]
        yield from ((row[0], column, cell == "是") for column, cell in zip(head[1:], row[1:], strict=True))


def person(key: str) -> Person:
    """One of the people."""
    return next(one for one in everybody() if one.key == key)


def test_the_table_has_every_button_and_every_command() -> None:
    """Nothing that can be pressed or sent is missing from the tables, nor is anything there that does not exist."""
    assert {row for row, _, _ in cells(BUTTONS)} == set(_LABELS)
    assert {row for row, _, _ in cells(COMMANDS)} == {command.value for command in Command}


@pytest.mark.parametrize("label", _LABELS)
async def test_a_button_does_what_the_table_says(room: Room, label: str) -> None:
    """The door gives the table's answer, and a real press obeys it; a refused one changes nothing but says why."""
    act, found = _LABELS[label], {column: may for row, column, may in cells(BUTTONS) if row == label}
    for handler in dict.fromkeys(handler for _, handler in COLUMNS.values()):
        ticket = await scenes.scene(room, act, handler)
        data = buttons.data_of(ticket, act, scenes.VALUES.get(act, ""))
        before = await room.ticket(ticket.id), await room.seq()
        for column, (key, has_it) in COLUMNS.items():
            if has_it != handler:
                continue
            if key != "stranger":
                assert access.may_do(person(key), act, ticket, room.terms()) is found[column], column
            tried = await room.tries(payloads.pressed(ACCOUNTS[key], data, room.now))
            assert (not tried.refusal) is found[column], (column, tried.refusal)
            if not found[column]:
                answer = await room.presses(key, data)
                assert answer.toast is not None and answer.toast.alert and answer.text.count("。") in (1, 2), column
            assert (await room.ticket(ticket.id), await room.seq()) == before, column


async def test_an_officer_takes_a_call_only_when_the_ladder_has_reached_them(room: Room) -> None:
    """As long as only the manager was called, the supervising officer cannot take the call."""
    ticket = await room.reported()
    ticket = await room.meets(ticket.id, *(step(room, "engineer-1") for step in scenes.CALLED))
    assert (await room.does("officer-1", Act.TAKE_CALL)).refusal == "refuse.may_not_tak"
    assert (await room.does("manager-1", Act.TAKE_CALL)).refusal == ""


@pytest.mark.parametrize("key", ["desk-1", "expert-1"])
async def test_whoever_the_contract_pages_may_take_the_ticket(room: Room, key: str) -> None:
    """A service desk or an expert whom the ladder pages takes the ticket; elsewhere they may not."""
    assert not access.may_do(person(key), Act.ACKNOWLEDGE, await room.reported(), room.terms())
    ladder = {"page": ["on_duty:service_desk", "expert"], "on_breach": ["project_manager"], "repeat_every": "5m"}
    room.house = house({MINE: contract(COMMAND_HALL, escalation=ladder)})
    await room.reported()
    card = next(one for one in await room.told(key) if "接单" in one.buttons)
    assert (await room.presses(key, card.buttons["接单"])).refusal == ""
    assert (await room.ticket(2)).handler == key


async def test_whoever_the_contract_calls_may_take_the_call(room: Room) -> None:
    """A service desk that is called takes the call, the last step once it is reached; engineers do not end calls."""
    ladder = {
        "page": ["engineer"],
        "on_breach": ["service_desk"],
        "then": ["expert", "reporter"],
        "repeat_every": "5m",
    }
    room.house = house({MINE: contract(COMMAND_HALL, escalation=ladder)})
    ticket = await room.reported()
    ticket = await room.meets(ticket.id, *(step(room, "engineer-1") for step in scenes.CALLED))
    may = {who: access.may_do(person(who), Act.TAKE_CALL, ticket, room.terms()) for who in ACCOUNTS if who in LADDER}
    assert may == {"engineer-1": False, "engineer-2": False, "desk-1": True, "expert-1": False, "reporter-1": False}
    ticket = await room.meets(1, *(step(room, "engineer-1") for step in scenes.CALLED[1:] * 3))
    assert access.may_do(person("expert-1"), Act.TAKE_CALL, ticket, room.terms())
    assert not access.may_do(person("reporter-1"), Act.TAKE_CALL, ticket, room.terms())
    assert (await room.does("desk-1", Act.TAKE_CALL)).refusal == ""


@pytest.mark.parametrize(
    ("act", "steps"),
    [
        (Act.AGREE_LOWER, scenes.LOWER_ASKED),
        (Act.AGREE_PAUSE, scenes.PAUSE_ASKED),
        (Act.CONFIRM_TRANSMISSION, scenes.DECLARED),
    ],
)
async def test_nobody_consents_to_the_own_work(room: Room, act: Act, steps: tuple[scenes.Step, ...]) -> None:
    """An officer who worked on the ticket, even before it was handed over, does not consent; another officer does."""
    await room.reported()
    await room.meets(1, *(step(room, "both-1") for step in scenes.TAKEN))
    await room.meets(1, events.HandedOver(at=room.now, by="both-1", to="engineer-1"))
    await room.meets(1, *(step(room, "engineer-1") for step in steps))
    await room.said()
    assert (await room.does("both-1", act)).refusal
    assert (await room.does("officer-1", act)).refusal == ""


async def test_nobody_lowers_the_level_of_the_own_work(room: Room) -> None:
    """The level button of an officer who worked on the ticket asks, like an engineer's; an officer's lowers at once."""
    await room.reported("major")
    await room.meets(1, *(step(room, "both-1") for step in scenes.TAKEN))
    assert "已去询问" in (await room.does("both-1", Act.LEVEL, value="1")).text
    assert (await room.ticket()).level == "major"
    await room.does("officer-1", Act.LEVEL, value="1")
    assert (await room.ticket()).level == "general"


@pytest.mark.parametrize("name", [command.value for command in Command])
async def test_a_command_does_what_the_table_says(room: Room, name: str) -> None:
    """A command works for those who may use it; anybody else gets one sentence, and no ticket is touched."""
    ticket = await room.reported()
    for row, column, may in cells(COMMANDS):
        if row != name:
            continue
        await room.said()
        before = await room.seq()
        key = COLUMNS[column][0]
        answer = await room.says(key, f"/{name}" + (f" {ticket.number}" if name == "ticket" else ""))
        allowed = may and not (name == "ticket" and column == "他约")
        assert (not answer.refusal) is allowed, (column, answer.refusal)
        assert (await room.ticket(), await room.seq()) == (ticket, before)
        if not allowed:
            said = await room.told(key)
            assert len(said) == 1 and "\n" not in said[0].text, column


@pytest.mark.parametrize("key", [one.key for one in everybody() if one.active])
async def test_the_menu_shows_what_may_be_used(room: Room, key: str) -> None:
    """Start lays down a menu with exactly the commands that the person may use, and the help lists the same."""
    column = next((name for name, (who, _) in COLUMNS.items() if who == key), "")
    table = {(row, name): may for row, name, may in cells(COMMANDS)}
    await room.says(key, "/start")
    sent = await room.told(key)
    menu = next(one.letter for one in sent if one.letter.method == command_menu.METHOD)
    listed = [command for command, _ in command_menu.listed(menu)]
    assert listed == [command for command in Command if access.may_use(person(key), command, house().contracts)]
    if column in {name for _, name in table}:
        assert listed == [command.value for command in Command if table[command.value, column]]
    help_ = next(one.text for one in sent if "/help" in one.text)
    assert [line[1:].split()[0] for line in help_.splitlines() if line.startswith("/")] == listed


def test_what_the_desk_allows_beyond_the_public_table_is_known() -> None:
    """Each role that may press a published button without being named for it stands in a list of its own."""
    for label, named in PUBLISHED.items():
        allowed = access.ACTS[_LABELS[label]]
        assert allowed - named == BEYOND.get(label, frozenset()), label
        assert named <= allowed, label


async def test_no_contract_sees_anything_of_another(room: Room) -> None:
    """A person with every role in one contract finds a ticket of another neither by number, nor list, nor button."""
    ticket = await room.reported()
    assert (await room.says("cloud-1", f"/ticket {ticket.number}")).refusal == "refuse.absent"
    assert (await room.says("cloud-1", "/ticket SGC-20200101-001")).refusal == "refuse.absent"
    assert (await room.presses("cloud-1", buttons.data_of(ticket, Act.SHOW))).refusal == "refuse.absent"
    await room.says("cloud-1", "/open")
    await room.says("cloud-1", "/my")
    assert all(ticket.number not in one.text for one in await room.told("cloud-1"))


async def test_whoever_left_is_a_stranger(room: Room) -> None:
    """A person who is no longer in the duty file is answered like somebody whom nobody knows."""
    ticket = await room.reported()
    left = await room.work(lambda desk: people.by_key(desk.tx, "left-1"))
    assert left is not None and access.contracts(left, [MINE]) == []
    assert (await room.does("left-1", Act.SHOW, ticket.id)).refusal == "refuse.stranger"
