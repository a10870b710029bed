"""Who takes turns in which role, as the duty file says."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.roster import Hours, Roster, Rotation
from storage.accounts import WAKE
from storage.schema import ROSTERS
from storage.transaction import Transaction

_R = ROSTERS.c
_CLEAR = sa.delete(ROSTERS)
_INSERT = sa.insert(ROSTERS)
_OF = sa.select(ROSTERS).where(_R.contract == bindparam("contract")).order_by(_R.ordinal)
_SECOND = timedelta(seconds=1)


async def put_rosters(tx: Transaction, rosters: Sequence[Roster]) -> None:
    """These are the rosters from now on, in this order."""
    tx.wake(WAKE)
    await tx.run(_CLEAR)
    if rosters:
        await tx.run(_INSERT, [_row(ordinal, roster) for ordinal, roster in enumerate(rosters)])


async def rosters_of(tx: Transaction, contract: str) -> list[Roster]:
    """The rosters of the contract, in the order of the file."""

    async def read() -> list[Roster]:
        return [_roster(row) for row in (await tx.run(_OF, {"contract": contract})).mappings()]

    return await tx.recall(WAKE, ("rosters", contract), read)


def _row(ordinal: int, roster: Roster) -> dict[str, object]:
    return {
        "contract": roster.contract,
        "ordinal": ordinal,
        "role": roster.role,
        "post": roster.post,
        "hours": roster.hours.value,
        "start": roster.rotation.start,
        "every_seconds": roster.rotation.every // _SECOND,
        "teams": [list(team) for team in roster.rotation.teams],
        "reserve": list(roster.reserve),
    }


def _roster(row: sa.RowMapping) -> Roster:
    every = row["every_seconds"] * _SECOND
    teams = tuple(tuple(team) for team in row["teams"])
    return Roster(
        contract=row["contract"],
        role=row["role"],
        hours=Hours(row["hours"]),
        rotation=Rotation(start=row["start"], every=every, teams=teams),
        post=row["post"],
        reserve=tuple(row["reserve"]),
    )
