"""`hotline ways`: how everybody can be reached, and a test message that shows whether a gateway really works."""

import asyncio
from collections.abc import Iterator

from bot.config.findings import SettingsError, nearest
from bot.config.settings import Settings
from bot.config.ways import Way
from bot.engine import gateways, service
from bot.engine.gateways import Refusal
from bot.engine.relay import PATIENCE
from bot.reader import Reader, Stop
from desk.words import Words
from sla.terms import WayKind


def listed(settings: Settings, reader: Reader) -> Iterator[str]:
    """A line for each person: name, and the ways in the order in which they are tried."""
    for person in settings.people:
        ways = [reader.say(f"ways.{way.kind.value}", gateway=way.key) for way in settings.ways.of.get(person.key, ())]
        named = reader.say("settings.and").join(["Telegram", *ways])
        yield reader.say("ways.person", name=person.name, person=person.key, ways=named)


async def tested(settings: Settings, key: str, reader: Reader) -> tuple[list[str], bool]:
    """Send a test by every further way of a person; what each gateway said, and whether all took it."""
    named = {person.key: person for person in settings.people}
    if key not in named:
        raise Stop(reader.say("cli.no_person", word=key) + nearest(reader, key, named))
    amiss = gateways.findings(settings, reader)
    if amiss:
        raise SettingsError(amiss)
    ways = settings.ways.of.get(key, ())
    if not ways:
        raise Stop(reader.say("ways.none", name=named[key].name))
    words = Words.read(service.LOCALES)
    hotline = words.plain(settings.language, "relay.hotline")
    text = words.plain(settings.language, "relay.test", hotline=hotline)
    answers = [await _tried(way, text, hotline) for way in ways]
    lines = [
        reader.say(f"ways.{answer}", way=reader.say(f"ways.{way.kind.value}", gateway=way.key))
        for way, answer in zip(ways, answers, strict=True)
    ]
    return lines, all(answer == "taken" for answer in answers)


async def _tried(way: Way, text: str, title: str) -> str:
    try:
        sent = gateways.hand_over(way, text, title if way.kind is WayKind.MAIL else "")
        await asyncio.wait_for(sent, PATIENCE.total_seconds())
    except TimeoutError:
        return "unanswered"
    except Refusal:
        return "refused"
    return "taken"
