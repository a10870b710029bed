"""The hotline's own parts in this process, without its loops: for what is measured inside one transaction."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Update

from benchmarks.furniture import Furniture
from bot.clock import WallClock
from bot.config import settings
from bot.engine import arrivals
from bot.engine.connection import bot_id
from bot.engine.service import LOCALES
from desk.house import Contract, Desk, House, keep_terms
from desk.words import Words
from handlers import updates
from storage import inbox, people
from storage.inbox import State
from storage.store import Store, Transaction


@dataclass(slots=True, kw_only=True)
class Inside:
    """A store with its people, and the desk on it."""

    store: Store
    house: House
    bot: Bot
    me: updates.Bot

    def desk(self, tx: Transaction) -> Desk:
        """The desk within a transaction, now."""
        return Desk(tx=tx, house=self.house, now=WallClock().now())

    async def keep(self, raw: list[dict[str, Any]]) -> None:
        """Take updates into the inbox."""
        await arrivals.keep(self.store, self.me.id, raw, WallClock().now())

    async def handle(self, update_id: int, update: Update) -> None:
        """One update in one transaction, as the worker does it."""

        async def work(tx: Transaction) -> None:
            desk = self.desk(tx)
            await updates.handle(desk, update, self.me)
            await inbox.settle(tx, self.me.id, update_id, State.DONE, desk.now)

        await self.store.write(work)

    def parsed(self, raw: dict[str, Any]) -> Update:
        """The update as the library gives it to a handler."""
        parsed = Update.de_json(json.loads(json.dumps(raw)), self.bot)
        if parsed is None:
            raise ValueError("not an update")
        return parsed


@asynccontextmanager
async def opened(furniture: Furniture) -> AsyncIterator[Inside]:
    """Open the database of this configuration, with everything that stands before the first update."""
    config = settings.load(furniture.config, {})
    now = WallClock().now()
    store = await Store.open(config.storage_url)
    try:
        await store.migrate(now)
        house = House(
            contracts={slug: Contract.of(profile) for slug, profile in config.contracts.items()},
            words=Words.read(LOCALES),
            language=config.language,
        )

        async def furnish(tx: Transaction) -> None:
            await keep_terms(tx, house, now)
            await people.upsert(tx, config.people)
            await people.put_rosters(tx, config.rosters)

        await store.write(furnish)
        me = updates.Bot(id=bot_id(config.token), username="bench_bot")
        yield Inside(store=store, house=house, bot=Bot(config.token), me=me)
    finally:
        await store.close()


def written(number: int, chat: int, text: str) -> dict[str, Any]:
    """An update as the Bot API sends it: somebody writes in private."""
    person = {"id": chat, "is_bot": False, "first_name": "甲"}
    message = {
        "message_id": number,
        "date": int(WallClock().now().timestamp()),
        "chat": {"id": chat, "type": "private", "first_name": "甲"},
        "from": person,
        "text": text,
    }
    return {"update_id": number, "message": message}
