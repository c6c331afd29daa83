"""how labels came in, and looks below the line

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("labels", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("labels", sa.Column("source", sa.Text(), nullable=True))
    op.create_table(
        "reviews",
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("drawn_at", name=op.f("pk_reviews")),
    )
    op.create_table(
        "review_articles",
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_at"], ["reviews.drawn_at"], name=op.f("fk_review_articles_drawn_at"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("drawn_at", "article_id", name=op.f("pk_review_articles")),
    )


def downgrade() -> None:
    op.drop_table("review_articles")
    op.drop_table("reviews")
    with op.batch_alter_table("labels", schema=None) as batch_op:
        for name in ("source", "language"):
            batch_op.drop_column(name)
