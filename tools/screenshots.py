"""The pictures in docs/: the digest in Slack, its page and the weekly report, made from the bundled sample.

    python -m tools.screenshots docs [--slack-page URL]

``--slack-page`` is where a stand-in of Slack shows the channel; SLACK_API_URL and SLACK_BOT_TOKEN lead to the same
stand-in. Without it only the pages are made. The sample holds some days, so its stories are dated back for a month to
give the trends something to show.
"""

import argparse
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from monitor import run
from monitor.core.article import Sighting
from monitor.store import Store, articles, decisions, stories
from tests.support.browser import chromium, opened
from tools import sample

CHANNEL = "C0TWINDIG01"
SHOTS = {"desktop": (1000, 1100), "phone": (390, 844)}
TALLEST = 1800
COLOURS = 64  # of text on paper these are enough, and the files a third as large
MONTH = 30


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


def made(home: Path) -> Iterator[tuple[str, Path]]:
    """Run the product on the sample; names and files of the pages that it wrote."""
    now = datetime.now(UTC)
    with sample.served(now) as address:
        config = sample.write_config(home / "config", address)
        monitor = config / "monitor.yaml"
        text = monitor.read_text(encoding="utf-8").replace('"#sample"', CHANNEL)
        monitor.write_text(text.replace("The bundled sample", "North Korea–Russia cooperation"), encoding="utf-8")
        os.environ.update(MONITOR_CONFIG=str(config), MONITOR_HOME=str(home / "var"))
        run.ingest()
        run.train()
        run.classify()
        with run.open_store(run.environment()) as store:
            past(store, datetime.now(UTC))
        page, report = home / "page.html", home / "report.html"
        run.preview("", page=page)
        run.send(force=True)
        run.report(report, since=now - timedelta(days=1))
    yield "page", page
    yield "report", report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slack-page", default="")
    parser.add_argument("--keep", type=Path, help="where to keep the pages")
    given = parser.parse_args()
    os.environ.pop("MONITOR_STORE", None)
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        places: dict[str, Path | str] = dict(made(Path(scratch)))
        if given.slack_page:
            places["digest"] = given.slack_page
        for name, place in places.items():
            if given.keep and isinstance(place, Path):
                given.keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place, given.keep / f"{name}.html")
            for size, pixels in SHOTS.items():
                address = f"{place}?width=mobile" if isinstance(place, str) and size == "phone" else place
                with opened(browser, address, size=pixels, dark=name == "report" and size == "phone") as seen:
                    top = int(seen.ask("document.getElementById('trends')?.offsetTop ?? 0"))
                    height = min(TALLEST, int(seen.ask("document.documentElement.scrollHeight")) - top)
                    clip = {"x": 0, "y": top, "width": pixels[0], "height": height}
                    picture = seen.page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
                suffix = "" if size == "desktop" else "-phone"
                _save(picture, given.folder / f"{name}{suffix}.png")


def _save(picture: bytes, file: Path) -> None:
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file}: {file.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
