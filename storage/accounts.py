"""Which Telegram account belongs to whom: invites that work once, and strangers who are answered rarely."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import errors
from storage.dialects import upsert
from storage.schema import INVITES, PEOPLE, STRANGERS
from storage.transaction import Transaction

INVITE = "invite"
WAKE = "people"
_P, _I, _S = PEOPLE.c, INVITES.c, STRANGERS.c
_HOLDER = sa.select(_P.key).where(
    _P.telegram_id == bindparam("telegram_id"), _P.active == bindparam("active"), _P.key != bindparam("key")
)
_RELEASE = (
    sa.update(PEOPLE)
    .where(_P.telegram_id == bindparam("of_account"), _P.key != bindparam("of_key"))
    .values(telegram_id=None, bound_by=None, bound_at=None)
)
_BIND = (
    sa.update(PEOPLE)
    .where(_P.key == bindparam("of_key"))
    .values(
        telegram_id=bindparam("of_account"),
        bound_by=INVITE,
        bound_at=bindparam("now"),
        reachable=sa.true(),
        blocked_at=None,
    )
)
_REACHABLE = (
    sa.update(PEOPLE)
    .where(_P.key == bindparam("of_key"))
    .values(reachable=bindparam("new_reachable"), blocked_at=bindparam("new_blocked_at"))
)
_LANGUAGE = sa.update(PEOPLE).where(_P.key == bindparam("of_key")).values(language=bindparam("new_language"))
_INVITE = sa.insert(INVITES)
_USE = (
    sa.update(INVITES)
    .where(_I.token_hash == bindparam("of_hash"), _I.used_at.is_(None), _I.expires_at > bindparam("now"))
    .values(used_at=bindparam("now"))
    .returning(_I.person)
)
_ANSWER_AGAIN = (
    sa.update(STRANGERS)
    .where(_S.telegram_id == bindparam("of_account"), _S.answered_at < bindparam("before"))
    .values(answered_at=bindparam("now"))
)
_SEEN = upsert(
    STRANGERS,
    "telegram_id",
    take=lambda new: {"last_at": new.last_at, "count": STRANGERS.c["count"] + 1},
    returning=("count",),
)


async def bind(tx: Transaction, key: str, telegram_id: int, now: datetime) -> None:
    """The account is this person's from now on; `AccountTaken` if it is somebody else's who still serves."""
    held = await tx.run(_HOLDER, {"telegram_id": telegram_id, "active": True, "key": key})
    if held.first() is not None:
        raise errors.AccountTaken
    await tx.run(_RELEASE, {"of_account": telegram_id, "of_key": key})
    await tx.run(_BIND, {"of_account": telegram_id, "of_key": key, "now": now})
    tx.wake(WAKE)


async def set_reachable(tx: Transaction, key: str, reachable: bool, now: datetime) -> None:
    """Whether a direct message gets through to the person, as far as we know."""
    values = {"of_key": key, "new_reachable": reachable, "new_blocked_at": None if reachable else now}
    await tx.run(_REACHABLE, values)
    tx.wake(WAKE)


async def set_language(tx: Transaction, key: str, language: str | None) -> None:
    """The person wants to be spoken to in this language."""
    await tx.run(_LANGUAGE, {"of_key": key, "new_language": language})
    tx.wake(WAKE)


async def invite(tx: Transaction, token_hash: str, person: str, made_at: datetime, expires_at: datetime) -> None:
    """Keep an invite for the person, by the hash of its token only."""
    values = {"token_hash": token_hash, "person": person, "made_at": made_at, "expires_at": expires_at}
    await tx.run(_INVITE, values | {"used_at": None})


async def use_invite(tx: Transaction, token_hash: str, now: datetime) -> str | None:
    """Whom the invite is for; it works once, and not after it has expired."""
    person: str | None = (await tx.run(_USE, {"of_hash": token_hash, "now": now})).scalar_one_or_none()
    return person


async def seen_stranger(tx: Transaction, telegram_id: int, now: datetime, quiet: timedelta) -> bool:
    """Count a message of a stranger; says whether an answer is due: the first time, and after a long quiet."""
    again = await tx.run(_ANSWER_AGAIN, {"of_account": telegram_id, "before": now - quiet, "now": now})
    times = {"first_at": now, "last_at": now, "answered_at": now}
    count: int = (await tx.run(_SEEN, {"telegram_id": telegram_id, "count": 1, **times})).scalar_one()
    return again.rowcount == 1 or count == 1
