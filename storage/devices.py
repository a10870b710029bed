"""The equipment lists as they were read last; the ledger of events is `storage.ledger`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.devices import Device, Index, Scope
from storage.dialects import all_but, upsert
from storage.schema import DEVICES
from storage.transaction import Transaction

WAKE = "devices"

_D = DEVICES.c
_KEY = ("contract", "section", "seq")
_PUT = upsert(DEVICES, *_KEY, take=all_but(*_KEY))
_OF = sa.select(DEVICES).where(_D.contract == bindparam("contract")).order_by(_D.ordinal, _D.section, _D.seq)
# Several programs may read their lists at once; on SQLite writers are alone anyway.
_ALONE = {
    "sqlite": sa.text("SELECT 1"),
    "postgresql": sa.text("LOCK TABLE devices IN SHARE ROW EXCLUSIVE MODE"),
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What reading a list anew has changed."""

    added: tuple[Device, ...] = ()
    changed: tuple[Device, ...] = ()
    gone: tuple[Device, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


async def put(tx: Transaction, contract: str, devices: Sequence[Device], today: date) -> Changes:
    """This is the contract's list from today on; what stands in it no longer counted until yesterday and is kept."""
    await tx.run(_ALONE)
    present = {device.key: (place, device) for place, device in await _rows(tx, contract)}
    given = {device.key: (place, device) for place, device in enumerate(devices)}
    absent = [device for key, (_, device) in present.items() if key not in given]
    left = {
        device.key: (place, replace(device, valid_to=min(device.valid_to or today, today - _DAY)))
        for place, device in enumerate(absent, start=len(devices))
    }
    stale = {key: row for key, row in (given | left).items() if present.get(key) != row}
    if stale:
        tx.wake(WAKE)
        await tx.run(_PUT, [_row(contract, place, device) for place, device in stale.values()])
    return Changes(
        added=tuple(device for key, (_, device) in given.items() if key not in present),
        changed=tuple(device for key, (_, device) in given.items() if key in present and present[key][1] != device),
        gone=tuple(device for key, (_, device) in left.items() if present[key][1] != device),
    )


async def of_contract(tx: Transaction, contract: str) -> Sequence[Device]:
    """Every row that the contract's list ever had, those of the newest list first, in the order of the file."""
    return (await _kept(tx, contract)).devices


async def index(tx: Transaction, contract: str, day: date) -> Index:
    """The rows that count on this day, ready for searching; remembered until the list is read anew."""
    return (await _kept(tx, contract)).on(day)


class _Kept:
    """A list as it was read, and its index as it was made for one day."""

    __slots__ = ("_day", "_index", "devices")

    def __init__(self, devices: Sequence[Device]) -> None:
        self.devices = devices
        self._day: date | None = None
        self._index = Index(())

    def on(self, day: date) -> Index:
        """The index of the rows that count on this day."""
        if day != self._day:
            self._day, self._index = day, _indexed(tuple(device for device in self.devices if device.is_valid(day)))
        return self._index


async def _kept(tx: Transaction, contract: str) -> _Kept:
    async def read() -> _Kept:
        return _Kept([device for _, device in await _rows(tx, contract)])

    return await tx.recall(WAKE, contract, read)


@lru_cache(maxsize=32)
def _indexed(devices: tuple[Device, ...]) -> Index:
    """Made once for each list, also where nothing that was read may be remembered."""
    return Index(devices)


async def _rows(tx: Transaction, contract: str) -> list[tuple[int, Device]]:
    found = (await tx.run(_OF, {"contract": contract})).mappings()
    return [(row["ordinal"], _device(row)) for row in found]


def _row(contract: str, place: int, device: Device) -> dict[str, Any]:
    return {
        "contract": contract,
        "section": device.section,
        "seq": device.seq,
        "ordinal": place,
        "name": device.name,
        "vendor": device.vendor,
        "model": device.model,
        "quantity": device.quantity,
        "unit": device.unit,
        "note": device.note,
        "aliases": list(device.aliases),
        "scope": device.scope.value,
        "important": device.important,
        "core": device.core,
        "device_class": device.device_class,
        "valid_from": None if device.valid_from is None else device.valid_from.isoformat(),
        "valid_to": None if device.valid_to is None else device.valid_to.isoformat(),
        "added_after_signing": device.added_after_signing,
    }


def _device(row: Mapping[Any, Any]) -> Device:
    own = {name: row[name] for name in row if name not in ("contract", "ordinal")}
    own |= {name: date.fromisoformat(row[name]) for name in ("valid_from", "valid_to") if row[name] is not None}
    return Device(**(own | {"aliases": tuple(row["aliases"]), "scope": Scope(row["scope"])}))
