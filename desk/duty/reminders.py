"""What is said of a key period at its time: a day before, at its beginning, at its end; each once."""

from datetime import datetime

from desk.duty import key_periods as periods
from desk.duty import plan, watch
from desk.house import Desk
from sla import escalation, staffing
from sla.key_periods import KeyPeriod
from sla.terms import Tightening
from storage import alarms, key_periods, marks, people, tickets

_ALL = 10_000


async def look(desk: Desk) -> datetime | None:
    """Say what is due of every period, and come again for the next of them."""
    later: list[datetime] = []
    for slug in desk.house.contracts:
        for period in await key_periods.valid(desk.tx, slug, desk.now - plan.DAY):
            later += await _of_period(desk, period)
    return min(later, default=None)


async def _of_period(desk: Desk, period: KeyPeriod) -> list[datetime]:
    table = desk.contract(period.contract).profile.key_periods
    ahead = period.start - table.remind_ahead
    waiting = [at for at in (ahead, period.start, period.end) if at > desk.now]
    if ahead <= desk.now < period.start and period.at < ahead and await _first(desk, period, "ahead"):
        await periods.announce(desk, period, "key_period.tomorrow")
        await _lacks(desk, period)
    if period.covers(desk.now) and await _first(desk, period, "start"):
        if period.at < period.start:  # else it was declared just now, and that says it all
            await periods.announce(desk, period, "key_period.begins")
            await _lacks(desk, period)
        await _ring_anew(desk, period)
    if period.end <= desk.now < period.end + plan.DAY and await _first(desk, period, "end"):
        await periods.announce(desk, period, "key_period.ends")
    return waiting


async def _first(desk: Desk, period: KeyPeriod, what: str) -> bool:
    return await marks.first_time(desk.tx, f"key_period:{period.id}:{what}", desk.now)


async def _lacks(desk: Desk, period: KeyPeriod) -> None:
    """As long as somebody has to be named, those who can do it are asked again."""
    table = desk.contract(period.contract).profile.key_periods
    watches = await key_periods.watches(desk.tx, period.id)
    found = await desk.shifts(period.contract, period.start, period.end)
    holders = {
        role.value: [one.key for one in await people.holding(desk.tx, period.contract, role.value)]
        for role in table.everybody
    }
    lacks = staffing.shortage(period, watches, found, table, holders)
    if lacks.unnamed or lacks.absent:
        await watch.ask_for_names(desk, period)


async def _ring_anew(desk: Desk, period: KeyPeriod) -> None:
    """Calls that wait already come as often as the period asks from now on."""
    if desk.contract(period.contract).terms.in_key_period == Tightening():
        return
    for seen in await tickets.open_in(desk.tx, [period.contract], limit=_ALL):
        ticket = await tickets.load(desk.tx, seen.id)
        if ticket is not None and ticket.is_open:
            await alarms.replace(desk.tx, ticket, escalation.alarms(ticket, await desk.terms(ticket)))
