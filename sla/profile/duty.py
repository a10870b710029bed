"""When and by whom the contract's posts are staffed, how much is too much, and what a key period asks for."""

from datetime import time, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from sla.profile.fields import Duration, Selector, Table, TimeOfDay
from sla.roster import Hours
from sla.terms import Role, Tightening


class BusinessHoursTable(Table):
    """Local opening hours, on working days, of rosters that are not staffed round the clock."""

    opens: TimeOfDay = time(9)
    closes: TimeOfDay = time(18)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens 应早于 closes")
        return self


class PostTable(Table):
    """``[[posts]]``: one post that the contract wants staffed, at every minute of its hours.

    ``post``: its key, as rosters and roles in people.toml name it; left out, the role as a whole, whatever the post.
    ``name``: what people read. ``role``: whose duty it is. ``hours``: "always" or "business_hours".
    ``at_least``: how many people at once. ``people``: how many the contract names for it, 0 if it does not say.
    ``double_hat``: whoever is on duty at another post may cover it, where ``[roster] allow_double_hat`` says so.
    """

    post: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9_-]{0,31})?$")
    name: str = Field(min_length=1)
    role: Role
    hours: Hours = Hours.ALWAYS
    at_least: int = Field(default=1, ge=1)
    people: int = Field(default=0, ge=0)
    double_hat: bool = False


class RosterTable(Table):
    """``[roster]``: what is too much for one person, and who has to be there at all.

    ``weekly_hours``: hours of a normal working week, by which needed people are reckoned. ``weekly_hours_warn``: more
    hours of duty than these in one week, over all contracts of the person, are reported; left out, none are.
    ``allow_double_hat``: whether posts marked ``double_hat`` may be covered from another post. ``warn_ahead``: how long
    before an unstaffed span the managers are told. ``holders``: how many people must hold each role, for example
    ``{ engineer = 3 }``.
    """

    weekly_hours: int = Field(default=40, ge=1, le=168)
    weekly_hours_warn: int | None = Field(default=None, ge=1, le=168)
    allow_double_hat: bool = False
    warn_ahead: Duration = timedelta(days=7)
    holders: dict[Role, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if any(count < 1 for count in self.holders.values()):
            raise ValueError("holders 的人数应为 1 以上的整数")
        return self


class KeyPeriodsTable(Table):
    """``[key_periods]``: what changes while the bureau has declared a key period.

    ``at_least``: people on site, where the bureau names no number. ``mode``: "onsite" asks for named people,
    "7x24" also for somebody of them, or on duty, at every hour. ``extra``: people more at a post, by its key.
    ``everybody``: roles of which everybody takes part. ``page_also``: paged as well, at once. ``repeat_every``:
    unanswered calls are repeated so often instead. ``breach_at_once``: those of the breach step are told with the page.
    ``remind_ahead``: when both sides are reminded of the beginning.
    """

    at_least: int = Field(default=1, ge=1)
    mode: Literal["onsite", "7x24"] = "onsite"
    extra: dict[str, int] = Field(default_factory=dict)
    everybody: tuple[Role, ...] = ()
    page_also: tuple[Selector, ...] = ()
    repeat_every: Duration | None = None
    breach_at_once: bool = False
    remind_ahead: Duration = timedelta(days=1)

    @model_validator(mode="after")
    def _more(self) -> Self:
        if any(count < 1 for count in self.extra.values()):
            raise ValueError("extra 的人数应为 1 以上的整数")
        return self

    def tightening(self) -> Tightening:
        """What the ladder of a ticket takes from it while a period runs."""
        return Tightening(page_also=self.page_also, repeat_every=self.repeat_every, breach_at_once=self.breach_at_once)
