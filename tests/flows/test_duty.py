"""The duty roster at work: who is paged at a change of shift, under overrides, and what /duty says."""

from datetime import UTC, datetime, timedelta

import pytest

from sla.duty import Override
from storage import overrides
from storage.store import Transaction
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG
from tests.flows.house import Actor, House

BEFORE_EIGHT = datetime(2026, 2, 16, 23, 59, 59, tzinfo=UTC)  # 07:59:59 on the 17th; at eight engineer-2 takes over
MAJOR = "全市视频会议全部中断"


async def changed(house: House, start: str, end: str, absent: str, person: str) -> None:
    """Somebody else serves for a while."""
    override = Override(
        contract=SLUG,
        role="engineer",
        start=datetime.fromisoformat(f"{start}+08:00"),
        end=datetime.fromisoformat(f"{end}+08:00"),
        absent=absent,
        person=person,
        by="project-manager",
        at=house.clock.now(),
        why="请假",
    )

    async def work(tx: Transaction) -> None:
        await overrides.add(tx, override)

    await house.stage.hotline.store.write(work)


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house one second before the change of shift."""
    return await furnish(start=BEFORE_EIGHT)


async def paged(house: House, reporter: Actor) -> list[str]:
    """Which of the engineers got a card for a new report."""
    number = await reporter.reports(MAJOR)
    return [key for key in ("engineer-1", "engineer-2") if number in house.numbers(house[key].phone.chat)]


def quiet(house: House) -> None:
    """What everybody was told so far is not what this flow is about."""
    for entry in house.unnamed():
        house.name(entry)


async def test_the_shift_of_the_second_is_paged(house: House, reporter: Actor) -> None:
    """At 07:59:59 the old shift is paged, at 08:00:00 exactly the new one."""
    assert await paged(house, reporter) == ["engineer-1"]
    quiet(house)


async def test_the_new_shift_is_paged_from_its_first_second(house: House, reporter: Actor) -> None:
    """One second later it is the other engineer."""
    house.clock.move(BEFORE_EIGHT + timedelta(seconds=1))
    assert await paged(house, reporter) == ["engineer-2"]
    quiet(house)


@pytest.mark.parametrize(
    ("moment", "person"),
    [
        ("2026-02-17T21:59:59", "engineer-2"),
        ("2026-02-17T22:00:00", "engineer-1"),
        ("2026-02-18T00:00:00", "engineer-1"),
        ("2026-02-18T05:59:59", "engineer-1"),
        ("2026-02-18T06:00:00", "engineer-2"),
    ],
)
async def test_an_override_over_midnight(house: House, reporter: Actor, moment: str, person: str) -> None:
    """Whoever stands in is paged from its first second to its last, through midnight."""
    await changed(house, "2026-02-17T22:00:00", "2026-02-18T06:00:00", "engineer-2", "engineer-1")
    house.clock.move(datetime.fromisoformat(f"{moment}+08:00"))
    assert await paged(house, reporter) == [person]
    quiet(house)


async def test_repeated_calls_go_to_whoever_is_on_duty_then(furnish: Furnish) -> None:
    """A ticket that nobody took is warned of, and called for, on the phone of the shift of that moment."""
    calls = {'on_breach = ["project_manager"]': 'on_breach = ["project_manager", "on_duty:engineer"]'}
    house = await furnish(start=BEFORE_EIGHT - timedelta(minutes=11), terms=calls)
    number = await house["reporter-1"].reports(MAJOR)
    house.have_cards("engineer-1", number=number)
    quiet(house)
    await house.passes(minutes=10, seconds=59)
    first = [entry for entry in house.unnamed(house["engineer-1"].phone.id) if "请接手" in entry.what]
    assert first and not any("请接手" in entry.what for entry in house.unnamed(house["engineer-2"].phone.id))
    quiet(house)
    await house.passes(minutes=5)
    house["engineer-2"].was_told("第 2 次呼叫")
    assert not any("次呼叫" in entry.what for entry in house.unnamed(house["engineer-1"].phone.id))
    quiet(house)


async def test_duty_says_until_when_and_who_is_next(house: House, reporter: Actor, engineer: Actor) -> None:
    """Who is there, until when, who comes; the days on demand; one's own shifts."""
    await reporter.says("/duty")
    duty = reporter.was_told("值班工程师：值班工程师甲，至 08:00，接班值班工程师乙（08:00）")
    assert duty.labels == ["今天", "明天", "本周", "我的班"]
    await reporter.presses("明天", on=duty)
    reporter.was_told("明天 02-18", "02-17 08:00–02-18 08:00 值班工程师乙", "02-18 08:00–02-19 08:00 值班工程师甲")
    await reporter.presses("本周", on=duty)
    reporter.was_told("本周", "02-22 08:00–02-23 08:00 值班工程师甲")
    await reporter.presses("我的班", on=duty)
    reporter.was_told("未来 14 天没有您的班")
    await engineer.says("/duty")
    await engineer.presses("我的班", on=engineer.was_told("值班工程师：值班工程师甲"))
    engineer.was_told("您未来 14 天的班", "02-18 08:00–02-19 08:00 值班工程师（韶关指挥调度维保）")


async def test_overrides_of_the_chat_outlive_a_restart(house: House, reporter: Actor) -> None:
    """The file is read again, and what was changed meanwhile still counts."""
    await changed(house, "2026-02-17T08:00:00", "2026-02-18T08:00:00", "engineer-2", "engineer-1")
    await house.restarts(hours=1)
    assert await paged(house, reporter) == ["engineer-1"]
    quiet(house)
