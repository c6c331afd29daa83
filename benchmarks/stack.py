"""The whole of docker-compose.yml under compressed schedules, while its services are stopped and started.

python benchmarks/stack.py [--minutes 30] [--feeds 20] [--compose "docker compose"] [--keep]

Polls every minute, digests every five; the feeds and the stand-in for Slack run in this process. In turn the worker is
stopped and started, Redis and PostgreSQL are restarted, and the stack is taken down and up with its data. Then all
is counted. The stack is a project of its own, with its own volumes and secrets: nothing of yours is touched, and it is
removed at the end (unless --keep). Needs the image: `docker compose build`.
"""

import argparse
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.slack_twin import SlackTwin  # noqa: E402
from tests.support.slack_twin.live import values_of  # noqa: E402
from tools.make_env import IMAGE_USER, filled  # noqa: E402

NETWORK, GATEWAY = "172.31.251.0/24", "172.31.251.1"
SHOWN = 60  # entries in a document: more than are published while the stack is down
SETTLE_SECONDS = 900
HEALTHY_SECONDS = 600
LASTING = ("postgres", "redis", "api-server", "scheduler", "dag-processor", "triggerer", "worker", "listen")


@dataclass
class Newsroom:
    """Feeds that go on publishing: each entry is one text of the corpus, told once."""

    feeds: int
    every: float
    """Seconds between two entries of one feed."""
    texts: list[dict[str, Any]] = field(default_factory=list)
    began: float = float("inf")
    ended: float = float("inf")

    def __post_init__(self) -> None:
        found: dict[str, dict[str, Any]] = {}
        for file in sorted((ROOT / "models/corpus").glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                text = json.loads(line)
                if text.get("lang") == "en" and len(text["summary"]) > 80:
                    found.setdefault(text["title"], text)
        relevant = [text for text in found.values() if text["relevant"]]
        others = [text for text in found.values() if not text["relevant"]]
        draw = random.Random(8)
        draw.shuffle(relevant)
        draw.shuffle(others)
        while len(relevant) > 0 and len(others) > 3:  # one in five is news for the watch
            self.texts += [relevant.pop(), *(others.pop() for _ in range(4))]

    def published(self, feed: int) -> dict[str, tuple[float, dict[str, Any]]]:
        """Link -> (when, text) of everything that a feed has published so far."""
        until = min(time.time(), self.ended)
        found = {}
        for number, at in enumerate(self._times(feed)):
            if at > until:
                break
            text = self.texts[(number * self.feeds + feed) % len(self.texts)]
            found[f"http://outlet{feed}.example/story/{number}"] = (at, text)
        return found

    def _times(self, feed: int) -> Iterator[float]:
        number = 0
        while True:
            yield self.began + self.every * (number + feed / self.feeds)
            number += 1

    def everything(self) -> dict[str, float]:
        """Link -> when it was published, of all feeds."""
        return {link: at for feed in range(self.feeds) for link, (at, _) in self.published(feed).items()}

    def document(self, feed: int) -> bytes:
        items = [
            f"<item><title>{escape(text['title'])}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(datetime.fromtimestamp(at, UTC))}</pubDate>"
            f"<description>{escape(text['summary'])}</description></item>"
            for link, (at, text) in list(self.published(feed).items())[-SHOWN:]
        ]
        head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Outlet {feed}</title>'
        return f"{head}{''.join(reversed(items))}</channel></rss>".encode()

    @contextmanager
    def served(self) -> Iterator[int]:
        """Serve the documents; yields the port."""
        room = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = room.document(int(self.path.rsplit("/", 1)[1]))
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        with ThreadingHTTPServer(("0.0.0.0", 0), Handler) as server:  # noqa: S104  (containers must reach it)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield server.server_port
            server.shutdown()


class Stack:
    """The services, by way of whatever understands docker compose's verbs."""

    def __init__(self, compose: str, folder: Path, settings: Mapping[str, str]) -> None:
        override = folder / "override.yml"
        network = {"default": {"ipam": {"config": [{"subnet": NETWORK, "gateway": GATEWAY}]}}}
        override.write_text(yaml.safe_dump({"networks": network}), encoding="utf-8")
        files = ["-f", str(ROOT / "docker-compose.yml"), "-f", str(override)]
        self._command = [*shlex.split(compose), "--project-name", "monitor-stack", *files]
        example = filled((ROOT / ".env.example").read_text(encoding="utf-8"))
        secrets = dict(line.split("=", 1) for line in example.splitlines() if "=" in line and line[0] != "#")
        self._environment = {**os.environ, **secrets, **settings}
        self._log = (folder / "compose.log").open("a", encoding="utf-8")
        services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
        self._checks = {name: services[name]["healthcheck"]["test"] for name in LASTING}

    def do(self, *arguments: str, check: bool = True) -> str:
        """One verb; its output. What it says besides goes into the log."""
        self._log.write(f"--- {datetime.now(UTC):%H:%M:%S} {' '.join(arguments)}\n")
        self._log.flush()
        done = subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        if check and done.returncode:
            self._log.write(done.stdout)
            self._log.flush()
            raise RuntimeError(f"compose {' '.join(arguments)}: exit {done.returncode}: see {self._log.name}")
        return done.stdout

    def up(self) -> None:
        """Everything up and healthy. In the order that the file asks for, as not every engine keeps to it by itself."""
        self.do("up", "-d", "postgres", "redis")
        self.wait("postgres", "redis")
        self.do("run", "--rm", "-T", "init")
        self.do("up", "-d", "--no-deps", *LASTING)
        self.wait(*LASTING)

    def wait(self, *services: str) -> None:
        """Return when the health checks of ``services`` pass."""
        until = time.monotonic() + HEALTHY_SECONDS
        for service in services:
            while not self.is_healthy(service):
                if time.monotonic() > until:
                    raise RuntimeError(f"{service}: not healthy within {HEALTHY_SECONDS} s")
                time.sleep(2)

    def is_healthy(self, service: str) -> bool:
        """Does the service's own health check of docker-compose.yml pass?"""
        kind, *words = self._checks[service]
        command = ["sh", "-c", words[0]] if kind == "CMD-SHELL" else words
        try:
            self.do("exec", "-T", service, *command)
        except RuntimeError:
            return False
        return True

    def ask(self, query: str, database: str = "monitor") -> list[list[str]]:
        """The rows that PostgreSQL answers."""
        how = ["--username", "postgres", "--dbname", database, "--no-align", "--tuples-only", "--field-separator", "\t"]
        answer = self.do("exec", "-T", "postgres", "psql", *how, "--command", query)
        return [line.split("\t") for line in answer.splitlines() if line]

    def count(self, query: str, database: str = "monitor") -> int:
        return int(self.ask(query, database)[0][0])


def write_config(folder: Path, feeds: int, port: int) -> Path:
    """A config that polls the newsroom every minute and tells every five."""
    config = folder / "config"
    (config / "proposed").mkdir(parents=True)
    for name in ("watch.yaml", "themes.yaml"):
        shutil.copyfile(ROOT / "config" / name, config / name)
    outlets = [
        {
            "id": f"outlet-{feed}",
            "outlet": f"Outlet {feed}",
            "url": f"http://{GATEWAY}:{port}/{feed}",
            "language": "en",
            "country": "KR",
            "tier": "general",
            "interval": "1m",
        }
        for feed in range(feeds)
    ]
    told = {"cron": "*/5 * * * *", "time_zone": "UTC", "max_stories": 500}
    monitor = {
        "digests": [{"id": "all", "channel": "#dprk-digest", **told}],
        "alerts": [{"id": "urgent", "channel": "#dprk-alerts", "max_per_hour": 60}],
        "people": {"users": [SlackTwin.ANALYST]},
        "fetch": {
            "contact": "nobody@sample.example",
            "host_gap": 0,
            "per_host": 4,
            "min_interval": "1m",
            "allow_hosts": [GATEWAY],
        },
    }
    for name, content in (("feeds.yaml", {"feeds": outlets}), ("monitor.yaml", monitor)):
        (config / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    for path in (config, config / "proposed"):
        path.chmod(0o755)
    if os.getuid() == 0:
        os.chown(config / "proposed", IMAGE_USER, -1)
    return config


def say(words: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {words}", flush=True)


def press(stack: Stack, twin: SlackTwin, pressed: set[str]) -> str:
    """Somebody presses "Relevant" under a story that nobody pressed under yet: acknowledged, and a label?"""
    for message in twin.messages():
        for value in values_of(message):
            if value.startswith("relevant ") and value not in pressed:
                pressed.add(value)
                envelope = twin.press(message, value)
                kept = _until(lambda: stack.count("SELECT count(*) FROM labels") == len(pressed), 60)
                said = any(
                    "@anna" in json.dumps(m.get("blocks", [])) for m in twin.messages() if m["ts"] == message["ts"]
                )
                return f"acknowledged after {envelope.waited:.2f} s, label {'kept' if kept else 'MISSING'}, " + (
                    "the message shows it" if said else "the message does not show it yet"
                )
    return "no story stands in the channel yet"


def _until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (done := true()) and time.monotonic() < end:
        time.sleep(2)
    return done


def disturb(stack: Stack, twin: SlackTwin, room: Newsroom, minutes: float) -> list[str]:
    """The faults, spread over the time; returns what became of each press of a button."""
    pressed: set[str] = set()
    clicks: list[str] = []

    def click() -> None:
        clicks.append(press(stack, twin, pressed))
        say(f"button: {clicks[-1]}")

    def down_and_up() -> None:
        stack.do("down")
        stack.up()

    plan: list[tuple[float, str, Callable[[], Any]]] = [
        (0.20, "worker stopped", lambda: stack.do("stop", "worker")),
        (0.30, "worker started", lambda: stack.do("start", "worker")),
        (0.38, "button pressed", click),
        (0.45, "Redis restarted", lambda: stack.do("restart", "redis")),
        (0.60, "PostgreSQL restarted", lambda: stack.do("restart", "postgres")),
        (0.68, "button pressed", click),
        (0.75, "stack down and up", down_and_up),
        (0.95, "button pressed", click),
    ]
    for share, what, action in plan:
        time.sleep(max(0.0, room.began + share * minutes * 60 - time.time()))
        began = time.monotonic()
        action()
        say(f"{what} ({time.monotonic() - began:.0f} s)")
    time.sleep(max(0.0, room.began + minutes * 60 - time.time()))
    room.ended = time.time()
    return clicks


def settled(stack: Stack, room: Newsroom) -> bool:
    """Is everything that was published stored, decided, and behind the last cut, and everything posted?"""
    try:
        entries, *open_ends = map(int, stack.ask(OPEN_ENDS)[0])
    except RuntimeError:
        return False
    return entries >= len(room.everything()) and not any(open_ends)


OPEN_ENDS = """
SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM articles WHERE decision_id IS NULL),
       (SELECT count(*) FROM deliveries WHERE state IN ('ready', 'claimed')),
       (SELECT count(*) FROM decisions WHERE decided_at > (SELECT max(cut) FROM digests WHERE digest_id = 'all'))
"""
UNTOLD = """
SELECT count(DISTINCT m.story_id) FROM articles a JOIN decisions d ON d.id = a.decision_id
JOIN story_members m ON m.article_id = a.id
WHERE d.digest AND NOT EXISTS (
  SELECT FROM told t JOIN story_members other ON other.article_id = t.article_id
  WHERE t.digest_id = 'all' AND other.story_id = m.story_id)
"""
CUTS = "SELECT story_id, count(DISTINCT cut) FROM told WHERE digest_id = 'all' GROUP BY 1"
FLAGGED = """
SELECT count(DISTINCT m.story_id) FROM articles a JOIN decisions d ON d.id = a.decision_id
JOIN story_members m ON m.article_id = a.id WHERE d.digest
"""


def report(stack: Stack, twin: SlackTwin, room: Newsroom, clicks: list[str]) -> bool:
    """Print what was found; is all as it must be?"""
    published = room.everything()
    stored = {row[0]: float(row[1]) for row in stack.ask("SELECT url, extract(epoch FROM seen_at) FROM articles")}
    entries = stack.ask("SELECT entry_key, count(*) FROM entries GROUP BY 1")
    twice = stack.count("SELECT count(*) FROM (SELECT url FROM articles GROUP BY url HAVING count(*) > 1) AS more")
    keys: Counter[str] = Counter()
    for channel in (SlackTwin.DIGEST, SlackTwin.ALERTS):
        keys.update(m["metadata"]["event_payload"]["key"] for m in twin.messages(channel) if m.get("metadata"))
    shown = Counter(v.split()[1] for m in twin.messages() for v in values_of(m) if v.startswith("relevant "))
    cuts = {story: int(n) for story, n in stack.ask(CUTS)}  # a story that grew is told again, in a later digest
    again = [story for story, n in shown.items() if n > cuts.get(story, 0)]
    unhealthy = [service for service in LASTING if not stack.is_healthy(service)]
    runs = stack.ask("SELECT dag_id, state, count(*) FROM dag_run GROUP BY 1, 2 ORDER BY 1, 2", "airflow")
    tries = stack.count("SELECT count(*) FROM task_instance WHERE try_number > 1", "airflow")
    lag = sorted(stored[link] - at for link, at in published.items() if link in stored)
    untold = stack.count(UNTOLD)
    rows: list[tuple[str, Any, bool]] = [
        ("entries published", len(published), True),
        ("of them stored", f"{sum(link in stored for link in published)}", all(link in stored for link in published)),
        ("entries kept", len(entries), len(entries) == len(published)),
        ("articles stored twice", twice, not twice),
        ("stories flagged", stack.count(FLAGGED), stack.count(FLAGGED) > 0),
        ("of them told in no digest", untold, not untold),
        ("stories that stand in the digests' channel", len(shown), len(shown) > 0),
        ("of them told again because they grew", sum(n > 1 for n in cuts.values()), True),
        ("of them standing there more often", len(again), not again),
        ("messages of digests and alerts", len(keys), len(keys) > 0),
        ("of them posted twice", sum(n > 1 for n in keys.values()), max(keys.values(), default=0) <= 1),
        ("findings of the stand-in's lint", len(twin.lint()), not twin.lint()),
        ("buttons pressed", "; ".join(clicks), bool(clicks) and not any("MISSING" in click for click in clicks)),
        ("messages to the alarm channel", len(twin.messages(SlackTwin.OPERATORS)), True),
        ("services not healthy", ", ".join(unhealthy) or 0, not unhealthy),
        ("published to stored, seconds: median, p95, max", _spread(lag), True),
        ("tasks tried more than once", tries, True),
        *((f"runs of {dag}: {state}", count, state != "queued") for dag, state, count in runs),
    ]
    print("\n| what | found | |\n|---|---|---|")
    for what, found, good in rows:
        print(f"| {what} | {found} | {'' if good else 'WRONG'} |")
    for message in twin.messages(SlackTwin.OPERATORS):
        print("alarm:", " ".join(message["text"].split())[:200])
    return all(good for _, _, good in rows)


def _spread(values: list[float]) -> str:
    if not values:
        return "none"
    return ", ".join(f"{values[min(len(values) - 1, int(share * len(values)))]:.0f}" for share in (0.5, 0.95, 1.0))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compose", default="docker compose", help="the command that understands compose's verbs")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--port", type=int, default=18080, help="for Airflow's pages, on loopback")
    parser.add_argument("--keep", action="store_true", help="leave the stack up at the end, for a look at it")
    given = parser.parse_args()
    room = Newsroom(feeds=given.feeds, every=60.0)
    folder = Path(tempfile.mkdtemp(prefix="monitor-stack-"))
    with room.served() as port, SlackTwin(host=GATEWAY) as twin:
        settings = {
            "MONITOR_CONFIG_FOLDER": str(write_config(folder, given.feeds, port)),
            "MONITOR_POLL_CRON": "* * * * *",
            "MONITOR_ALARM_CHANNEL": "#feed-health",
            "SLACK_BOT_TOKEN": twin.token,
            "SLACK_APP_TOKEN": twin.app_token,
            "SLACK_API_URL": twin.api_url,
            "AIRFLOW_PORT": str(given.port),
        }
        stack = Stack(given.compose, folder, settings)
        say(f"starting; compose's own words are in {folder}/compose.log")
        try:
            stack.do("down", "-v", check=False)  # what a run before left with --keep
            began = time.monotonic()
            stack.up()
            say(f"every service is healthy ({time.monotonic() - began:.0f} s)")
            room.began = time.time()
            clicks = disturb(stack, twin, room, given.minutes)
            began = time.monotonic()
            done = _until(lambda: settled(stack, room), SETTLE_SECONDS)
            say(f"{'settled' if done else 'NOT SETTLED'} after {time.monotonic() - began:.0f} s")
            good = report(stack, twin, room, clicks) and done
        finally:
            if not given.keep:
                stack.do("down", "-v", check=False)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
