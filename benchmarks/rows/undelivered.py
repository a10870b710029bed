"""A page that Telegram refuses for good: how long until the next person is paged."""

from benchmarks import post, reports
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Gap, Spread, Target
from benchmarks.furniture import Furniture, Plan, furnish
from benchmarks.post import FINE, Log
from benchmarks.processes import until
from bot.config.people_file import PersonTable

ROW = "i"
WHAT = "a page refused for good (403)"
_CONTRACTS = 10
_PATIENCE_SECONDS = 60
_GONE = 403
_WAYS = "ways"


async def measure(bench: Bench) -> list[Figure | Gap]:
    """Ten contracts, each with its own engineer who blocked the bot: one refused page each."""
    lines: list[Figure | Gap] = [await _figure(bench, "i1", f"{WHAT} -> the next person paged", by_sms=False)]
    what = f"{WHAT} -> the same person's next way"
    if _WAYS in PersonTable.model_fields:
        return [*lines, await _figure(bench, "i2", what, by_sms=True)]
    return [*lines, Gap(row="i2", what=what, why="not available: people.toml knows no ways beside Telegram")]


async def _figure(bench: Bench, row: str, what: str, *, by_sms: bool) -> Figure:
    worst = []
    for run in range(bench.runs):
        bench.say(f"  {row}: run {run + 1} of {bench.runs}, {_CONTRACTS} refused pages")
        worst.append(max(await _moved_on(bench, by_sms=by_sms)))
    target = Target(limit=10, unit="s")
    return Figure(row=row, what=f"{what}, slowest of {_CONTRACTS}", ours=Spread(tuple(worst)), unit="s", target=target)


async def _moved_on(bench: Bench, *, by_sms: bool) -> list[float]:
    async with post.serving() as server:
        plan = Plan(reporters=_CONTRACTS, contracts=_CONTRACTS, page="on_duty:engineer", by_sms=by_sms)
        furniture = furnish(bench.room("undelivered") / "ours", server.url, plan)
        await server.rule(blocked=[furniture.chat("engineer", number) for number in range(_CONTRACTS)])
        async with bench.hotline(furniture) as bot:
            await server.is_polled(bot)
            await server.inject(reports.steady(furniture.reporter, _CONTRACTS, 2))

            async def all_told() -> bool:
                return len(_waits(await server.log(), furniture, by_sms=by_sms)) == _CONTRACTS

            await until(all_told, _PATIENCE_SECONDS, bot, what="a refused page does not move on")
        return _waits(await server.log(), furniture, by_sms=by_sms)


def _waits(log: Log, furniture: Furniture, *, by_sms: bool) -> list[float]:
    waits = []
    for number in range(_CONTRACTS):
        engineer, manager = furniture.chat("engineer", number), furniture.chat("project_manager", number)
        to = engineer if by_sms else manager
        refused = [one.at for one in log.sent if one.chat == engineer and one.code == _GONE]
        told = [one.at for one in log.sent if one.chat == to and one.code == FINE]
        if refused and told:
            waits.append(min(told) - min(refused))
    return waits
