"""people.toml: who serves under which contract, who takes turns, and which groups are bound."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.config import toml_file, ways
from bot.config.findings import Finding, SettingsError, Unfit, key_of, nearest
from bot.config.ways import PersonWayTable, WayTable
from bot.reader import Reader
from sla.duty import Override
from sla.profile import Duration
from sla.roster import Hours, Roster, Rotation
from sla.terms import Role
from storage.groups import Group
from storage.people import Person, RoleHeld

_BIGGEST_ID = 2**52  # https://core.telegram.org/bots/api#user
_SECOND = timedelta(seconds=1)


def _instant(value: object) -> object:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Unfit("settings.instant")
    return value


def _whole_seconds(every: timedelta) -> timedelta:
    if every > timedelta(days=3660) or every % _SECOND:
        raise Unfit("settings.every")
    return every


Name = Annotated[str, Field(min_length=1, max_length=64)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RoleTable(_Table):
    """What a person is under one contract."""

    contract: Name
    role: Role
    post: str = ""


class PersonTable(_Table):
    """One person."""

    key: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    name: Name
    telegram_id: int | None = Field(default=None, strict=True, gt=0, lt=_BIGGEST_ID)
    roles: tuple[RoleTable, ...] = ()
    ways: tuple[PersonWayTable, ...] = ()


Instant = Annotated[datetime, BeforeValidator(_instant)]


class RotationTable(_Table):
    """Who takes turns, from when, for how long each, and how many of them together."""

    start: Instant
    every: Annotated[Duration, AfterValidator(_whole_seconds)]
    people: tuple[Name, ...] = Field(min_length=1)
    together: int = Field(default=1, strict=True, ge=1)

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.together > len(self.people):
            raise Unfit("settings.together")
        return self


class WeeklyTable(_Table):
    """The same people every week: whoever has a day serves from the hour of `start` to the same hour next day."""

    start: Instant
    mon: tuple[Name, ...] = ()
    tue: tuple[Name, ...] = ()
    wed: tuple[Name, ...] = ()
    thu: tuple[Name, ...] = ()
    fri: tuple[Name, ...] = ()
    sat: tuple[Name, ...] = ()
    sun: tuple[Name, ...] = ()

    @property
    def days(self) -> Mapping[str, tuple[str, ...]]:
        """The people of each day, from Monday on."""
        return {day: getattr(self, day) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


class RosterTable(_Table):
    """One line of duty: a rotation or a week pattern, and who steps in for whoever is on leave."""

    contract: Name
    role: Role
    post: str = ""
    hours: Hours = Hours.ALWAYS
    rotation: RotationTable | None = None
    weekly: WeeklyTable | None = None
    reserve: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _one_pattern(self) -> Self:
        if (self.rotation is None) is (self.weekly is None):
            raise Unfit("settings.one_pattern")
        return self


class OverrideTable(_Table):
    """A change of a roster: `person` instead of `absent`; without one of them, a leave or one person more."""

    contract: Name
    role: Role
    post: str = ""
    start: Instant
    end: Instant
    absent: str = ""
    person: str = ""
    why: str = ""

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if self.start >= self.end:
            raise Unfit("settings.override_span")
        if self.absent == self.person:
            raise Unfit("settings.override_people")
        return self


class GroupTable(_Table):
    """One bound group chat."""

    contract: Name
    chat_id: int = Field(strict=True, lt=0, gt=-_BIGGEST_ID)
    audience: Literal["vendor", "bureau", "joint"]


class PeopleFile(_Table):
    """The whole file."""

    people: tuple[PersonTable, ...] = ()
    rosters: tuple[RosterTable, ...] = ()
    overrides: tuple[OverrideTable, ...] = ()
    groups: tuple[GroupTable, ...] = ()
    ways: tuple[WayTable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """People, rosters and groups in the order of the file; gateways, and who is reached by which."""

    people: tuple[Person, ...]
    rosters: tuple[Roster, ...]
    groups: tuple[Group, ...]
    gateways: tuple[WayTable, ...] = ()
    ways: Mapping[str, Sequence[PersonWayTable]] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


def read(path: Path, slugs: Collection[str] | None, reader: Reader) -> Staff:
    """The staff of these contracts, or of any; `SettingsError` if somebody or something is named that is not there."""
    file = toml_file.fitted(toml_file.table(path, reader), PeopleFile, path, reader)
    findings = [Finding(str(path), key, reason) for key, reason in _contradictions(file, slugs, reader)]
    if findings:
        raise SettingsError(findings)
    return Staff(
        people=tuple(map(_person, file.people)),
        rosters=tuple(map(_roster, file.rosters)),
        groups=tuple(
            Group(chat_id=group.chat_id, contract=group.contract, audience=group.audience) for group in file.groups
        ),
        gateways=file.ways,
        ways={person.key: person.ways for person in file.people},
        overrides=tuple(map(_override, file.overrides)),
    )


def _contradictions(file: PeopleFile, slugs: Collection[str] | None, reader: Reader) -> Iterator[tuple[str, str]]:
    yield from _twice("people", "key", [person.key for person in file.people], reader)
    yield from _twice("people", "telegram_id", [person.telegram_id for person in file.people], reader)
    yield from _twice("groups", "chat_id", [group.chat_id for group in file.groups], reader)
    for place, slug in _contracts_named(file):
        if slugs is not None and slug not in slugs:
            yield key_of(place), reader.say("settings.no_contract", word=slug) + nearest(reader, slug, slugs)
    keys = {person.key for person in file.people}
    for place, person in _people_on_duty(file):
        if person not in keys:
            yield key_of(place), reader.say("settings.no_person", word=person) + nearest(reader, person, keys)
    yield from ways.contradictions(file.ways, [person.ways for person in file.people], reader)


def _twice(table: str, key: str, values: Sequence[object], reader: Reader) -> Iterator[tuple[str, str]]:
    first: dict[object, int] = {}
    for place, value in enumerate(values):
        if value is not None and first.setdefault(value, place) != place:
            other = key_of((table, first[value]))
            yield key_of((table, place, key)), reader.say("settings.twice", word=value, other=other)


def _contracts_named(file: PeopleFile) -> Iterator[tuple[Sequence[str | int], str]]:
    for place, person in enumerate(file.people):
        for number, role in enumerate(person.roles):
            yield ("people", place, "roles", number, "contract"), role.contract
    tables: Iterable[tuple[str, Sequence[RosterTable | OverrideTable | GroupTable]]] = (
        ("rosters", file.rosters),
        ("overrides", file.overrides),
        ("groups", file.groups),
    )
    for name, rows in tables:
        for place, row in enumerate(rows):
            yield (name, place, "contract"), row.contract


def _people_on_duty(file: PeopleFile) -> Iterator[tuple[Sequence[str | int], str]]:
    for place, roster in enumerate(file.rosters):
        for turn, person in enumerate(roster.rotation.people if roster.rotation else ()):
            yield ("rosters", place, "rotation", "people", turn), person
        for day, people in roster.weekly.days.items() if roster.weekly else ():
            for number, person in enumerate(people):
                yield ("rosters", place, "weekly", day, number), person
        for turn, person in enumerate(roster.reserve):
            yield ("rosters", place, "reserve", turn), person
    for place, override in enumerate(file.overrides):
        for key in ("absent", "person"):
            if getattr(override, key):
                yield ("overrides", place, key), getattr(override, key)


def _person(table: PersonTable) -> Person:
    roles = tuple(RoleHeld(contract=role.contract, role=role.role.value, post=role.post) for role in table.roles)
    return Person(key=table.key, name=table.name, telegram_id=table.telegram_id, roles=roles)


def _roster(table: RosterTable) -> Roster:
    return Roster(
        contract=table.contract,
        role=table.role.value,
        post=table.post,
        hours=table.hours,
        rotation=_rotation(table),
        reserve=table.reserve,
    )


def _rotation(table: RosterTable) -> Rotation:
    if table.weekly is not None:
        return Rotation.weekly(table.weekly.start, tuple(table.weekly.days.values()))
    if table.rotation is None:
        raise ValueError("a roster has a pattern")
    turns = table.rotation
    return Rotation.of(turns.start, turns.every, turns.people, turns.together)


def _override(table: OverrideTable) -> Override:
    return Override(
        contract=table.contract,
        role=table.role.value,
        post=table.post,
        start=table.start,
        end=table.end,
        absent=table.absent,
        person=table.person,
        why=table.why,
    )
