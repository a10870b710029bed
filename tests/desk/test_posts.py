"""Posts in a ladder and in /duty: who is paged for a post, who covers it, and people who serve two contracts."""

from datetime import timedelta

import pytest

from desk import recipients
from sla.duty import Override
from sla.roster import Hours, Roster, Rotation
from storage import overrides, people
from tests.desk.people import COMMAND_HALL, MINE, OTHER, contract, house
from tests.desk.room import NOW, Room

DAY = timedelta(days=1)
POSTS = [
    {"post": "video", "name": "视频岗", "role": "engineer", "at_least": 1},
    {"post": "image", "name": "图像岗", "role": "engineer", "at_least": 1},
    {"name": "服务台", "role": "service_desk", "double_hat": True},
]


def line(contract: str, post: str, *keys: str, role: str = "engineer") -> Roster:
    """People who take turns of a day at a post, from yesterday on."""
    rotation = Rotation.of(NOW - DAY, 3 * DAY, keys)
    return Roster(contract=contract, role=role, post=post, hours=Hours.ALWAYS, rotation=rotation)


async def put(room: Room, *rosters: Roster) -> None:
    """These are the rosters."""
    await room.work(lambda desk: people.put_rosters(desk.tx, rosters))


async def meant(room: Room, selector: str) -> set[str]:
    """Whom a selector means now."""
    ticket = await room.reported()
    reached = await room.work(lambda desk: recipients.resolve(desk, ticket, [selector]))
    return {one.person.key for one in reached.readers if one.person} | set(reached.unreached)


@pytest.fixture
def posts(room: Room) -> Room:
    """A contract with two posts, and a service desk that those on duty may cover."""
    served = contract(COMMAND_HALL, posts=POSTS, roster={"allow_double_hat": True})
    room.house = house({MINE: served})
    return room


@pytest.mark.parametrize(
    ("selector", "keys"),
    [
        ("on_duty:engineer", {"engineer-1", "engineer-2"}),
        ("on_duty:engineer/video", {"engineer-1"}),
        ("on_duty:engineer/image", {"engineer-2"}),
    ],
)
async def test_a_selector_names_a_post_or_all(posts: Room, selector: str, keys: set[str]) -> None:
    """Without a post everybody on duty in the role is meant, with one only who is there."""
    await put(posts, line(MINE, "video", "engineer-1"), line(MINE, "image", "engineer-2"))
    assert await meant(posts, selector) == keys


async def test_an_empty_post_is_covered_by_who_is_on_duty(posts: Room) -> None:
    """Nobody at the post: whoever is on duty in the role; nobody there either: everybody of the role."""
    await put(posts, line(MINE, "video", "engineer-1"))
    assert await meant(posts, "on_duty:engineer/image") == {"engineer-1"}
    await put(posts)
    assert {"engineer-1", "engineer-2"} <= await meant(posts, "on_duty:engineer/image")


async def test_a_desk_without_a_person_is_covered_by_another_post(posts: Room) -> None:
    """Where double hats are allowed, the engineers on duty answer for the service desk."""
    await put(posts, line(MINE, "video", "engineer-1"))
    assert await meant(posts, "on_duty:service_desk") == {"engineer-1"}
    await put(posts, line(MINE, "video", "engineer-1"), line(MINE, "", "desk-1", role="service_desk"))
    assert await meant(posts, "on_duty:service_desk") == {"desk-1"}


async def test_an_override_counts_for_its_post_only(posts: Room) -> None:
    """The colleague at the other post stays where they are."""
    await put(posts, line(MINE, "video", "engineer-1"), line(MINE, "image", "engineer-2"))
    override = Override(
        contract=MINE,
        role="engineer",
        post="video",
        start=NOW - DAY,
        end=NOW + DAY,
        absent="engineer-1",
        person="both-1",
        by="manager-1",
        at=NOW,
    )
    await posts.work(lambda desk: overrides.add(desk.tx, override))
    assert await meant(posts, "on_duty:engineer/video") == {"both-1"}
    assert await meant(posts, "on_duty:engineer/image") == {"engineer-2"}


async def test_duty_shows_each_post_and_who_covers_the_desk(posts: Room) -> None:
    """Post by post, under the names of the contract; an empty one is a gap for those who serve."""
    await put(posts, line(MINE, "video", "engineer-1"))
    await posts.says("manager-1", "/duty")
    [said] = await posts.told("manager-1")
    assert "视频岗：〔engineer-1〕，至" in said.text
    assert "图像岗：无" in said.text
    assert "服务台：〔engineer-1〕兼" in said.text
    assert "图像岗只有 0 人，应有 1 人" in said.text


async def test_whoever_serves_two_contracts_sees_both(posts: Room) -> None:
    """/duty has a part for each contract, and one's own shifts are listed together."""
    await put(posts, line(MINE, "video", "reporter-1"), line(OTHER, "", "reporter-1"))
    await posts.says("reporter-1", "/duty")
    [said] = await posts.told("reporter-1")
    names = [posts.house.contracts[slug].profile.name for slug in (MINE, OTHER)]
    assert all(f"{name}\n" in said.text for name in names)
    await posts.presses("reporter-1", "d:m")
    [own] = await posts.told("reporter-1")
    assert all(f"（{name}）" in own.text for name in names)
