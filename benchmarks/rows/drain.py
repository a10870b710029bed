"""The courier empties a full outbox, beside the bare client of python-telegram-bot."""

from collections.abc import Sequence

from benchmarks import inside, post, processes, sender
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Spread, Target
from benchmarks.furniture import Furniture, Plan, furnish
from benchmarks.post import FINE, Post, Sent
from benchmarks.processes import until
from bot.clock import WallClock
from storage import outbox
from storage.outbox import Lane, Letter
from storage.store import Transaction

ROW = "c"
WHAT = "courier's drain of a full outbox, limits off"
AT_ONCE = 24
_CHATS = 500
_PATIENCE_SECONDS = 300


async def measure(bench: Bench) -> list[Figure]:
    """The same messages to the same chats: ours from the outbox, the client's from a loop."""
    count = bench.size(2000, 400)
    ours, together, single = [], [], []
    for run in range(bench.runs):
        bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {count} letters to {_CHATS} chats")
        async with post.serving() as server:
            together.append(await _raw(server, count, AT_ONCE))
            single.append(await _raw(server, count, 1))
        async with post.serving() as server:
            furniture = furnish(bench.room("drain") / "ours", server.url, Plan())
            await _fill(furniture, count)
            async with bench.hotline(furniture) as bot:

                async def all_sent() -> bool:
                    return (await server.counts())["sent"] >= count

                await until(all_sent, _PATIENCE_SECONDS, bot, what="letters are missing")
            ours.append(_rate((await server.log()).sent))
    best = Spread(tuple(together))
    beside = f"python-telegram-bot's client, {AT_ONCE} at once"
    return [
        Figure(
            row="c1", what=f"{WHAT}, {count:,} letters", ours=Spread(tuple(ours)), unit="/s", beside=beside, peer=best
        ),
        Figure(
            row="c2",
            what="the drain against the client's raw rate",
            ours=Spread(tuple(mine / its for mine, its in zip(ours, together, strict=True))),
            unit="x",
            target=Target(limit=0.9, unit="x", at_least=True),
        ),
        Figure(row="c3", what="the client alone, one at a time", ours=Spread(tuple(single)), unit="/s"),
    ]


async def _raw(server: Post, count: int, at_once: int) -> float:
    words = ("-m", "benchmarks.sender", server.url, str(count), str(_CHATS), str(at_once))
    return float(await processes.output(*words))


async def _fill(furniture: Furniture, count: int) -> None:
    now = WallClock().now()
    letters = [
        Letter(
            contract="",
            lane=Lane.NORMAL,
            method="send",
            chat_id=sender.FIRST_CHAT + number % _CHATS,
            payload={"html": sender.TEXT, "buttons": []},
            purpose="answer",
            next_at=now,
            created_at=now,
        )
        for number in range(count)
    ]

    async def put(tx: Transaction) -> None:
        for letter in letters:
            await outbox.put(tx, letter)

    async with inside.opened(furniture) as house:
        await house.store.write(put)


def _rate(sent: Sequence[Sent]) -> float:
    taken = [one.at for one in sent if one.code == FINE]
    return (len(taken) - 1) / (max(taken) - min(taken))
