"""The canary ticket: the hotline proves to itself that a page goes out, and nobody else ever sees it."""

from datetime import timedelta

import pytest

from sandbox.groups import Group
from sla.replay import replay
from storage import ledger, tickets
from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG
from tests.flows.house import House

CAGE = -1009
CANARY = f'[canary]\ncontract = "{SLUG}"\nchat_id = {CAGE}\nevery = "6h"\nlimit = "1m"\n'


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """One database and the other."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def aviary(furnish: Furnish) -> House:
    """A house with a canary, whose first flight waits until there is a test group."""
    house = await furnish(more=CANARY, prepared=lambda world: world.group(CAGE, "测试群"))
    await came_back(house)
    return house


def cage(house: House) -> Group:
    """The test group."""
    return house.world.groups[CAGE]


async def came_back(house: House, *, flights: int = 1) -> None:
    """Wait until it has come back so often; name what it left in the test group."""

    def seen() -> int:
        return sum("已作废" in one.text for one in cage(house).chat.messages.values())

    while seen() < flights:
        await house.world.changed.heard(0.05)
    await house.settles()
    for entry in house.unnamed(CAGE):
        house.name(entry)


async def test_it_flies_at_its_time_and_into_the_test_chat_only(aviary: House) -> None:
    """At the start and every six hours there is one message in the test group, marked, and void in the end."""
    canary = aviary.stage.hotline.canary
    assert canary is not None and canary.ok_at == aviary.clock.now()
    [card] = cage(aviary).chat.messages.values()
    assert "CANARY-20260216-001" in card.text and "自检工单，不是报障" in card.text and not card.labels
    await aviary.passes(hours=5)
    assert len(cage(aviary).chat.messages) == 1
    await aviary.passes(hours=1)
    await came_back(aviary, flights=2)
    assert canary.ok_at == aviary.clock.now()
    await aviary.restarts(seconds=5)
    assert len(cage(aviary).chat.messages) == 2


async def test_it_leaves_no_trace_in_what_is_real(aviary: House) -> None:
    """Numbers, lists and the ledger of the contract are as if it had never flown."""
    number = await scenes.reported(aviary)
    assert number == "SGC-20260216-001"
    await aviary["engineer-1"].says("/open")
    aviary["engineer-1"].was_told("未结工单（1）")
    store = aviary.stage.hotline.store
    bird = await store.read(lambda tx: tickets.by_number(tx, "CANARY-20260216-001"))
    assert bird is not None and not bird.is_open

    async def kinds(contract: str) -> list[str]:
        async def work(tx: object) -> list[str]:
            return [entry.kind async for entry in ledger.walk(tx, contract)]  # type: ignore[arg-type]

        return await store.read(work)

    assert [kind for kind in await kinds("canary") if kind in ("reported", "acknowledged", "voided")] == [
        "reported",
        "acknowledged",
        "voided",
    ]
    assert (await kinds(SLUG)).count("reported") == 1
    assert "voided" not in await kinds(SLUG)
    desk_terms = aviary.stage.hotline.house.contracts["canary"].terms
    facts = await store.read(lambda tx: ledger.facts_of(tx, bird.id))
    assert replay(facts, desk_terms) == bird


async def test_a_page_that_does_not_go_out_is_told(aviary: House) -> None:
    """The Bot API takes nothing for the test group: the administrators hear of it once, and of the recovery."""
    canary = aviary.stage.hotline.canary
    assert canary is not None
    before = canary.ok_at
    fault = aviary.world.faults.server_error(chat=CAGE, times=None)
    aviary.clock.move(aviary.clock.now() + timedelta(hours=6))
    while not fault.hits:
        await aviary.world.changed.heard(0.05)
    aviary.clock.move(aviary.clock.now() + timedelta(seconds=61))
    while canary.is_well(aviary.clock.now()):
        await aviary.world.changed.heard(0.05)
    await aviary.settles()
    aviary["admin"].was_told("自检工单的呼叫在 1 分钟 内没有发出")
    assert canary.ok_at == before
    fault.cancel()
    await aviary.passes(minutes=10)
    while not canary.is_well(aviary.clock.now()):
        await aviary.world.changed.heard(0.05)
    await aviary.passes(minutes=1)
    aviary["admin"].was_told("自检工单恢复正常")
    assert canary.ok_at is not None and before is not None and canary.ok_at > before
    for entry in aviary.unnamed(CAGE):
        aviary.name(entry)


async def test_without_the_table_there_is_no_canary(house: House) -> None:
    """It is off unless somebody gives it a chat."""
    assert house.stage.hotline.canary is None
