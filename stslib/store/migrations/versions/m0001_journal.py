"""The journal: trajectories, sessions, entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "trajectory",
        sa.Column("seq", _COUNTER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("school", sa.Text, nullable=False),
        sa.Column("levels", sa.Text, nullable=False),
        sa.Column("province", sa.String(32), nullable=True),
        sa.Column("school_year", sa.String(9), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("checksum", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_trajectory"),
        sa.UniqueConstraint("id", name="uq_trajectory_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("trajectory_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("checksum", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.ForeignKeyConstraint(["trajectory_id"], ["trajectory.id"], name="fk_session_trajectory_id"),
        sa.UniqueConstraint("trajectory_id", "number", name="uq_session_trajectory_id_number"),
    )
    op.create_table(
        "entry",
        sa.Column("seq", _COUNTER, primary_key=True, autoincrement=True),
        sa.Column("session_id", sa.String(16), nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("writer", sa.Text, nullable=False),
        sa.Column("edit_id", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.String(32), nullable=False),
        sa.Column("checksum", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_entry"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_entry_session_id"),
        sa.UniqueConstraint("session_id", "item", "field", "revision", name="uq_entry_session_id_item_field_revision"),
        sa.UniqueConstraint("session_id", "edit_id", name="uq_entry_session_id_edit_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entry_session_id_seq", "entry", ["session_id", "seq"])


def downgrade() -> None:
    """Never: a migrated journal keeps its copy beside it."""
    raise NotImplementedError
