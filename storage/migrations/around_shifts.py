"""Part of the first schema: hand-overs, questions before a shift, swaps."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def create(id_type: Any) -> None:
    """Make these tables."""
    op.create_table(
        "handovers",
        sa.Column("id", id_type, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("left_at", sa.BigInteger, nullable=False),
        sa.Column("outgoing", sa.Text, nullable=False),
        sa.Column("incoming", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("reminded", sa.Integer, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=True),
        sa.Column("begun_at", sa.BigInteger, nullable=True),
        sa.Column("told_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
    )
    whole = ["contract", "role", "post", "at", "outgoing", "incoming"]
    op.create_index("ix_handovers_contract_at", "handovers", ["contract", "at"], unique=False)
    op.create_index("ix_handovers_" + "_".join(whole), "handovers", whole, unique=True)
    op.create_table(
        "attendance",
        sa.Column("id", id_type, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=True),
        sa.Column("alarmed_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
    )
    whole = ["contract", "role", "post", "person", "start"]
    op.create_index("ix_attendance_contract_start", "attendance", ["contract", "start"], unique=False)
    op.create_index("ix_attendance_" + "_".join(whole), "attendance", whole, unique=True)
    op.create_table(
        "swaps",
        sa.Column("id", id_type, autoincrement=True, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("end", sa.BigInteger, nullable=False),
        sa.Column("colleague", sa.Text, nullable=False),
        sa.Column("other_start", sa.BigInteger, nullable=True),
        sa.Column("other_end", sa.BigInteger, nullable=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reminded", sa.Integer, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=True),
        sa.Column("told_at", sa.BigInteger, nullable=True),
        sa.Column("settled_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_swaps"),
    )
    op.create_index("ix_swaps_contract_state", "swaps", ["contract", "state"], unique=False)
