"""What the server refuses, in the words of the Bot API, and what a phone cannot do."""

from __future__ import annotations


class ApiError(Exception):
    """The Bot API answers ok=false with this code and description."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id

    @property
    def parameters(self) -> dict[str, int]:
        """The machine-readable part of the answer, empty when there is none."""
        pairs = {"retry_after": self.retry_after, "migrate_to_chat_id": self.migrate_to_chat_id}
        return {key: value for key, value in pairs.items() if value is not None}


def bad_request(reason: str) -> ApiError:
    """The caller asked for something that cannot be."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """The person or the chat does not let the bot do this."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Two ways of taking updates stand in each other's way."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """The bot must keep quiet for so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class StoryError(AssertionError):
    """A story asks a phone for something that a real phone could not do."""


class NotSeen(StoryError):
    """A phone did not show the awaited words in time."""
