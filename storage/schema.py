"""The tables as they are now; `migrations/` holds how they came to be."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, Sequence, Table

from storage import opinion_tables, service_tables, shift_tables
from storage.columns import METADATA as METADATA
from storage.columns import Id, Instant, Json, Words
from storage.columns import key as _key
from storage.columns import may as _may
from storage.columns import must as _must
from storage.columns import serial as _serial

SERVICE_RECORDS, FEEDS = service_tables.SERVICE_RECORDS, service_tables.FEEDS
OPINIONS = opinion_tables.OPINIONS
HANDOVERS, ATTENDANCE, SWAPS = shift_tables.HANDOVERS, shift_tables.ATTENDANCE, shift_tables.SWAPS

INBOX = Table(
    "inbox",
    METADATA,
    _serial("serial"),
    _must("bot", BigInteger),
    _must("update_id", BigInteger),
    _must("body", Words),
    _must("chat", Words),
    _must("received_at", Instant),
    _must("state", Words),
    _must("attempts", Integer),
    _must("error", Words),
    _may("handled_at", Instant),
    Index(None, "bot", "update_id", unique=True),
    Index(None, "state", "bot", "serial"),
)

NOTES = Table("notes", METADATA, _key("key", Words), _must("value", Words))

# What was done once and never again: a reminder that was sent, a shift that was announced.
MARKS = Table("marks", METADATA, _key("key", Words), _must("at", Instant))

TERMS = Table(
    "terms",
    METADATA,
    _key("digest", Words),
    _key("contract", Words),
    _must("body", Words),
    _must("kept_at", Instant),
)

# Which profile was in force from when: a row for each change, also back to an earlier one.
TERMS_IN_FORCE = Table(
    "terms_in_force",
    METADATA,
    _key("contract", Words),
    _key("since", Instant),
    _must("digest", Words),
)

COUNTERS = Table("counters", METADATA, _key("contract", Words), _key("day", Words), _must("n", BigInteger))

TICKETS = Table(
    "tickets",
    METADATA,
    _key("id", Id),
    _must("contract", Words),
    _must("number", Words, unique=True),  # in capitals; the body has it as written
    _must("kind", Words),
    _must("level", Words),
    _must("stage", Words),
    _must("open", Boolean),
    _must("reporter", Words),
    _may("handler", Words),
    _must("reported_at", Instant),
    _may("closed_at", Instant),
    _must("version", Integer),
    _must("body", Json),
    Index(None, "contract", "open", "reported_at"),
    Index(None, "reporter", "reported_at"),
    Index(None, "handler", "reported_at"),
    Index(None, "open", "reporter", "reported_at"),
    Index(None, "open", "handler", "reported_at"),
)

# No row of this house is deleted by another's going: a batch migration would empty the child without a word.
ALARMS = Table(
    "alarms",
    METADATA,
    _key("ticket_id", Id, ForeignKey("tickets.id")),
    _key("clock", Words),
    _must("contract", Words),
    _must("due_at", Instant),
    Index(None, "due_at"),
)

LEDGER = Table(
    "ledger",
    METADATA,
    _key("contract", Words),
    _key("seq", BigInteger),
    _may("ticket_id", BigInteger),
    _must("kind", Words),
    _must("at", Instant),
    _must("noted_at", Instant),
    _must("by", Words),
    _must("data", Words),
    _must("algorithm", Words),
    _must("previous", Words),
    _must("digest", Words),
    Index(None, "ticket_id", "seq"),
)

LEDGER_HEADS = Table(
    "ledger_heads", METADATA, _key("contract", Words), _must("seq", BigInteger), _must("digest", Words)
)

OUTBOX = Table(
    "outbox",
    METADATA,
    _serial("id"),
    _must("contract", Words),
    _may("ticket_id", BigInteger),
    _must("lane", Integer),
    _must("method", Words),
    _must("chat_id", BigInteger),
    _may("person", Words),
    _must("payload", Json),
    _must("purpose", Words),
    _may("clock", Words),
    _must("version", Integer),
    _must("state", Words),
    _must("attempts", Integer),
    _must("next_at", Instant),
    _may("expires_at", Instant),
    _must("created_at", Instant),
    _may("sent_at", Instant),
    _may("settled_at", Instant),
    _may("message_id", BigInteger),
    _must("error", Words),
    _may("fallback", Json),
    _may("moved_on_at", Instant),
    _may("holder", Words),  # the replica that carries it, while it does
    Index(None, "state", "chat_id", "lane", "id"),
    Index(None, "state", "lane", "id"),
    Index(None, "ticket_id", "id"),
)

CARDS = Table(
    "cards",
    METADATA,
    _key("ticket_id", Id, ForeignKey("tickets.id")),
    _key("chat_id", BigInteger),
    _may("person", Words),
    _may("message_id", BigInteger),
    _must("drawn", Words),
)

MESSAGES = Table(
    "messages",
    METADATA,
    _key("chat_id", BigInteger),
    _key("message_id", BigInteger),
    _must("ticket_id", Id, ForeignKey("tickets.id")),
    _may("person", Words),
    _may("album", Words),
    _must("first", Boolean),
    _must("asked", Boolean),
    _must("at", Instant),
    _must("text", Words),
    Index(None, "chat_id", "album"),
    Index(None, "ticket_id"),
)

PEOPLE = Table(
    "people",
    METADATA,
    _key("key", Words),
    _must("name", Words),
    _may("telegram_id", BigInteger, unique=True),
    _may("bound_by", Words),
    _may("bound_at", Instant),
    _must("reachable", Boolean),
    _may("blocked_at", Instant),
    _may("language", Words),
    _must("active", Boolean),
    _must("ordinal", Integer),
)

ROLES = Table(
    "roles",
    METADATA,
    _key("person", Words, ForeignKey("people.key")),
    _key("ordinal", Integer),
    _must("contract", Words),
    _must("role", Words),
    _must("post", Words),
    Index(None, "contract", "role"),
)

ROSTERS = Table(
    "rosters",
    METADATA,
    _key("contract", Words),
    _key("ordinal", Integer),
    _must("role", Words),
    _must("post", Words),
    _must("hours", Words),
    _must("start", Instant),
    _must("every_seconds", BigInteger),
    _must("teams", Json),
    _must("reserve", Json),
)

# Laid over the rosters; those of the duty file are written anew at each start, the others only ever get a cancel mark.
OVERRIDES = Table(
    "overrides",
    METADATA,
    _serial("id"),
    _must("contract", Words),
    _must("role", Words),
    _must("post", Words),
    _must("start", Instant),
    _must("until", Instant),
    _must("absent", Words),
    _must("person", Words),
    _must("by", Words),
    _must("at", Instant),
    _must("why", Words),
    _must("from_file", Boolean),
    _may("cancelled_by", Words),
    _may("cancelled_at", Instant),
    Index(None, "contract", "until"),
)

KEY_PERIODS = Table(
    "key_periods",
    METADATA,
    _serial("id"),
    _must("contract", Words),
    _must("name", Words),
    _must("start", Instant),
    _must("until", Instant),
    _must("people", Integer),
    _must("by", Words),
    _must("at", Instant),
    _may("cancelled_by", Words),
    _may("cancelled_at", Instant),
    Index(None, "contract", "until"),
)

# Who keeps watch on site in a key period, and when they last came and went; every coming and going is an entry.
WATCHES = Table(
    "watches",
    METADATA,
    _key("key_period", Id, ForeignKey("key_periods.id")),
    _key("person", Words),
    _must("named_by", Words),
    _must("named_at", Instant),
    _may("in_at", Instant),
    _may("out_at", Instant),
)

INVITES = Table(
    "invites",
    METADATA,
    _key("token_hash", Words),
    _must("person", Words, ForeignKey("people.key")),
    _must("made_at", Instant),
    _must("expires_at", Instant),
    _may("used_at", Instant),
)

STRANGERS = Table(
    "strangers",
    METADATA,
    _key("telegram_id", BigInteger),
    _must("first_at", Instant),
    _must("last_at", Instant),
    _must("count", Integer),
    _must("answered_at", Instant),
)

GROUPS = Table(
    "groups",
    METADATA,
    _key("configured_id", BigInteger),
    _must("chat_id", BigInteger, unique=True),
    _must("contract", Words),
    _must("audience", Words),
    _must("active", Boolean),
    Index(None, "contract"),
)

FORMS = Table(
    "forms",
    METADATA,
    _key("person", Words),
    _key("chat_id", BigInteger),
    _must("purpose", Words),
    _may("ticket_id", BigInteger),
    _must("field", Words),
    _must("data", Json),
    _must("made_at", Instant),
    Index(None, "ticket_id"),
)

FILES = Table(
    "files",
    METADATA,
    _serial("id"),
    _must("contract", Words),
    _may("ticket_id", BigInteger),
    _may("chat_id", BigInteger),
    _may("message_id", BigInteger),
    _may("person", Words),
    _must("kind", Words),
    _must("file_id", Words),
    _must("file_unique_id", Words),
    _may("name", Words),
    _may("mime", Words),
    _may("size", BigInteger),
    _must("state", Words),
    _may("path", Words),
    _may("sha256", Words),
    _must("attempts", Integer),
    _must("error", Words),
    _must("next_at", Instant),
    _must("added_at", Instant),
    Index(None, "state", "next_at"),
    Index(None, "ticket_id"),
)

RELAYS = Table(
    "relays",
    METADATA,
    _serial("id"),
    _must("contract", Words),
    _may("ticket_id", BigInteger),
    _may("about", BigInteger),  # what it is about, where that is no ticket: the purpose knows the table
    _must("person", Words),
    _must("way", Words),
    _must("kind", Words),
    _must("further", Json),
    _must("purpose", Words),
    _may("clock", Words),
    _must("version", Integer),
    _must("urgent", Boolean),
    _may("letter_id", BigInteger),
    _must("beside", Boolean),
    _must("repeat", Boolean),
    _must("text", Words),
    _must("state", Words),
    _must("attempts", Integer),
    _must("next_at", Instant),
    _must("created_at", Instant),
    _may("taken_at", Instant),
    _may("sent_at", Instant),
    _must("error", Words),
    Index(None, "state", "next_at"),
    Index(None, "person", "way", "state"),
    Index(None, "ticket_id", "id"),
)

# One row for each process that shares the database; its count of beats goes up as long as it lives.
REPLICAS = Table("replicas", METADATA, _key("name", Words), _must("beats", BigInteger))

# What only one replica may do at a time; the fence goes up with every change of hands.
LEASES = Table("leases", METADATA, _key("name", Words), _must("holder", Words), _must("fence", BigInteger))

# Where several write at once, a counter in a row would make them wait for each other.
TICKET_IDS = Sequence("ticket_ids", metadata=METADATA)

# The equipment lists. A row that left its list stays, with the last day on which it counted: tickets point to it.
DEVICES = Table(
    "devices",
    METADATA,
    _key("contract", Words),
    _key("section", Words),
    _key("seq", Words),
    _must("ordinal", Integer),
    _must("name", Words),
    _must("vendor", Words),
    _must("model", Words),
    _may("quantity", BigInteger),
    _must("unit", Words),
    _must("note", Words),
    _must("aliases", Json),
    _must("scope", Words),
    _must("important", Boolean),
    _must("core", Integer),
    _must("device_class", Words),
    _may("valid_from", Words),
    _may("valid_to", Words),
    _must("added_after_signing", Boolean),
)
