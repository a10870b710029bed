"""Calendars that are handed out: one link for each, and an edition that only goes up."""

from storage import feeds
from storage.feeds import Feed
from storage.store import Store
from tests.storage.samples import NOW, minutes

MINE = "person:engineer-1"


async def test_a_new_link_ends_the_old_one(store: Store) -> None:
    """Of one calendar there is one link; without any it is closed."""
    await store.write(lambda tx: feeds.link(tx, MINE, "first", NOW))
    await store.write(lambda tx: feeds.link(tx, "person:engineer-2", "other", NOW))
    await store.write(lambda tx: feeds.link(tx, MINE, "second", minutes(1)))
    assert await store.read(lambda tx: feeds.by_token(tx, "first")) is None
    found = await store.read(lambda tx: feeds.by_token(tx, "second"))
    assert found is not None and found.owner == MINE
    await store.write(lambda tx: feeds.link(tx, MINE, None, minutes(2)))
    await store.write(lambda tx: feeds.link(tx, "person:engineer-3", None, minutes(2)))
    assert await store.read(lambda tx: feeds.by_token(tx, "second")) is None


async def test_an_edition_goes_up_with_the_contents(store: Store) -> None:
    """The same contents are the same edition with the same date, whoever asks and however often."""
    first = await store.write(lambda tx: feeds.edited(tx, MINE, "aa", NOW))
    same = await store.write(lambda tx: feeds.edited(tx, MINE, "aa", minutes(5)))
    second = await store.write(lambda tx: feeds.edited(tx, MINE, "bb", minutes(6)))
    assert first == same == Feed(owner=MINE, token_hash=None, edition=0, digest="aa", changed_at=NOW)
    assert (second.edition, second.changed_at) == (1, minutes(6))


async def test_link_and_edition_do_not_touch_each_other(store: Store) -> None:
    """A link before the first reading counts no edition, and a new one leaves it as it is."""
    await store.write(lambda tx: feeds.link(tx, MINE, "first", NOW))
    assert (await store.write(lambda tx: feeds.edited(tx, MINE, "aa", NOW))).edition == 0
    await store.write(lambda tx: feeds.edited(tx, MINE, "bb", minutes(1)))
    await store.write(lambda tx: feeds.link(tx, MINE, "second", minutes(2)))
    found = await store.read(lambda tx: feeds.of_owner(tx, MINE))
    assert found == Feed(owner=MINE, token_hash="second", edition=1, digest="bb", changed_at=minutes(1))
