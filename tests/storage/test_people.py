"""People: the duty file says who serves, they themselves say which account is theirs."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from sla.roster import Hours, Roster, Rotation
from storage import groups, notes, people, profiles
from storage.people import Person, RoleHeld
from storage.store import AccountTaken, Store
from tests.storage.samples import BIG, NOW, minutes

DUTY = RoleHeld(contract="fire-line", role="engineer", post="一组")
EXPERT = RoleHeld(contract="cloud", role="expert")
ENGINEER = Person(key="engineer-1", name="值班工程师甲", telegram_id=BIG, roles=(DUTY, EXPERT))
REPORTER = Person(key="reporter-1", name="报障人甲", roles=(RoleHeld(contract="fire-line", role="reporter"),))
QUIET = timedelta(hours=1)


async def test_people_are_found_by_all_that_identifies_them(store: Store) -> None:
    """By key, by account, by role and by contract, in the order of the file, with all their roles."""
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    assert await store.read(lambda tx: people.by_key(tx, "engineer-1")) == ENGINEER
    assert await store.read(lambda tx: people.by_telegram(tx, BIG)) == ENGINEER
    assert await store.read(lambda tx: people.by_telegram(tx, 1)) is None
    assert await store.read(lambda tx: people.holding(tx, "fire-line", "engineer")) == [ENGINEER]
    assert await store.read(lambda tx: people.holding(tx, "cloud", "engineer")) == []
    assert await store.read(lambda tx: people.of_contract(tx, "fire-line")) == [REPORTER, ENGINEER]
    assert await store.read(people.all_active) == [REPORTER, ENGINEER]


async def test_who_left_the_file_serves_no_longer(store: Store) -> None:
    """Such a person is known by key only, with no roles; coming back is possible."""
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    await store.write(lambda tx: people.upsert(tx, [REPORTER]))
    gone = await store.read(lambda tx: people.by_key(tx, "engineer-1"))
    assert gone is not None
    assert (gone.active, gone.roles) == (False, ())
    assert await store.read(lambda tx: people.by_telegram(tx, BIG)) is None
    assert await store.read(people.all_active) == [REPORTER]
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    assert await store.read(lambda tx: people.by_telegram(tx, BIG)) == ENGINEER
    await store.write(lambda tx: people.upsert(tx, []))
    assert await store.read(people.all_active) == []


async def test_what_people_told_us_outlives_the_file(store: Store) -> None:
    """Reading the file again keeps an account bound by invite, the language chosen, and that a chat is blocked."""
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    await store.write(lambda tx: people.bind(tx, "reporter-1", 5, NOW))
    await store.write(lambda tx: people.set_language(tx, "reporter-1", "en"))
    await store.write(lambda tx: people.set_reachable(tx, "reporter-1", False, NOW))
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    reporter = await store.read(lambda tx: people.by_telegram(tx, 5))
    assert reporter is not None
    assert (reporter.key, reporter.language, reporter.reachable) == ("reporter-1", "en", False)


async def test_the_file_wins_over_an_invite(store: Store) -> None:
    """An account that the file gives to somebody is that person's; one that it takes back is nobody's."""
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    await store.write(lambda tx: people.bind(tx, "reporter-1", 5, NOW))
    moved = Person(key="engineer-1", name="值班工程师甲", telegram_id=5)
    await store.write(lambda tx: people.upsert(tx, [REPORTER, moved]))
    owner = await store.read(lambda tx: people.by_telegram(tx, 5))
    assert owner is not None
    assert owner.key == "engineer-1"
    await store.write(lambda tx: people.upsert(tx, [REPORTER, Person(key="engineer-1", name="值班工程师甲")]))
    assert await store.read(lambda tx: people.by_telegram(tx, 5)) is None


async def test_two_may_swap_their_accounts(store: Store) -> None:
    """The file may give each the account of the other at once."""
    one, two = Person(key="a", name="甲", telegram_id=1), Person(key="b", name="乙", telegram_id=2)
    await store.write(lambda tx: people.upsert(tx, [one, two]))
    swapped = [Person(key="a", name="甲", telegram_id=2), Person(key="b", name="乙", telegram_id=1)]
    await store.write(lambda tx: people.upsert(tx, swapped))
    assert await store.read(people.all_active) == swapped


async def test_an_account_belongs_to_one_person(store: Store) -> None:
    """Nobody takes the account of a colleague who serves; that of one who has left is free."""
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    with pytest.raises(AccountTaken, match="已绑定"):
        await store.write(lambda tx: people.bind(tx, "reporter-1", BIG, NOW))
    await store.write(lambda tx: people.upsert(tx, [REPORTER]))
    await store.write(lambda tx: people.bind(tx, "reporter-1", BIG, NOW))
    reporter = await store.read(lambda tx: people.by_telegram(tx, BIG))
    assert reporter is not None
    assert reporter.key == "reporter-1"


async def test_an_invite_works_once_and_in_time(store: Store) -> None:
    """The first use tells whose it is; a second one, a late one and a wrong one tell nothing."""
    await store.write(lambda tx: people.upsert(tx, [REPORTER]))
    for token in ("used", "late"):
        await store.write(
            partial(people.invite, token_hash=token, person="reporter-1", made_at=NOW, expires_at=minutes(10))
        )
    assert await store.write(lambda tx: people.use_invite(tx, "used", minutes(9))) == "reporter-1"
    assert await store.write(lambda tx: people.use_invite(tx, "used", minutes(9))) is None
    assert await store.write(lambda tx: people.use_invite(tx, "late", minutes(10))) is None
    assert await store.write(lambda tx: people.use_invite(tx, "wrong", NOW)) is None


async def test_a_stranger_is_answered_rarely(store: Store) -> None:
    """At the first message and after a long quiet, but not at each message in between."""

    async def seen(minute: int) -> bool:
        return await store.write(lambda tx: people.seen_stranger(tx, BIG, minutes(minute), QUIET))

    assert [await seen(minute) for minute in (0, 0, 30, 60, 61, 62, 122)] == [
        True,
        False,
        False,
        False,
        True,
        False,
        True,
    ]


async def test_rosters_are_those_of_the_file(store: Store) -> None:
    """Rosters come back equal and in order; reading the file again leaves no old ones."""
    rotation = Rotation.of(NOW, timedelta(days=7), ("engineer-1", "engineer-2"))
    day = Roster(contract="fire-line", role="engineer", hours=Hours.BUSINESS_HOURS, rotation=rotation, post="一组")
    night = Roster(contract="fire-line", role="engineer", hours=Hours.ALWAYS, rotation=rotation)
    other = Roster(contract="cloud", role="expert", hours=Hours.ALWAYS, rotation=rotation)
    await store.write(lambda tx: people.put_rosters(tx, [night, other, day]))
    assert await store.read(lambda tx: people.rosters_of(tx, "fire-line")) == [night, day]
    await store.write(lambda tx: people.put_rosters(tx, []))
    assert await store.read(lambda tx: people.rosters_of(tx, "fire-line")) == []


async def test_profiles_are_kept_for_good(store: Store) -> None:
    """Every text that was in force is found by its digest; the latest is the one kept last, also an old one again."""
    for minute, digest in enumerate(("one", "two", "one")):
        await store.write(
            partial(profiles.keep, contract="fire-line", digest=digest, body=f"名称 = {digest}", now=minutes(minute))
        )
    assert await store.read(lambda tx: profiles.latest(tx, "fire-line")) == "one"
    assert await store.read(lambda tx: profiles.body(tx, "two")) == "名称 = two"
    assert await store.read(lambda tx: profiles.body(tx, "three")) is None
    assert await store.read(lambda tx: profiles.latest(tx, "cloud")) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("大屏😀👨‍👩‍👧 喆堃珺玥镕", "大屏😀👨‍👩‍👧 喆堃珺玥镕"),
        ("a\0b", "a\ufffdb"),
        ("half \ud83d", "half \ufffd"),
        ("'; DROP --", "'; DROP --"),
    ],
)
async def test_any_text_is_kept(store: Store, given: str, kept: str) -> None:
    """Emoji and rare characters are kept as they are; what no database can keep becomes U+FFFD, and the rest stays."""
    await store.write(lambda tx: notes.put(tx, "text", given))
    assert await store.read(lambda tx: notes.get(tx, "text")) == kept
    assert await store.read(lambda tx: notes.get(tx, "no such note")) is None


async def test_a_link_that_was_used_is_newer_than_the_file(store: Store) -> None:
    """A new telephone bound by a link stays bound after a restart, though the file still names the old one."""
    old, new = 41, 42
    in_file = replace(REPORTER, telegram_id=old)
    await store.write(lambda tx: people.upsert(tx, [in_file]))
    await store.write(lambda tx: people.bind(tx, in_file.key, new, NOW))
    await store.write(lambda tx: people.upsert(tx, [in_file]))
    found = await store.read(lambda tx: people.by_telegram(tx, new))
    assert found is not None
    assert found.key == in_file.key
    assert await store.read(lambda tx: people.by_telegram(tx, old)) is None


async def test_programs_that_start_together_disturb_nobody(address: str) -> None:
    """Two replicas read their files while a third binds an account: it is kept, and whoever looks sees everybody."""
    stores = [await Store.open(address) for _ in range(3)]
    await stores[0].migrate(NOW)
    both = [REPORTER, ENGINEER]
    await stores[2].write(lambda tx: people.upsert(tx, both))

    async def starts(store: Store) -> None:
        for _ in range(10):
            await store.write(lambda tx: people.upsert(tx, both))

    async def binds() -> None:
        for account in range(1, 11):
            await stores[2].write(partial(people.bind, key="reporter-1", telegram_id=account, now=NOW))
            found = await stores[2].read(people.all_active)
            assert [(one.key, one.telegram_id) for one in found] == [("reporter-1", account), ("engineer-1", BIG)]

    await asyncio.gather(starts(stores[0]), starts(stores[1]), binds())
    assert [len(one.roles) for one in await stores[0].read(people.all_active)] == [1, 2]
    for store in stores:
        await store.close()


async def test_whoever_keeps_people_in_mind_is_told(store: Store) -> None:
    """Every change of people, rosters and groups wakes the same name."""
    heard: list[frozenset[str]] = []
    await store.write(lambda tx: people.upsert(tx, [REPORTER, ENGINEER]))
    store.on_commit(heard.append)
    changes: list[Any] = [
        lambda tx: people.upsert(tx, [REPORTER, ENGINEER]),
        lambda tx: people.bind(tx, "reporter-1", 5, NOW),
        lambda tx: people.set_reachable(tx, "reporter-1", False, NOW),
        lambda tx: people.set_language(tx, "reporter-1", "en"),
        lambda tx: people.put_rosters(tx, []),
        lambda tx: groups.put(tx, [(-1, "fire-line", "vendor")]),
        lambda tx: groups.migrate(tx, -1, -2),
    ]
    for change in changes:
        await store.write(change)
    await store.read(people.all_active)
    assert heard == [frozenset({"people"})] * len(changes)
