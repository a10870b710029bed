"""A row of the equipment list, and what a ticket keeps of the row that was picked for it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache


class Scope(StrEnum):
    """How a row belongs to the contract; `UNLISTED` is said of a ticket whose device stands in no row."""

    LISTED = "listed"
    IN_SCOPE_UNLISTED = "in_scope_unlisted"  # named in the text of the contract, not counted in its list
    SERVICE = "service"
    OUT_OF_SCOPE = "out_of_scope"
    UNLISTED = "unlisted"


class Cover(StrEnum):
    """What the list proposes to the bureau, which judges."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"
    SCOPE_UNCONFIRMED = "scope_unconfirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One row. Names repeat: section and number together are its key."""

    section: str
    seq: str
    name: str
    vendor: str = ""
    model: str = ""
    quantity: int | None = None
    unit: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    scope: Scope = Scope.LISTED
    important: bool = False
    core: int = 0
    device_class: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    added_after_signing: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What names the row for good."""
        return self.section, self.seq

    @property
    def code(self) -> str:
        """The key as short as a button needs it."""
        return _code(self.section, self.seq)

    def is_valid(self, day: date) -> bool:
        """Whether the row counts on this day; both ends are included."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_counted(self) -> bool:
        """Whether the row is equipment of the list, whose units are counted."""
        return self.scope is Scope.LISTED


@lru_cache(maxsize=4096)
def _code(section: str, seq: str) -> str:
    return hashlib.sha256(f"{section}\0{seq}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The row that somebody picked for a ticket, as it was then; by itself: it stands in no row."""

    scope: Scope = Scope.UNLISTED
    section: str = ""
    seq: str = ""
    name: str = ""
    quantity: int | None = None
    unit: str = ""
    important: bool = False
    core: int = 0

    @classmethod
    def of(cls, device: Device) -> "Chosen":
        """What a ticket keeps of the row."""
        return cls(
            scope=device.scope,
            section=device.section,
            seq=device.seq,
            name=device.name,
            quantity=device.quantity,
            unit=device.unit,
            important=device.important,
            core=device.core,
        )

    @property
    def cover(self) -> Cover:
        """Whether the contract covers it, as far as the list can tell."""
        if self.scope is Scope.OUT_OF_SCOPE:
            return Cover.NOT_COVERED
        return Cover.SCOPE_UNCONFIRMED if self.scope is Scope.UNLISTED else Cover.COVERED
