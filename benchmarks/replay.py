"""How fast a changed watch is tried on a large archive, and how fast many terms are matched.

    python benchmarks/replay.py [ARTICLES]            monitor watch try on so many stored articles (100,000)
    python benchmarks/replay.py match [ARTICLES]      1,000 terms on so many articles, one core
    python benchmarks/replay.py gold [STORIES TEXTS]  how well events are found in the archive by their titles alone
    python benchmarks/replay.py patterns              texts that backtracking engines choke on, at growing length

The archive is made of the texts of ``models/corpus`` with numbers added, spread over 90 days, and stored as the jobs
store it. It is more on the subject than real feeds are, so that more has to be matched.
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

from monitor.core.article import Article
from monitor.core.gold import Event, Finder
from monitor.core.match import find_matches, matching_terms
from monitor.core.watch import Near, Watch, WatchTerm
from monitor.settings import load_settings
from monitor.store import Store
from monitor.store.models import promote_model, save_model
from monitor.store.runs import remember_version
from monitor.store.schema import articles as article_table
from monitor.store.schema import decisions as decision_table
from monitor.store.schema import predictions as prediction_table
from monitor.store.stories import add_to_story

ROOT = Path(__file__).parents[1]
DAYS = 90
NEW_TERM = """
  - name: bridge over the Tumen
    near: {groups: [[Tumen*, 두만강, Туманн*, 图们江, 豆満江], [bridge*, 다리, 대교, мост*, 大桥, 橋]], within: 8}
    weight: 1.5
"""


def make_articles(count: int) -> Iterator[Article]:
    """So many texts, each its own."""
    rng = random.Random(1)
    rows = [
        json.loads(line)
        for file in sorted((ROOT / "models" / "corpus").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    by_language: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_language.setdefault(row["lang"], []).append(row)
    end = datetime.now(UTC)
    for number in range(count):
        row = rng.choice(rows)
        other = rng.choice(by_language[row["lang"]])
        seen = end - timedelta(days=DAYS - 1) * (1 - number / count)
        yield Article(
            id=f"a{number:07d}",
            feed_id="feed",
            outlet=f"Outlet {number % 100}",
            url=f"https://outlet{number % 100}.example/{number}",
            title=f"{row['title']} {number}",
            summary=f"{row.get('summary') or ''} {other.get('summary') or other['title']}",
            language=row["lang"],
            published_at=seen - timedelta(hours=1),
            seen_at=seen,
        )


def fill(store: Store, count: int, *, decided_by: str | None) -> None:
    """Store the articles with a decision each; ``decided_by`` None: under a watch that nobody remembers."""
    settings = load_settings(ROOT / "config")
    rng = random.Random(2)
    now = datetime.now(UTC)
    version = decided_by or "forgotten"
    themes = {theme.id: 0.1 for theme in settings.themes}
    reasons = [{"kind": "phrase", "text": f"words {n}", "weight": 0.5} for n in range(8)]
    with store.write() as connection:
        card = {"version": "m1", "thresholds": {"digest": 0.5, "alert": 0.9, "themes": {}}}
        save_model(connection, version="m1", made_at=now, card=card, archive=b"")
        promote_model(connection, "m1", now=now)
        if decided_by:
            remember_version(connection, "watch", version, settings.texts["watch"], now=now)
    for start in range(0, count, 5000):
        chunk = _ARTICLES[start : start + 5000]
        matched = [sorted({m.term for m in find_matches(settings.watch, one)}) if decided_by else [] for one in chunk]
        columns = [column.name for column in article_table.columns if column.name not in {"decision_id"}]
        with store.write() as connection:
            connection.execute(insert(article_table), [{n: getattr(one, n) for n in columns} for one in chunk])
            scores = [rng.betavariate(0.2, 2) for _ in chunk]
            connection.execute(
                insert(prediction_table),
                [
                    {"article_id": a.id, "model": "m1", "probability": s, "themes": themes, "reasons": reasons}
                    for a, s in zip(chunk, scores, strict=True)
                ],
            )
            connection.execute(
                insert(decision_table),
                [
                    {
                        "id": start + at + 1,
                        "article_id": one.id,
                        "model": "m1",
                        "watch": version,
                        "settings": "s",
                        "score": score,
                        "digest": score >= 0.5,
                        "alert": score >= 0.9,
                        "themes": [],
                        "reasons": reasons,
                        "terms": terms,
                        "decided_at": one.seen_at,
                        "late": False,
                    }
                    for at, (one, score, terms) in enumerate(zip(chunk, scores, matched, strict=True))
                ],
            )
    with store.write() as connection:
        this = select(decision_table.c.id).where(decision_table.c.article_id == article_table.c.id).scalar_subquery()
        connection.execute(update(article_table).values(decision_id=this))
        flagged = connection.execute(select(decision_table.c.article_id).where(decision_table.c.digest)).scalars()
        for at, article_id in enumerate(flagged):
            one = _ARTICLES[int(article_id[1:])]
            add_to_story(
                connection, f"st-{at // 3}", article_id=one.id, title=one.title, seen_at=one.seen_at, now=one.seen_at
            )


_ARTICLES: list[Article] = []


def bench_try(count: int) -> None:
    """One row an archive: decided under the old watch, and under one that is not stored."""
    _ARTICLES[:] = make_articles(count)
    letters = sum(len(a.title) + len(a.summary) for a in _ARTICLES) / count
    print(f"{count:,} articles of {letters:.0f} letters, the shipped watch and one new term")
    print("| archive decided under | wall s | CPU s | peak MB |\n|---|---|---|---|")
    for known in (True, False):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            store = Store(f"sqlite:///{folder / 'monitor.db'}")
            store.migrate()
            fill(store, count, decided_by=load_settings(ROOT / "config").watch.version if known else None)
            store.close()
            new = folder / "new.yaml"
            new.write_text((ROOT / "config" / "watch.yaml").read_text(encoding="utf-8") + NEW_TERM, encoding="utf-8")
            environment = os.environ | {
                "MONITOR_CONFIG": str(ROOT / "config"),
                "MONITOR_HOME": name,
                "MONITOR_STORE": f"sqlite:///{folder / 'monitor.db'}",
            }
            began = time.perf_counter()
            pid = subprocess.Popen(
                [sys.executable, "-m", "monitor", "watch", "try", str(new), "--json"],
                env=environment,
                stdout=subprocess.PIPE,
            )
            out = pid.stdout.read() if pid.stdout else b""
            _, code, usage = os.wait4(pid.pid, 0)
            wall = time.perf_counter() - began
            assert code == 0, out
            found = json.loads(out)
            assert found["articles"] == count
            cpu = usage.ru_utime + usage.ru_stime
            what = "the old watch, stored" if known else "a watch that is not stored"
            print(f"| {what} | {wall:.1f} | {cpu:.1f} | {usage.ru_maxrss / 1024:.0f} |", flush=True)


def many_terms(kind: str, count: int) -> Watch:
    """So many terms of words that the texts have."""
    rng = random.Random(3)
    words = sorted({word for one in _ARTICLES[:4000] for word in one.title.split() if len(word) > 3 and word.isalpha()})
    terms = []
    for number in range(count):
        a, b, c, d, e, f = (rng.choice(words) for _ in range(6))
        forms = {
            "plain": WatchTerm(name=f"t{number}", any_of=(a, f"{b} {c}", f"{d[:4]}*"), none_of=(e,)),
            "near": WatchTerm(name=f"t{number}", near=(Near(groups=((a, b, c), (d, e, f"{f[:4]}*")), words=12),)),
            "regex": WatchTerm(name=f"t{number}", any_of=(rf"/\b{a[:5]}\w* \w+ {b[:4]}\w*/",)),
        }
        kinds = list(forms)
        terms.append(forms[kind if kind in forms else kinds[number % 3]])
    return Watch(terms=tuple(terms), version=kind)


def bench_match(count: int) -> None:
    """CPU seconds of one core, for each kind of term."""
    _ARTICLES[:] = make_articles(count)
    print(f"1,000 terms x {count:,} articles")
    print("| terms | to compile, s | to match, s | of articles matched |\n|---|---|---|---|")
    for kind in ("plain", "near", "regex", "mixed"):
        watch = many_terms(kind, 1000)
        began = time.process_time()
        find_matches(watch, _ARTICLES[0])
        compiled = time.process_time() - began
        began = time.process_time()
        found = sum(bool(matching_terms(watch, one)) for one in _ARTICLES)
        spent = time.process_time() - began
        print(f"| {kind} | {compiled:.1f} | {spent:.1f} | {found / count:.0%} |", flush=True)


PATHOLOGICAL = ("/(a+)+b/", "/(a|aa)+b/", "/(a*)*c/", "/(a|b|ab)*c/", "/(.*a){12}d/", "a*a*b", "aa*aa*", "*a b")


def bench_patterns() -> None:
    """Seconds for texts that double in length: linear means that the time doubles too. Python's re on a short one."""
    watch = Watch(terms=tuple(WatchTerm(name=p, any_of=(p,)) for p in PATHOLOGICAL), version="x")
    print("| letters | s | s a letter x 1e6 |\n|---|---|---|")
    for power in range(13, 20):
        length = 2**power
        text = "a" * length + " " + "ab " * (length // 3)
        one = Article(
            id="a", feed_id="", outlet="", url="", title=text, summary="", language="en",
            published_at=datetime.now(UTC), seen_at=datetime.now(UTC),
        )  # fmt: skip
        began = time.process_time()
        find_matches(watch, one)
        spent = time.process_time() - began
        print(f"| {len(text):,} | {spent:.3f} | {spent / len(text) * 1e6:.2f} |", flush=True)
    began = time.process_time()
    re.search("(a+)+b", "a" * 26)
    print(
        f"Python's re, (a+)+b on 26 letters: {time.process_time() - began:.1f} s, and twice that for each letter more"
    )


def bench_gold(files: list[str]) -> None:
    """The first title of each story with several articles as an event, the others as the archive."""
    from stories import read  # scikit-learn comes with it, which the other measurements must not load

    articles, gold = read(*(Path(file) for file in files or [str(ROOT / "benchmarks" / "stories.jsonl")]))
    stories: dict[str, list[Article]] = {}
    for one in articles:
        stories.setdefault(gold[one.id], []).append(one)
    founders, events = {}, []
    for number, (first, *others) in enumerate(stories.values()):
        if others:
            day = first.published_at.replace(hour=0, minute=0, second=0, microsecond=0)
            events.append(Event(line=number, title=first.title, at=day, due=day + timedelta(days=1)))
            founders[number] = first.id
    finder, right, wrong, found = Finder(events), 0, 0, set()
    for one in articles:
        for event in finder.find(one):
            if one.id != founders[event.line]:
                same = gold[one.id] == gold[founders[event.line]]
                right, wrong = right + same, wrong + (not same)
                found |= {event.line} if same else set()
    print(
        f"{len(events)} events, {len(found) / len(events):.2f} found; {right / (right + wrong):.2f} of the pairs right"
    )


if __name__ == "__main__":
    what = [argument for argument in sys.argv[1:] if not argument.isdigit()]
    number = next((int(argument) for argument in sys.argv[1:] if argument.isdigit()), 100_000)
    if what == ["match"]:
        bench_match(number)
    elif what == ["patterns"]:
        bench_patterns()
    elif what[:1] == ["gold"]:
        bench_gold(what[1:])
    else:
        bench_try(number)
    print(f"peak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
