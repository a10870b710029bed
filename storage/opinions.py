"""Second opinions that are wished for: asked once, soon after the first page of their ticket has gone, or never."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.letters import Lane, State
from storage.relays import State as Fate
from storage.schema import OPINIONS, OUTBOX, RELAYS
from storage.transaction import Transaction

WAKE = "opinions"
FRESH = timedelta(minutes=1)  # later people have looked themselves

_P, _O, _R = OPINIONS.c, OUTBOX.c, RELAYS.c
_WISH = sa.insert(OPINIONS)
# A page that is told together with others is a letter of the first of them.
_PAGE_WAITS = sa.exists().where(
    _O.state.in_([State.NEW.value, State.SENDING.value]),
    _O.lane <= int(Lane.URGENT),
    sa.or_(_O.ticket_id == _P.ticket_id, sa.and_(_O.contract == _P.contract, _O.purpose == bindparam("wave"))),
)
_TEXT_WAITS = sa.exists().where(
    _R.ticket_id == _P.ticket_id, _R.state.in_([Fate.NEW.value, Fate.SENDING.value]), _R.attempts == 0
)
# A wish of tomorrow was written before the clock was set back: nobody waits for it.
_FRESH = sa.and_(_P.wished_at > bindparam("since"), _P.wished_at <= bindparam("until"))
_SERVED = _P.contract.in_(bindparam("contracts", expanding=True))
_READY = sa.select(_P.ticket_id).where(_FRESH, _SERVED, ~_PAGE_WAITS, ~_TEXT_WAITS).order_by(_P.wished_at, _P.ticket_id)
_CLAIM = _READY.limit(bindparam("most")).with_for_update(skip_locked=True, of=OPINIONS)
_OLD = sa.select(_P.ticket_id).where(~_FRESH)
_STALE = _OLD.limit(500).with_for_update(skip_locked=True)
_IS_DUE = sa.select(sa.or_(_READY.exists(), _OLD.exists()))
_DROP = sa.delete(OPINIONS).where(_P.ticket_id.in_(bindparam("ids", expanding=True)))
_IS_ANY = sa.select(sa.exists().select_from(OPINIONS))


async def wish(tx: Transaction, ticket_id: int, contract: str, now: datetime) -> None:
    """Somebody may be asked about this ticket."""
    tx.collect(OPINIONS, _wish_all, {"ticket_id": ticket_id, "contract": contract, "wished_at": now})
    tx.wake(WAKE)


async def claim(tx: Transaction, now: datetime, contracts: Collection[str], wave: str, most: int) -> list[int]:
    """The tickets that may be asked about now, the first reported first; each is given out once, whatever follows.

    None of which a page still waits to be sent, alone or in a wave of that purpose. What is too old is dropped.
    """
    stale = list((await tx.run(_STALE, _span(now))).scalars())
    taken = list((await tx.run(_CLAIM, _values(now, contracts, wave) | {"most": most})).scalars())
    if stale or taken:
        await tx.run(_DROP, {"ids": [*stale, *taken]})
    return taken


async def is_due(tx: Transaction, now: datetime, contracts: Collection[str], wave: str) -> bool:
    """Whether `claim` has something to do."""
    found: bool = (await tx.run(_IS_DUE, _values(now, contracts, wave))).scalar_one()
    return found


async def is_any(tx: Transaction) -> bool:
    """Whether anything is wished for."""
    found: bool = (await tx.run(_IS_ANY)).scalar_one()
    return found


def _span(now: datetime) -> dict[str, object]:
    return {"since": now - FRESH, "until": now + FRESH}


def _values(now: datetime, contracts: Collection[str], wave: str) -> dict[str, object]:
    return _span(now) | {"contracts": list(contracts), "wave": wave}


async def _wish_all(tx: Transaction, many: list[dict[str, object]]) -> None:
    await tx.run(_WISH, many)
