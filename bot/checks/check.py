"""`hotline check`: what is wrong, found before it hurts; gathered first, then decided without any I/O."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.checks import account, database, posts, staffing, workdays
from bot.checks.account import Account, Place, Silence
from bot.checks.database import Found
from bot.checks.remarks import Remark, remark
from bot.config.addresses import listening
from bot.config.settings import Settings
from bot.engine import gateways
from bot.reader import Reader
from storage.people import Person
from storage.standing import Standing

TELEGRAM = "api.telegram.org"
_WEBHOOK_PORTS = {443, 80, 88, 8443}  # https://core.telegram.org/bots/api#setwebhook
_OWN_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What files, database and Bot API said."""

    found: Found
    account: Account
    missing: tuple[tuple[str, Path], ...] = ()


async def check(settings: Settings, now: datetime, reader: Reader) -> list[str]:
    """One line for each thing that is wrong; nothing if all is well."""
    facts = await gathered(settings, reader)
    amiss = [str(finding) for finding in gateways.findings(settings, reader)]
    return amiss + [found.worded(reader) for found in remarks(settings, facts, now)]


async def gathered(settings: Settings, reader: Reader) -> Facts:
    """Ask the disk, the database and the Bot API."""
    found = await database.look(settings, reader)
    people = [account_of(settings, found, key) for key in ladder_people(settings)]
    asked = await account.ask(
        settings,
        groups=[group.chat_id for group in settings.groups],
        people=[one for one in dict.fromkeys(people) if one is not None],
    )
    return Facts(found=found, account=asked, missing=tuple(_missing(settings)))


def remarks(settings: Settings, facts: Facts, now: datetime) -> list[Remark]:
    """Everything that is wrong, from the machine to the people."""
    return [
        *_of_machine(settings, facts),
        *_of_account(settings, facts.account),
        *workdays.remarks(settings, now),
        *staffing.remarks(settings, now),
        *posts.remarks(settings, facts.found.duty, now),
        *_of_reach(settings, facts),
    ]


def ladder_people(settings: Settings) -> list[str]:
    """The keys of everybody whom any step of any ladder can mean."""
    named = (staffing.people_on_ladder(settings, profile) for profile in settings.contracts.values())
    return list(dict.fromkeys(key for keys in named for key in keys))


def account_of(settings: Settings, found: Found, key: str) -> int | None:
    """The account of a person: the file's, else the one bound by an invite."""
    return next((one.telegram_id for one in _known(settings, found, key) if one.telegram_id is not None), None)


def _of_machine(settings: Settings, facts: Facts) -> Iterator[Remark]:
    for sentence, path in facts.missing:
        yield remark(sentence, file=path)
    yield from _of_watch(settings)
    yield from _of_web(settings)
    if facts.found.trouble:
        yield remark("storage", why=facts.found.trouble)
    if facts.found.standing is Standing.NEWER:
        yield remark("schema_newer")
    if facts.found.standing is Standing.OLDER:
        yield remark("schema_older")


def _of_watch(settings: Settings) -> Iterator[Remark]:
    if settings.watch.listen is None:
        return
    host, port = settings.watch.listen
    if host not in _OWN_MACHINE:
        yield remark("watch_open", listen=f"{host}:{port}")
    taken = [settings.webhook.listen_port] if settings.mode == "webhook" and settings.webhook else []
    taken += [listening(settings.web_listen)[1]] if settings.web_listen else []
    if port and port in taken:
        yield remark("watch_port", port=port)


def _of_web(settings: Settings) -> Iterator[Remark]:
    """Links to calendars are only as secret as the way on which they are opened."""
    if not settings.public_url:
        return
    if not settings.web_listen:
        yield remark("web_closed")
    address = urlsplit(settings.public_url)
    if address.scheme != "https" and address.hostname not in _OWN_MACHINE:
        yield remark("web_plain", url=settings.public_url)


def _missing(settings: Settings) -> Iterator[tuple[str, Path]]:
    for profile in settings.contracts.values():
        ledger = settings.ledger_of(profile)
        if ledger is not None and not _is_readable(ledger):
            yield "no_ledger", ledger
    if settings.files.is_file() or not database.is_writable(settings.files):
        yield "files_unwritable", settings.files


def _is_readable(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return False
    return True


def _of_account(settings: Settings, asked: Account) -> Iterator[Remark]:
    if asked.trouble is not None:
        yield remark(asked.trouble.value, server=urlsplit(settings.api_url).hostname)
    yield from _of_webhook(settings)
    for group in settings.groups:
        place = asked.places.get(group.chat_id)
        if place is Place.ABSENT:
            yield remark("not_in_group", contract=group.contract, chat=group.chat_id)
        elif place is Place.UNKNOWN:
            yield remark("group_unknown", contract=group.contract, chat=group.chat_id)
        elif place is Place.MEMBER and not asked.reads_all:
            yield remark("privacy", contract=group.contract, chat=group.chat_id)


def _of_webhook(settings: Settings) -> Iterator[Remark]:
    hook = settings.webhook
    if settings.mode != "webhook" or hook is None or urlsplit(settings.api_url).hostname != TELEGRAM:
        return
    address = urlsplit(hook.url)
    if address.scheme != "https":
        yield remark("webhook_plain")
    elif (address.port or 443) not in _WEBHOOK_PORTS:
        yield remark("webhook_port", port=address.port)


def _of_reach(settings: Settings, facts: Facts) -> Iterator[Remark]:
    for key in ladder_people(settings):
        known = _known(settings, facts.found, key)
        name = known[0].name if known else key
        number = account_of(settings, facts.found, key)
        if number is None:
            yield remark("only_other_ways" if key in settings.ways.of else "no_account", person=key, name=name)
            continue
        silence = _silence(facts, key, number)
        if silence is not None:
            yield remark(f"silent_{silence.value}", person=key, name=name)


def _silence(facts: Facts, key: str, number: int) -> Silence | None:
    if facts.account.trouble is None:
        return facts.account.silent.get(number)
    blocked: Mapping[str, bool] = {person.key: not person.reachable for person in facts.found.people}
    return Silence.BLOCKED if blocked.get(key) else None


def _known(settings: Settings, found: Found, key: str) -> list[Person]:
    return [person for person in (*settings.people, *found.people) if person.key == key]
