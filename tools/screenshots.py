"""The pictures in docs/: digest and alerts in Slack, the digest's page and the weekly report, made from the sample.

    python -m tools.screenshots docs

Slack is the stand-in of the tests. The sample holds some days, so its stories are dated back for a month to give the
trends something to show; two people press buttons and answer a look below the line.
"""

import argparse
import csv
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from monitor import run
from monitor.core.article import Sighting
from monitor.store import Store, articles, decisions, stories
from tests.support.browser import chromium, opened
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.live import values_of
from tools import sample
from tools.airflow_env import ROOT

SHOTS = {"desktop": (1000, 1100), "phone": (390, 844)}
TALLEST = 1800
COLOURS = 64  # of text on paper these are enough, and the files a third as large
MONTH = 30
PART = """id => {
  const part = document.getElementById(id), whole = document.documentElement.scrollHeight;
  return part ? [part.offsetTop, id === "trends" ? whole - part.offsetTop : part.offsetHeight] : [0, whole];
}"""


def past(store: Store, now: datetime) -> None:
    """Tell the sample's stories again on earlier days, fewer the longer ago, as if they had been told then."""
    draw = random.Random(11)  # noqa: S311  (the same pictures each time)
    with store.write() as connection:
        found = stories.flagged_stories(connection, since=now - timedelta(days=1), cut=now)
        for ago in range(2, MONTH):
            for story in draw.sample(found, k=min(len(found), max(1, round(draw.gauss(7 - ago / 6, 2))))):
                back = timedelta(days=ago)
                for told in story.members[:2]:
                    article = replace(
                        told.article,
                        id=f"{told.article.id}-{ago}",
                        url="",
                        published_at=told.article.published_at - back,
                        seen_at=told.article.seen_at - back,
                    )
                    sighting = Sighting(entry_key=article.id, article=article)
                    articles.add_sightings(connection, article.feed_id, [sighting], now=article.seen_at)
                    decided = replace(told.decision, article_id=article.id, decided_at=told.decision.decided_at - back)
                    decisions.save_decisions(connection, [decided])
                    stories.add_to_story(
                        connection,
                        f"{story.id}-{ago}",
                        article_id=article.id,
                        title=story.title,
                        seen_at=article.seen_at,
                        now=article.seen_at,
                    )


def made(home: Path, twin: SlackTwin) -> Iterator[tuple[str, Path | str]]:
    """Run the product on the sample; names and places of what there is to see."""
    now = datetime.now(UTC)
    with sample.served(now) as address:
        config = sample.write_config(home / "config", address)
        monitor = config / "monitor.yaml"
        text = monitor.read_text(encoding="utf-8").replace("#sample", SlackTwin.DIGEST)
        text = text.replace("The bundled sample", "North Korea–Russia cooperation")
        alerts = f"alerts:\n  - id: urgent\n    channel: {SlackTwin.OPERATORS}\n    time_zone: UTC\n"
        monitor.write_text(f"{text}\n{alerts}", encoding="utf-8")
        os.environ.update(
            MONITOR_CONFIG=str(config),
            MONITOR_HOME=str(home / "var"),
            SLACK_API_URL=twin.api_url,
            SLACK_BOT_TOKEN=twin.token,
            SLACK_APP_TOKEN=twin.app_token,
        )
        run.ingest()
        run.train()
        run.classify()
        with run.open_store(run.environment()) as store:
            past(store, datetime.now(UTC))
        page, report = home / "page.html", home / "report.html"
        run.preview("", page=page)
        run.send(force=True)
        with listening(twin):
            press(twin, "relevant", 0, SlackTwin.ANALYST, SlackTwin.COLLEAGUE)
            press(twin, "irrelevant", 3, SlackTwin.ANALYST)
            press(twin, "relevant", 3, SlackTwin.COLLEAGUE)
        run.alerts()
        answer()
        run.report(report, since=now - timedelta(days=1))
    yield "page", page
    yield "report", report
    yield "missed", report
    yield "digest", twin.page_url()
    yield "alerts", twin.page_url(SlackTwin.OPERATORS)


@contextmanager
def listening(twin: SlackTwin) -> Iterator[None]:
    """The listener, until what was pressed meanwhile is worked off."""
    stop = threading.Event()
    thread = threading.Thread(target=run.listen, args=(stop,))
    thread.start()
    until(lambda: bool(twin.live.sockets))
    yield
    stop.set()
    thread.join()


def press(twin: SlackTwin, verb: str, story: int, *people: str) -> None:
    """Let people press a button of the digest, each when the message shows what the one before said."""
    for who in people:
        message, value = [(m, v) for m in twin.messages() for v in values_of(m) if v.startswith(f"{verb} ")][story]
        edits = len(twin.requests("chat.update"))
        twin.press(message, value, user=who)
        until(lambda edits=edits: len(twin.requests("chat.update")) > edits)  # type: ignore[misc]


def until(true: Callable[[], bool]) -> None:
    while not true():
        time.sleep(0.05)


def answer() -> None:
    """Judge the articles of a look below the line, the way their feeds are known to be."""
    run.review(force=True)
    with (ROOT / "samples" / "expected.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        relevant = {row["title"] for row in rows if row["relevant"] == "1"}
    for question in run.questions("anna", wanted=50, review=True).asked:
        run.label(question.article.id, question.article.title in relevant, who="anna")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="where to keep the pages")
    given = parser.parse_args()
    os.environ.pop("MONITOR_STORE", None)
    with tempfile.TemporaryDirectory() as scratch, SlackTwin() as twin, chromium() as browser:
        for name, place in made(Path(scratch), twin):
            if given.keep and isinstance(place, Path):
                given.keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place, given.keep / f"{name}.html")
            for size, pixels in SHOTS.items():
                address = f"{place}?width=mobile" if isinstance(place, str) and size == "phone" else place
                with opened(
                    browser, address, size=pixels, dark=name in {"report", "missed"} and size == "phone"
                ) as seen:
                    top, height = seen.page.evaluate(PART, {"report": "trends", "missed": "missed"}.get(name, ""))
                    height = min(TALLEST, height)
                    clip = {"x": 0, "y": top, "width": pixels[0], "height": height}
                    picture = seen.page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
                suffix = "" if size == "desktop" else "-phone"
                _save(picture, given.folder / f"{name}{suffix}.png")


def _save(picture: bytes, file: Path) -> None:
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file}: {file.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
