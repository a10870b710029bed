"""The table of second opinions that are wished for."""

from sqlalchemy import Index, Table

from storage.columns import METADATA, Instant, Words, key, must
from storage.columns import Id as Number

# Of which tickets somebody may be asked; the words are the ticket's, and no answer is kept here.
OPINIONS = Table(
    "opinions",
    METADATA,
    key("ticket_id", Number),
    must("contract", Words),
    must("wished_at", Instant),
    Index(None, "wished_at"),
)
