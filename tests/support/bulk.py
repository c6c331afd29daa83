"""A store of years, filled in seconds: the databases make the rows, in the shape of real ones.

``A_DAY`` articles a day up to the present, one in ten flagged, in stories of two; each with its entry, its
prediction, its decision; a digest a day that told the flagged ones, an alert a day, and runs, clicks and labels as
they come to be.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

from monitor.core.theme import THEME_IDS
from monitor.store import Store

CORPUS = Path(__file__).parents[2] / "models" / "corpus"
A_DAY = 300
FEEDS = 60
REASONS = [{"kind": "phrase", "text": f"words of reason {n}", "weight": 0.5} for n in range(8)]
DIGEST, LEDGER = "daily", "alerts/urgent"
JOBS = ("ingest_feeds", "classify_articles", "send_alerts", "send_digests")
FLAGGED, ALERTED = "i % 10 = 0", "i % 300 = 0"
NUMBER, STORY, WHO = f"(i % {FEEDS})", "('st' || (i / 20))", "('U' || (i % 9))"
FEED = f"('feed' || {NUMBER})"


def fill(store: Store, count: int, *, now: datetime, a_day: int = A_DAY) -> None:
    """Put ``count`` articles into an empty store; the newest was first seen two minutes before ``now``."""
    with store.write() as connection:
        _make_texts(connection)
        for statement in _statements(_Sql(store.dialect, now, count, a_day)):
            connection.execute(text(statement))
        if store.dialect == "postgresql":
            for table in ("decisions", "runs", "labels", "feed_history", "revisions"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
        connection.execute(text("DROP TABLE texts"))
    with store.write() as connection:
        connection.execute(text("ANALYZE"))


class _Sql:
    """The dialect's words for moments, as SQLAlchemy stores them, for ids and for JSON."""

    def __init__(self, dialect: str, now: datetime, count: int, a_day: int) -> None:
        self.sqlite, self.end = dialect == "sqlite", int(now.timestamp())
        self.count, self.a_day = count, a_day
        self.yes, self.no = ("1", "0") if self.sqlite else ("TRUE", "FALSE")

    def seen(self, *, later: int = 0) -> str:
        """So many seconds after the i-th article was first seen."""
        return self.at(f"{self.end} + 144 - ({self.count} - i) * {86400 // self.a_day} + {later}")

    def day(self, days: str, *, hour: int) -> str:
        """So many days before the end of the archive."""
        return self.at(f"{self.end} - ({days}) * 86400 + {hour * 3600}")

    def at(self, seconds: str) -> str:
        return f"(datetime({seconds}, 'unixepoch') || '.000000')" if self.sqlite else f"to_timestamp({seconds})"

    @property
    def key(self) -> str:
        return "('a' || substr('0000000' || i, -8))" if self.sqlite else "('a' || lpad(i::text, 8, '0'))"

    def json(self, value: object) -> str:
        return f"'{json.dumps(value)}'" + ("" if self.sqlite else "::json")

    def flag(self, when: str) -> str:
        return f"(CASE WHEN {when} THEN {self.yes} ELSE {self.no} END)"

    def put(self, table: str, values: dict[str, str], numbers: str, last: int, *, step: int = 1, first: int = 0) -> str:
        """An INSERT of a row for each number ``i``; ``numbers`` is what follows FROM."""
        counted = (
            f"WITH RECURSIVE numbers(i) AS (SELECT {first} UNION ALL "
            f"SELECT i + {step} FROM numbers WHERE i + {step} <= {last})"
        )
        insert = f"INSERT INTO {table} ({', '.join(values)})"
        head = f"{insert} {counted}" if self.sqlite else f"{counted} {insert}"
        return f"{head} SELECT {', '.join(values.values())} FROM {numbers}"


@cache
def _corpus() -> list[dict[str, object]]:
    """Rows of texts: irrelevant ones are of kind 0, relevant ones of kind 1."""
    lines = (line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines())
    kinds: tuple[list[dict[str, object]], list[dict[str, object]]] = ([], [])
    for row in map(json.loads, lines):
        kind, some = int(row["relevant"]), kinds[row["relevant"]]
        values = {"title": row["title"], "summary": row.get("summary") or "", "language": row["lang"]}
        some.append({"kind": kind, "n": len(some)} | values)
    return [*kinds[0][:1000], *kinds[1][:500]]


def _make_texts(connection: Connection) -> None:
    connection.execute(text("CREATE TEMPORARY TABLE texts (kind int, n int, title text, summary text, language text)"))
    connection.execute(text("INSERT INTO texts VALUES (:kind, :n, :title, :summary, :language)"), _corpus())
    connection.execute(text("CREATE INDEX texts_n ON texts (kind, n)"))


def _statements(sql: _Sql) -> Iterator[str]:
    yield from _of_articles(sql)
    yield from _of_stories(sql)
    days, cut, ran = sql.count // sql.a_day, sql.day("i", hour=-3), f"{sql.end} - i * 120"
    yield _told(sql, DIGEST, days, cut, sql.day("i", hour=-12))
    yield _posted(sql, DIGEST, days, cut)
    yield _told(sql, LEDGER, days, sql.day("i", hour=-12), sql.day("i", hour=-12))
    yield _posted(sql, LEDGER, days, sql.day("i", hour=-12))
    jobs = " ".join(f"WHEN {n} THEN '{job}'" for n, job in enumerate(JOBS))
    run = {"job": f"CASE i % {len(JOBS)} {jobs} END", "state": "'success'", "counts": sql.json({}), "error": "''"}
    run |= {"started_at": sql.at(f"{ran} - 60"), "finished_at": sql.at(f"{ran} - 50")}
    yield sql.put("runs", run, "numbers", min(days, 90) * 700)
    health = {
        "feed_id": FEED,
        "at": sql.day("i / 10", hour=-5),
        "health": "'healthy'",
        "notes": sql.json([]),
        "reason": "''",
    }
    yield sql.put("feed_history", health, "numbers", 10 * min(days, 90))
    state = {"feed_id": FEED, "url": f"'https://feed.example/' || {FEED}", "health": "'healthy'", "notes": sql.json([])}
    state |= dict.fromkeys(("etag", "last_modified", "body_hash", "reason"), "''") | {"entry_keys": sql.json([])}
    yield sql.put(
        "feed_states", state | {"failures": "0", "last_success_at": sql.day("0", hour=-1)}, "numbers", FEEDS - 1
    )
    click = {"key": "'c' || i", "at": sql.at(f"{sql.end} - i * 3000"), "who": WHO, "name": "'anna'"}
    click |= {"article_id": sql.key, "verb": "'relevant'", "state": "'done'", "content": sql.json({})}
    yield sql.put("clicks", click, "numbers", min(days, 30) * 28)
    label = {"article_id": sql.key, "value": "'1'", "who": WHO, "at": sql.seen(later=1800), "text": "'words'"}
    label |= {"kind": "(CASE (i / 10) % 20 WHEN 0 THEN 'group' ELSE 'relevance' END)", "model": "'m1'"}
    yield sql.put("labels", label, "numbers", sql.count - 1, step=10)


def _of_articles(sql: _Sql) -> Iterator[str]:
    article = {
        "id": sql.key,
        "feed_id": FEED,
        "outlet": f"'Outlet ' || {NUMBER}",
        "url": f"'https://outlet' || {NUMBER} || '.example/' || i",
        "title": "title || ' ' || i",
        "summary": "summary",
        "text": "''",
        "language": "language",
        "tier": "'general'",
        "country": "'KR'",
        "published_at": sql.seen(later=-1200),
        "seen_at": sql.seen(),
        "dated": sql.yes,
        "decision_id": "i + 1",
    }
    kind = f"(CASE WHEN {FLAGGED} THEN 1 ELSE 0 END)"
    words = f"numbers JOIN texts ON texts.kind = {kind} AND texts.n = i % (CASE WHEN {FLAGGED} THEN 500 ELSE 1000 END)"
    yield sql.put("articles", article, words, sql.count - 1)
    entry = {"feed_id": FEED, "entry_key": "'k' || i", "article_id": sql.key, "seen_at": sql.seen()}
    yield sql.put("entries", entry, "numbers", sql.count - 1)
    revision = {"article_id": sql.key, "at": sql.seen(later=3600), "title": "'before'", "summary": "''"}
    yield sql.put("revisions", revision, "numbers", sql.count - 1, step=20)
    score = f"(CASE WHEN {FLAGGED} THEN 0.6 + (i % 397) / 1000.0 ELSE (i % 400) / 1000.0 END)"
    reasons, probable = sql.json(REASONS), sql.json(dict.fromkeys(THEME_IDS, 0.1))
    made = {"article_id": sql.key, "model": "'m1'", "reasons": reasons}
    prediction = made | {"probability": score, "themes": probable}
    yield sql.put("predictions", prediction, "numbers", sql.count - 1)
    themes = f"(CASE WHEN {FLAGGED} THEN {sql.json([THEME_IDS[0]])} ELSE {sql.json([])} END)"
    decision = made | {"id": "i + 1", "watch": "'w1'", "settings": "'s1'", "score": score, "themes": themes}
    decision |= {"digest": sql.flag(FLAGGED), "alert": sql.flag(ALERTED), "terms": sql.json([]), "late": sql.no}
    yield sql.put("decisions", decision | {"decided_at": sql.seen(later=120)}, "numbers", sql.count - 1)


def _of_stories(sql: _Sql) -> Iterator[str]:
    story = {"id": STORY, "title": "min('Story ' || i)", "first_seen_at": f"min({sql.seen()})"}
    story |= {"last_seen_at": f"max({sql.seen()})"}
    yield sql.put("stories", story, f"numbers GROUP BY {STORY}", sql.count - 1, step=10)
    member = {"article_id": sql.key, "story_id": STORY, "joined_at": sql.seen(later=120)}
    yield sql.put("story_members", member, "numbers", sql.count - 1, step=10)
    age = f"(({sql.count} - i) / {sql.a_day})"  # in days; what was seen today is not told yet
    for ledger, hour, which in (
        (DIGEST, -3, f"i < {sql.count - sql.a_day}"),
        (LEDGER, -12, f"{ALERTED} AND i < {sql.count - sql.a_day}"),
    ):
        row = {"digest_id": f"'{ledger}'", "article_id": sql.key, "story_id": STORY, "cut": sql.day(age, hour=hour)}
        yield sql.put("told", row, f"numbers WHERE {which}", sql.count - 1, step=10)


def _told(sql: _Sql, ledger: str, days: int, cut: str, since: str) -> str:
    row = {"digest_id": f"'{ledger}'", "cut": cut, "since": since, "channel": "'#x'", "stories": "14"}
    return sql.put("digests", row | {"articles": "30", "composed_at": cut}, "numbers", days, first=1)


def _posted(sql: _Sql, ledger: str, days: int, cut: str) -> str:
    blocks = [{"type": "section", "text": "words " * 200}]
    payload = sql.json({"text": "words " * 60, "blocks": blocks, "stories": []})
    row = {"digest_id": f"'{ledger}'", "cut": cut, "part": "0", "channel": "'#x'", "key": f"'{ledger}/' || i"}
    row |= {"payload": payload, "state": "'posted'", "attempts": "1", "ts": "'1700000000.' || i", "posted_at": cut}
    return sql.put("deliveries", row | {"error": "''"}, "numbers", days, first=1)
