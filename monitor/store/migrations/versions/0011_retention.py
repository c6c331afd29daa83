"""what retention leaves behind, and indexes that keep each step as quick in a store of years

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

INDEXES = (
    ("ix_told_digest_id_cut", "told", ["digest_id", "cut"]),
    ("ix_told_article_id", "told", ["article_id"]),
    ("ix_digests_cut", "digests", ["cut"]),
    ("ix_deliveries_cut", "deliveries", ["cut"]),
    ("ix_runs_started_at", "runs", ["started_at"]),
    ("ix_feed_history_at", "feed_history", ["at"]),
    ("ix_labels_at", "labels", ["at"]),
    ("ix_labels_kind_at", "labels", ["kind", "at"]),
)
# Rows that are written again and again: room for their next version on the same page, so that no index has to hear
# of it, and a vacuum before a fifth of the table is dead.
HOT = {
    "feed_states": "fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 200",
    "articles": "autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02",
    "deliveries": "autovacuum_vacuum_scale_factor = 0.05",
    "runs": "autovacuum_vacuum_scale_factor = 0.05",
}


def upgrade() -> None:
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.alter_column("article_id", existing_type=sa.Text(), nullable=True)
        batch_op.add_column(sa.Column("last_shown_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_entries_last_shown_at",
        "entries",
        ["last_shown_at"],
        sqlite_where=sa.text("article_id IS NULL"),
        postgresql_where=sa.text("article_id IS NULL"),
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    if op.get_bind().dialect.name == "postgresql":
        for table, options in HOT.items():
            op.execute(f"ALTER TABLE {table} SET ({options})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, options in HOT.items():
            op.execute(f"ALTER TABLE {table} RESET ({', '.join(o.split(' = ')[0] for o in options.split(', '))})")
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_index("ix_entries_last_shown_at", table_name="entries")
    op.execute("DELETE FROM entries WHERE article_id IS NULL")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_column("last_shown_at")
        batch_op.alter_column("article_id", existing_type=sa.Text(), nullable=False)
