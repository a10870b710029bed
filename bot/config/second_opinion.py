"""Who may be asked for a second opinion: what the table ``[second_opinion]`` comes to."""

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
    return SecondOpinion(url=table.url, model=table.model, key=key, limit=table.limit)
