"""Who may be asked for a second opinion: what the table ``[second_opinion]`` comes to."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.config import secret
from bot.config.config_file import SecondOpinionTable
from bot.config.findings import Finding, SettingsError
from bot.reader import Reader

KEY_VARIABLE = "HOTLINE_SECOND_OPINION_KEY"
_KEY = secret.Places(key="second_opinion.key", variable=KEY_VARIABLE, refusal="settings.two_keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """An OpenAI-compatible endpoint of the bureau's own, and how long it may take."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    ca: Path | None = None  # whose certificates are trusted beside those that everybody trusts
    limit: timedelta = timedelta(seconds=2)


def read(
    table: SecondOpinionTable | None, config: Path, env: Mapping[str, str], reader: Reader
) -> SecondOpinion | None:
    """The endpoint with its key; nobody is asked where the table is missing, whatever the environment says."""
    if table is None:
        return None
    key, place = secret.read(_KEY, table.key, table.key_file, config, env, reader)
    if not all("!" <= sign <= "~" for sign in key):  # it travels in a header
        raise SettingsError([Finding(str(config), place, reader.say("settings.second_opinion_key"))])
    ca = config.parent / table.ca_file if table.ca_file is not None else None
    try:
        trust(ca)
    except (OSError, ssl.SSLError):
        raise SettingsError([Finding(str(ca), "", reader.say("settings.second_opinion_ca"))]) from None
    return SecondOpinion(url=table.url, model=table.model, key=key, ca=ca, limit=table.limit)


def trust(ca: Path | None) -> ssl.SSLContext:
    """Whom we believe to be who they say: whom this machine believes, and the bureau's own authority."""
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(ca)
    return context
