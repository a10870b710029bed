"""The people of the duty file, with their roles and their Telegram accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import dialects
from storage.accounts import INVITE, WAKE, bind, invite, seen_stranger, set_language, set_reachable, use_invite
from storage.rosters import put_rosters, rosters_of
from storage.schema import PEOPLE, ROLES
from storage.transaction import Transaction

__all__ = [
    "WAKE",
    "Person",
    "RoleHeld",
    "all_active",
    "bind",
    "by_key",
    "by_telegram",
    "holding",
    "invite",
    "of_contract",
    "put_rosters",
    "rosters_of",
    "seen_stranger",
    "set_language",
    "set_reachable",
    "upsert",
    "use_invite",
]

FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """What a person is under one contract."""

    contract: str
    role: str
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person whom the duty file names."""

    key: str
    name: str
    telegram_id: int | None = None
    reachable: bool = True
    language: str | None = None
    active: bool = True
    roles: tuple[RoleHeld, ...] = ()


_P, _R = PEOPLE.c, ROLES.c
_OWN = ("key", "name", "telegram_id", "reachable", "language", "active")
_PEOPLE = (
    sa.select(*(_P[name] for name in _OWN), _R.contract, _R.role, _R.post)
    .select_from(PEOPLE.outerjoin(ROLES, _R.person == _P.key))
    .order_by(_P.ordinal, _P.key, _R.ordinal)
)
# Several programs may start at once, and a running one may bind an account meanwhile: who writes waits, who reads not.
_ALONE = {
    "sqlite": sa.text("SELECT 1"),  # its writers are alone anyway
    "postgresql": sa.text("LOCK TABLE people IN SHARE ROW EXCLUSIVE MODE"),
}
_PRESENT = sa.select(PEOPLE)
# Nobody is active, and no account that changes hands is in the way of the one who gets it.
_RETIRE = sa.update(PEOPLE).values(active=sa.false())
_RELEASE = (
    sa.update(PEOPLE)
    .where(_P.key.in_(bindparam("keys", expanding=True)))
    .values(telegram_id=None, bound_by=None, bound_at=None)
)
_PUT = dialects.upsert(PEOPLE, "key", take=dialects.all_but("key"))
_CLEAR_ROLES = sa.delete(ROLES)
_PUT_ROLES = sa.insert(ROLES)


async def upsert(tx: Transaction, people: Sequence[Person]) -> None:
    """These people serve from now on, and no others; what only they themselves could tell us is kept.

    Nobody else changes people, or starts with a file of his own, until the end of the transaction.
    """
    await tx.run(_ALONE)
    present = {row["key"]: dict(row) for row in (await tx.run(_PRESENT)).mappings()}
    given = {person.telegram_id: person.key for person in people if person.telegram_id is not None}
    rows = [_row(place, person, present.get(person.key, {}), given) for place, person in enumerate(people)]
    accounts = {row["key"]: row["telegram_id"] for row in rows}
    released = [
        key
        for key, row in present.items()
        if row["telegram_id"] != accounts.get(key, row["telegram_id"]) or given.get(row["telegram_id"], key) != key
    ]
    tx.wake(WAKE)
    await tx.run(_RETIRE)
    await tx.run(_RELEASE, {"keys": released})
    await tx.run(_CLEAR_ROLES)
    if rows:
        await tx.run(_PUT, rows)
    roles = [_role(person.key, place, role) for person in people for place, role in enumerate(person.roles)]
    if roles:
        await tx.run(_PUT_ROLES, roles)


async def by_telegram(tx: Transaction, telegram_id: int) -> Person | None:
    """Who writes from this account, if it is one of the people who serve."""
    return (await _everybody(tx)).accounts.get(telegram_id)


async def by_key(tx: Transaction, key: str) -> Person | None:
    """The person with this key, also one who serves no longer."""
    return (await _everybody(tx)).keys.get(key)


async def holding(tx: Transaction, contract: str, role: str) -> list[Person]:
    """Who holds the role under the contract, in the order of the file."""
    return list((await _everybody(tx)).roles.get((contract, role), ()))


async def of_contract(tx: Transaction, contract: str) -> list[Person]:
    """Who has any role under the contract, in the order of the file."""
    return [person for person in await all_active(tx) if any(held.contract == contract for held in person.roles)]


async def all_active(tx: Transaction) -> list[Person]:
    """Everybody who serves, in the order of the file."""
    return [person for person in (await _everybody(tx)).keys.values() if person.active]


def _row(place: int, person: Person, old: Mapping[str, Any], given: Mapping[int, str]) -> dict[str, Any]:
    account, bound_by = person.telegram_id, None if person.telegram_id is None else FILE
    # A link that the person used is newer than the file, unless the file gives that account to somebody else.
    if old.get("bound_by") == INVITE and given.get(old["telegram_id"], person.key) == person.key:
        account, bound_by = old["telegram_id"], INVITE
    same = bool(old) and old["telegram_id"] == account
    return {
        "key": person.key,
        "name": person.name,
        "telegram_id": account,
        "bound_by": bound_by,
        "bound_at": old["bound_at"] if same else None,
        "reachable": old["reachable"] if same else person.reachable,
        "blocked_at": old["blocked_at"] if same else None,
        "language": old.get("language") or person.language,
        "active": person.active,
        "ordinal": place,
    }


def _role(key: str, place: int, held: RoleHeld) -> dict[str, Any]:
    return {"person": key, "ordinal": place, "contract": held.contract, "role": held.role, "post": held.post}


@dataclass(frozen=True, slots=True)
class _Everybody:
    keys: Mapping[str, Person]
    accounts: Mapping[int, Person]
    roles: Mapping[tuple[str, str], Sequence[Person]]


async def _everybody(tx: Transaction) -> _Everybody:
    """All people by key and by account: few rows, asked for with every message."""
    return await tx.recall(WAKE, "everybody", lambda: _read(tx))


async def _read(tx: Transaction) -> _Everybody:
    found: dict[str, dict[str, Any]] = {}
    roles: dict[str, list[RoleHeld]] = {}
    for row in (await tx.run(_PEOPLE)).mappings():
        found.setdefault(row["key"], {name: row[name] for name in _OWN})
        held = roles.setdefault(row["key"], [])
        if row["role"] is not None:
            held.append(RoleHeld(contract=row["contract"], role=row["role"], post=row["post"]))
    people = [Person(**own, roles=tuple(roles[key])) for key, own in found.items()]
    active = [person for person in people if person.active]
    holding: dict[tuple[str, str], list[Person]] = {}
    for person in active:
        for place in dict.fromkeys((held.contract, held.role) for held in person.roles):
            holding.setdefault(place, []).append(person)
    return _Everybody(
        keys={person.key: person for person in people},
        accounts={person.telegram_id: person for person in active if person.telegram_id is not None},
        roles=holding,
    )
