"""Posting to Slack's stand-in: killed at random points, and many stories with hostile titles at its rate limit.

python benchmarks/posting.py kill [POINTS]      kill -9 at POINTS random points of a digest, an alert and an addition
python benchmarks/posting.py load [RATE]        0 to 1,000 hostile stories at RATE messages a second (1; 0: no limit)
"""

import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from monitor.core.story import Story  # noqa: E402
from monitor.jobs.send_alerts import send_alerts  # noqa: E402
from monitor.jobs.send_digests import send_digests  # noqa: E402
from monitor.slack import SlackClient  # noqa: E402
from monitor.store import Store, outbox  # noqa: E402
from tests.support.news import make_settings, make_stories, make_story, make_told, put_stories  # noqa: E402
from tests.support.sender import SETTINGS, Sender  # noqa: E402
from tests.support.slack_twin import SlackTwin  # noqa: E402

MINUTE = timedelta(minutes=1)


def urgent(stories: list[Story]) -> list[Story]:
    """The same stories, worth an alert."""
    return [
        replace(s, members=tuple(replace(t, decision=replace(t.decision, alert=True)) for t in s.members))
        for s in stories
    ]


def prepare(job: str, folder: Path, twin: SlackTwin, now: datetime) -> Path:
    """A store in which ``job`` has something to post; an addition needs alerts that are out already."""
    file = folder / f"{job}.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    if job == "digest":
        put_stories(store, make_stories(12), decided_at=now - MINUTE)
    else:
        stories = urgent([make_story([make_told(number, outlet="One")]) for number in range(1, 9)])
        put_stories(store, stories, decided_at=now - MINUTE)
        if job == "addition":
            send_alerts(store, SETTINGS, SlackClient(twin.token, twin.api_url), now=now)
            more = [replace(s, members=(make_told(100 + at, outlet="Two"),)) for at, s in enumerate(stories)]
            put_stories(store, more, decided_at=now)
    store.close()
    return file


def kill(points: int) -> None:
    """Each point: a fresh copy of the store, a run that is killed, a run that is not."""
    draw = random.Random(5)
    print("| job | points | parts | twice | missing | killed / ended | look-ups |\n|---|---|---|---|---|---|---|")
    for job in ("digest", "alert", "addition"):
        totals: Counter[str] = Counter()
        parts, calls = 0, 0
        with tempfile.TemporaryDirectory() as name, Sender() as sender:
            folder = Path(name)
            for point in range(-1, points):  # the first one is let run, to see how many calls it makes
                now = datetime.now(UTC)
                with SlackTwin() as twin:
                    file = prepare(job, folder, twin, now)
                    url = f"sqlite:///{file}"
                    run = "digest" if job == "digest" else "alert"
                    before = len(twin.requests("chat.postMessage")) + len(twin.requests("chat.update"))
                    how = {"kill_after": draw.uniform(0, 0.03), "calls": draw.randrange(calls)} if point >= 0 else {}
                    killed, _ = sender.run(run, url, twin, now, **how)
                    calls = calls or len(twin.requests("chat.postMessage")) + len(twin.requests("chat.update")) - before
                    sender.run(run, url, twin, now)
                    channel = SlackTwin.DIGEST if job == "digest" else SlackTwin.ALERTS
                    keys = Counter(m["metadata"]["event_payload"]["key"] for m in twin.messages(channel))
                    looked = len(twin.requests("conversations.history")) + len(twin.requests("conversations.replies"))
                parts = parts or len(keys)
                totals["twice"] += sum(count > 1 for count in keys.values())
                totals["missing"] += parts - len(keys)
                totals["killed" if killed else "ended"] += point >= 0
                totals["looked"] += looked
                for left in folder.iterdir():
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
        print(
            f"| {job} | {points} | {parts} | {totals['twice']} | {totals['missing']} "
            f"| {totals['killed']} / {totals['ended']} | {totals['looked']} |",
            flush=True,
        )


def load(rate: float) -> None:
    """Hostile titles, all accepted, in their order."""
    print("| stories | messages | s | refused | lint findings | in order |\n|---|---|---|---|---|---|")
    for count in (0, 1, 12, 60, 200, 1000):
        with tempfile.TemporaryDirectory() as name, SlackTwin(rate=rate) as twin:
            now = datetime.now(UTC)
            store = Store(f"sqlite:///{name}/monitor.db")
            store.migrate()
            put_stories(store, make_stories(count, hostile=True), decided_at=now - MINUTE)
            spec = replace(make_settings().digests[0], max_stories=1000)
            client, began = SlackClient(twin.token, twin.api_url), time.monotonic()
            report = send_digests(store, make_settings(spec), client, now=now, home=Path(name), force=True)
            seconds = time.monotonic() - began
            keys = [m["metadata"]["event_payload"]["key"].rsplit("/", 1)[1] for m in twin.messages()]
            with store.read() as connection:
                frozen = outbox.parts_of(connection, spec.id, report.digests[0].cut)
            told = [story for part in frozen for story in part.stories]
            ordered = keys == [str(n) for n in range(len(frozen))] and len(set(told)) == len(told) == count
            print(
                f"| {count} | {len(keys)} | {seconds:.1f} | {report.refused} | {len(twin.lint())} "
                f"| {'yes' if ordered else 'NO'} |",
                flush=True,
            )
            store.close()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # a killed client is no news to the stand-in
    what, number = sys.argv[1], sys.argv[2:]
    if what == "kill":
        kill(int(number[0]) if number else 50)
    else:
        load(float(number[0]) if number else 1.0)
