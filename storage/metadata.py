"""What every table is made with: one collection with its naming, and columns that say whether they may be empty."""

from typing import Any

from sqlalchemy import Column, MetaData

from storage.columns import Id

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str, type_: Any, *more: Any) -> Column[Any]:
    """A part of the primary key that nobody counts up."""
    return Column(name, type_, *more, primary_key=True, autoincrement=False)


def serial(name: str) -> Column[Any]:
    """A number that the database counts up."""
    return Column(name, Id, primary_key=True, autoincrement=True)


def must(name: str, type_: Any, *more: Any, unique: bool = False) -> Column[Any]:
    """A column that always has a value."""
    return Column(name, type_, *more, nullable=False, unique=unique or None)


def may(name: str, type_: Any, *more: Any, unique: bool = False) -> Column[Any]:
    """A column that may be empty."""
    return Column(name, type_, *more, nullable=True, unique=unique or None)
