"""The bot's own account, asked in a hurry: who am I, and whom can I reach?"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from telegram import Bot
from telegram.constants import ChatAction, ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.config.settings import Settings

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_SECONDS = 5.0
_LEADS = (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)
_ABSENT = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


class Trouble(StrEnum):
    """Why the account could not be asked."""

    NO_TOKEN = "no_token"  # noqa: S105 - a key of the catalogue
    MALFORMED = "malformed_token"
    REFUSED = "token_refused"
    UNREACHABLE = "api_unreachable"
    NO_API = "no_api"


class Place(StrEnum):
    """How the bot stands in a group."""

    LEADS = "leads"
    MEMBER = "member"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Silence(StrEnum):
    """Why a person cannot be written to."""

    BLOCKED = "blocked"
    NOT_STARTED = "not_started"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the Bot API said; with a trouble, nothing."""

    trouble: Trouble | None = None
    username: str = ""
    reads_all: bool = False
    places: Mapping[int, Place] = field(default_factory=dict)
    silent: Mapping[int, Silence] = field(default_factory=dict)


async def ask(settings: Settings, groups: Iterable[int] = (), people: Iterable[int] = ()) -> Account:
    """The account, its place in these groups, and those of these people whom it cannot write to."""
    trouble = token_trouble(settings.token)
    if trouble is not None:
        return Account(trouble=trouble)
    try:
        async with client(settings) as bot:
            places = {chat: await _place(bot, chat) for chat in groups}
            silences = {chat: await _silence(bot, chat) for chat in people}
            return Account(
                username=bot.username,
                reads_all=bool(bot.can_read_all_group_messages),
                places=places,
                silent={chat: silence for chat, silence in silences.items() if silence is not None},
            )
    except InvalidToken:  # its text holds the token
        return Account(trouble=Trouble.REFUSED)
    except BadRequest:  # a NetworkError by descent, but an answer by nature
        return Account(trouble=Trouble.NO_API)
    except NetworkError:
        return Account(trouble=Trouble.UNREACHABLE)
    except TelegramError:
        return Account(trouble=Trouble.NO_API)


def token_trouble(token: str) -> Trouble | None:
    """What is wrong with the look of a token."""
    if not token:
        return Trouble.NO_TOKEN
    return None if _TOKEN.fullmatch(token) else Trouble.MALFORMED


@asynccontextmanager
async def client(settings: Settings) -> AsyncIterator[Bot]:
    """The account behind the configured server, not waited for longer than a person waits."""

    def request() -> HTTPXRequest:
        return HTTPXRequest(
            connect_timeout=_SECONDS, read_timeout=_SECONDS, write_timeout=_SECONDS, proxy=settings.proxy
        )

    bot = Bot(
        settings.token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=request(),
        get_updates_request=request(),
    )
    async with bot:
        yield bot


async def _place(bot: Bot, chat: int) -> Place:
    try:
        member = await bot.get_chat_member(chat, bot.id)
    except ChatMigrated as moved:
        return await _place(bot, moved.new_chat_id)
    except (Forbidden, BadRequest):
        return Place.ABSENT
    except TelegramError:
        return Place.UNKNOWN
    if member.status in _LEADS:
        return Place.LEADS
    return Place.ABSENT if member.status in _ABSENT else Place.MEMBER


async def _silence(bot: Bot, chat: int) -> Silence | None:
    try:
        await bot.send_chat_action(chat, ChatAction.TYPING)
    except Forbidden as error:
        return Silence.BLOCKED if "blocked" in error.message else Silence.NOT_STARTED
    except BadRequest:
        return Silence.NOT_STARTED
    except TelegramError:
        return Silence.UNKNOWN
    return None
