"""Between whom and for how long: term, parties, team, the channels the contract names."""

from typing import Literal, Self

from pydantic import model_validator

from sla.profile.fields import Table, Word
from sla.profile.values import Count, Day, Key, Percent, once_each
from sla.terms import Role


class TermTable(Table):
    """How long the contract runs, and how far it may be extended.

    signed: the day of signing; service_start, service_end: first and last day of service, absent while nobody stated
    them; months: length of the service; extension_months: how long service goes on at most until a successor is
    there; extension_cost_cap: the most an extension may cost, as a share of the contract total; extension_paid_by:
    who pays it.
    """

    signed: Day | None = None
    service_start: Day | None = None
    service_end: Day | None = None
    months: Count
    extension_months: Count | None = None
    extension_cost_cap: Percent | None = None
    extension_paid_by: str = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.service_start and self.service_end and self.service_start >= self.service_end:
            raise ValueError("service_start 应早于 service_end / service_start should come before service_end")
        return self


class PartiesTable(Table):
    """Who else stands in the contract, and which of its papers goes first.

    vendor: who maintains, empty while not chosen; organisations: others with a part in it; precedence: papers, the
    one that prevails first; rules: the papers by which the work is done.
    """

    vendor: str = ""
    organisations: tuple[Word, ...] = ()
    precedence: tuple[Word, ...] = ()
    rules: tuple[Word, ...] = ()


class MemberRow(Table):
    """One line of the team that the contract demands.

    key: its name in lists; title: what the contract calls it; role: what such a person is here; people: how many
    (absent: not stated); years: least years of experience, years_on_site of them at such a site; education: least
    education.
    """

    key: Key
    title: Word
    role: Role
    people: Count | None = None
    years: Count | None = None
    years_on_site: Count | None = None
    education: Literal["college", "bachelor"] | None = None


class TeamTable(Table):
    """The people the vendor has to provide; total is the contract's own sum, held against the lines."""

    total: Count | None = None
    members: tuple[MemberRow, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        once_each(self.members)
        counted = sum(member.people or 0 for member in self.members)
        if self.total is not None and self.total != counted:
            raise ValueError(f"total 应等于各行人数之和 {counted} / total should be the sum of the lines, {counted}")
        return self


class ChannelTable(Table):
    """By which ways the parties speak with each other.

    hours: when the hotline is staffed; named: the ways that the contract itself names; chat_is_notice: whether what
    is said in the chat counts as a notice under the contract.
    """

    hours: Literal["always", "business_hours"] = "always"
    named: tuple[Literal["hotline", "mail", "fax", "letter", "phone", "chat", "on_site", "remote"], ...] = ()
    chat_is_notice: bool = False
