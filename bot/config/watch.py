"""How the hotline watches itself: what the table ``[watch]`` comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.config import secret
from bot.config.addresses import listening, page
from bot.config.config_file import WatchTable
from bot.config.findings import Finding, SettingsError, Unfit
from bot.reader import Reader

HEARTBEAT_VARIABLE = "HOTLINE_HEARTBEAT_URL"
_HEARTBEAT = secret.Places(key="watch.heartbeat_url", variable=HEARTBEAT_VARIABLE, refusal="settings.two_heartbeats")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Where others can look, how often we look ourselves, and who hears that all is well; nobody if empty."""

    listen: tuple[str, int] | None = None
    audit_every: timedelta = timedelta(minutes=1)
    heartbeat_url: str = field(default="", repr=False)
    heartbeat_every: timedelta = timedelta(minutes=1)
    outage_after: timedelta = timedelta(seconds=60)
    reoffer_after: timedelta = timedelta(minutes=15)
    conflict_after: timedelta = timedelta(seconds=30)


def read(table: WatchTable, config: Path, env: Mapping[str, str], reader: Reader) -> Watch:
    """The table, with the address that may also stand in a file or in the environment, because it is a secret."""
    url, key = secret.read(_HEARTBEAT, table.heartbeat_url, table.heartbeat_url_file, config, env, reader)
    try:
        url = page(url) if url else ""
    except Unfit as error:
        raise SettingsError([Finding(str(config), key, reader.say(error.key))]) from None
    return Watch(
        listen=listening(table.listen) if table.listen else None,
        audit_every=table.audit_every,
        heartbeat_url=url,
        heartbeat_every=table.heartbeat_every,
        outage_after=table.outage_after,
        reoffer_after=table.reoffer_after,
        conflict_after=table.conflict_after,
    )
