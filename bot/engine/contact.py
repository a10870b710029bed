"""What the poller knows of its contact with the Bot API: whether it hears, since when not, and who else polls."""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import since_boot

# A poll that nobody disturbs lasts 25 s: conflicts that are farther apart than two of them are not one quarrel.
_PEACE = timedelta(seconds=60)


class Contact:
    """Made when everything that waited has been read, lost with the first question that gets no answer."""

    def __init__(
        self, changed: Callable[[], object] = lambda: None, peace: timedelta = _PEACE, *, asks: bool = True
    ) -> None:
        self.changed = changed
        self._asks = asks
        self._peace = peace.total_seconds()
        self.made = False
        self.shared = False
        self._heard = since_boot()
        self._first_conflict: float | None = None
        self._last_conflict = 0.0

    @property
    def silence(self) -> timedelta:
        """How long ago the last answer came."""
        return timedelta(seconds=since_boot() - self._heard)

    @property
    def quarrel(self) -> timedelta | None:
        """For how long somebody else has been taking updates with this token; nothing if nobody does."""
        if self._first_conflict is None:
            return None
        if since_boot() - self._last_conflict > self._peace:
            self._first_conflict = None
            return None
        return timedelta(seconds=self._last_conflict - self._first_conflict)

    def heard(self, *, everything: bool) -> None:
        """An answer came; `everything` says that no more waits behind it."""
        self._heard = since_boot()
        if everything and not self.made:
            self.made = True
            self.changed()

    def lost(self) -> None:
        """A question got no answer; whoever is called by a webhook asks none, and cannot know."""
        if self.made and self._asks:
            self.made = False
            self.changed()

    def conflict(self) -> None:
        """The answer was that somebody else asks."""
        self.shared = True
        again = self.quarrel is not None
        self._last_conflict = since_boot()
        if not again:
            self._first_conflict = self._last_conflict
        self.lost()
