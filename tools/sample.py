"""The bundled sample: its feed files served over loopback HTTP, and a config that polls them."""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.airflow_env import ROOT

FEEDS = ROOT / "samples" / "feeds"
_DATE = re.compile(r"\{\{(rfc822|iso|seoul|tokyo|moscow) -(\d+(?:\.\d+)?)h\}\}")
_DECLARED = re.compile(r"<\?xml[^>]*encoding=\"([\w-]+)\"")
_HOURS = {"seoul": 9, "tokyo": 9, "moscow": 3}
_RFC822 = {"rfc822", "seoul", "moscow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One feed of the sample: as `config/feeds.yaml` has them."""

    id: str
    file: str
    outlet: str
    language: str
    country: str
    tier: str


OUTLETS = (
    Outlet(id="harbour-wire", file="harbour-wire.xml", outlet="Harbour Wire", language="en", country="GB", tier="wire"),
    Outlet(
        id="peninsula-brief",
        file="peninsula-brief.xml",
        outlet="Peninsula Brief",
        language="en",
        country="US",
        tier="specialist",
    ),
    Outlet(id="hangang-ilbo", file="hangang-ilbo.xml", outlet="한강일보", language="ko", country="KR", tier="general"),
    Outlet(
        id="vestnik", file="vestnik.xml", outlet="Тихоокеанский вестник", language="ru", country="RU", tier="general"
    ),
    Outlet(
        id="kurier-baltycki",
        file="kurier-baltycki.xml",
        outlet="Kurier Bałtycki",
        language="pl",
        country="PL",
        tier="general",
    ),
    Outlet(id="asagumo", file="asagumo.rdf", outlet="朝雲新聞", language="ja", country="JP", tier="general"),
)


def render(text: str, now: datetime) -> bytes:
    """A feed file with its dates filled in, in the encoding that it declares."""
    filled = _DATE.sub(lambda found: _date(found[1], now - timedelta(hours=float(found[2]))), text)
    declared = _DECLARED.match(filled)
    return filled.encode(declared[1] if declared else "utf-8")


def _date(kind: str, at: datetime) -> str:
    at = at.replace(microsecond=0).astimezone(timezone(timedelta(hours=_HOURS[kind])) if kind in _HOURS else UTC)
    return format_datetime(at, usegmt=kind == "rfc822") if kind in _RFC822 else at.isoformat()


@contextmanager
def served(now: datetime) -> Iterator[str]:
    """Serve the feed files, dated relative to ``now``, on a free loopback port; yields the address they are under."""
    documents = {f"/{path.name}": render(path.read_text(encoding="utf-8"), now) for path in FEEDS.iterdir()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = documents.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml" if body else "text/plain")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def write_config(folder: Path, address: str, *, base: Path = ROOT / "config") -> Path:
    """A config folder that polls the sample at ``address``: feeds and monitor of its own, the rest as in ``base``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("watch.yaml", "themes.yaml"):
        shutil.copyfile(base / name, folder / name)
    feeds = "".join(
        f"  - {{id: {feed.id}, outlet: {feed.outlet}, url: '{address}/{feed.file}', language: {feed.language}, "
        f"country: {feed.country}, tier: {feed.tier}}}\n"
        for feed in OUTLETS
    )
    (folder / "feeds.yaml").write_text(f"feeds:\n{feeds}", encoding="utf-8")
    (folder / "monitor.yaml").write_text(_MONITOR, encoding="utf-8")
    return folder


_MONITOR = """\
digests:
  - {id: sample, channel: "#sample", cron: "0 7 * * *", time_zone: UTC, title: The bundled sample}
fetch:
  contact: nobody@sample.example
  host_gap: 0
  allow_hosts: ["127.0.0.1"]
"""
