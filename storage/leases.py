"""What only one replica may do at a time, with a number that goes up with every change of hands.

A lease belongs to a replica as long as that one is present, so it needs no time of its own and no clock. The number
is checked inside the writes that the lease protects: whoever was paused and goes on with an old number keeps nothing.
"""

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import dialects, errors
from storage.schema import LEASES, REPLICAS
from storage.transaction import Transaction

POLLING = "polling"

_L = LEASES.c
_HELD = sa.select(_L.holder, _L.fence).where(_L.name == bindparam("name"))
_FIRST = dialects.upsert(LEASES, "name")
_TAKE = (
    sa.update(LEASES)
    .where(_L.name == bindparam("of_name"), ~sa.exists().where(REPLICAS.c.name == _L.holder))
    .values(holder=bindparam("new_holder"), fence=_L.fence + 1)
    .returning(_L.fence)
)
# Shared: it holds off a change of hands until what it protects is kept, and nobody else.
_GUARD = (
    sa.select(_L.fence).where(_L.name == bindparam("name"), _L.fence == bindparam("fence")).with_for_update(read=True)
)


async def take(tx: Transaction, name: str, replica: str) -> int | None:
    """The number under which the replica holds this lease, taking it if nobody present does; none if it cannot."""
    held = (await tx.run(_HELD, {"name": name})).one_or_none()
    if held is None:
        await tx.run(_FIRST, {"name": name, "holder": "", "fence": 0})
    elif held.holder == replica:
        return int(held.fence)
    fence: int | None = (await tx.run(_TAKE, {"of_name": name, "new_holder": replica})).scalar_one_or_none()
    return fence


async def guard(tx: Transaction, name: str, fence: int) -> None:
    """`TakenOver` if the lease has changed hands since this number was given; it does not until this is kept."""
    if (await tx.run(_GUARD, {"name": name, "fence": fence})).first() is None:
        raise errors.TakenOver
