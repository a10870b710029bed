"""A part of the first step: what is laid over the rosters, key periods, and who keeps watch in them."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def create() -> None:
    """Make them."""
    op.create_table(
        "overrides",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("absent", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("from_file", sa.Boolean, nullable=False),
        sa.Column("cancelled_by", sa.Text, nullable=True),
        sa.Column("cancelled_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
    )
    op.create_index("ix_overrides_contract_until", "overrides", ["contract", "until"], unique=False)
    op.create_table(
        "key_periods",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("cancelled_by", sa.Text, nullable=True),
        sa.Column("cancelled_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_key_periods"),
    )
    op.create_index("ix_key_periods_contract_until", "key_periods", ["contract", "until"], unique=False)
    op.create_table(
        "watches",
        sa.Column("key_period", ID, autoincrement=False, nullable=False),
        sa.Column("person", sa.Text, autoincrement=False, nullable=False),
        sa.Column("named_by", sa.Text, nullable=False),
        sa.Column("named_at", sa.BigInteger, nullable=False),
        sa.Column("in_at", sa.BigInteger, nullable=True),
        sa.Column("out_at", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["key_period"], ["key_periods.id"], name="fk_watches_key_period"),
        sa.PrimaryKeyConstraint("key_period", "person", name="pk_watches"),
    )
