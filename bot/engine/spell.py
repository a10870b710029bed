"""One spell of blindness, added up while it lasts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.engine.gaps import Looked
from desk.outages import Outage, Why

_WORTH_NAMING = 0.1  # a cause that made up less than this part of the spell is not named


@dataclass(slots=True)
class Spell:
    """For how many seconds which cause kept the house blind, and what it will have to make up for."""

    seconds: dict[Why, float] = field(default_factory=dict)
    updates: int = 0
    alarms: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)

    def lasts(self, why: Why, seconds: float) -> None:
        """For so long it was this."""
        self.seconds[why] = self.seconds.get(why, 0.0) + max(0.0, seconds)

    def takes(self, looked: Looked, letters: Mapping[str, int]) -> None:
        """This came late, and so many letters wait: the courier may be rid of them before anybody counts again."""
        self.updates += looked.came
        self.letters |= Counter(dict(letters))

    def outage(self, since: datetime, until: datetime, looked: Looked, letters: Mapping[str, int]) -> Outage:
        """The spell as it is told, with what came last."""
        worth = max(self.seconds.values(), default=0.0) * _WORTH_NAMING
        why = tuple(why for why in Why if self.seconds.get(why, 0.0) > worth)
        return Outage(
            since=since,
            until=until,
            why=why or (Why.DOWN,),
            updates=self.updates + looked.came,
            alarms=dict(self.alarms),
            letters=self.letters | Counter(dict(letters)),
        )
