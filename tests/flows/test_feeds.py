"""The calendar on a phone: asked for in the chat, read over HTTP, and read back by a library."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from sla.duty import Override
from sla.key_periods import KeyPeriod
from storage import feeds, key_periods, overrides
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG
from tests.flows.house import Actor, House
from tests.postgres import free_port
from tests.sandbox import raw

LINK = re.compile(r"http://\S+\.ics")
SCAN = """
[[services]]
key = "scan"
name = "漏洞扫描"
unit = "次"
kind = "scan"
count = 46
per = "term"
starts = 2026-01-01
ends = 2026-03-31

[words]"""
EIGHT = datetime(2026, 2, 16, 0, 0, tzinfo=UTC)  # 08:00 in the contract's zone
DAY = timedelta(days=1)


@pytest.fixture(params=["sqlite"])
def storage(request: pytest.FixtureRequest) -> str:
    """The database of the house; some flows are played on both."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house with pages of its own, and a contract that counts something."""
    return await furnish(web_port=free_port(), terms={"\n[words]": SCAN})


async def link_of(actor: Actor) -> str:
    """Ask for a link for the first time."""
    await actor.says("/calendar")
    return link_in(actor.was_told("订阅日历").text)


def link_in(text: str) -> str:
    """The link in a message."""
    found = LINK.search(text)
    assert found is not None, text
    return found[0]


async def read(link: str) -> Any:
    """The calendar behind a link."""
    answer = await raw.request(link)
    assert answer.status == 200, answer
    return Calendar.from_ical(answer.body)


def events(calendar: Any) -> list[Any]:
    """Its entries, in order."""
    return list(calendar.walk("VEVENT"))


def shown(calendar: Any, word: str) -> list[tuple[datetime | date, datetime | date]]:
    """From when to when, for the entries with this word in their title."""
    return [(one["dtstart"].dt, one["dtend"].dt) for one in events(calendar) if word in one["summary"]]


@pytest.mark.parametrize("storage", ["sqlite", "postgresql"], indirect=True)
async def test_a_phone_reads_the_shifts_of_its_owner(house: House) -> None:
    """Sixty days of every second day, in UTC, with what every phone needs to keep it up to date."""
    calendar = await read(await link_of(house["engineer-1"]))
    shifts = shown(calendar, "值班")
    assert shifts[:2] == [(EIGHT, EIGHT + DAY), (EIGHT + 2 * DAY, EIGHT + 3 * DAY)]
    assert len(shifts) == 31
    assert shown(calendar, "漏洞扫描") == [(date(2026, 3, 31), date(2026, 4, 1))]
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert calendar["x-wr-timezone"] == "Asia/Shanghai" and calendar["x-published-ttl"] == "PT1H"
    assert calendar["refresh-interval"].dt == timedelta(hours=1)
    for event in events(calendar):
        assert event["sequence"] == 0 and event["dtstamp"].dt == house.clock.now()
    assert len({event["uid"] for event in events(calendar)}) == len(events(calendar))


async def test_nobody_else_stands_in_it(house: House) -> None:
    """Not a name of a colleague, not a number, not the link itself."""
    link = await link_of(house["engineer-1"])
    body = (await raw.request(link)).body.decode()
    assert "工程师乙" not in body and "2002" not in body and link.rpartition("/")[2][:20] not in body


async def test_a_change_of_the_roster_is_a_new_edition(house: House) -> None:
    """The next reading shows it, with a higher sequence; the entries that stay keep their names."""
    link = await link_of(house["engineer-1"])
    before = await read(link)
    swap = Override(
        contract=SLUG,
        role="engineer",
        start=EIGHT + DAY,
        end=EIGHT + 2 * DAY,
        absent="engineer-2",
        person="engineer-1",
        by="technical-lead",
        at=EIGHT,
    )
    await house.stage.hotline.store.write(lambda tx: overrides.add(tx, swap))
    after = await read(link)
    assert shown(after, "值班")[0] == (EIGHT, EIGHT + 3 * DAY)  # three turns in a row are one entry
    assert {event["sequence"] for event in events(after)} == {1}
    assert events(before)[0]["uid"] == events(after)[0]["uid"]
    again = await read(link)
    assert [event.to_ical() for event in events(again)] == [event.to_ical() for event in events(after)]


async def test_a_key_period_is_shown(house: House) -> None:
    """To everybody of the contract, from its beginning to its end, until it is called off."""
    link = await link_of(house["technical-lead"])
    period = KeyPeriod(
        contract=SLUG, name="防汛", start=EIGHT + DAY, end=EIGHT + 3 * DAY, people=2, by="officer-1", at=EIGHT
    )
    kept = await house.stage.hotline.store.write(lambda tx: key_periods.add(tx, period))
    calendar = await read(link)
    assert shown(calendar, "重保 SGC 防汛") == [(EIGHT + DAY, EIGHT + 3 * DAY)]
    assert shown(calendar, "值班") == []
    await house.stage.hotline.store.write(lambda tx: key_periods.cancel(tx, kept.id, "officer-1", EIGHT))
    assert shown(await read(link), "重保") == []
    for actor in house.actors.values():
        actor.may_have_heard("防汛")


async def test_a_new_link_ends_the_old_one(house: House) -> None:
    """Asked again, the bot gives none away; a new one on demand, and none at all."""
    engineer = house["engineer-1"]
    old = await link_of(engineer)
    await engineer.says("/calendar")
    engineer.asked("您已有日历链接", "换一个新链接", "停用链接")
    await engineer.presses("换一个新链接")
    new = link_in(engineer.was_told("订阅日历").text)
    assert new != old
    assert (await raw.request(old)).status == 404
    assert (await raw.request(new)).status == 200
    (await engineer.presses("停用链接")).answered("链接已停用")
    assert (await raw.request(new)).status == 404


async def test_the_link_is_kept_as_a_digest(house: House) -> None:
    """Whoever reads the database reads no calendar."""
    link = await link_of(house["engineer-1"])
    token = link.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 40
    kept = await house.stage.hotline.store.read(lambda tx: feeds.of_owner(tx, "person:engineer-1"))
    assert kept is not None and kept.token_hash is not None and token not in kept.token_hash


@pytest.mark.parametrize("path", ["x.ics", "x", "", "%00.ics", "a" * 500 + ".ics", "../people.ics"])
async def test_a_guess_is_answered_with_nothing(house: House, path: str) -> None:
    """Whatever is guessed, the answer is the same."""
    answer = await raw.request(f"http://127.0.0.1:{house.plan.web_port}/calendar/{path}")
    assert (answer.status, answer.body) in [(404, b""), (404, b"Not Found")]


async def test_whoever_may_not_see_the_roster_gets_no_link(house: House) -> None:
    """Reporters have no such command, and a forged button gives them none."""
    reporter = house["reporter-1"]
    await reporter.says("/calendar")
    reporter.was_told("这个命令不由您使用")
    (await reporter.forges("cal:new")).refused("这个命令不由您使用")


async def test_a_minimal_house_shows_no_names(furnish: Furnish) -> None:
    """What leaves the house is when, and under which contract's number."""
    house = await furnish(web_port=free_port(), minimal=True)
    calendar = await read(await link_of(house["engineer-1"]))
    text = calendar.to_ical().decode()
    assert "值班 SGC" in text and "工程师甲" not in text and "韶关" not in text


async def test_duty_offers_the_calendar(house: House) -> None:
    """Next to who is on duty; where no pages are served there is no such button."""
    engineer = house["engineer-1"]
    await engineer.says("/duty")
    assert "📅 订阅到手机日历" in engineer.was_told("值班工程师").labels
    await engineer.presses("📅 订阅到手机日历")
    link_in(engineer.was_told("订阅日历").text)


async def test_without_an_address_nothing_is_handed_out(furnish: Furnish) -> None:
    """The command says whom to ask, and the menu does not show it."""
    house = await furnish()
    engineer = house["engineer-1"]
    await engineer.says("/calendar")
    engineer.was_told("热线还没有开放日历订阅")
    await engineer.says("/duty")
    assert "📅 订阅到手机日历" not in engineer.was_told("值班工程师").labels
