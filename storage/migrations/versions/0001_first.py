"""The first schema: every table, and the guards of the ledger."""

import sqlalchemy as sa
from alembic import op

from storage.migrations import around_shifts, duty, services

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# An entry that is in the ledger stays as it is; REPLACE would delete without asking the second guard.
GUARDS = {
    "sqlite": (
        """CREATE TRIGGER ledger_keeps_update BEFORE UPDATE ON ledger
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER ledger_keeps_delete BEFORE DELETE ON ledger
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER ledger_keeps_replace BEFORE INSERT ON ledger
        WHEN EXISTS (SELECT 1 FROM ledger WHERE contract = NEW.contract AND seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION ledger_keeps() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
        """CREATE TRIGGER ledger_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_keeps()""",
        "ALTER TABLE ledger ENABLE ALWAYS TRIGGER ledger_keeps",
    ),
}


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "counters",
        sa.Column("contract", sa.Text, autoincrement=False, nullable=False),
        sa.Column("day", sa.Text, autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contract", "day", name="pk_counters"),
    )
    op.create_table(
        "files",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.BigInteger, nullable=True),
        sa.Column("chat_id", sa.BigInteger, nullable=True),
        sa.Column("message_id", sa.BigInteger, nullable=True),
        sa.Column("person", sa.Text, nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("file_id", sa.Text, nullable=False),
        sa.Column("file_unique_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=True),
        sa.Column("mime", sa.Text, nullable=True),
        sa.Column("size", sa.BigInteger, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=True),
        sa.Column("sha256", sa.Text, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_index("ix_files_state_next_at", "files", ["state", "next_at"], unique=False)
    op.create_index("ix_files_ticket_id", "files", ["ticket_id"], unique=False)
    op.create_table(
        "forms",
        sa.Column("person", sa.Text, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.BigInteger, nullable=True),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person", "chat_id", name="pk_forms"),
    )
    op.create_index("ix_forms_ticket_id", "forms", ["ticket_id"], unique=False)
    op.create_table(
        "groups",
        sa.Column("configured_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("configured_id", name="pk_groups"),
        sa.UniqueConstraint("chat_id", name="uq_groups_chat_id"),
    )
    op.create_index("ix_groups_contract", "groups", ["contract"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("serial", ID, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger, nullable=False),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("handled_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("serial", name="pk_inbox"),
    )
    op.create_index("ix_inbox_bot_update_id", "inbox", ["bot", "update_id"], unique=True)
    op.create_index("ix_inbox_state_bot_serial", "inbox", ["state", "bot", "serial"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("contract", sa.Text, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger, nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("noted_at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contract", "seq", name="pk_ledger"),
    )
    op.create_index("ix_ledger_ticket_id_seq", "ledger", ["ticket_id", "seq"], unique=False)
    op.create_table(
        "ledger_heads",
        sa.Column("contract", sa.Text, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contract", name="pk_ledger_heads"),
    )
    op.create_table(
        "marks",
        sa.Column("key", sa.Text, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_marks"),
    )
    op.create_table(
        "notes",
        sa.Column("key", sa.Text, autoincrement=False, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_notes"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.BigInteger, nullable=True),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=True),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=True),
        sa.Column("settled_at", sa.BigInteger, nullable=True),
        sa.Column("message_id", sa.BigInteger, nullable=True),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("fallback", sa.Text, nullable=True),
        sa.Column("moved_on_at", sa.BigInteger, nullable=True),
        sa.Column("holder", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_state_chat_id_lane_id", "outbox", ["state", "chat_id", "lane", "id"], unique=False)
    op.create_index("ix_outbox_state_lane_id", "outbox", ["state", "lane", "id"], unique=False)
    op.create_index("ix_outbox_ticket_id_id", "outbox", ["ticket_id", "id"], unique=False)
    op.create_table(
        "people",
        sa.Column("key", sa.Text, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("telegram_id", sa.BigInteger, nullable=True),
        sa.Column("bound_by", sa.Text, nullable=True),
        sa.Column("bound_at", sa.BigInteger, nullable=True),
        sa.Column("reachable", sa.Boolean, nullable=False),
        sa.Column("blocked_at", sa.BigInteger, nullable=True),
        sa.Column("language", sa.Text, nullable=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_people"),
        sa.UniqueConstraint("telegram_id", name="uq_people_telegram_id"),
    )
    op.create_table(
        "relays",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.BigInteger, nullable=True),
        sa.Column("about", sa.BigInteger, nullable=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("further", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("letter_id", sa.BigInteger, nullable=True),
        sa.Column("beside", sa.Boolean, nullable=False),
        sa.Column("repeat", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=True),
        sa.Column("sent_at", sa.BigInteger, nullable=True),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_relays"),
    )
    op.create_index("ix_relays_state_next_at", "relays", ["state", "next_at"], unique=False)
    op.create_index("ix_relays_person_way_state", "relays", ["person", "way", "state"], unique=False)
    op.create_index("ix_relays_ticket_id_id", "relays", ["ticket_id", "id"], unique=False)
    op.create_table(
        "rosters",
        sa.Column("contract", sa.Text, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("every_seconds", sa.BigInteger, nullable=False),
        sa.Column("teams", sa.Text, nullable=False),
        sa.Column("reserve", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contract", "ordinal", name="pk_rosters"),
    )
    duty.create()
    services.create()
    op.create_table(
        "strangers",
        sa.Column("telegram_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("telegram_id", name="pk_strangers"),
    )
    op.create_table(
        "terms",
        sa.Column("digest", sa.Text, autoincrement=False, nullable=False),
        sa.Column("contract", sa.Text, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("kept_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", "contract", name="pk_terms"),
    )
    op.create_table(
        "terms_in_force",
        sa.Column("contract", sa.Text, autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contract", "since", name="pk_terms_in_force"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("handler", sa.Text, nullable=True),
        sa.Column("reported_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("number", name="uq_tickets_number"),
    )
    op.create_index(
        "ix_tickets_contract_open_reported_at", "tickets", ["contract", "open", "reported_at"], unique=False
    )
    op.create_index("ix_tickets_handler_reported_at", "tickets", ["handler", "reported_at"], unique=False)
    op.create_index(
        "ix_tickets_open_reporter_reported_at", "tickets", ["open", "reporter", "reported_at"], unique=False
    )
    op.create_index("ix_tickets_open_handler_reported_at", "tickets", ["open", "handler", "reported_at"], unique=False)
    op.create_index("ix_tickets_reporter_reported_at", "tickets", ["reporter", "reported_at"], unique=False)
    op.create_table(
        "alarms",
        sa.Column("ticket_id", ID, autoincrement=False, nullable=False),
        sa.Column("clock", sa.Text, autoincrement=False, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "clock", name="pk_alarms"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_alarms_ticket_id"),
    )
    op.create_index("ix_alarms_due_at", "alarms", ["due_at"], unique=False)
    op.create_table(
        "cards",
        sa.Column("ticket_id", ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("person", sa.Text, nullable=True),
        sa.Column("message_id", sa.BigInteger, nullable=True),
        sa.Column("drawn", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "chat_id", name="pk_cards"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_cards_ticket_id"),
    )
    op.create_table(
        "invites",
        sa.Column("token_hash", sa.Text, autoincrement=False, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invites"),
        sa.ForeignKeyConstraint(["person"], ["people.key"], name="fk_invites_person"),
    )
    op.create_table(
        "messages",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("person", sa.Text, nullable=True),
        sa.Column("album", sa.Text, nullable=True),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_messages"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_messages_ticket_id"),
    )
    op.create_index("ix_messages_chat_id_album", "messages", ["chat_id", "album"], unique=False)
    op.create_index("ix_messages_ticket_id", "messages", ["ticket_id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("person", sa.Text, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", "ordinal", name="pk_roles"),
        sa.ForeignKeyConstraint(["person"], ["people.key"], name="fk_roles_person"),
    )
    op.create_index("ix_roles_contract_role", "roles", ["contract", "role"], unique=False)
    op.create_table(
        "replicas",
        sa.Column("name", sa.Text, autoincrement=False, nullable=False),
        sa.Column("beats", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_replicas"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "devices",
        sa.Column("contract", sa.Text, autoincrement=False, nullable=False),
        sa.Column("section", sa.Text, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Text, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("quantity", sa.BigInteger, nullable=True),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("important", sa.Boolean, nullable=False),
        sa.Column("core", sa.Integer, nullable=False),
        sa.Column("device_class", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Text, nullable=True),
        sa.Column("valid_to", sa.Text, nullable=True),
        sa.Column("added_after_signing", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("contract", "section", "seq", name="pk_devices"),
    )
    around_shifts.create(ID)
    op.create_table(
        "opinions",
        sa.Column("ticket_id", ID, autoincrement=False, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("wished_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_opinions"),
    )
    op.create_index("ix_opinions_wished_at", "opinions", ["wished_at"], unique=False)
    if op.get_bind().dialect.supports_sequences:
        op.execute(sa.schema.CreateSequence(sa.Sequence("ticket_ids")))
    for guard in GUARDS[op.get_bind().dialect.name]:
        op.execute(guard)
