"""what was known of each article when it was told, messages as they stood before an edit, and the hash of models

Revision ID: 0012
Revises: 0010
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("digest_id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("cut", MOMENT, nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_evidence_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest_id", "article_id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_article_id"), "evidence", ["article_id"])
    op.create_index(op.f("ix_evidence_digest_id_cut"), "evidence", ["digest_id", "cut"])
    op.create_table(
        "message_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Text(), nullable=False),
        sa.Column("cut", MOMENT, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id", "cut", "part"],
            ["deliveries.digest_id", "deliveries.cut", "deliveries.part"],
            name=op.f("fk_message_revisions_digest_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_revisions")),
    )
    op.create_index(op.f("ix_message_revisions_digest_id_cut_part"), "message_revisions", ["digest_id", "cut", "part"])
    op.create_index(op.f("ix_deliveries_ts"), "deliveries", ["ts"])
    op.add_column("models", sa.Column("sha256", sa.Text(), nullable=True))
    _hash_the_kept_models()


def _hash_the_kept_models() -> None:
    kept = sa.table("models", sa.column("version"), sa.column("archive", sa.LargeBinary), sa.column("sha256"))
    connection = op.get_bind()
    for version in list(connection.scalars(sa.select(kept.c.version))):
        this = kept.c.version == version
        archive = connection.execute(sa.select(kept.c.archive).where(this)).scalar_one()
        connection.execute(sa.update(kept).where(this).values(sha256=hashlib.sha256(archive).hexdigest()))


def downgrade() -> None:
    with op.batch_alter_table("models", schema=None) as batch_op:
        batch_op.drop_column("sha256")
    op.drop_index(op.f("ix_deliveries_ts"), table_name="deliveries")
    op.drop_table("message_revisions")
    op.drop_table("evidence")
