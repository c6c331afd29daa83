"""the picture of a digest's trends, and an index that SQLite uses

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("digests", sa.Column("picture", sa.Text(), nullable=True))
    _index_flagged(sqlite_where="digest = 1")


def downgrade() -> None:
    op.drop_column("digests", "picture")
    _index_flagged(sqlite_where="digest")


def _index_flagged(*, sqlite_where: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_decisions_flagged", "decisions")
        op.create_index("ix_decisions_flagged", "decisions", ["decided_at"], sqlite_where=sa.text(sqlite_where))
