"""`hotline classify --train` and `--learn`: what messages and corrections teach, and that nothing changes unasked."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.reader import Reader, Stop
from bot.terminal import learning
from sla import events
from sla.terms import Kind
from sla.understanding import weights
from storage import ledger, shapes
from storage.store import Store, Transaction
from tests.bot.written import Folder, good

SLUG = "shaoguan-command"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SECRET = "蓝鲸屏又花了"
CHINESE = Reader()
LESSONS = (
    *(("大屏全黑，谁都用不了", "fault", "major"), ("一支话筒没声音", "fault", "general")),
    *(("请问怎么导出", "consultation", "consultation"), ("谢谢，辛苦了", "other", "other")),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Folder:
    """Files in which all is well, and a few labelled messages."""
    house = good(tmp_path / "house")
    if request.param == "postgresql":
        house.add("config.toml", f'\n[storage]\nurl = "{request.getfixturevalue("postgres_url")}"\n')
    lines = [
        {
            "id": f"{place}",
            "contract": SLUG,
            "text": f"{text}{place}",
            "kind": kind,
            "severity": severity,
            "split": split,
        }
        for place, (text, kind, severity) in enumerate(LESSONS * 5)
        for split in ("held" if place < len(LESSONS) else "train",)
    ]
    (house.path / "lessons" / SLUG).mkdir(parents=True)
    house.write(f"lessons/{SLUG}/plain.jsonl", "\n".join(json.dumps(line) for line in lines))
    return house


def correct(folder: Folder, level: str) -> None:
    """A database in which somebody corrected the level of a fresh ticket."""
    report = events.Reported(
        at=NOW,
        by="reporter",
        ticket=1,
        contract=SLUG,
        number="SGC-20261121-001",
        terms="x",
        kind=Kind.FAULT,
        level="general",
        text=SECRET,
        channel="chat",
        received_at=NOW,
    )
    facts = (report, events.Reclassified(at=NOW + timedelta(minutes=1), by="officer", level=level))

    async def work(tx: Transaction) -> None:
        for fact in facts:
            kind, data = ledger.kind_of(type(fact)), shapes.dump(fact)
            await ledger.append(tx, SLUG, ticket_id=1, kind=kind, at=fact.at, noted_at=fact.at, by=fact.by, data=data)

    async def keep() -> None:
        store = await Store.open(folder.load().storage_url)
        await store.migrate(NOW)
        await store.write(work)
        await store.close()

    asyncio.run(keep())


def test_corrections_say_what_they_would_change(folder: Folder) -> None:
    """How often it is right without and with them, and which tickets flip: by number, never by their words."""
    correct(folder, "other")
    said = list(learning.learnt(folder.load(), folder.path / "lessons", None, CHINESE))
    assert said[0].startswith("有 1 条更正")
    assert said[1].startswith("在 4 条没学过的消息上：现在判对 ")
    assert "SGC-20261121-001：原判" in said[3] and said[3].endswith("改判 other，人工定为 other")
    assert said[-1] == "改判 1 条。"
    assert not any(SECRET in line for line in said)


def test_a_model_is_written_only_where_a_file_is_named(folder: Folder) -> None:
    """The file can be read as the shipped one is."""
    correct(folder, "other")
    before = sorted(folder.path.rglob("*.txt"))
    list(learning.learnt(folder.load(), folder.path / "lessons", None, CHINESE))
    list(learning.trained(folder.load(), folder.path / "lessons", None, CHINESE))
    assert sorted(folder.path.rglob("*.txt")) == before
    *_, last = learning.trained(folder.load(), folder.path / "lessons", folder.path / "new.txt", CHINESE)
    assert last.startswith("已写入")
    assert weights.parsed((folder.path / "new.txt").read_text(encoding="utf-8")).signs


def test_a_level_that_was_confirmed_teaches_too(folder: Folder) -> None:
    """One tap on the level that held is somebody's word, as much as a correction is."""
    correct(folder, "general")
    said = list(learning.learnt(folder.load(), folder.path / "lessons", None, CHINESE))
    assert said[0].startswith("有 1 条更正")


def test_without_corrections_it_says_so(folder: Folder) -> None:
    """A database in which nobody corrected anything teaches nothing."""
    asyncio.run(_empty(folder))
    assert list(learning.learnt(folder.load(), folder.path / "lessons", None, CHINESE)) == [
        "还没有可用的更正：报障后两小时内改过级别的工单才算。"
    ]


def test_a_folder_without_messages_is_one_sentence(folder: Folder) -> None:
    """A wrong folder, or a file that is broken, is said in one sentence."""
    with pytest.raises(Stop, match="没有可以读的已标注消息"):
        list(learning.trained(folder.load(), folder.path / "nowhere", None, CHINESE))
    folder.write(f"lessons/{SLUG}/plain.jsonl", "{}")
    with pytest.raises(Stop, match="没有可以读的已标注消息"):
        list(learning.trained(folder.load(), folder.path / "lessons", None, CHINESE))


async def _empty(folder: Folder) -> None:
    store = await Store.open(folder.load().storage_url)
    await store.migrate(NOW)
    await store.close()
