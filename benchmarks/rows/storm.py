"""Five hundred reports in a minute with a major fault in the middle, while the Bot API keeps to Telegram's limits."""

from benchmarks import database, post, reports
from benchmarks.bench import Bench
from benchmarks.figures import Figure, NotMeasured, Spread, Target
from benchmarks.furniture import Furniture, Plan, furnish
from benchmarks.post import FINE, Log, Post
from benchmarks.processes import Program, until
from bot.clock import monotonic

ROW = "h"
WHAT = "a storm of reports with one major in the middle, Telegram's limits"
_QUIET_SECONDS = 90
_LONGEST_SECONDS = 1500
_TICKETS = "SELECT number FROM tickets"
_REFUSED = 429


async def measure(bench: Bench) -> list[Figure]:
    """A storm lasts long, because the limits do: it is measured once, however many runs are asked for."""
    count, seconds = bench.size(500, 60), bench.size(60, 8)
    bench.say(f"  {ROW}: {count} reports in {seconds} s, then until everybody has been told, or nothing moves any more")
    async with post.serving() as server:
        furniture = furnish(bench.room("storm") / "ours", server.url, Plan(reporters=count, paced=True))
        async with bench.hotline(furniture) as bot:
            await server.is_polled(bot)
            await server.rule(limits=True)
            storm = reports.steady(furniture.reporter, count, count / seconds)
            middle = count // 2
            storm[middle] = (storm[middle][0], reports.major(middle), storm[middle][2])
            await server.inject(storm)
            unnamed = await _told(bench, server, bot, furniture, count)
            log = await server.log()
        first = reports.first_pages(log.sent, furniture.duty).get(reports.mark(middle))
        if first is None:
            raise NotMeasured("the major fault was never paged")
        made = next(report.made_at for report in log.reports if reports.mark(middle) in report.text)
        opened = database.value(furniture.database, "SELECT count(*) FROM tickets")
    what = f"storm, {count} reports in {seconds} s, Telegram's limits: the major's first page"
    return [
        _figure("h1", what, first - made, "s", Target(limit=2, unit="s")),
        _figure("h2", "reports without a ticket", count - opened, "", Target(limit=0)),
        _figure("h3", "tickets that no page or bundle to those on duty names", unnamed, "", Target(limit=0)),
        _figure("h4", "until the last of them was named", _last(log, furniture) - log.reports[0].made_at, "s"),
        _figure("h5", "sends refused as too fast (429)", sum(one.code == _REFUSED for one in log.sent), ""),
    ]


async def _told(bench: Bench, server: Post, bot: Program, furniture: Furniture, count: int) -> int:
    """Wait until each ticket was named to somebody on duty, or nothing new is named for a while; how many were not."""
    text, seen, least, moved_at = [""], 0, count, monotonic()

    async def over() -> bool:
        nonlocal seen, least, moved_at
        log = await server.log(seen)
        seen += len(log.sent)
        text[0] += "\n".join(one.text for one in log.sent if one.code == FINE and one.chat in furniture.duty)
        left = _unnamed(furniture, text[0], count)
        if left < least:
            least, moved_at = left, monotonic()
            bench.say(f"  {ROW}: {left} tickets are still to be named")
        return not left or (len(log.reports) == count and monotonic() - moved_at > _QUIET_SECONDS)

    await until(over, _LONGEST_SECONDS, bot, what="the storm does not end", glance=5)
    return least


def _unnamed(furniture: Furniture, text: str, count: int) -> int:
    with database.looking(furniture.database) as look:
        named = sum(number in text for (number,) in look.execute(_TICKETS))
    return count - named


def _last(log: Log, furniture: Furniture) -> float:
    with database.looking(furniture.database) as look:
        left = {number for (number,) in look.execute(_TICKETS)}
    last = log.reports[0].made_at
    for one in log.sent:
        if one.code == FINE and one.chat in furniture.duty:
            named = {number for number in left if number in one.text}
            left -= named
            last = one.at if named else last
    return last


def _figure(row: str, what: str, value: float, unit: str, target: Target | None = None) -> Figure:
    return Figure(row=row, what=what, ours=Spread((float(value),)), unit=unit, target=target)
