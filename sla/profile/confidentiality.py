"""What has to stay secret, for how long, and what consent the chat itself has."""

from typing import Literal, Self

from pydantic import model_validator

from sla.profile.fields import Table
from sla.profile.values import Count, Money, Percent


class PasswordsTable(Table):
    """What the contract wants of passwords; the hotline knows days of change, never a password."""

    min_length: Count
    change_every_days: Count


class ConfidentialityTable(Table):
    """The duty of secrecy.

    confidentiality_until: until the bureau publishes, without end, or for `years`; chat_channel_consent_ref: the
    paper by which the client agreed to this chat, empty until there is one; photo_evidence: whether pictures may be
    taken as evidence; undertaking: everybody on the project signs; return_within_days: hand back what was given,
    after a written demand; damages: least sum where the loss cannot be fixed, as a share of the contract total or in
    yuan.
    """

    confidentiality_until: Literal["published", "forever", "years"] = "forever"
    years: Count | None = None
    chat_channel_consent_ref: str = ""
    photo_evidence: bool = True
    undertaking: bool = True
    return_within_days: Count | None = None
    damages_share: Percent | None = None
    damages: Money | None = None
    passwords: PasswordsTable | None = None

    @model_validator(mode="after")
    def _years_are_counted(self) -> Self:
        if (self.confidentiality_until == "years") is not (self.years is not None):
            raise ValueError(
                "confidentiality_until 为 “years” 时须写 years，否则不写 / years goes with confidentiality_until"
            )
        return self
