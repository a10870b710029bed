"""The tables of services that are counted and of calendars that are handed out; `schema` has them with the others."""

from sqlalchemy import BigInteger, Boolean, Index, Integer, Table

from storage.columns import METADATA, Instant, Words, key, may, must, serial

# What was done of the services that a contract counts. A row is never changed but for the bureau's word, said once.
SERVICE_RECORDS = Table(
    "service_records",
    METADATA,
    serial("id"),
    must("contract", Words),
    must("service", Words),
    must("day", Words),
    must("amount", Integer),
    must("planned", Boolean),
    may("people", Integer),
    must("remark", Words),
    must("by", Words),
    must("at", Instant),
    may("corrects", BigInteger),
    may("verdict", Words),
    may("settled_by", Words),
    may("settled_at", Instant),
    Index(None, "contract", "id"),
)

# Calendars that phones subscribe to: whose, the digest of the word in the link, and which edition was read last.
FEEDS = Table(
    "feeds",
    METADATA,
    key("owner", Words),
    may("token_hash", Words, unique=True),
    must("edition", Integer),
    must("digest", Words),
    must("changed_at", Instant),
)
