"""Several replicas share the work; who is paused or dies is replaced, with nothing lost and nothing doubled."""

import asyncio
from pathlib import Path

import pytest

from tests import models
from tests.bot.engine.replicas import LONG, Several, several

pytestmark = pytest.mark.timeout(240)  # several programs start, and somebody has to be missed


async def test_reports_are_spread_and_each_is_handled_once(tmp_path: Path, postgres_url: str) -> None:
    """Many people write at once: one ticket for each first report, in each chat the messages in their order."""
    async with several(tmp_path, postgres_url, reporters=8) as house:
        await house.pair()
        for round_ in range(3):
            for phone in house.reporters:
                phone.says(f"第{round_}句：会议室屏幕黑屏")
        await house.all_is_said()
        assert house.count("SELECT count(*) FROM inbox WHERE state = 'done'") == 24
        assert house.count("SELECT count(*) FROM tickets") == 8
        texts = house.rows("SELECT chat_id, text FROM messages WHERE text <> '' ORDER BY chat_id, message_id")
        assert len(texts) == 24
        assert house.rows("SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'superseded')") == []
        assert house.world.errors == []


async def test_each_second_opinion_is_asked_for_once(tmp_path: Path, postgres_url: str) -> None:
    """Whoever of the replicas takes it: nothing is asked twice, and every answer is written down."""
    async with models.opened() as model, several(tmp_path, postgres_url, reporters=8) as house:
        table = f'\n[second_opinion]\nurl = "{model.url}"\nmodel = "small"\n'
        config = tmp_path / "config.toml"
        config.write_text(config.read_text(encoding="utf-8") + table, encoding="utf-8")
        await house.pair()
        for number, phone in enumerate(house.reporters):
            phone.says(f"{'一二三四五六七八'[number]}号会议室屏幕黑屏")
        await house.until(lambda: house.count("SELECT count(*) FROM ledger WHERE kind = 'suggested'") == 8)
        await house.all_is_said()
        assert len(model.words) == len(set(model.words)) == 8
        assert house.count("SELECT count(*) FROM opinions") == 0


async def test_a_paused_replica_is_replaced_and_steps_down(tmp_path: Path, postgres_url: str) -> None:
    """While the one that polls stands still the other takes reports; the first goes on as a follower.

    Nothing is lost, and what is said twice is marked as said twice.
    """
    async with several(tmp_path, postgres_url) as house:
        first, second = await house.pair()
        hanging = house.world.faults.delays(60, method="sendMessage", times=None)
        for phone in house.reporters:
            phone.says("视频会议全部中断")
        await house.until(lambda: house.count("SELECT count(DISTINCT holder) FROM outbox WHERE state = 'sending'") == 2)
        first.freezes()
        hanging.cancel()
        house.reporters[1].says("三楼会议室没有声音")
        await house.until(lambda: second.has_said("this replica polls"))
        await house.all_is_said()
        assert house.count("SELECT count(*) FROM outbox WHERE state = 'uncertain'") > 0
        first.goes_on()
        house.reporters[2].says("四楼会议室没有声音")
        await house.until(lambda: first.has_said("this replica polls no longer"))
        await house.all_is_said()
        await house.until(lambda: first.has_said("is in other hands"))
        assert house.count("SELECT count(*) FROM tickets") == 4
        assert house.count("SELECT fence FROM leases") == 2
        assert second.process.returncode is None and first.process.returncode is None
        nothing_is_doubled(house)


async def test_letters_of_a_dead_replica_are_taken_over(tmp_path: Path, postgres_url: str) -> None:
    """Killed while its pages are on their way: they may have arrived, so they are repeated and say so."""
    async with several(tmp_path, postgres_url) as house:
        pair = await house.pair()
        hanging = house.world.faults.delays(60, method="sendMessage", times=None)
        for phone in house.reporters:
            phone.says("视频会议全部中断")
        await house.until(lambda: house.count("SELECT count(*) FROM outbox WHERE state = 'sending'") >= 4)
        holders = "SELECT count(DISTINCT holder) FROM outbox WHERE state = 'sending'"
        await house.until(lambda: house.count(holders) == 2)
        dead, alive = pair
        dead.dies()
        hanging.cancel()
        await house.until(lambda: alive.has_said("this replica polls"))
        await house.until(lambda: house.count("SELECT count(*) FROM outbox WHERE state = 'uncertain'"))
        await house.all_is_said()
        assert house.count("SELECT count(*) FROM tickets") == 4
        assert house.rows("SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'superseded', 'uncertain')") == []
        nothing_is_doubled(house)


async def test_who_stops_is_replaced_at_once(tmp_path: Path, postgres_url: str) -> None:
    """A replica that is told to stop hands over: the rolling restart of an upgrade is no outage."""
    async with several(tmp_path, postgres_url) as house:
        first, second = await house.pair()
        first.stops()
        assert await first.process.wait() == 0
        await house.until(lambda: second.has_said("this replica polls"))
        assert house.count("SELECT count(*) FROM replicas") == 1
        house.reporters[0].says("视频会议全部中断")
        await house.until(lambda: house.engineer.finds("接单"))


async def test_an_old_program_stops_when_the_schema_is_newer(tmp_path: Path, postgres_url: str) -> None:
    """Somebody starts a newer program: the old ones end with a sentence and code 1, and their service restarts them."""
    async with several(tmp_path, postgres_url) as house:
        for replica in await house.pair():
            assert replica.process.returncode is None
        house.does("UPDATE alembic_version SET version_num = '9999'")
        for replica in house.replicas:
            async with asyncio.timeout(LONG):
                assert await replica.process.wait() == 1
            assert replica.has_said("请用新版本启动")
            assert not replica.has_said("Traceback")
        late = await house.starts()
        assert await late.process.wait() == 1
        await house.until(lambda: late.has_said("请先升级程序"))


def nothing_is_doubled(house: Several) -> None:
    """No report twice, no message twice in any chat unless the later one is marked as a repeat."""
    assert house.rows("SELECT update_id FROM inbox GROUP BY update_id HAVING count(*) > 1") == []
    assert house.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []
    for phone in (house.engineer, *house.reporters):
        texts = [message.text for message in phone.reads()]
        assert sorted(texts) == sorted(set(texts))
    assert house.world.errors == []
