"""A page that Telegram refuses for good: how long until the next person is paged."""

from benchmarks import post, reports
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Gap, Spread, Target
from benchmarks.furniture import Furniture, Plan, furnish
from benchmarks.post import FINE, Log
from benchmarks.processes import until
from bot.config.people_file import PersonTable

ROW = "i"
WHAT = "a page refused for good (403) -> the next person paged"
_CONTRACTS = 10
_PATIENCE_SECONDS = 60
_GONE = 403
_WAYS = "ways"


async def measure(bench: Bench) -> "list[Figure | Gap]":
    """Ten contracts, each with its own engineer who blocked the bot: one refused page each."""
    worst = []
    for run in range(bench.runs):
        bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {_CONTRACTS} refused pages")
        async with post.serving() as server:
            plan = Plan(reporters=_CONTRACTS, contracts=_CONTRACTS, page="on_duty:engineer")
            furniture = furnish(bench.room("undelivered") / "ours", server.url, plan)
            await server.rule(blocked=[furniture.chat("engineer", number) for number in range(_CONTRACTS)])
            async with bench.hotline(furniture) as bot:
                await server.is_polled(bot)
                await server.inject(reports.steady(furniture.reporter, _CONTRACTS, 2))

                async def all_told() -> bool:
                    return len(_waits(await server.log(), furniture)) == _CONTRACTS  # noqa: B023 - awaited in this turn

                await until(all_told, _PATIENCE_SECONDS, bot, what="the next person is not paged")
                worst.append(max(_waits(await server.log(), furniture)))
    next_person = Figure(
        row="i1",
        what=f"{WHAT}, the slowest of {_CONTRACTS}",
        ours=Spread(tuple(worst)),
        unit="s",
        target=Target(limit=10, unit="s"),
    )
    return [next_person, Gap(row="i2", what="a page refused for good -> the same person's next way", why=_why())]


def _why() -> str:
    if _WAYS in PersonTable.model_fields:
        return "people.toml knows ways by now, but this row does not use them yet"
    return "not available: people.toml knows no ways beside Telegram"


def _waits(log: Log, furniture: Furniture) -> list[float]:
    waits = []
    for number in range(_CONTRACTS):
        engineer, manager = furniture.chat("engineer", number), furniture.chat("project_manager", number)
        refused = [one.at for one in log.sent if one.chat == engineer and one.code == _GONE]
        told = [one.at for one in log.sent if one.chat == manager and one.code == FINE]
        if refused and told:
            waits.append(min(told) - min(refused))
    return waits
