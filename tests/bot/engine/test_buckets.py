"""How fast the Bot API is spoken to."""

from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.engine.buckets import UNLIMITED, Buckets, Limits, Pace
from storage.outbox import Lane
from tests.bot.engine import bench as benches

CHAT, OTHER, GROUP = 2001, 2002, -1001
STRICT = Limits(burst=Limits().chat)
ONE_KEPT = Limits(burst=Pace(most=4, seconds=4.5, urgent=1))


def sent(buckets: Buckets, chat: int, lane: Lane, seconds: float) -> list[float]:
    """When letters go to this chat, each as soon as it may."""
    times, now = [], 0.0
    while now < seconds:
        if chat in buckets.busy(now, lane):
            now += 0.25
        else:
            buckets.take(chat, now)
            times.append(now)
    return times


def most_within(times: list[float], span: float) -> int:
    """The most that went in any stretch of this length."""
    return max(sum(start <= time < start + span for time in times) for start in times)


def test_a_group_never_gets_more_than_twenty_a_minute() -> None:
    """In any minute, also the first, a group gets twenty letters at most, and fifteen that are not urgent."""
    assert most_within(sent(Buckets(Limits()), GROUP, Lane.URGENT, seconds=200), 60) == 18
    assert most_within(sent(Buckets(Limits()), GROUP, Lane.GRAVE, seconds=200), 60) == 20
    assert most_within(sent(Buckets(Limits()), GROUP, Lane.INFO, seconds=200), 60) == 15


def test_information_leaves_a_reserve_for_what_is_urgent() -> None:
    """A group that information has filled still takes five urgent letters at once."""
    buckets = Buckets(Limits())
    sent(buckets, GROUP, Lane.INFO, seconds=1)
    assert GROUP in buckets.busy(1, Lane.INFO)
    assert len(sent(buckets, GROUP, Lane.GRAVE, seconds=1)) == 5


def test_a_full_chat_and_a_stalled_one_hold_up_no_other() -> None:
    """Only the chat itself is busy, and only as long as it has to be."""
    buckets = Buckets(STRICT)
    sent(buckets, CHAT, Lane.GRAVE, seconds=1)
    buckets.stall(GROUP, 7)
    assert buckets.busy(1, Lane.GRAVE) == {CHAT, GROUP}
    assert OTHER not in buckets.busy(1, Lane.INFO)
    assert buckets.busy(6, Lane.GRAVE) == {GROUP}
    assert buckets.busy(7, Lane.GRAVE) == set()


def test_a_storm_leaves_a_place_for_the_gravest_fault() -> None:
    """A chat that urgent pages have filled, before or after the server said no, still takes what is gravest at once."""
    for limits in (Limits(), STRICT):
        buckets = Buckets(limits)
        times = sent(buckets, CHAT, Lane.URGENT, seconds=30)
        assert CHAT in buckets.busy(times[-1], Lane.URGENT)
        assert CHAT not in buckets.busy(times[-1], Lane.GRAVE)


def test_the_next_change_is_the_first_moment_at_which_something_may_go() -> None:
    """A reserve that is free again counts as well as a place for information."""
    limits = Limits(burst=Pace(most=2, seconds=10, urgent=1))
    buckets = Buckets(limits)
    assert buckets.next_change(0) is None
    buckets.take(CHAT, 0)
    buckets.take(CHAT, 4)
    assert buckets.next_change(5) == 5
    assert buckets.next_change(11) == 3
    assert buckets.next_change(14) is None


def test_all_chats_together_stay_below_thirty_a_second() -> None:
    """Letters to a hundred chats are spread; places are kept for what is urgent, and some of them for the gravest."""
    buckets = Buckets(Limits())
    for chat in range(22):
        buckets.take(chat, 0)
    room = buckets.room(0.5, hands=24)
    assert (room.most, room.urgent, room.others) == (6, 3, 0)
    room = buckets.room(1.1, hands=24)
    assert (room.most, room.urgent, room.others) == (24, 24, 22)


def test_idle_buckets_are_dropped() -> None:
    """Ten thousand chats that were written to once are not remembered for ever, though they are looked at."""
    buckets = Buckets(Limits())
    for chat in range(10_000):
        buckets.take(chat, 0)
    buckets.stall(CHAT, 50)
    buckets.busy(99, Lane.GRAVE)
    buckets.forget_idle(100)
    assert (buckets._chats, buckets._stalled) == ({}, {})


def test_without_limits_nothing_is_ever_busy() -> None:
    """A server of one's own may know no limits."""
    buckets = Buckets(UNLIMITED)
    for _ in range(1000):
        buckets.take(GROUP, 0)
    assert buckets.busy(0, Lane.INFO) == set()
    assert buckets.next_change(0) is None


async def test_the_courier_keeps_to_the_limits_of_the_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Against a server that enforces its limits no call is refused; what is urgent passes, other chats do not wait."""
    async with benches.opened(tmp_path, ONE_KEPT, WallClock()) as bench, bench.running(bench.courier):
        bench.world.limits.enforced = True
        for number in range(4):
            await bench.writes(benches.ENGINEER, f"消息 {number}", Lane.INFO)
        await bench.phones["engineer-1"].sees("消息 2")
        await bench.writes(benches.ENGINEER, "急件", Lane.URGENT)
        await bench.writes(benches.LEAD, "给别人的", Lane.INFO)
        await bench.phones["lead-1"].sees("给别人的", within=1)
        await bench.phones["engineer-1"].sees("消息 3", within=8)
        texts = [message.text for message in bench.phones["engineer-1"].reads()]
        assert texts == ["消息 0", "消息 1", "消息 2", "急件", "消息 3"]
        assert "429" not in caplog.text


def test_what_is_put_away_costs_nothing() -> None:
    """A letter that is true no longer is not sent: the next one may go in its place at once."""
    buckets = Buckets(Limits(burst=Pace(most=1, seconds=10)))
    buckets.take(CHAT, 1.0)
    assert CHAT in buckets.busy(2.0, Lane.GRAVE)
    buckets.give_back(CHAT, 1.0)
    assert CHAT not in buckets.busy(2.0, Lane.GRAVE)
    buckets.give_back(OTHER, 1.0)


def test_a_person_gets_bursts_until_the_bot_api_says_no() -> None:
    """Short bursts pass; after a refusal this chat is written to at the published pace, and only this one."""
    buckets = Buckets(Limits())
    assert len(sent(buckets, CHAT, Lane.GRAVE, seconds=2)) == 50
    buckets.stall(CHAT, 10.0)
    later = [10 + time for time in range(3)]
    for now in later:
        buckets.take(CHAT, now)
    assert CHAT in buckets.busy(later[-1] + 0.1, Lane.INFO)
    assert OTHER not in buckets.busy(later[-1] + 0.1, Lane.INFO)


def test_replicas_keep_the_limits_together() -> None:
    """Two replicas have half of what all may say each, with half of the reserves; alone again, one has the whole."""
    buckets = Buckets(Limits())
    buckets.among(2)
    room = buckets.room(0, hands=99)
    assert (room.most, room.urgent, room.others) == (14, 13, 11)
    buckets.among(100)
    assert buckets.room(0, hands=99).others == 1
    buckets.among(1)
    room = buckets.room(0, hands=99)
    assert (room.most, room.urgent, room.others) == (28, 25, 22)
