"""how labels came in, and that they can be taken back

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("labels", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("labels", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("labels", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("labels", schema=None) as batch_op:
        for name in ("undone_at", "source", "language"):
            batch_op.drop_column(name)
