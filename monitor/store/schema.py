"""The tables. Migrations in ``migrations/`` bring a database to this shape; a test compares the two."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values; SQLite knows no time zones, so it stores UTC and reads it back as such."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time may not be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feed_states = Table(
    "feed_states",
    metadata,
    Column("feed_id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("body_hash", Text, nullable=False),
    Column("failures", Float, nullable=False),
    Column("interval_seconds", Float),
    Column("next_fetch_at", UtcDateTime),
    Column("last_fetch_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_full_fetch_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    Column("health", Text, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("entry_keys", JSON, nullable=False),
    Column("habit", JSON),
    Column("announced", Text),  # the trouble that people heard of last; empty or NULL when none
)

feed_history = Table(
    "feed_history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("health", Text, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "feed_id", "at"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("feed_id", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("dated", Boolean, nullable=False),
    # Its page gave no text and is left alone until then; NULL is the to-do list of full texts.
    Column("read_after", UtcDateTime),
    # The decision in force; no foreign key, for decisions point here. NULL is the classifier's to-do list.
    Column("decision_id", Integer),
    Index(
        "ix_articles_undecided",
        "seen_at",
        "id",
        sqlite_where=text("decision_id IS NULL"),
        postgresql_where=text("decision_id IS NULL"),
    ),
    Index(None, "seen_at"),
    Index(None, "url"),
)

# Which feed showed which article, under which key: an entry is taken in once a feed, an article once in all.
entries = Table(
    "entries",
    metadata,
    Column("feed_id", Text, primary_key=True),
    Column("entry_key", Text, primary_key=True),
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "article_id"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Index(None, "article_id"),
)

predictions = Table(
    "predictions",
    metadata,
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("model", Text, primary_key=True),
    Column("probability", Float, nullable=False),
    Column("themes", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("model", Text, nullable=False),
    Column("watch", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("alert", Boolean, nullable=False),
    Column("themes", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("late", Boolean, nullable=False),
    UniqueConstraint("article_id", "model", "watch", "settings"),
    # SQLite takes a partial index only for the very words of its condition, and SQLAlchemy writes "digest = 1" there.
    Index("ix_decisions_flagged", "decided_at", sqlite_where=text("digest = 1"), postgresql_where=text("digest")),
    Index(None, "decided_at"),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("merged_into", Text),
    Index(None, "last_seen_at"),
    Index(
        "ix_stories_merged",
        "merged_into",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
)

story_members = Table(
    "story_members",
    metadata,
    Column("article_id", Text, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Text, ForeignKey("stories.id"), nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Index(None, "story_id"),
)

digests = Table(
    "digests",
    metadata,
    Column("digest_id", Text, primary_key=True),
    Column("cut", UtcDateTime, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("channel", Text, nullable=False),
    Column("stories", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("composed_at", UtcDateTime, nullable=False),
    Column(
        "picture", Text
    ),  # the file that shows its trends; NULL while it is not in the thread, else why it never was
)

# What was told: one row an article a digest. A story comes back in the same digest only through new rows.
told = Table(
    "told",
    metadata,
    Column("digest_id", Text, primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("story_id", Text, nullable=False),
    Column("cut", UtcDateTime, nullable=False),
    Index(None, "digest_id", "story_id"),
    Index(None, "story_id"),
)

# The outbox: frozen messages and what became of them.
deliveries = Table(
    "deliveries",
    metadata,
    Column("digest_id", Text, primary_key=True),
    Column("cut", UtcDateTime, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("payload", JSON, nullable=False),
    Column("state", Text, nullable=False),  # ready, claimed, posted, refused
    Column("attempts", Integer, nullable=False),
    Column("claimed_at", UtcDateTime),
    # When Slack said to come back.
    Column("not_before", UtcDateTime),
    Column("ts", Text, nullable=False),
    Column("posted_at", UtcDateTime),
    Column("error", Text, nullable=False),
    Index(
        "ix_deliveries_open",
        "digest_id",
        "cut",
        "part",
        sqlite_where=text("state IN ('ready', 'claimed')"),
        postgresql_where=text("state IN ('ready', 'claimed')"),
    ),
)

labels = Table(
    "labels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("language", Text),
    Column("source", Text),  # slack, terminal, import
    Index(None, "article_id"),
    Index(None, "who"),
)

# What people pressed and typed in Slack: see store.clicks.
clicks = Table(
    "clicks",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("article_id", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("state", Text, nullable=False),  # queued, kept, done, refused
    Column("content", JSON, nullable=False),
    Index(None, "state", "at"),
    Index(None, "who", "article_id"),
)

mutes = Table(
    "mutes",
    metadata,
    Column("outlet", Text, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Looks below the line: what was sampled, so that the answers can be weighed.
reviews = Table(
    "reviews",
    metadata,
    Column("drawn_at", UtcDateTime, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("model", Text, nullable=False),
    Column("threshold", Float, nullable=False),
    Column(
        "strata", JSON, nullable=False
    ),  # of each: how many articles it held, how many relevant ones by their scores
)

review_articles = Table(
    "review_articles",
    metadata,
    Column("drawn_at", UtcDateTime, ForeignKey("reviews.drawn_at", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("stratum", Integer, nullable=False),
    Column("score", Float, nullable=False),
)

models = Table(
    "models",
    metadata,
    Column("version", Text, primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("card", JSON, nullable=False),
    Column("archive", LargeBinary, nullable=False),
    Column("promoted_at", UtcDateTime),
)

# What was measured: the last report of each model on each set of labelled texts.
evaluations = Table(
    "evaluations",
    metadata,
    Column("model", Text, primary_key=True),
    Column("evaluation_set", Text, primary_key=True),  # hash of its texts and labels
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("report", JSON, nullable=False),
)

# Every version of watch, settings and feeds that ever decided anything, and the last that was good.
versions = Table(
    "versions",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("state", Text, nullable=False),  # running, success, failed
    Column("counts", JSON, nullable=False),
    Column("error", Text, nullable=False),
    Index(None, "job", "started_at"),
)
