"""The house as a command needs it: everything that the settings say, without anything that runs."""

from bot.config.settings import Settings
from bot.engine.service import LOCALES
from desk.house import Contract, House
from desk.words import Words


def house_of(settings: Settings) -> House:
    """The contracts, the words and the calendar of these settings."""
    return House(
        contracts={slug: Contract.of(profile) for slug, profile in settings.contracts.items()},
        words=Words.read(LOCALES),
        language=settings.language,
        minimal=settings.minimal,
        calendar=settings.calendar,
    )
