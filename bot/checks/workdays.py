"""Whether the calendar knows the years that are needed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.checks.remarks import Remark, remark
from bot.config.settings import Settings

AHEAD = timedelta(days=45)  # the notice comes in November, and a deadline of December may look at January


def remarks(settings: Settings, now: datetime) -> Iterator[Remark]:
    """A year that is not known although it has begun or is about to begin, in any contract's zone."""
    zones = {profile.zone for profile in settings.contracts.values()}
    years = {(now + span).astimezone(zone).year for zone in zones for span in (timedelta(), AHEAD)}
    for year in sorted(years - settings.calendar.years):
        yield remark("calendar_uncovered", year=year)
