"""what was told of a story, and what became part of it, at the same cost in a store of any size

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_told_story_id", "told", ["story_id"])
    op.create_index("ix_stories_merged", "stories", ["merged_into"], sqlite_where=MERGED, postgresql_where=MERGED)


def downgrade() -> None:
    op.drop_index("ix_stories_merged", table_name="stories")
    op.drop_index("ix_told_story_id", table_name="told")
