"""Where the time of a report goes until its page: the hotline's own loops in this process, with their commits noted."""

from bisect import bisect_left
from statistics import median

from benchmarks import post, reports
from benchmarks.bench import Bench
from benchmarks.furniture import Plan, furnish
from benchmarks.processes import until
from bot.clock import WallClock, monotonic
from bot.config import settings
from bot.engine import service

_RATE = 20.0
_PATIENCE_SECONDS = 60
_MS = 1000


async def told(bench: Bench, count: int) -> str:
    """The median of each stage, one below the other."""
    commits: list[tuple[float, frozenset[str]]] = []
    async with post.serving() as server:
        furniture = furnish(bench.room("stages") / "ours", server.url, Plan(reporters=count))
        async with service.opened(settings.load(furniture.config, {}), WallClock()) as hotline:
            await server.is_polled()
            hotline.store.on_commit(lambda names: commits.append((monotonic(), names)))
            await server.inject([(furniture.reporter(n), reports.general(n), n / _RATE) for n in range(count)])

            async def all_paged() -> bool:
                return len(reports.first_pages((await server.log()).sent, furniture.duty)) == count

            await until(all_paged, _PATIENCE_SECONDS, what="pages are missing")
        log = await server.log()
    pages = reports.first_pages(log.sent, furniture.duty)
    kept, opened = ([at for at, names in commits if name in names] for name in ("inbox", "alarms"))
    stages: dict[str, list[float]] = {"there -> kept": [], "kept -> ticket": [], "ticket -> page accepted": []}
    for number, report in enumerate(log.reports):
        in_inbox = _next(kept, report.made_at)
        is_ticket = _next(opened, in_inbox)
        instants = (report.made_at, in_inbox, is_ticket, pages[reports.mark(number)])
        for stage, begin, end in zip(stages.values(), instants, instants[1:], strict=False):
            stage.append((end - begin) * _MS)
    lines = [f"{median(spans):7.2f} ms  {name}" for name, spans in stages.items()]
    return "\n".join([f"where a report's time goes, medians of {count}, {_RATE:.0f} a second:", *lines])


def _next(instants: list[float], after: float) -> float:
    return instants[min(bisect_left(instants, after), len(instants) - 1)]
