"""A secret stands in one of three places: under its key, in a file of its own, or in the environment, which wins."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.config import toml_file
from bot.config.findings import Finding, SettingsError
from bot.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a secret may stand; the key of the file is the key with ``_file`` behind it."""

    key: str
    variable: str
    refusal: str  # the sentence for a secret that stands in the file and in another one


def read(
    places: Places, written: SecretStr, file: str | None, config: Path, env: Mapping[str, str], reader: Reader
) -> tuple[str, str]:
    """The secret, empty if there is none, and the name of the place where it stands."""
    from_environment = env.get(places.variable, "").strip()
    if from_environment:
        return from_environment, places.variable
    here = written.get_secret_value().strip()
    if file is None:
        return here, places.key
    key = f"{places.key}_file"
    if here:
        raise SettingsError([Finding(str(config), key, reader.say(places.refusal))])
    return toml_file.words(config.parent / file, reader).strip(), key
