"""Evidence: what was known of an article when a digest or an alert told it, so that each message can be explained.

Written with the ledger, once, and never changed: what later becomes of the article, of its decision or of its story
leaves it alone. It goes with its article.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from monitor.core.article import Article
from monitor.core.decision import Decision, Reason, Versions
from monitor.core.story import Story, Told
from monitor.store.schema import deliveries, evidence, message_revisions
from monitor.store.upsert import insert_new

MOMENTS = ("published_at", "seen_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One article as one ledger told it: ``told`` is the article and the decision in force then.

    The full text is not copied: ``text_length`` says how much of it there was (characters), for it never changes once
    it is there. ``part`` is the message, None where the story was only counted among those left out.
    """

    ledger: str
    cut: datetime
    part: int | None
    story_id: str
    at: datetime
    told: Told
    text_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message of the outbox as it stands now; ``state`` and ``error`` say what became of it."""

    ledger: str
    cut: datetime
    part: int
    channel: str
    state: str
    ts: str
    posted_at: datetime | None
    error: str
    payload: Mapping[str, Any]


def keep_evidence(
    connection: Connection,
    ledger: str,
    cut: datetime,
    stories: Sequence[Story],
    *,
    parts: Mapping[str, int],
    now: datetime,
) -> None:
    """Keep what is known of every member of ``stories``; ``parts``: by story id, the message that tells it."""
    rows = [
        {
            "digest_id": ledger,
            "article_id": member.article.id,
            "cut": cut,
            "part": parts.get(story.id),
            "story_id": story.id,
            "at": now,
            "content": _content(member),
        }
        for story in stories
        for member in story.members
    ]
    insert_new(connection, evidence, rows, keys=("digest_id", "article_id"))


def evidence_of(connection: Connection, ledger: str, cut: datetime) -> tuple[Evidence, ...]:
    """All that one digest or alert told, and what was added to it, in the order of its messages."""
    query = (
        select(evidence)
        .where(evidence.c.digest_id == ledger, evidence.c.cut == cut)
        .order_by(evidence.c.part.is_(None), evidence.c.part, evidence.c.at, evidence.c.story_id, evidence.c.article_id)
    )
    return tuple(
        Evidence(
            ledger=row.digest_id,
            cut=row.cut,
            part=row.part,
            story_id=row.story_id,
            at=row.at,
            told=_told(row.content),
            text_length=row.content["article"]["text"],
        )
        for row in connection.execute(query)
    )


def keep_former(connection: Connection, ledger: str, cut: datetime, part: int, payload: Any, *, at: datetime) -> None:
    """Keep a message as it stood until now, before it is edited."""
    connection.execute(insert(message_revisions).values(digest_id=ledger, cut=cut, part=part, at=at, payload=payload))


def formers_of(connection: Connection, ledger: str, cut: datetime) -> list[tuple[int, datetime, Mapping[str, Any]]]:
    """(Part, until when it stood so, payload) of each message of a bundle before each of its edits, oldest first."""
    m = message_revisions.c
    query = select(m.part, m.at, m.payload).where(m.digest_id == ledger, m.cut == cut).order_by(m.at, m.id)
    return [(row.part, row.at, row.payload) for row in connection.execute(query)]


def find_sent(connection: Connection, ts: str) -> list[Sent]:
    """The messages that stand at ``ts``, in whatever channel."""
    return _sent(connection, deliveries.c.ts == ts)


def bundle_of(connection: Connection, ledger: str, cut: datetime) -> list[Sent]:
    """Every message of one digest or alert, in order."""
    return _sent(connection, (deliveries.c.digest_id == ledger) & (deliveries.c.cut == cut))


def _sent(connection: Connection, which: Any) -> list[Sent]:
    d = deliveries.c
    query = select(d.digest_id, d.cut, d.part, d.channel, d.state, d.ts, d.posted_at, d.error, d.payload)
    return [
        Sent(**{"ledger" if name == "digest_id" else name: value for name, value in row.items()})
        for row in connection.execute(query.where(which).order_by(d.digest_id, d.cut, d.part)).mappings()
    ]


def _content(told: Told) -> dict[str, Any]:
    article = asdict(told.article) | {name: getattr(told.article, name).isoformat() for name in MOMENTS}
    decision = asdict(told.decision) | {"decided_at": told.decision.decided_at.isoformat()}
    return {"article": article | {"text": len(told.article.text)}, "decision": decision}


def _told(content: Mapping[str, Any]) -> Told:
    article, decision = content["article"], content["decision"]
    moments = {name: datetime.fromisoformat(article[name]) for name in MOMENTS}
    return Told(
        article=Article(**{**article, **moments, "text": ""}),
        decision=Decision(
            **{
                **decision,
                "versions": Versions(**decision["versions"]),
                "themes": tuple(decision["themes"]),
                "reasons": tuple(Reason(**reason) for reason in decision["reasons"]),
                "terms": tuple(decision["terms"]),
                "decided_at": datetime.fromisoformat(decision["decided_at"]),
            }
        ),
    )
