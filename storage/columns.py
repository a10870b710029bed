"""Column types that read back what was written, on both databases."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from storage import shapes

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite counts up only a column that is called INTEGER, and keeps 64 bits in it.
Id = BigInteger().with_variant(Integer, "sqlite")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(value: datetime) -> int:
    """The instant as it is stored; a time without a zone is refused."""
    return (value - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """The stored instant in UTC."""
    return _EPOCH + timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """A time in microseconds since 1970 UTC: SQLite would drop the zone of anything else."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Only times with a zone go in."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Times come out in UTC."""
        return None if value is None else instant(value)


class Words(TypeDecorator[str]):
    """Text of people; what no database can keep is replaced by U+FFFD, visibly, and the rest is kept."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """PostgreSQL refuses U+0000, and no driver encodes half a surrogate pair."""
        return None if value is None else shapes.storable(value)


class Json(TypeDecorator[Any]):
    """JSON as canonical text: equal data are equal rows, and U+0000 survives as an escape."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """None is SQL's NULL."""
        return None if value is None else shapes.canonical(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        """Plain dicts and lists."""
        return None if value is None else json.loads(value)


def key(name: str, type_: Any, *more: Any) -> Column[Any]:
    """A column of the primary key."""
    return Column(name, type_, *more, primary_key=True, autoincrement=False)


def serial(name: str) -> Column[Any]:
    """A number that the database gives."""
    return Column(name, Id, primary_key=True, autoincrement=True)


def must(name: str, type_: Any, *more: Any, unique: bool = False) -> Column[Any]:
    """A column that is always filled."""
    return Column(name, type_, *more, nullable=False, unique=unique or None)


def may(name: str, type_: Any, *more: Any, unique: bool = False) -> Column[Any]:
    """A column that may be empty."""
    return Column(name, type_, *more, nullable=True, unique=unique or None)
