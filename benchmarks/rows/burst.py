"""Two thousand reports at once: how many a second are kept, and how many are tickets."""

from benchmarks import database, post, reports
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Spread, Target
from benchmarks.furniture import Plan, furnish
from benchmarks.processes import until
from bot.clock import monotonic

ROW = "b"
WHAT = "a burst of reports, accepted and durable"
_OPENED = "SELECT count(*) FROM tickets"
_PATIENCE_SECONDS = 300


async def measure(bench: Bench) -> list[Figure]:
    """A burst into a fresh hotline, and this disk's own rate beside it."""
    count = bench.size(2000, 300)
    kept, opened, raw = [], [], []
    for run in range(bench.runs):
        bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {count} reports at once")
        raw.append(database.commits_per_second(bench.room("raw"), bench.size(2000, 500)))
        async with post.serving() as server:
            furniture = furnish(bench.room("burst") / "ours", server.url, Plan(reporters=count))
            async with bench.hotline(furniture) as bot:
                await server.is_polled(bot)
                with database.looking(furniture.database) as look:

                    async def all_opened() -> bool:
                        return bool(look.execute(_OPENED).fetchone()[0] >= count)

                    began = await server.inject(reports.steady(furniture.reporter, count, 0))
                    await until(all_opened, _PATIENCE_SECONDS, bot, what="tickets are missing", glance=0.02)
                    opened.append(count / (monotonic() - began))
                confirmed = [report.confirmed_at for report in (await server.log()).reports]
            kept.append(count / (max(at for at in confirmed if at is not None) - began))
    return [
        *_pair("b1", "in the inbox", count, kept, raw),
        *_pair("b2", "as tickets", count, opened, raw),
    ]


def _pair(row: str, where: str, count: int, rates: list[float], raw: list[float]) -> list[Figure]:
    return [
        Figure(
            row=row,
            what=f"burst of {count:,} reports, accepted and durable {where}",
            ours=Spread(tuple(rates)),
            unit="/s",
            target=Target(limit=300, unit="/s", at_least=True),
            beside="raw one-row commits",
            peer=Spread(tuple(raw)),
        ),
        Figure(
            row=f"{row}r",
            what=f"{where}, against the raw one-row-commit rate",
            ours=Spread(tuple(mine / its for mine, its in zip(rates, raw, strict=True))),
            unit="x",
            target=Target(limit=0.3, unit="x", at_least=True),
        ),
    ]
