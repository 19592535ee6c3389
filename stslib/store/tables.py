"""The three tables of a journal. The migrations build them; a test holds the two against each other."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

# SQLite numbers rows by itself only for a column that is literally INTEGER.
COUNTER = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

trajectory = Table(
    "trajectory",
    metadata,
    Column("seq", COUNTER, primary_key=True, autoincrement=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("school", Text, nullable=False),
    Column("levels", Text, nullable=False),  # JSON list of school levels
    Column("province", String(32), nullable=True),
    Column("school_year", String(9), nullable=False),
    Column("created_at", String(32), nullable=False),  # ISO 8601, UTC
    Column("demo", Boolean, nullable=False),
    Column("checksum", String(16), nullable=False),
    sqlite_autoincrement=True,
)

session = Table(
    "session",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("trajectory_id", String(16), ForeignKey("trajectory.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("checksum", String(16), nullable=False),
    UniqueConstraint("trajectory_id", "number"),
)

entry = Table(
    "entry",
    metadata,
    Column("seq", COUNTER, primary_key=True, autoincrement=True),
    Column("session_id", String(16), ForeignKey("session.id"), nullable=False),
    Column("item", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),  # JSON in ASCII: holds every text, lone surrogates and NUL included
    Column("revision", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("writer", Text, nullable=False),
    Column("edit_id", Text, nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Column("checksum", String(16), nullable=False),
    Column("content", Text, nullable=False, server_default=""),  # the edition that asked, as school@2026-11, or empty
    UniqueConstraint("session_id", "item", "field", "revision"),
    UniqueConstraint("session_id", "edit_id"),
    sqlite_autoincrement=True,
)
Index(None, entry.c.session_id, entry.c.seq)
