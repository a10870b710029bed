"""What an error of the Bot API means for a letter: wait, try again, nobody knows, or never."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from desk.delivery import Failure

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
_CARD_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_UNCHANGED = "message is not modified"
_MARKUP = ("can't parse entities", "can't find end of")
_UNREACHABLE = ("chat not found", "user not found", "peer_id_invalid", "have no rights to send", "chat_write_forbidden")
_TIMED_OUT_BEHIND = "(504)"
_TOO_LARGE = re.compile(r"\((413|414|431)\)")


class Fate(StrEnum):
    """What to do with the letter; broken is an answer of a server, or of one in between, that is out of order."""

    DONE = "done"
    LATER = "later"
    BROKEN = "broken"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    MIGRATED = "migrated"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The fate of a letter, with what is needed to carry it out. `error` holds no text of any message."""

    fate: Fate
    error: str = ""
    wait: timedelta | None = None
    failure: Failure = Failure.OTHER
    new_chat: int = 0


def judge(error: TelegramError) -> Outcome:
    """Judge by class and code; the order matters, because some classes stand below others."""
    said = error.message.casefold()
    match error:
        case RetryAfter():
            return Outcome(fate=Fate.LATER, error="429", wait=span(error.retry_after))
        case ChatMigrated():
            return Outcome(fate=Fate.MIGRATED, error="migrated", new_chat=error.new_chat_id)
        case InvalidToken() | Conflict():
            return Outcome(fate=Fate.ACCOUNT, error=type(error).__name__)
        case Forbidden() | BadRequest() if error.__cause__ is not None:
            return Outcome(fate=Fate.BROKEN, error="not the Bot API")
        case Forbidden():
            return Outcome(fate=Fate.FAILED, error="403", failure=Failure.UNREACHABLE)
        case BadRequest():
            return _bad_request(said)
        case NetworkError() if type(error.__cause__).__name__ in _NOT_SENT:
            return Outcome(fate=Fate.LATER, error=type(error.__cause__).__name__)
        case NetworkError() if _was_answered(error):
            return _server_error(said)
        case _:
            return Outcome(fate=Fate.UNCERTAIN, error=type(error.__cause__ or error).__name__)


def is_for_good(error: TelegramError) -> bool:
    """Whether the Bot API itself said no: asking again would be answered alike."""
    return isinstance(error, BadRequest | Forbidden | InvalidToken) and error.__cause__ is None


def span(retry_after: int | timedelta) -> timedelta:
    """How long the Bot API wants to be left alone."""
    return retry_after if isinstance(retry_after, timedelta) else timedelta(seconds=retry_after)


def _was_answered(error: NetworkError) -> bool:
    """Whether there was an answer, though a bad one: then its cause is none, or that it was no JSON."""
    return type(error) is NetworkError and (error.__cause__ is None or isinstance(error.__cause__, TelegramError))


def _server_error(said: str) -> Outcome:
    code = _TOO_LARGE.search(said)
    if code is not None:
        return Outcome(fate=Fate.FAILED, error=code.group(1))
    if _TIMED_OUT_BEHIND in said:
        return Outcome(fate=Fate.UNCERTAIN, error="504")
    return Outcome(fate=Fate.BROKEN, error="5xx")


def _bad_request(said: str) -> Outcome:
    if _UNCHANGED in said:
        return Outcome(fate=Fate.DONE)
    if any(words in said for words in _CARD_GONE):
        return Outcome(fate=Fate.FAILED, error="400 card gone", failure=Failure.CARD_GONE)
    if any(words in said for words in _MARKUP):
        return Outcome(fate=Fate.FAILED, error="400 markup", failure=Failure.MARKUP)
    if any(words in said for words in _UNREACHABLE):
        return Outcome(fate=Fate.FAILED, error="400 unreachable", failure=Failure.UNREACHABLE)
    return Outcome(fate=Fate.FAILED, error="400")
