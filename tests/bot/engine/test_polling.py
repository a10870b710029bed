"""Long polling: kept first, confirmed then, whatever the Bot API answers."""

import json
from pathlib import Path

import pytest

from bot.engine import arrivals
from storage.store import Store
from tests.bot.engine.bench import REPORTER, START, Bench, message


async def test_an_offset_follows_the_commit(bench: Bench) -> None:
    """What is confirmed to the Bot API is in the inbox already."""
    async with bench.running(bench.poller()):
        for number in range(5):
            bench.phones["reporter-1"].says(f"{number}")
        await bench.until(lambda: not bench.world.updates.waiting)
    assert [json.loads(row["body"])["message"]["text"] for row in bench.rows("SELECT body FROM inbox")] == list("01234")


async def test_what_comes_twice_is_kept_once(bench: Bench) -> None:
    """Repeated updates change nothing."""
    async with bench.running(bench.poller()):
        bench.phones["reporter-1"].says("一")
        await bench.until(lambda: bench.states())
        bench.world.redelivers(1)
        bench.phones["reporter-1"].says("二")
        await bench.until(lambda: not bench.world.updates.waiting)
    assert len(bench.states()) == 2


@pytest.mark.parametrize(
    "code, body, retry_after",
    [
        (409, None, None),
        (429, None, 1),
        (500, None, None),
        (502, "<html>502</html>", None),
        (200, "<html>hello</html>", None),
        (200, '{"ok":true,"result":[{"upd', None),
        (200, "[]", None),
        (200, '{"ok":true,"result":{}}', None),
        (200, "[" * 100_000, None),
        (401, None, None),
        (404, "<html>404</html>", None),
    ],
)
async def test_polling_outlives_every_answer(
    bench: Bench, code: int, body: str | None, retry_after: int | None
) -> None:
    """After an answer that is none, the poller asks again within seconds, and loses nothing."""
    bench.world.faults.answers(code, "no", body=body, retry_after=retry_after, method="getUpdates")
    async with bench.running(bench.poller()):
        bench.phones["reporter-1"].says("一")
        await bench.until(lambda: not bench.world.updates.waiting)
    assert len(bench.states()) == 1


async def test_a_line_that_breaks_is_taken_up_again(bench: Bench) -> None:
    """An outage ends, and what was said meanwhile comes in."""
    async with bench.running(bench.poller()):
        await bench.world.polls.opened()
        outage = bench.world.goes_dark()
        bench.phones["reporter-1"].says("一")
        await bench.until(lambda: outage.hits >= 2)
        outage.cancel()
        await bench.until(lambda: not bench.world.updates.waiting)
    assert len(bench.states()) == 1


async def test_one_malformed_update_does_not_hold_up_its_batch(bench: Bench) -> None:
    """What has no usable number is left out, the others are kept and confirmed."""
    good = message(5, REPORTER, "一")
    bad: list[object] = [{"message": {}}, "x", None, {"update_id": True}, {"update_id": "7"}, {"update_id": 2**63}]
    bench.world.faults.answers(200, "", body=json.dumps({"ok": True, "result": [*bad, good]}), method="getUpdates")
    async with bench.running(bench.poller()):
        await bench.until(lambda: bench.states())
        await bench.until(lambda: asked(bench)[-1].get("offset") == "6")
    assert bench.states() == {5: "new"}


async def test_a_batch_of_which_nothing_can_be_confirmed_is_not_asked_for_in_a_rush(bench: Bench) -> None:
    """Such answers, and empty ones that come at once, are met with growing pauses."""
    nonsense = bench.world.faults.answers(200, "", body='{"ok":true,"result":[{}]}', method="getUpdates", times=2)
    empty = bench.world.faults.answers(200, "", body='{"ok":true,"result":[]}', method="getUpdates", times=None)
    async with bench.running(bench.poller()):
        await bench.until(lambda: empty.hits >= 2)
        assert nonsense.hits == 2
        assert len(asked(bench)) <= 5


async def test_a_database_that_takes_nothing_confirms_nothing_and_says_so(bench: Bench) -> None:
    """The sender is told directly, once; when the database is back, the report comes in by itself."""
    async with bench.running(bench.poller()):
        async with bench.locked():
            bench.phones["reporter-1"].says("三楼会议室没有声音")
            await bench.phones["reporter-1"].sees("暂时无法登记")
            await bench.until(lambda: len(asked(bench)) >= 3)
            assert bench.world.updates.waiting
            assert bench.states() == {}
        await bench.until(lambda: not bench.world.updates.waiting)
    assert len(bench.states()) == 1
    assert len(bench.phones["reporter-1"].reads()) == 2


async def test_only_numbers_that_fit_are_numbers(tmp_path: Path) -> None:
    """The greatest number that a column takes is taken, the next one is not."""
    store = await Store.open(f"sqlite:///{tmp_path}/a.db")
    await store.migrate(START)
    assert await arrivals.keep(store, 1, [{"update_id": 2**63 - 1}], START) == 2**63 - 1
    assert await arrivals.keep(store, 1, [{"update_id": 2**63}, {"update_id": -1}, {}], START) is None
    await store.close()


def asked(bench: Bench) -> list[dict[str, object]]:
    """The questions for updates."""
    return [values for name, values in bench.world.calls if name == "getUpdates"]
