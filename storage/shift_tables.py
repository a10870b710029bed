"""The tables around a change of shift: hand-overs, questions before a shift, swaps."""

from sqlalchemy import Boolean, Index, Integer, Table

from storage.columns import METADATA, Instant, Words, may, must, serial

# One hand-over from one person to another at one change of shift.
HANDOVERS = Table(
    "handovers",
    METADATA,
    serial("id"),
    must("contract", Words),
    must("role", Words),
    must("post", Words),
    must("at", Instant),
    must("left_at", Instant),
    must("outgoing", Words),
    must("incoming", Words),
    must("remark", Words),
    must("reminded", Integer),
    may("given_at", Instant),
    may("begun_at", Instant),
    may("told_at", Instant),
    may("ended_at", Instant),
    must("accepted", Boolean),
    Index(None, "contract", "at"),
    Index(None, "contract", "role", "post", "at", "outgoing", "incoming", unique=True),
)

# One question to one person before one shift: are you there?
ATTENDANCE = Table(
    "attendance",
    METADATA,
    serial("id"),
    must("contract", Words),
    must("role", Words),
    must("post", Words),
    must("person", Words),
    must("start", Instant),
    must("until", Instant),
    must("asked_at", Instant),
    may("answered_at", Instant),
    may("alarmed_at", Instant),
    Index(None, "contract", "start"),
    Index(None, "contract", "role", "post", "person", "start", unique=True),
)

# One request to swap shifts, or one order to stand in for somebody.
SWAPS = Table(
    "swaps",
    METADATA,
    serial("id"),
    must("contract", Words),
    must("role", Words),
    must("post", Words),
    must("by", Words),
    must("person", Words),
    must("start", Instant),
    must("end", Instant),
    must("colleague", Words),
    may("other_start", Instant),
    may("other_end", Instant),
    must("why", Words),
    must("state", Words),
    must("reminded", Integer),
    must("made_at", Instant),
    may("asked_at", Instant),
    may("told_at", Instant),
    may("settled_at", Instant),
    Index(None, "contract", "state"),
)
