"""Whether the calendar knows the years that are needed, and whether what a contract counts has a first day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.checks.remarks import Remark, remark
from bot.checks.staffing import is_served
from bot.config.settings import Settings
from sla import services
from sla.services import Service

AHEAD = timedelta(days=45)  # the notice comes in November, and a deadline of December may look at January


def remarks(settings: Settings, now: datetime) -> Iterator[Remark]:
    """Years that are not known although they have begun or are about to, and what hangs on them already."""
    zones = {profile.zone for profile in settings.contracts.values()}
    years = {(now + span).astimezone(zone).year for zone in zones for span in (timedelta(), AHEAD)}
    for year in sorted(years - settings.calendar.years):
        yield remark("calendar_uncovered", year=year)
    for slug, profile in settings.contracts.items():
        counted = {row.key for row in profile.service_rows}
        waiting = [table.name for table in profile.services if table.key not in counted]
        if waiting and is_served(settings, slug):
            yield remark("service_without_start", contract=slug, service="、".join(waiting))
        for row in profile.service_rows:
            if _is_provisional(settings, row, (now + AHEAD).astimezone(profile.zone)):
                yield remark("service_provisional", contract=slug, service=row.name)


def _is_provisional(settings: Settings, row: Service, local: datetime) -> bool:
    """Whether the days of reminding of what is due next hang on a year that is not announced."""
    return any(one.provisional for one in services.reminders(row, (), local.date(), settings.calendar))
