"""The faults: each plays one round, in which people go on with their work while the hotline is hurt."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sandbox import http
from sandbox.faults import Fault as Arranged
from sandbox.faults import Faults
from tests.chaos import databases, people
from tests.chaos.house import House, Replica
from tests.chaos.levers import Side
from tests.chaos.people import MAJOR

BRIEF = {'response = "10m"': 'response = "2s"', 'repeat_every = "5m"': 'repeat_every = "2s"'}
SQLITE, POSTGRESQL = "sqlite", "postgresql"
_GENERAL = "分会场 {n} 没有声音"
_OVERDUE = timedelta(seconds=4)
_DEATHS = 4
_STEP_BACK, _STEP_ON = -1800.0, 660.0

Play = Callable[..., Awaitable[None]]  # (house, chance), and more where a round can be told more


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How a round with this fault is set up and played."""

    play: Play
    reporters: int = 6
    webhook: bool = False
    terms: Mapping[str, str] = field(default_factory=dict)
    on: Sequence[str] = (SQLITE, POSTGRESQL)


async def killed_at_commits(house: House, chance: random.Random) -> None:
    """Killed just before or just after commits, again and again, while the whole story is played."""
    task = asyncio.create_task(people.story(house))

    async def killed_or_over() -> bool:
        return house.deaths > before or task.done()

    try:
        while not task.done() and house.deaths < _DEATHS:
            before = house.deaths
            house.levers.kills(chance.randint(1, 14), chance.choice(list(Side)))
            await house.becomes("it dies, or all is said", killed_or_over)
        house.levers.kills(0)
        await task
    finally:
        task.cancel()


async def killed_once(house: House, chance: random.Random) -> None:
    """The whole story, with whatever death was arranged before."""
    await people.story(house)
    house.levers.kills(0)


async def killed_under_load(house: House, chance: random.Random) -> None:
    """Killed at moments that nobody can foresee, while many people report."""
    crowd = _crowd(house)
    for _ in range(_DEATHS):
        for key in chance.sample(crowd, max(1, len(crowd) // _DEATHS)):
            people.reports(house, key, _GENERAL.format(n=len(house.said)))
        await house.happens(chance.randint(1, 12))
        await house.dies(chance.choice(house.replicas))
    await _taken(house)


async def locked(house: House, chance: random.Random) -> None:
    """The database is held by another program for longer than anybody waits."""
    await _amid(house, chance)
    complaints = house.complaints
    async with databases.locked(house):
        await _amid(house, chance)
        await house.complains(complaints)
    await _taken(house)


async def slow(house: House, chance: random.Random) -> None:
    """Every write takes its time."""
    async with databases.slow(house):
        await _amid(house, chance)
        await _amid(house, chance)
    await _taken(house)


async def full(house: House, chance: random.Random) -> None:
    """The disk is full for a while."""
    await _amid(house, chance)
    complaints = house.complaints
    async with databases.full(house):
        await _amid(house, chance)
        await house.complains(complaints)
    await _taken(house)


async def cut_off(house: House, chance: random.Random) -> None:
    """All sessions of the database are ended, several times, in the middle of the work."""
    for _ in range(3):
        await _amid(house, chance)
        await house.happens(chance.randint(1, 6))
        await databases.cut_off(house)
    await _taken(house)


async def refused(house: House, chance: random.Random) -> None:
    """Nothing listens where the Bot API was."""
    await _amid(house, chance)
    complaints = house.complaints
    await house.refuses()
    await _amid(house, chance)
    await house.complains(complaints)
    await house.answers_at_all()
    await _taken(house)


async def misanswered(house: House, chance: random.Random) -> None:
    """The Bot API is slow, says that it is too much, that it is broken, or nothing that makes sense."""
    faults = house.world.faults
    await _amid(house, chance)
    arranged = [
        faults.delays(chance.uniform(0.1, 0.5), method="sendMessage", times=chance.randint(1, 4)),
        faults.too_many(1, method="sendMessage", times=chance.randint(1, 3)),
        faults.server_error(method=chance.choice(["sendMessage", "editMessageText"]), times=1),
        faults.bad_gateway(method=chance.choice(["sendMessage", "getUpdates"]), times=1),
        faults.answers(200, "", body="<<garbage", method=chance.choice(["sendMessage", "getUpdates"]), times=1),
    ]
    await _amid(house, chance)
    await _taken(house)
    _end(arranged)


async def broken_before(house: House, chance: random.Random) -> None:
    """Connections break before anything was sent."""
    await _broken(house, chance, Faults.drops_before)


async def broken_after(house: House, chance: random.Random) -> None:
    """Connections break after the message was sent, and nobody can know."""
    await _broken(house, chance, Faults.drops_after)


async def repeated_and_reordered(house: House, chance: random.Random) -> None:
    """Every update is delivered several times, and those of different chats in any order."""
    world = house.world
    world.webhook.url, url = "", world.webhook.url
    await _amid(house, chance)
    await _amid(house, chance)
    waiting = [*world.updates.waiting] * 2
    chance.shuffle(waiting)
    for update in waiting:
        headers = {"X-Telegram-Bot-Api-Secret-Token": world.webhook.secret}
        status, _ = await http.post_json(url, update.json(), headers)
        assert status == 200
    world.webhook.url = url
    world.updates.bell.ring()
    await _taken(house)
    world.redelivers(20)
    await house.settles()


async def told_the_wrong_time(house: House, chance: random.Random) -> None:
    """The clock is set back, right again, and on beyond a limit that nobody has kept."""
    await _amid(house, chance)
    await _taken(house)
    people.reports(house, "reporter-1", "一号会议室没有声音")
    await people.sees_card(house, "engineer-1", "一号会议室", "待接单")
    await house.settles()
    house.levers.sets_clock(_STEP_BACK)
    people.reports(house, "reporter-2", "二号会议室没有声音")
    await people.presses(house, "engineer-1", "接单", "二号会议室", "已接单")
    await house.settles()
    house.levers.sets_clock(0)
    await _amid(house, chance)
    await _taken(house, but="一号会议室没有声音")
    house.levers.sets_clock(_STEP_ON)
    seen = await people.sees_card(house, "engineer-1", "一号会议室", "待接单")
    await people.hears(house, "project-manager", "响应超时", about=people.number_of(seen))
    await people.presses(house, "engineer-1", "接单", "一号会议室", "已接单")
    await house.settles()
    house.levers.sets_clock(0)
    await _amid(house, chance)
    await _taken(house)


async def held_up(house: House, chance: random.Random) -> None:
    """A process stands still for longer than a limit, and goes on as if nothing had been."""
    people.reports(house, "reporter-1", MAJOR)
    seen = await people.sees_card(house, "engineer-1", MAJOR, "待接单")
    halted: Replica = chance.choice(house.replicas)
    halted.sends(signal.SIGSTOP)
    due = house.world.now() + _OVERDUE
    await _amid(house, chance)

    async def passed() -> bool:
        return house.world.now() > due

    await house.becomes("the limit has passed", passed)
    halted.sends(signal.SIGCONT)
    await people.hears(house, "project-manager", "响应超时", about=people.number_of(seen))
    await people.presses(house, "engineer-1", "接单", MAJOR, "已接单")
    await _taken(house)


FAULTS: Mapping[str, Fault] = {
    "killed-at-commits": Fault(play=killed_at_commits, terms=BRIEF),
    "killed-under-load": Fault(play=killed_under_load, reporters=12),
    "database-locked": Fault(play=locked),
    "database-slow": Fault(play=slow),
    "database-full": Fault(play=full),
    "database-cut-off": Fault(play=cut_off, on=(POSTGRESQL,)),
    "api-refusing": Fault(play=refused),
    "api-answering-wrong": Fault(play=misanswered),
    "broken-before-send": Fault(play=broken_before),
    "broken-after-send": Fault(play=broken_after),
    "repeated-and-reordered": Fault(play=repeated_and_reordered, webhook=True),
    "clock-stepped": Fault(play=told_the_wrong_time),
    "stopped-and-continued": Fault(play=held_up, terms=BRIEF),
}


async def _amid(house: House, chance: random.Random) -> None:
    """Some of the crowd report something new, and some who have reported before add to it."""
    crowd = _crowd(house)
    for key in chance.sample(crowd, max(1, len(crowd) // 3)):
        people.reports(house, key, _GENERAL.format(n=len(house.said)))
    people.writes(house, chance.choice(crowd), f"补充说明 {len(house.said)}：还是不行")


async def _taken(house: House, but: str = "") -> None:
    """Everybody has heard what became of it, and the engineer takes each ticket but one."""
    await house.settles()
    for number, text in await house.waiting_tickets():
        if text != but:
            await people.takes(house, "engineer-1", number)
    await house.settles()


async def _broken(house: House, chance: random.Random, break_: Callable[..., Arranged]) -> None:
    arranged = []
    for method, most in (("sendMessage", 2), ("editMessageText", 2), ("getUpdates", 2), ("answerCallbackQuery", 1)):
        await _amid(house, chance)
        arranged.append(break_(house.world.faults, method=method, times=chance.randint(1, most)))
    await _taken(house)
    _end(arranged)


def _end(arranged: Sequence[Arranged]) -> None:
    for fault in arranged:
        fault.cancel()


def _crowd(house: House) -> list[str]:
    return [key for key in house.phones if key.startswith("crowd-")]
