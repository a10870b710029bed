"""The processes that share this database: each has a row whose count goes up as long as the process lives."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.schema import REPLICAS
from storage.transaction import Transaction

WAKE = "replicas"


@dataclass(frozen=True, slots=True)
class Share:
    """The chats of one replica among so many."""

    rank: int = 0
    of: int = 1

    def has(self, chat: int) -> bool:
        """Whether this chat is among them."""
        return abs(chat) % self.of == self.rank

    def values(self) -> dict[str, int]:
        """The same for a statement."""
        return {"rank": self.rank, "of": self.of}


WHOLE = Share()
_R = REPLICAS.c
_JOIN = sa.insert(REPLICAS)
_BEAT = sa.update(REPLICAS).where(_R.name == bindparam("of_name")).values(beats=_R.beats + 1)
_PRESENT = sa.select(_R.name, _R.beats).order_by(_R.name)
_LEAVE = sa.delete(REPLICAS).where(_R.name == bindparam("of_name"))
_BURY = _LEAVE.where(_R.beats == bindparam("at_beats"))
# What was begun by whoever is dead or stands still is undone, and what that had locked is free: the server's own
# timeout does not see a client that stopped in the middle of sending.
_END_SESSIONS = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :label")
_SESSIONS = sa.text("SELECT DISTINCT application_name FROM pg_stat_activity")
_REVISION: sa.Select[tuple[str]] = sa.select(sa.column("version_num")).select_from(sa.table("alembic_version"))


def named(label: str, life: int) -> str:
    """What a process whose sessions carry this label is called in its so-manieth life."""
    return f"{label}.{life}"


def label_of(name: str) -> str:
    """The label of the sessions of the replica with this name."""
    return name.rpartition(".")[0]


async def join(tx: Transaction, name: str) -> None:
    """This process takes part from now on."""
    await tx.run(_JOIN, {"name": name, "beats": 0})
    tx.wake(WAKE)


async def beat(tx: Transaction, name: str) -> bool:
    """One more sign of life; false if the others have taken this process for dead."""
    return (await tx.run(_BEAT, {"of_name": name})).rowcount == 1


async def present(tx: Transaction) -> dict[str, int]:
    """Who takes part, by name, with the signs of life so far."""
    return {row.name: row.beats for row in await tx.run(_PRESENT)}


async def bury(tx: Transaction, silent: Mapping[str, int]) -> None:
    """These have shown no sign of life since they were counted: whatever they held is free, and their sessions end."""
    for name, beats in silent.items():
        if (await tx.run(_BURY, {"of_name": name, "at_beats": beats})).rowcount:
            tx.wake(WAKE)
            if tx.dialect == "postgresql":
                await tx.run(_END_SESSIONS, {"label": label_of(name)})


async def gone(tx: Transaction, silent: Mapping[str, int]) -> dict[str, int]:
    """Those of them that have no session at the server any more: not paused, but dead."""
    labels = set((await tx.run(_SESSIONS)).scalars()) if silent else set()
    return {name: beats for name, beats in silent.items() if label_of(name) not in labels}


async def leave(tx: Transaction, name: str) -> None:
    """This process takes part no longer."""
    await tx.run(_LEAVE, {"of_name": name})
    tx.wake(WAKE)


async def revision(tx: Transaction) -> str | None:
    """The form of the schema as it is now."""
    found: str | None = (await tx.run(_REVISION)).scalar_one_or_none()
    return found
