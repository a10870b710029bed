"""config.toml as it is written: every key, its default, and what it may be."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bot.config.addresses import endpoint, listening, server
from bot.config.findings import Unfit
from sla.profile import Duration

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HTTP = ("http", "https")
_PROXIES = (*_HTTP, "socks5", "socks5h")
_SOON = timedelta(seconds=2)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _listen(text: str) -> str:
    listening(text)
    return text


def _listen_or_off(text: str) -> str:
    return _listen(text) if text else text


def _http(text: str) -> str:
    return server(text, _HTTP, "settings.http")


def _http_or_none(text: str) -> str:
    return _http(text).rstrip("/") if text else text


def _proxy(text: str) -> str:
    return server(text, _PROXIES, "settings.proxy") if text else text


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(secret.get_secret_value()):
        raise Unfit("settings.webhook_secret")
    return secret


def _database(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    file = rest.removeprefix("/")
    if not mark or scheme not in ("sqlite", "postgresql"):
        raise Unfit("settings.database")
    if scheme == "sqlite" and (not rest.startswith("/") or file in ("", ":memory:") or "?" in file):
        raise Unfit("settings.database")
    return url


def _soon(limit: timedelta) -> timedelta:
    if limit > _SOON:
        raise Unfit("settings.second_opinion_limit")
    return limit


def _day(value: object) -> object:
    """A date as TOML has it: no text, and no instant, which would lose its hour without a word."""
    if type(value) is not date:
        raise Unfit("settings.day")
    return value


Name = Annotated[str, Field(min_length=1)]
Listen = Annotated[str, AfterValidator(_listen)]
ListenOrOff = Annotated[str, AfterValidator(_listen_or_off)]
Server = Annotated[str, AfterValidator(_http)]
Day = Annotated[date, BeforeValidator(_day)]


class HotlineTable(_Table):
    """Where the other files are, and how the hotline speaks."""

    contracts: Name = "contracts"
    people: Name = "people.toml"
    language: Literal["zh-CN", "en"] = "zh-CN"
    message_detail: Literal["full", "minimal"] = "full"


class WebhookTable(_Table):
    """Where Telegram delivers updates when the bot does not fetch them."""

    listen: Listen
    url: Server
    secret: Annotated[SecretStr, AfterValidator(_webhook_secret)]


class TelegramTable(_Table):
    """The bot's account, and the way to its server."""

    token: SecretStr = SecretStr("")
    token_file: Name | None = None
    api_url: Server = "https://api.telegram.org"
    proxy: Annotated[str, AfterValidator(_proxy)] = ""
    mode: Literal["polling", "webhook"] = "polling"
    limits: Literal["telegram", "none"] = "telegram"
    webhook: WebhookTable | None = None


class StorageTable(_Table):
    """Where tickets, ledger and evidence are kept."""

    url: Annotated[str, AfterValidator(_database)] = "sqlite:///hotline.db"
    files: Name = "files"


class WebTable(_Table):
    """Where the board listens, and under which address it is found from outside."""

    listen: ListenOrOff = "127.0.0.1:8080"
    public_url: Annotated[str, AfterValidator(_http_or_none)] = ""


class WatchTable(_Table):
    """How the hotline watches itself, and who is told."""

    listen: ListenOrOff = ""
    audit_every: Duration = timedelta(minutes=1)
    heartbeat_url: SecretStr = SecretStr("")
    heartbeat_url_file: Name | None = None
    heartbeat_every: Duration = timedelta(minutes=1)
    outage_after: Duration = timedelta(seconds=60)
    reoffer_after: Duration = timedelta(minutes=15)
    conflict_after: Duration = timedelta(seconds=30)


class CanaryTable(_Table):
    """The hotline's own test ticket: where it pages, how often, and how long that may take."""

    contract: Name
    chat_id: int
    every: Duration = timedelta(hours=6)
    limit: Duration = timedelta(minutes=1)


class SecondOpinionTable(_Table):
    """Who may be asked for a second opinion about a message, and how long the answer may take."""

    url: Annotated[str, AfterValidator(endpoint)]
    model: Name
    key: SecretStr = SecretStr("")
    key_file: Name | None = None
    ca_file: Name | None = None
    limit: Annotated[Duration, AfterValidator(_soon)] = _SOON


class YearTable(_Table):
    """The days of one year as the State Council's notice has them: rest on weekdays, work on weekends."""

    holidays: tuple[Day, ...] = ()
    workdays: tuple[Day, ...] = ()


class ConfigFile(_Table):
    """The whole file; a table that is left out has its defaults."""

    hotline: HotlineTable = HotlineTable()
    telegram: TelegramTable = TelegramTable()
    storage: StorageTable = StorageTable()
    web: WebTable = WebTable()
    watch: WatchTable = WatchTable()
    canary: CanaryTable | None = None
    second_opinion: SecondOpinionTable | None = None
    calendar: Mapping[str, YearTable] = Field(default_factory=dict)
