"""A part of the first step: the tables of services that are counted, and of calendars that are handed out."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def create() -> None:
    """Make them."""
    op.create_table(
        "service_records",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("planned", sa.Boolean, nullable=False),
        sa.Column("people", sa.Integer, nullable=True),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("corrects", sa.BigInteger, nullable=True),
        sa.Column("verdict", sa.Text, nullable=True),
        sa.Column("settled_by", sa.Text, nullable=True),
        sa.Column("settled_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_service_records"),
    )
    op.create_index("ix_service_records_contract_id", "service_records", ["contract", "id"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("owner", sa.Text, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=True),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_feeds_token_hash"),
    )
