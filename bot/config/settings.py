"""Everything that is configured: read once, checked, frozen, and passed on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.config import calendar, people_file, profiles, second_opinion, secret, toml_file, watch, ways
from bot.config.addresses import listening
from bot.config.config_file import CanaryTable, ConfigFile, WebhookTable
from bot.config.findings import Finding, SettingsError, key_of, nearest
from bot.config.people_file import Staff
from bot.config.second_opinion import SecondOpinion
from bot.config.watch import Watch
from bot.config.ways import Ways
from bot.reader import Reader
from desk import canary
from sla.calendar import Calendar
from sla.duty import Override
from sla.profile import Profile
from sla.roster import Roster
from storage.groups import Group
from storage.people import Person

__all__ = ["Finding", "Settings", "SettingsError", "Watch", "Webhook", "load"]

TOKEN_VARIABLE = "HOTLINE_TELEGRAM_TOKEN"  # noqa: S105 - the name of the variable, not a token
_TOKEN = secret.Places(key="telegram.token", variable=TOKEN_VARIABLE, refusal="settings.two_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Telegram delivers updates, and the word by which it is known."""

    listen_host: str
    listen_port: int
    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the program runs with; its text shows nothing secret."""

    path: Path
    language: str
    minimal: bool
    token: str = field(repr=False)
    api_url: str
    proxy: str | None = field(repr=False)
    mode: Literal["polling", "webhook"]
    paced: bool
    webhook: Webhook | None
    storage_url: str = field(repr=False)
    files: Path
    web_listen: str
    contracts: Mapping[str, Profile]
    people: tuple[Person, ...]
    rosters: tuple[Roster, ...]
    groups: tuple[Group, ...]
    overrides: tuple[Override, ...] = ()
    contracts_folder: Path = Path("contracts")
    watch: Watch = field(default_factory=Watch)
    canary: CanaryTable | None = None
    people_file: Path = Path("people.toml")
    ways: Ways = field(default_factory=Ways)
    calendar: Calendar = field(default_factory=Calendar, repr=False)
    public_url: str = ""
    second_opinion: SecondOpinion | None = None

    def ledger_of(self, profile: Profile) -> Path | None:
        """The equipment list of a contract, beside its profile."""
        return None if profile.ledger is None else self.contracts_folder / profile.ledger


def load(path: Path, env: Mapping[str, str]) -> Settings:
    """The settings of this file and of those that it names; `SettingsError` with everything that is wrong."""
    reader = Reader.of(env)
    config = toml_file.fitted(toml_file.table(path, reader), ConfigFile, path, reader)
    folder = path.parent
    contracts = profiles.read(folder / config.hotline.contracts, reader)
    findings = list(contracts.findings)
    token, staff = "", Staff(people=(), rosters=(), groups=())
    try:
        staff = people_file.read(
            folder / config.hotline.people, None if contracts.some_unnamed else contracts.slugs, reader
        )
    except SettingsError as error:
        findings += error.findings
    try:
        telegram = config.telegram
        token, _ = secret.read(_TOKEN, telegram.token, telegram.token_file, path, env, reader)
    except SettingsError as error:
        findings += error.findings
    try:
        watched = watch.read(config.watch, path, env, reader)
    except SettingsError as error:
        watched = Watch()
        findings += error.findings
    asked = None
    try:
        asked = second_opinion.read(config.second_opinion, path, env, reader)
    except SettingsError as error:
        findings += error.findings
    workdays = Calendar()
    try:
        workdays = calendar.read(config.calendar, path, reader)
    except SettingsError as error:
        findings += error.findings
    if config.telegram.mode == "webhook" and config.telegram.webhook is None:
        findings.append(Finding(str(path), "telegram.webhook", reader.say("settings.no_webhook")))
    if config.canary is not None and not findings:
        findings += _canary(config.canary, contracts.served, staff, path, reader)
    if findings:
        raise SettingsError(findings)
    return Settings(
        path=path,
        language=config.hotline.language,
        minimal=config.hotline.message_detail == "minimal",
        token=token,
        api_url=config.telegram.api_url,
        proxy=config.telegram.proxy or None,
        mode=config.telegram.mode,
        paced=config.telegram.limits == "telegram",
        webhook=_webhook(config.telegram.webhook),
        storage_url=_storage_url(config.storage.url, folder),
        files=(folder / config.storage.files).absolute(),
        web_listen=config.web.listen,
        contracts=contracts.served,
        people=staff.people,
        rosters=staff.rosters,
        overrides=staff.overrides,
        groups=staff.groups,
        contracts_folder=folder / config.hotline.contracts,
        watch=watched,
        canary=config.canary,
        people_file=folder / config.hotline.people,
        ways=ways.opened(folder / config.hotline.people, staff.gateways, staff.ways, env, reader),
        calendar=workdays,
        public_url=config.web.public_url,
        second_opinion=asked,
    )


def _canary(
    table: CanaryTable, served: Mapping[str, Profile], staff: Staff, path: Path, reader: Reader
) -> list[Finding]:
    """It flies under a name of its own, into a chat in which nobody reports or is paged."""
    found = []
    if table.contract not in served:
        reason = reader.say("settings.no_contract", word=table.contract) + nearest(reader, table.contract, served)
        found.append(Finding(str(path), key_of(("canary", "contract")), reason))
    if any(canary.SLUG == profile.slug or canary.PREFIX == profile.ticket_prefix for profile in served.values()):
        found.append(Finding(str(path), "canary", reader.say("settings.canary_name", slug=canary.SLUG)))
    taken = {group.chat_id for group in staff.groups} | {person.telegram_id for person in staff.people}
    if table.chat_id in taken:
        found.append(Finding(str(path), key_of(("canary", "chat_id")), reader.say("settings.canary_chat")))
    return found


def _webhook(table: WebhookTable | None) -> Webhook | None:
    if table is None:
        return None
    host, port = listening(table.listen)
    return Webhook(listen_host=host, listen_port=port, url=table.url, secret=table.secret.get_secret_value())


def _storage_url(url: str, folder: Path) -> str:
    scheme, _, rest = url.partition("://")
    if scheme != "sqlite":
        return url
    return f"sqlite:///{(folder / rest.removeprefix('/')).absolute()}"
