"""Whether the second opinion answers: one harmless question, and no finding, because the hotline does without it."""

from urllib.parse import urlsplit

from bot.clock import monotonic
from bot.config.settings import Settings
from bot.engine.asking import Endpoint, Unanswered
from bot.reader import Reader

OWN_MACHINE = ("127.0.0.1", "::1", "localhost")
_HARMLESS = "这是一次连接测试：会议室的投影没有画面"


async def tried(settings: Settings, reader: Reader) -> list[str]:
    """One line for an endpoint that is configured, and one more if what is said can be overheard on its way."""
    asked = settings.second_opinion
    if asked is None:
        return []
    address, endpoint = urlsplit(asked.url), Endpoint(asked)
    key, why, began = "check.second_opinion", "", monotonic()
    try:
        await endpoint.ask(_HARMLESS)
    except Unanswered as failure:
        key, why = "check.second_opinion_silent", str(failure)
    finally:
        endpoint.close()
    seconds = f"{monotonic() - began:.1f}"
    lines = [reader.say(key, server=address.hostname, seconds=seconds, why=why)]
    if address.scheme != "https" and address.hostname not in OWN_MACHINE:
        lines.append(reader.say("check.second_opinion_plain", server=address.hostname))
    return lines
