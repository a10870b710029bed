"""People come and go: an invite link binds an account, Start opens the way to a person, a block closes it."""

import hashlib
import secrets
from datetime import timedelta

from desk import access, telling
from desk.errors import Refusal
from desk.house import Desk
from storage import groups, people
from storage.groups import Group
from storage.people import Person

__all__ = ["Person"]

INVITE_LIVES = timedelta(days=7)
_STRANGER_QUIET = timedelta(hours=1)


async def identify(desk: Desk, telegram_id: int) -> Person | None:
    """The person behind an account, if the desk knows one."""
    person = await people.by_telegram(desk.tx, telegram_id)
    if person is None or not access.contracts(person, desk.house.contracts):
        return None
    return person


async def group_of(desk: Desk, chat_id: int) -> Group | None:
    """The bound group behind a chat, if its contract is served."""
    group = await groups.by_chat(desk.tx, chat_id)
    return group if group is not None and group.contract in desk.house.contracts else None


async def started(desk: Desk, telegram_id: int, payload: str) -> Person:
    """Start was pressed: from now on the bot can write first. An invite in the link binds the account."""
    if payload:
        await _bind(desk, telegram_id, payload)
    person = await identify(desk, telegram_id)
    if person is None:
        raise Refusal("refuse.stranger")
    await people.set_reachable(desk.tx, person.key, True, desk.now)
    return person


async def heard_from(desk: Desk, person: Person) -> None:
    """Whoever writes in private can be written to."""
    if not person.reachable:
        await people.set_reachable(desk.tx, person.key, True, desk.now)


async def unblocked(desk: Desk, telegram_id: int) -> None:
    """The way to the person is open again."""
    person = await identify(desk, telegram_id)
    if person is not None:
        await people.set_reachable(desk.tx, person.key, True, desk.now)


async def removed_from_group(desk: Desk, chat_id: int) -> None:
    """The bot was taken out of a bound group: reports from there are no longer heard."""
    group = await group_of(desk, chat_id)
    if group is not None:
        await telling.tell_admins(desk, group.contract, "admin.removed")


async def blocked(desk: Desk, telegram_id: int) -> None:
    """The person blocked the bot: whoever looks after the bot is told, because a page would not arrive."""
    person = await identify(desk, telegram_id)
    if person is None:
        return
    await people.set_reachable(desk.tx, person.key, False, desk.now)
    for slug in access.contracts(person, desk.house.contracts):
        await telling.tell_admins(desk, slug, "admin.blocked", missed=person.key)


async def make_invite(desk: Desk, key: str) -> str:
    """A token for a one-tap link; only its digest is kept."""
    if await people.by_key(desk.tx, key) is None:
        raise Refusal("refuse.no_person", person=key)
    token = secrets.token_urlsafe(24)
    await people.invite(desk.tx, _digest(token), key, desk.now, desk.now + INVITE_LIVES)
    return token


async def stranger_is_due(desk: Desk, telegram_id: int) -> bool:
    """Count a stranger's message; answers whether the polite sentence is due."""
    return await people.seen_stranger(desk.tx, telegram_id, desk.now, _STRANGER_QUIET)


async def choose_language(desk: Desk, person: Person, language: str) -> Person:
    """From now on the person reads this language."""
    if language not in desk.house.words.languages:
        raise Refusal("refuse.button")
    await people.set_language(desk.tx, person.key, language)
    changed = await people.by_key(desk.tx, person.key)
    return changed or person


async def migrated(desk: Desk, old: int, new: int) -> None:
    """A group became a supergroup: everything that pointed to it points to the new chat."""
    await groups.migrate(desk.tx, old, new)


async def _bind(desk: Desk, telegram_id: int, token: str) -> None:
    taken = await people.by_telegram(desk.tx, telegram_id)
    key = await people.use_invite(desk.tx, _digest(token), desk.now)
    if key is None:
        if taken is None:
            raise Refusal("refuse.invite")
        return
    if taken is not None and taken.key != key:
        raise Refusal("refuse.bound_already")
    await people.bind(desk.tx, key, telegram_id, desk.now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
