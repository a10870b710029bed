"""Further ways to reach people, as people.toml names them; the addresses of gateways are secrets kept elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from bot.config import toml_file
from bot.config.findings import Finding, SettingsError, key_of, nearest
from bot.reader import Reader
from sla.terms import WayKind

TO = "{to}"
_OWN = ("json", "jsons", "form", "forms")
# Only what is meant: the library also knows relays of third parties, `wecom` among them, that would read every text.
SCHEMES: Mapping[WayKind, Sequence[str]] = {
    WayKind.SMS: (*_OWN, "smseagle", "smseagles", "httpsms", "twilio", "vonage", "sinch", "clicksend"),
    WayKind.VOICE: _OWN,
    WayKind.MAIL: ("mailto", "mailtos"),
    WayKind.CHAT: (*_OWN, "wecombot", "wechat", "dingtalk", "feishu", "lark", "ntfy", "ntfys", "bark", "barks"),
}

Name = Annotated[str, Field(min_length=1, max_length=64)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WayTable(_Table):
    """One gateway: its kind, and where its secret address stands."""

    key: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    kind: WayKind
    url_env: Name | None = None
    url_file: Name | None = None


class PersonWayTable(_Table):
    """A person's number or address at a gateway."""

    way: Name
    to: str = Field(default="", max_length=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One further way to one person, ready to be used; its address is shown nowhere."""

    key: str
    kind: WayKind
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Everybody's further ways in their order, and what is wrong with the addresses."""

    of: Mapping[str, tuple[Way, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


Named = Mapping[str, Sequence[PersonWayTable]]


def contradictions(
    tables: Sequence[WayTable], named: Sequence[Sequence[PersonWayTable]], reader: Reader
) -> Iterator[tuple[str, str]]:
    """What the file alone shows to be wrong: place and reason."""
    keys = [table.key for table in tables]
    for place, table in enumerate(tables):
        if table.key in keys[:place]:
            other = key_of(("ways", keys.index(table.key)))
            yield key_of(("ways", place, "key")), reader.say("settings.twice", word=table.key, other=other)
        if (table.url_env is None) is (table.url_file is None):
            yield key_of(("ways", place)), reader.say("settings.way_one_url")
    for person, ways in enumerate(named):
        for place, way in enumerate(ways):
            where = key_of(("people", person, "ways", place, "way"))
            earlier = [one.way for one in ways[:place]]
            if way.way not in keys:
                yield where, reader.say("settings.no_way", word=way.way) + nearest(reader, way.way, keys)
            elif way.way in earlier:
                other = key_of(("people", person, "ways", earlier.index(way.way)))
                yield where, reader.say("settings.twice", word=way.way, other=other)


def opened(path: Path, tables: Sequence[WayTable], named: Named, env: Mapping[str, str], reader: Reader) -> Ways:
    """The ways with their addresses, from the environment or from files beside the file at `path`."""
    findings: list[Finding] = []
    urls: dict[str, str] = {}
    for place, table in enumerate(tables):
        key, url, reason = _address(path, table, env, reader)
        if reason:
            findings.append(Finding(str(path), f"{key_of(('ways', place))}.{key}", reason))
        else:
            urls[table.key] = url
    kinds = {table.key: table.kind for table in tables}
    ways: dict[str, tuple[Way, ...]] = {}
    for person, wanted in named.items():
        known = [way for way in wanted if way.way in urls]
        for way in known:
            if (TO in urls[way.way]) is not bool(way.to):
                sentence = "settings.way_no_to" if way.to else "settings.way_needs_to"
                findings.append(Finding(str(path), f"people.{person}.ways", reader.say(sentence, way=way.way)))
        ways[person] = tuple(
            Way(key=way.way, kind=kinds[way.way], url=urls[way.way].replace(TO, quote(way.to, safe="")))
            for way in known
        )
    return Ways(of={person: found for person, found in ways.items() if found}, findings=tuple(findings))


def _address(path: Path, table: WayTable, env: Mapping[str, str], reader: Reader) -> tuple[str, str, str]:
    """The key that names the address, the address, and what is wrong with it; no reason repeats it."""
    if table.url_env is not None:
        key, url = "url_env", env.get(table.url_env, "").strip()
        if not url:
            return key, "", reader.say("settings.way_no_env", name=table.url_env)
    else:
        key, file = "url_file", path.parent / str(table.url_file)
        try:
            url = toml_file.words(file, reader).strip()
        except SettingsError as error:
            return key, "", f"{file} {error.findings[0].reason}"
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if scheme not in SCHEMES[table.kind] or any(sign.isspace() for sign in url):
        valid = reader.say("settings.and").join(SCHEMES[table.kind])
        return key, "", reader.say("settings.way_scheme", kind=table.kind.value, valid=valid)
    return key, url, ""
