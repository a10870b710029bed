"""`hotline invite`: a link that binds a person's Telegram account with one tap."""

from datetime import datetime

from bot.checks import account
from bot.checks.database import opened
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.reader import Reader, Stop, catalogue
from desk import acquaintance
from desk.house import Desk, House
from storage import people
from storage.store import Transaction


async def invite(settings: Settings, key: str, now: datetime, reader: Reader) -> list[str]:
    """The lines to hand over: the link, the command that does the same, and how long they work."""
    served = {person.key: person for person in settings.people}
    if key not in served:
        raise Stop(reader.say("cli.no_person", word=key) + nearest(reader, key, served))
    asked = await account.ask(settings)
    if asked.trouble is not None:
        raise Stop(reader.say(f"check.{asked.trouble.value}", server=settings.api_url))
    house = House(contracts={}, words=catalogue(), language=settings.language)

    async def work(tx: Transaction) -> str:
        if await people.by_key(tx, key) is None:  # written into the file since the start
            await people.upsert(tx, settings.people)
        return await acquaintance.make_invite(Desk(tx=tx, house=house, now=now), key)

    async with opened(settings, reader) as store:
        token = await store.write(work)
    days = acquaintance.INVITE_LIVES.days
    return [
        f"https://t.me/{asked.username}?start={token}",
        f"/start {token}",
        reader.say("cli.invited", name=served[key].name, days=days),
    ]
