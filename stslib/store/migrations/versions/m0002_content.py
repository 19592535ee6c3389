"""Each entry names the edition of the content that it answers; those of before say nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no row is rewritten, so their checksums stay."""
    op.add_column("entry", sa.Column("content", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Never: a migrated journal keeps its copy beside it."""
    raise NotImplementedError
