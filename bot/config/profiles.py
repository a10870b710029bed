"""The folder of contract profiles."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.config import toml_file
from bot.config.findings import Finding, SettingsError
from bot.reader import Reader
from sla.profile import Profile


@dataclass(slots=True)
class Contracts:
    """The profiles that can be served, every slug that is named, whether some are not, and what is wrong."""

    served: dict[str, Profile] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    some_unnamed: bool = False
    findings: list[Finding] = field(default_factory=list)


def read(folder: Path, reader: Reader) -> Contracts:
    """Every ``*.toml`` of the folder, in the order of the file names."""
    contracts = Contracts()
    prefixes: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        named = len(contracts.slugs)
        try:
            raw = toml_file.table(path, reader)
            contracts.slugs |= _slug(raw)
            profile = toml_file.fitted(raw, Profile, path, reader)
        except SettingsError as error:
            contracts.findings += error.findings
            contracts.some_unnamed |= len(contracts.slugs) == named
            continue
        _take(contracts, prefixes, profile, path, reader)
    if not contracts.slugs and not contracts.findings:
        contracts.some_unnamed = True
        sentence = "settings.no_contracts" if folder.is_dir() else "settings.no_folder"
        contracts.findings.append(Finding(str(folder), "", reader.say(sentence)))
    return contracts


def _take(contracts: Contracts, prefixes: dict[str, str], profile: Profile, path: Path, reader: Reader) -> None:
    if profile.slug in contracts.served:
        reason = reader.say("settings.slug_twice", slug=profile.slug)
        contracts.findings.append(Finding(str(path), "slug", reason))
        return
    other = prefixes.setdefault(profile.ticket_prefix, profile.slug)
    if other != profile.slug:
        reason = reader.say("settings.prefix_twice", prefix=profile.ticket_prefix, slug=other)
        contracts.findings.append(Finding(str(path), "ticket_prefix", reason))
    contracts.served[profile.slug] = profile


def _slug(raw: dict[str, Any]) -> set[str]:
    slug = raw.get("slug")
    return {slug} if isinstance(slug, str) else set()
