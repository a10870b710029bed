"""The same room as the tests of the desk."""

from tests.desk.conftest import empty_database, room

__all__ = ["empty_database", "room"]
