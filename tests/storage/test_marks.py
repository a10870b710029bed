"""A mark is set once."""

from storage import marks
from storage.store import Store
from tests.storage.samples import NOW, minutes


async def test_only_the_first_one_sets_a_mark(store: Store) -> None:
    """Whoever comes later, with whatever time, finds that it is done; another mark is another matter."""
    assert await store.write(lambda tx: marks.first_time(tx, "shift:1", NOW))
    assert not await store.write(lambda tx: marks.first_time(tx, "shift:1", minutes(5)))
    assert await store.write(lambda tx: marks.first_time(tx, "shift:2", NOW))
