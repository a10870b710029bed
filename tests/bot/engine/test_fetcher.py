"""Pictures and files are copied, whole, and what became of each is written down."""

import hashlib
from datetime import timedelta
from pathlib import Path

from bot.engine.guarded import rest
from storage import files
from tests.bot.engine.bench import CONTRACT, Bench

NINE_SECONDS = timedelta(seconds=9)
GLANCE = timedelta(milliseconds=5)
MEGABYTE = 1024 * 1024


async def wanted(bench: Bench, name: str, data: bytes, size: int | None = None) -> int:
    """A file that was sent with a report; its number."""
    content = bench.phones["reporter-1"].sends_document(name, data, size=size).content["document"]
    return await bench.store.write(
        lambda tx: files.add(
            tx,
            contract=CONTRACT,
            ticket_id=1,
            person="reporter-1",
            kind="document",
            file_id=content["file_id"],
            file_unique_id=content["file_unique_id"],
            size=size,
            added_at=bench.clock.now(),
        )
    )


def row(bench: Bench, number: int) -> dict[str, object]:
    """What stands in the database about a file."""
    return bench.rows("SELECT * FROM files WHERE id = ?", number)[0]


def kept(bench: Bench) -> list[Path]:
    """Everything in the folder."""
    return sorted(path for path in (bench.database.parent / "files").rglob("*") if path.is_file())


async def test_a_copy_is_whole_private_and_in_the_ledger(bench: Bench) -> None:
    """The bytes are those that were sent, the ledger has their digest, and only we may read them."""
    data = bytes(range(256)) * 64
    async with bench.running(bench.fetcher):
        number = await wanted(bench, "图.PDF", data)
        await bench.until(lambda: row(bench, number)["state"] == "kept")
    (path,) = kept(bench)
    assert path.read_bytes() == data
    assert path.stat().st_mode & 0o077 == 0
    assert row(bench, number)["path"] == str(path.relative_to(bench.database.parent / "files"))
    (entry,) = bench.rows("SELECT data FROM ledger WHERE kind = 'file_kept'")
    assert hashlib.sha256(data).hexdigest() in entry["data"]


async def test_a_file_that_is_too_big_is_asked_for_again(bench: Bench) -> None:
    """Its sender is told, whether the message said how big it is or only the Bot API does."""
    async with bench.running(bench.fetcher, bench.courier):
        said = await wanted(bench, "a.mp4", b"x", size=21 * MEGABYTE)
        unsaid = await wanted(bench, "b.mp4", b"x" * (21 * MEGABYTE))
        await bench.until(lambda: row(bench, unsaid)["state"] == "too_big")
        await bench.settles()
    assert row(bench, said)["state"] == "too_big"
    assert len([message for message in bench.phones["reporter-1"].reads() if message.sender is bench.world.bot]) == 2
    assert kept(bench) == []


async def test_a_bad_moment_is_tried_again_and_holds_up_no_other_file(bench: Bench) -> None:
    """Broken lines, gateways and files cut short are fetched again seconds later, not a minute later."""
    faults = bench.world.faults
    faults.drops_before(method="getFile")
    faults.bad_gateway(method="download", times=2)
    faults.answers(200, "", body="cut", method="download")
    async with bench.running(bench.fetcher):
        first = await wanted(bench, "a.jpg", b"one")
        second = await wanted(bench, "b.jpg", b"two, and longer than what is cut")
        for _ in range(5):
            await bench.until(lambda: bench.fetcher.idle)
            bench.hand.move(bench.clock.now() + NINE_SECONDS)
            await rest(GLANCE, bench.parts.fallen)
        await bench.until(lambda: row(bench, second)["state"] == row(bench, first)["state"] == "kept")
    assert [path.suffix for path in kept(bench)] == [".jpg", ".jpg"]


async def test_a_file_that_is_gone_is_given_up(bench: Bench) -> None:
    """What the Bot API does not know is not asked for again."""
    async with bench.running(bench.fetcher):
        bench.world.faults.answers(400, "Bad Request: wrong file_id", method="getFile")
        number = await wanted(bench, "a.jpg", b"one")
        await bench.until(lambda: row(bench, number)["state"] == "failed")
    assert kept(bench) == []


async def test_an_answer_that_makes_no_sense_holds_up_no_other_file(bench: Bench) -> None:
    """A file without a path is tried later; the next one is fetched now."""
    bench.world.faults.answers(200, "", body='{"ok":true,"result":{"file_id":"a"}}', method="getFile")
    async with bench.running(bench.fetcher):
        first = await wanted(bench, "a.jpg", b"one")
        second = await wanted(bench, "b.jpg", b"two")
        await bench.until(lambda: row(bench, second)["state"] == "kept")
    assert (row(bench, first)["state"], row(bench, first)["attempts"]) == ("wanted", 1)


async def test_a_folder_that_cannot_be_written_leaves_no_half_file(bench: Bench) -> None:
    """Nothing is called kept that is not there, and it is tried again."""
    (bench.database.parent / "files").write_text("in the way")
    async with bench.running(bench.fetcher):
        number = await wanted(bench, "a.jpg", b"one")
        await bench.until(lambda: row(bench, number)["attempts"])
        (bench.database.parent / "files").unlink()
        bench.hand.move(bench.clock.now() + NINE_SECONDS)
        await bench.until(lambda: row(bench, number)["state"] == "kept")
    assert [path.name for path in kept(bench)] == [f"1-{number}.jpg"]
