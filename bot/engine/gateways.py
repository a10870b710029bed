"""The one door to apprise: an address is tried, or a text is handed over. Loaded only where there are further ways."""

import importlib.util
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.config.findings import Finding
from bot.config.settings import Settings
from bot.config.ways import Way
from bot.reader import Reader


class Refusal(Exception):
    """The gateway did not take the text."""


def findings(settings: Settings, reader: Reader) -> list[Finding]:
    """What is wrong with the further ways: addresses that are missing, malformed, or not understood."""
    return [*settings.ways.findings, *_not_understood(settings, reader)]


async def hand_over(way: Way, text: str, title: str = "") -> None:
    """Give the text to the gateway once; `Refusal` if it was not taken. Afterwards nothing of it is remembered."""
    try:
        plugin = _plugin(way)
        taken = plugin is not None and await plugin.async_notify(body=text, title=title)
    except Exception as error:  # a plugin may raise anything; what it says could quote the address
        raise Refusal(type(error).__name__) from None
    if not taken:
        raise Refusal("refused")


def _not_understood(settings: Settings, reader: Reader) -> Iterator[Finding]:
    if not settings.ways.of:
        return
    file = str(settings.people_file)
    if importlib.util.find_spec("apprise") is None:
        yield Finding(file, "ways", reader.say("settings.no_apprise"))
        return
    for person, ways in settings.ways.of.items():
        for way in ways:
            if _plugin(way) is None:
                yield Finding(file, f"people.{person}.ways.{way.key}", reader.say("settings.way_refused"))


@cache
def _loaded() -> Any:
    """The library with all its services: a quarter of a second and 25 MB that a house without further ways spares."""
    import apprise

    apprise.Apprise.instantiate("json://localhost")
    return apprise


def _plugin(way: Way) -> Any:
    """A service of apprise for one message; nothing if it does not understand the address.

    A new one for each message: one that is kept would sleep between two messages to be polite to its service, and
    how often somebody may be disturbed is for the relay to say. It follows no redirection and keeps nothing on disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own plugins import what is on its way out
        apprise = _loaded()
    asset = apprise.AppriseAsset(http_redirects=False, storage_mode="memory")
    try:
        return apprise.Apprise.instantiate(way.url, asset=asset, suppress_exceptions=False)
    except (AttributeError, TypeError, ValueError):  # one of its own errors is all three
        return None
