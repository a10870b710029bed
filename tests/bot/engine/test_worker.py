"""Updates from the inbox: in order within a chat, none in the way of another chat's."""

from typing import Any

import pytest

from storage.replicas import Share
from tests.bot.engine.bench import LEAD, REPORTER, Bench, command, message

TOO_LARGE = 10**30
UNSTORABLE = {"document": {"file_id": "a", "file_unique_id": "b", "file_size": TOO_LARGE}}
NOT_THIS_TICKET = """CREATE TRIGGER not_this BEFORE INSERT ON tickets WHEN NEW.body LIKE '%C301%'
BEGIN SELECT RAISE(ABORT, 'no'); END"""


async def handled(bench: Bench, *updates: dict[str, Any]) -> dict[int, str]:
    """What became of these updates, after everything is said."""
    async with bench.running(bench.courier, bench.worker):
        await bench.receives(*updates)
        await bench.settles()
    return bench.states()


async def test_a_failing_update_is_put_aside_and_said(bench: Bench) -> None:
    """After three tries whoever wrote is told, the administrators are told, and the next one is handled."""
    states = await handled(bench, message(1, REPORTER, "", **UNSTORABLE), message(2, REPORTER, "三楼会议室没有声音"))
    assert states == {1: "poison", 2: "done"}
    assert bench.rows("SELECT attempts FROM inbox WHERE update_id = 1") == [{"attempts": 3}]
    assert bench.phones["reporter-1"].finds("系统处理这条消息时出错")
    assert bench.phones["admin-1"].finds("处理失败")
    assert len(bench.rows("SELECT id FROM tickets")) == 1


async def test_an_update_that_cannot_even_be_answered_is_put_aside(bench: Bench) -> None:
    """A sender whose number fits no column: nobody can be told, and nobody waits."""
    stranger = {"id": TOO_LARGE, "is_bot": False, "first_name": "x"}
    states = await handled(bench, message(1, REPORTER, "x", **{"from": stranger}), command(2, LEAD))
    assert states == {1: "poison", 2: "done"}


async def test_an_update_that_cannot_be_read_is_put_aside(bench: Bench) -> None:
    """Nonsense of every kind is kept for a person to see; a known sender is told."""
    nonsense: list[dict[str, Any]] = [
        {"update_id": 1, "message": {"date": "soon"}},
        {"update_id": 2, "message": {"chat": {"id": REPORTER, "type": "private"}, "date": []}},
        {"update_id": 3, "message": [[[]]]},
        {"update_id": 4, "callback_query": 7},
        {"update_id": 5},
    ]
    states = await handled(bench, *nonsense, command(6, LEAD))
    assert {number: state for number, state in states.items() if state == "done"} == {5: "done", 6: "done"}
    assert bench.phones["reporter-1"].finds("系统处理这条消息时出错")
    assert len([m for m in bench.phones["admin-1"].reads() if "处理失败" in m.text]) == 1


async def test_order_within_a_chat_survives_a_failure_that_passes(bench: Bench) -> None:
    """While the first report of a chat fails, the second waits, and other chats go on."""
    await bench.does(NOT_THIS_TICKET)
    first, second = message(1, REPORTER, "C301会议室没有声音"), message(2, REPORTER, "四楼也没有声音了")
    async with bench.running(bench.courier, bench.worker):
        await bench.receives(first, second, command(3, LEAD))
        await bench.until(lambda: bench.states()[3] == "done")
        assert (bench.states()[1], bench.states()[2]) == ("new", "new")
        await bench.does("DROP TRIGGER not_this")
        await bench.settles()
    assert set(bench.states().values()) == {"done"}
    assert "“C301会议室没有声音”" in (await bench.phones["engineer-1"].sees("接单")).text


async def test_a_locked_database_costs_no_try(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """However long the database is busy, the report is handled afterwards, first things first."""
    await bench.receives(message(1, REPORTER, "三楼会议室没有声音"), message(2, REPORTER, "四楼也没有声音了"))
    async with bench.running(bench.courier, bench.worker):
        async with bench.locked():
            await bench.until(lambda: caplog.text.count("worker: 数据库正被占用") >= 4)
            assert bench.states() == {1: "new", 2: "new"}
        await bench.settles()
    assert bench.states() == {1: "done", 2: "done"}
    assert {row["attempts"] for row in bench.rows("SELECT attempts FROM inbox")} == {0}


async def test_garbage_of_all_kinds_never_stops_the_worker(bench: Bench) -> None:
    """Null bytes, lone surrogates, right-to-left marks, markup, 4096 characters and 64-bit numbers."""
    texts = [
        "a\x00b",
        "\ud800",
        "\u202egnol",
        "<b>&amp;</i>",
        "🔥" * 2048,
        "x" * 4096,
        " ",
        "/" * 40,
        "/start " + "x" * 64,
    ]
    updates = [message(number, REPORTER, text) for number, text in enumerate(texts, 1)]
    far = message(90, 2**52 - 1, "你好")
    states = await handled(bench, *updates, far, command(99, LEAD))
    assert states[99] == "done"
    assert "new" not in states.values()


async def test_what_another_replica_leaves_waiting_is_handled(bench: Bench) -> None:
    """A chat that belongs to another replica is left to it for a moment, and not for ever."""
    bench.worker._presence.share = Share((REPORTER + 1) % 2, 2)
    await bench.receives(message(1, REPORTER, "一"), message(2, REPORTER + 1, "二"))
    async with bench.running(bench.worker):
        await bench.until(lambda: bench.states() == {1: "new", 2: "done"})
        await bench.until(lambda: bench.states() == {1: "done", 2: "done"})
