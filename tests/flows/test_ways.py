"""Every failure moves on: the next way of the same person, then the next person, at once."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.engine import logs
from storage import ledger, relays
from storage.relays import Relay, State
from storage.store import Transaction
from tests import gateways
from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import STAFF, with_ways
from tests.flows.house import NUMBER, House
from tests.gateways import SECRET, Gateway, Taken

SMS, VOICE = "sms", "voice"
BOTH = {SMS: "10001", VOICE: "20001"}
MANAGER = {SMS: "10004", VOICE: "20004"}
BOTH_DATABASES = pytest.mark.parametrize("storage", ["sqlite", "postgresql"], indirect=True)
NO_NAMES = ("值班工程师", "会议室", "没有声音", "指挥中心", "视频会议")


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """The bureau's own gateway for SMS and voice."""
    with gateways.opened() as opened:
        yield opened


@pytest.fixture(params=["sqlite"])
def storage(request: pytest.FixtureRequest) -> str:
    """The database of the house; some flows are played on both."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


def plan(gateway: Gateway, **ways: dict[str, str]) -> dict[str, object]:
    """A house in which these people have these ways."""
    addresses = {kind: gateway.address(kind) for kind in (SMS, VOICE)}
    return {"people": with_ways(STAFF, **ways), "gateways": addresses}


async def kept(house: House, id_: int = 1) -> list[Relay]:
    """The texts of a ticket as they are kept."""
    return await house.stage.hotline.store.read(lambda tx: relays.of_ticket(tx, id_))


async def entries(house: House, kind: str, id_: int = 1) -> list[dict[str, object]]:
    """The entries of one kind in the ticket's ledger."""
    found = await house.stage.hotline.store.read(lambda tx: ledger.entries_of(tx, id_))
    return [dict(entry.data) for entry in found if entry.kind == kind]


async def test_an_engineer_who_blocked_the_bot_gets_an_sms(furnish: Furnish, gateway: Gateway) -> None:
    """The refused page goes by SMS in the same second, with nothing in it but number, level and deadline."""
    house = await furnish(**plan(gateway, engineer_1=BOTH))
    house["engineer-1"].phone.person.blocked = True
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    text = f"【维保热线】{number} 一般故障，待接单，响应时限 09:10:00。请打开 Telegram 或拨打热线处理。"
    assert gateway.taken == [Taken(SMS, "10001", text)]
    assert not any(word in text for word in NO_NAMES)
    house["admin"].was_told("值班工程师甲的 Telegram 收不到消息", number)
    [entry] = await entries(house, "relayed")
    assert (entry["to"], entry["way"], entry["say"]) == ("engineer-1", SMS, "page")
    house["project-manager"].heard_nothing()


async def test_who_is_known_to_be_unreachable_is_told_by_sms(furnish: Furnish, gateway: Gateway) -> None:
    """Nobody waits for Telegram to refuse again: the second page, the warning and the breach go by SMS at once."""
    house = await furnish(**plan(gateway, engineer_1=BOTH))
    house["engineer-1"].phone.person.blocked = True
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    house["admin"].was_told("收不到消息")
    await house.passes(minutes=5)
    house["technical-lead"].was_told("还剩 5 分钟")
    assert [one.text[len("【维保热线】") :].partition("，")[2][:4] for one in gateway.by(SMS)] == [
        "待接单，",
        "时限快到",
    ]


async def test_a_person_without_an_account(furnish: Furnish, gateway: Gateway) -> None:
    """Whoever has only a telephone number is part of the ladder like everybody else, and nobody else is called."""
    people = tuple(replace(one, account=None) if one.key == "engineer-1" else one for one in STAFF)
    house = await furnish(**plan(gateway) | {"people": with_ways(people, engineer_1={VOICE: "20001"})})
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    assert [(one.by, one.to) for one in gateway.taken] == [(VOICE, "20001")]


async def test_nobody_of_the_first_step_but_by_telephone(furnish: Furnish, gateway: Gateway) -> None:
    """A step that is reached only by telephone is not empty: the project manager is left alone."""
    first = ("engineer-1", "technical-lead")
    people = tuple(replace(one, account=None) if one.key in first else one for one in STAFF)
    house = await furnish(**plan(gateway) | {"people": with_ways(people, engineer_1={VOICE: "20001"})})
    number = await house["reporter-1"].reports(scenes.GENERAL)
    assert [one.to for one in gateway.taken] == ["20001"]
    house["admin"].was_told("联系不上技术负责人", number)
    house["project-manager"].heard_nothing()


@BOTH_DATABASES
async def test_the_bot_api_is_down(furnish: Furnish, gateway: Gateway) -> None:
    """What the Bot API does not take within ten seconds goes by SMS; the card comes later all the same."""
    house = await furnish(**plan(gateway, engineer_1=BOTH))
    number = await reported_behind_a_dead_line(house)
    await house.passes(seconds=7)
    assert gateway.taken == []
    await house.passes(seconds=3)
    assert [(one.by, one.to) for one in gateway.taken] == [(SMS, "10001")] and number in gateway.taken[0].text
    await house.passes(seconds=30)
    house.world.faults.clear()
    await house.passes(seconds=30)
    house["engineer-1"].may_have_heard("重发")
    house["technical-lead"].may_have_heard("重发")
    house.have_cards("reporter-1", "engineer-1", "technical-lead", number=number)
    assert len(gateway.taken) == 1
    assert {entry["failure"] for entry in await entries(house, "undelivered")} == {"late"}


async def test_nobody_is_called_twice_for_one_letter(furnish: Furnish, gateway: Gateway) -> None:
    """If the letter that was late is refused at last, the person who had an SMS for it gets no second one."""
    house = await furnish(**plan(gateway, engineer_1=BOTH))
    number = await reported_behind_a_dead_line(house)
    await house.passes(seconds=10)
    assert [one.by for one in gateway.taken] == [SMS]
    house["engineer-1"].phone.person.blocked = True
    house.world.faults.clear()
    await house.passes(seconds=60)
    house["technical-lead"].may_have_heard("重发")
    house.have_cards("reporter-1", "technical-lead", number=number)
    house["admin"].was_told("值班工程师甲的 Telegram 收不到消息", number)
    assert len(gateway.taken) == 1
    house["project-manager"].heard_nothing()


async def test_whoever_has_no_further_way_while_the_bot_api_is_down(furnish: Furnish, gateway: Gateway) -> None:
    """The next person who can be reached at all is told, by the way that works."""
    house = await furnish(**plan(gateway, project_manager=MANAGER))
    number = await reported_behind_a_dead_line(house)
    await house.passes(seconds=10)
    assert [(one.by, one.to) for one in gateway.taken] == [(SMS, "10004")]
    assert f"{number} 一般故障，呼叫不到负责人，请您接手" in gateway.taken[0].text
    assert [step["to"] for step in await entries(house, "next_step")] != []
    house.world.faults.clear()
    await house.passes(seconds=60)
    for key in ("engineer-1", "technical-lead"):
        house[key].may_have_heard("重发")
    house.have_cards("reporter-1", "engineer-1", "technical-lead", number=number)


@BOTH_DATABASES
async def test_one_chat_that_does_not_take_anything(furnish: Furnish, gateway: Gateway) -> None:
    """While others are served, a chat that stands still is moved on from: here to the next step of the ladder."""
    house = await furnish(**plan(gateway))
    engineer = house["engineer-1"]
    fault = house.world.faults.server_error(chat=engineer.phone.id, times=None)
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    await house.passes(seconds=10)
    house["project-manager"].was_told(f"{number} 呼叫不到值班工程师甲，请您接手")
    house["admin"].was_told("联系不上值班工程师甲", number)
    fault.cancel()
    await house.passes(seconds=120)
    engineer.may_have_heard("重发")
    engineer.card(number)


@BOTH_DATABASES
async def test_the_sms_gateway_is_down(furnish: Furnish, gateway: Gateway) -> None:
    """SMS fails, so the telephone rings; it fails as well, so the next person is told: all in the same second."""
    house = await furnish(**plan(gateway, engineer_1=BOTH))
    house["engineer-1"].phone.person.blocked = True
    gateway.down |= {SMS}
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    house["admin"].was_told("收不到消息", number)
    assert [(one.by, one.to) for one in gateway.taken] == [(VOICE, "20001")]
    gateway.down |= {VOICE}
    second = await house["reporter-2"].reports("三楼大屏花屏")
    house["technical-lead"].card(second)
    house["admin"].was_told("联系不上值班工程师甲", second)
    house["project-manager"].was_told(f"{second} 呼叫不到值班工程师甲，请您接手")
    kinds = [(entry["way"], entry["error"]) for entry in await entries(house, "undelivered", 2) if "way" in entry]
    assert kinds == [(SMS, "refused"), (VOICE, "refused")]


async def test_a_gateway_that_comes_back(furnish: Furnish, gateway: Gateway) -> None:
    """The failed way is tried again while nobody has taken the ticket."""
    house = await furnish(**plan(gateway, engineer_1={SMS: "10001"}))
    house["engineer-1"].phone.person.blocked = True
    gateway.down |= {SMS}
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    house["project-manager"].was_told(f"{number} 呼叫不到值班工程师甲")
    house["admin"].was_told("收不到消息")
    house["admin"].was_told("联系不上值班工程师甲")
    gateway.down.clear()
    await house.passes(seconds=31)
    assert [one.to for one in gateway.taken] == ["10001"]


async def test_taken_meanwhile(furnish: Furnish, gateway: Gateway) -> None:
    """Once somebody has acknowledged, no telephone rings for it any more."""
    house = await furnish(**plan(gateway, engineer_1={SMS: "10001"}))
    house["engineer-1"].phone.person.blocked = True
    gateway.down |= {SMS}
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    house["project-manager"].was_told("呼叫不到值班工程师甲")
    house["admin"].was_told("收不到消息")
    house["admin"].was_told("联系不上值班工程师甲")
    (await house["project-manager"].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由项目经理接单")
    gateway.down.clear()
    await house.passes(minutes=4)
    assert gateway.taken == []
    assert {relay.state for relay in await kept(house)} == {State.SUPERSEDED}


async def test_a_major_fault_demands_a_telephone(furnish: Furnish, gateway: Gateway) -> None:
    """Where the profile says so, a major fault rings the telephone beside the card; who has none is reported."""
    terms = {'handling = "4h"\n': 'handling = "4h"\nalso_by = ["voice", "sms"]\n'}
    house = await furnish(**plan(gateway, engineer_1=BOTH), terms=terms)
    number = await house["reporter-1"].reports(scenes.MAJOR)
    house.have_cards(*scenes.ALL, number=number)
    assert [(one.by, one.to) for one in gateway.taken] == [(VOICE, "20001")]
    assert f"{number} 重大故障，待接单" in gateway.taken[0].text
    house["admin"].was_told(f"{number} 要求同时用电话、短信等方式通知，但技术负责人没有登记")
    await house["reporter-2"].reports(scenes.GENERAL)
    house.have_cards("engineer-1", "technical-lead", number=NUMBER.findall(house["engineer-1"].card())[0])
    assert len(gateway.taken) == 1


async def test_a_demanded_telephone_that_fails(furnish: Furnish, gateway: Gateway) -> None:
    """The other ways are tried; if none works although Telegram does, the administrator knows, and nobody else."""
    terms = {'handling = "4h"\n': 'handling = "4h"\nalso_by = ["voice"]\n'}
    ways = {"engineer_1": BOTH, "technical_lead": {VOICE: "20003"}}
    house = await furnish(**plan(gateway, **ways), terms=terms)
    gateway.down |= {VOICE}
    number = await house["reporter-1"].reports(scenes.MAJOR)
    house.have_cards(*scenes.ALL, number=number)
    assert [(one.by, one.to) for one in gateway.taken] == [(SMS, "10001")]
    house["admin"].was_told(f"{number} 的一条通知没有送到技术负责人")
    house["project-manager"].heard_nothing()


@BOTH_DATABASES
async def test_a_storm_is_told_together(furnish: Furnish, gateway: Gateway) -> None:
    """Of many tickets the first is told at once, the others half a minute later in one message; a major one at once."""
    people = tuple(replace(one, account=None) if one.key == "engineer-1" else one for one in STAFF)
    house = await furnish(**plan(gateway) | {"people": with_ways(people, engineer_1={SMS: "10001"})})
    numbers = [await house["reporter-1"].reports(f"/report {place}会议室没有声音") for place in "一二三四"]
    assert len(gateway.taken) == 1
    await house.passes(seconds=31)
    assert len(gateway.taken) == 2 and "3 张工单等您处理" in gateway.taken[1].text
    house.have_cards(*["technical-lead"] * 4)
    numbers += [await house["reporter-1"].reports(f"/report {place}会议室没有声音") for place in "五六"]
    assert len(gateway.taken) == 2
    major = await house["reporter-2"].reports(scenes.MAJOR)
    assert len(gateway.taken) == 3 and f"3 张工单等您处理，最重的是重大故障 {major}" in gateway.taken[2].text
    house.have_cards(*scenes.ALL[1:], number=major)
    for number in numbers:
        house["technical-lead"].card(number)
    assert {relay.state for id_ in range(1, 8) for relay in await kept(house, id_)} == {State.SENT}


async def test_stopped_while_sending(furnish: Furnish, gateway: Gateway) -> None:
    """Nobody knows whether the text went out: it is repeated once, and marked as a repeat."""
    house = await furnish(**plan(gateway, engineer_1={SMS: "10001"}))
    house["engineer-1"].phone.person.blocked = True
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    house["admin"].was_told("收不到消息")

    async def as_if_killed(tx: Transaction) -> None:
        await relays.put(tx, replace((await relays.of_ticket(tx, 1))[0], id=0, state=State.SENDING))

    await house.stage.hotline.store.write(as_if_killed)
    await house.restarts(seconds=5)
    await house.settles()
    assert [one.text[:15] for one in gateway.taken] == [
        f"【维保热线】{number}"[:15],
        f"【维保热线】（重发）{number}"[:15],
    ]
    await house.restarts(seconds=5)
    await house.settles()
    assert len(gateway.taken) == 2


async def test_nobody_is_left(furnish: Furnish) -> None:
    """If no step reaches anybody and there is no administrator either, the ledger says so and the ticket stays open."""
    away = ("engineer-1", "engineer-2", "technical-lead", "project-manager", "officer-1", "admin")
    people = tuple(replace(one, account=None) if one.key in away else one for one in STAFF)
    house = await furnish(people=people)
    await house["reporter-1"].reports(scenes.GENERAL)
    steps = await entries(house, "next_step")
    assert steps and all(step["to"] == [] and step["admins"] == ["admin"] for step in steps)


async def test_the_administrator_is_the_last_who_is_called(furnish: Furnish, gateway: Gateway) -> None:
    """If no step reaches anybody, whoever looks after the bot is called by telephone."""
    away = ("engineer-1", "engineer-2", "technical-lead", "project-manager", "officer-1")
    people = tuple(replace(one, account=None) if one.key in away else one for one in STAFF)
    house = await furnish(**plan(gateway) | {"people": with_ways(people, admin={VOICE: "20009"})})
    number = await house["reporter-1"].reports(scenes.GENERAL)
    assert [(one.by, one.to) for one in gateway.taken] == [(VOICE, "20009")]
    house["admin"].was_told("联系不上", number)
    house["admin"].may_have_heard("联系不上")


async def test_no_secret_leaves_the_settings(
    furnish: Furnish, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the address nor a number is in a log line, in the database, or in the text of the settings."""
    for name in (*logs.QUIET, *logs.MUTE):
        caplog.set_level(logging.WARNING if name in logs.QUIET else logging.CRITICAL, logger=name)
    caplog.set_level(logging.DEBUG)
    house = await furnish(**plan(gateway, engineer_1={SMS: "1380001", VOICE: "1390001"}))
    house["engineer-1"].phone.person.blocked = True
    gateway.down |= {SMS}
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    house["admin"].was_told("收不到消息")
    assert gateway.by(VOICE)
    folder = house.settings.path.parent
    stored = b"".join(path.read_bytes() for path in folder.glob("hotline.db*"))
    for secret in (SECRET, "1380001", "1390001", f"127.0.0.1:{gateway.port}"):
        assert secret not in caplog.text
        assert secret.encode() not in stored
        assert secret not in repr(house.settings)
    assert "relay" in caplog.text


async def reported_behind_a_dead_line(house: House) -> str:
    """A report comes in, and then the Bot API takes nothing more."""
    house.world.faults.server_error(method="sendMessage", times=None)
    await house["reporter-1"].says(scenes.GENERAL)
    return (await house.ticket(f"SGC-{house.clock.now():%Y%m%d}-001")).number
