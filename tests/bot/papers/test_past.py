"""Which terms are in force, what the file says otherwise, and how many tickets still run under older ones."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.cli import main
from bot.config.settings import Settings
from bot.papers import past
from bot.reader import Reader
from desk.house import Contract
from storage import profiles, tickets
from storage.store import Store
from tests.bot.written import Folder, good
from tests.storage import samples

SLUG = "shaoguan-command"
FILE = f"contracts/{SLUG}.toml"
BEGAN = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
CHINESE = Reader()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path)


async def in_force(settings: Settings, at: datetime, *open_tickets: int) -> None:
    """The hotline ran with these files, and these tickets were opened."""
    contract = Contract.of(settings.contracts[SLUG])
    store = await Store.open(settings.storage_url)
    await store.migrate(at)
    await store.write(lambda tx: profiles.keep(tx, SLUG, contract.digest, contract.body, at))
    for number in open_tickets:
        ticket = replace(samples.ticket(number), contract=SLUG, terms=contract.digest)
        await store.write(partial(tickets.insert, ticket=ticket))
    await store.close()


async def stored(settings: Settings, begins: str, at: datetime) -> None:
    """Another program has stored the same profile, beginning with other words."""
    body = begins + Contract.of(settings.contracts[SLUG]).body.removeprefix("{")
    store = await Store.open(settings.storage_url)
    await store.write(lambda tx: profiles.keep(tx, SLUG, f"digest of {begins}", body, at))
    await store.close()


async def test_nothing_is_said_of_a_new_house(folder: Folder) -> None:
    """Without a database, and with one in which nothing was in force, there is nothing to compare with."""
    assert await past.news(folder.load(), CHINESE) == []
    store = await Store.open(folder.load().storage_url)
    await store.migrate(BEGAN)
    await store.close()
    assert await past.news(folder.load(), CHINESE) == []


async def test_nothing_is_said_while_nothing_changed(folder: Folder) -> None:
    """A comment, the order of keys and a default written out are no change."""
    await in_force(folder.load(), BEGAN, 1)
    folder.change(FILE, "repeats_before_then = 2", "repeats_before_then = 2   # 两次").add(FILE, "\n[business_hours]\n")
    assert await past.news(folder.load(), CHINESE) == []


async def test_every_changed_key_has_a_line(folder: Folder) -> None:
    """Old and new value as the file writes them, since when the old ones held, and for how many tickets they go on."""
    await in_force(folder.load(), BEGAN, 1, 2)
    folder.change(FILE, 'response = "10m"\narrival = "1h"', 'response = "15m"\narrival = "1h30m"')
    folder.change(FILE, '"on_duty:engineer", "technical_lead"', '"on_duty:engineer"')
    folder.change(FILE, "allowed = true", "allowed = false").change(FILE, 'timezone = "Asia/Shanghai"', "")
    said = await past.news(folder.load(), CHINESE)
    assert said[:-1] == [
        f"{SLUG} levels.major.response：10m → 15m",
        f"{SLUG} levels.major.arrival：1h → 1h30m",
        f"{SLUG} escalation.page：[on_duty:engineer, technical_lead] → [on_duty:engineer]",
        f"{SLUG} transmission.allowed：true → false",
    ]
    assert "2026-11-01 08:00:00 起" in said[-1] and "2 张未结工单仍按原来的版本办" in said[-1]


async def test_levels_that_came_went_or_changed_places_are_seen(folder: Folder) -> None:
    """The order of levels is their gravity, so it is a change, too."""
    await in_force(folder.load(), BEGAN)
    folder.change(FILE, "[levels.general]", '[levels.minor]\nname = "轻微故障"\n\n[levels.general]')
    said = await past.news(folder.load(), CHINESE)
    assert (
        f"{SLUG} levels：major > general > consultation > other → major > minor > general > consultation > other"
        in said
    )
    assert f"{SLUG} levels.minor.name：（没有） → 轻微故障" in said


def test_check_prints_the_changes_first(
    folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`hotline check` itself says them."""
    monkeypatch.setenv("HOTLINE_LANGUAGE", "zh-CN")
    folder.write("config.toml", "")
    asyncio.run(in_force(folder.load(), BEGAN))
    main(["check", "--config", str(folder.config)])
    assert "escalation" not in capsys.readouterr().out
    folder.change(FILE, 'repeat_every = "5m"', 'repeat_every = "3m"')
    main(["check", "--config", str(folder.config)])
    assert capsys.readouterr().out.startswith(f"{SLUG} escalation.repeat_every：5m → 3m\n")


async def test_a_version_of_another_program_stops_nothing(folder: Folder) -> None:
    """What this program does not know is left out of the comparison; what it cannot read at all is said to be so."""
    settings = folder.load()
    await in_force(settings, BEGAN)
    await stored(settings, '{"moon": {"phase": "full"}, ', samples.minutes(1))
    assert await past.news(settings, CHINESE) == []
    store = await Store.open(settings.storage_url)
    await store.write(lambda tx: profiles.keep(tx, SLUG, "broken", "[]", samples.minutes(2)))
    await store.close()
    said = await past.news(settings, CHINESE)
    assert "没法逐项比较" in said[0] and len(said) == 2


def test_the_history_of_a_contract(
    folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every version with its instant, what it changed, and the tickets that are open under it."""
    monkeypatch.setenv("HOTLINE_LANGUAGE", "zh-CN")
    asyncio.run(in_force(folder.load(), BEGAN, 1))
    folder.change(FILE, 'response = "10m"\narrival = "1h"', 'response = "5m"\narrival = "1h"')
    asyncio.run(in_force(folder.load(), samples.NOW, 2, 3))
    assert main(["contract", "history", SLUG, "--config", str(folder.config)]) == 0
    first, second, change = capsys.readouterr().out.splitlines()
    assert first.startswith("2026-11-01 08:00:00 起：") and first.endswith("未结工单 1 张")
    assert second.startswith("2026-11-21 10:30:00 起：") and second.endswith("未结工单 2 张")
    assert change == "  levels.major.response：10m → 5m"
    asyncio.run(stored(folder.load(), '{"moon": {}, ', samples.minutes(1)))
    main(["contract", "history", SLUG, "--config", str(folder.config)])
    assert capsys.readouterr().out.splitlines()[-1].startswith("  约定没有变化")
    assert main(["contract", "history", "shaoguan", "--config", str(folder.config)]) == 1
    assert f"是不是想写 {SLUG}？" in capsys.readouterr().err
