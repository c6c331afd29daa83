"""A farm of news feeds on loopback addresses: seeded, with generations, validators and 21 kinds of faults.

Every answer is a function of seed, feed and generation. It runs in a thread of its own, so that what is tested
talks to it over real sockets.
"""

import asyncio
import contextlib
import gzip
import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from html import escape

FAULTS = (
    "404 410 500 503 429 hang drip reset r301 r302 r308 rloop truncgzip badgzip truncxml big charset badcharset "
    "empty html bomb"
).split()
COMPLETE = {"r301", "r302", "r308", "charset", "badcharset"}
"""Faults under which a good reader still gets every entry."""
STATUSES = {
    "404": "404 Not Found",
    "410": "410 Gone",
    "500": "500 Internal Server Error",
    "503": "503 Service Unavailable",
    "429": "429 Too Many Requests",
}
WORDS = (
    "summit sanctions missile ministry border talks economy president coalition parliament export grain reactor launch "
    "평양 외무성 미사일 회담 президент переговоры санкции ракета 首相 会談 制裁 ministère accord frontière"
).split()


@dataclass(kw_only=True)
class FeedFarm:
    """What to serve. ``clock`` is the time of the newest entry of generation 0 (Unix seconds)."""

    feeds: int = 20
    items: int = 12
    hosts: int = 8
    seed: int = 1
    faults: dict[int, str] = field(default_factory=dict)
    latency: float = 0.0
    hang_seconds: float = 30.0
    big_bytes: int = 4 * 1024 * 1024
    new_items: int = 3
    change_share: float = 0.3
    clock: int = 1_790_000_000
    step_seconds: int = 600
    validators: bool = True
    elsewhere: str = ""
    """Where redirects lead, instead of to a good copy."""

    def __post_init__(self) -> None:
        self.generation = 0
        self.port = 0
        self.requests: list[tuple[int, dict[str, str]]] = []
        self.started: list[float] = []
        """When each of the requests came, in seconds of the monotonic clock."""
        self.in_flight: Counter[str] = Counter()
        self.most_in_flight: Counter[str] = Counter()
        self.published: dict[int, list[tuple[str, float, str, str]]] = {}
        """What was put on top of a feed: link, Unix time, title, summary."""

    def host(self, feed: int) -> str:
        """The loopback address that serves a feed."""
        return f"127.0.0.{1 + feed % self.hosts}"

    def url(self, feed: int) -> str:
        """The address of a feed."""
        return f"http://{self.host(feed)}:{self.port}/f/{feed}"

    def version(self, feed: int) -> int:
        """How often a feed changed up to this generation."""
        return sum(
            random.Random(f"{self.seed} {feed} {generation}").random() < self.change_share
            for generation in range(1, self.generation + 1)
        )

    def shown(self, feed: int) -> range:
        """Numbers of the entries that a feed shows now."""
        first = self.version(feed) * self.new_items
        return range(first, first + self.items)

    def body(self, feed: int) -> bytes:
        """The document of a feed: RSS, or Atom for every third."""
        atom = feed % 3 == 2
        published = reversed(self.published.get(feed, []))
        entries = [_written(*entry, atom=atom) for entry in published]
        entries += [self._entry(feed, number, atom=atom) for number in reversed(self.shown(feed))]
        if atom:
            head = '<feed xmlns="http://www.w3.org/2005/Atom">' + f"<title>Farm {feed}</title><id>urn:farm:{feed}</id>"
            document = head + "".join(entries) + "</feed>"
        else:
            head = '<rss version="2.0"><channel>' + f"<title>Farm {feed}</title><link>http://farm/</link>"
            document = head + "".join(entries) + "</channel></rss>"
        return f'<?xml version="1.0" encoding="utf-8"?>\n{document}'.encode()

    def _entry(self, feed: int, number: int, *, atom: bool) -> str:
        dice = random.Random(f"{self.seed} {feed} {number} text")
        title = f"{feed}-{number} " + " ".join(dice.choices(WORDS, k=8))
        summary = "<p>" + " ".join(dice.choices(WORDS, k=40)) + "</p>"
        when = self.clock + (number - self.items + 1) * self.step_seconds
        return _written(f"http://news{feed}.example/story/{number}", when, title, summary, atom=atom)

    def publish(self, feed: int, title: str, summary: str) -> str:
        """Put one more entry on top of a feed, dated now; its link."""
        held = self.published.setdefault(feed, [])
        link = f"http://news{feed}.example/published/{len(held)}"
        held.append((link, time.time(), title, summary))
        return link

    @contextlib.contextmanager
    def run(self) -> Iterator["FeedFarm"]:
        """Serve until the block ends."""
        loop = asyncio.new_event_loop()
        ready = threading.Event()
        thread = threading.Thread(target=self._serve, args=(loop, ready), daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(self._stop.set)
            thread.join(10)

    def _serve(self, loop: asyncio.AbstractEventLoop, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._listen(ready))

    async def _listen(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        servers = []
        for number in range(1, self.hosts + 1):
            server = await asyncio.start_server(self._talk, f"127.0.0.{number}", self.port, backlog=512)
            self.port = server.sockets[0].getsockname()[1]
            servers.append(server)
        ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = head[0].split(" ")[1]
                headers = {
                    name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])
                }
                feed = int(path.rsplit("/", 1)[1].partition("?")[0])
                self.requests.append((feed, headers))
                self.started.append(time.monotonic())
                host = self.host(feed)
                self.in_flight[host] += 1
                self.most_in_flight[host] = max(self.most_in_flight[host], self.in_flight[host])
                try:
                    await asyncio.sleep(self.latency)
                    fault = self.faults.get(feed, "") if path.startswith("/f/") else ""
                    await self._answer(writer, feed, fault, headers)
                finally:
                    self.in_flight[host] -= 1
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, feed: int, fault: str, headers: dict[str, str]) -> None:
        body = self.body(feed)
        packed = gzip.compress(body, 1, mtime=0)
        if fault in STATUSES:
            extra = ["Retry-After: 120"] if fault in {"429", "503"} else []
            return await _send(writer, STATUSES[fault], b"sorry", extra)
        if fault in {"r301", "r302", "r308"}:
            return await _send(writer, f"{fault[1:]} Moved", b"", [f"Location: {self.elsewhere or f'/moved/{feed}'}"])
        if fault in {"hang", "drip", "reset", "big"}:
            return await self._misbehave(writer, fault, body)
        answers = {
            "rloop": ("302 Found", b"", [f"Location: /f/{feed}?again"]),
            "truncgzip": ("200 OK", packed[: len(packed) // 2], ["Content-Encoding: gzip"]),
            "badgzip": ("200 OK", body, ["Content-Encoding: gzip"]),
            "truncxml": ("200 OK", body[: len(body) * 2 // 3], []),
            "charset": ("200 OK", body, ["Content-Type: application/xml; charset=iso-8859-1"]),
            "badcharset": ("200 OK", body, ["Content-Type: application/rss+xml; charset=x-unknown"]),
            "empty": ("200 OK", b"", []),
            "html": ("200 OK", b"<!doctype html><html><head><title>Hello</title></head></html>", []),
            "bomb": ("200 OK", _bomb(), []),
        }
        if fault in answers:
            status, data, extra = answers[fault]
            return await _send(writer, status, data, extra)
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        if self.validators and headers.get("if-none-match") == etag:
            return await _send(writer, "304 Not Modified", b"", [f"ETag: {etag}"])
        extra = ["Content-Encoding: gzip", "Content-Type: application/xml"]
        return await _send(writer, "200 OK", packed, [*extra, f"ETag: {etag}"] if self.validators else extra)

    async def _misbehave(self, writer: asyncio.StreamWriter, fault: str, body: bytes) -> None:
        if fault == "hang":
            await asyncio.sleep(self.hang_seconds)
            return
        length = self.big_bytes if fault == "big" else len(body)
        start = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nContent-Type: application/xml\r\n\r\n"
        writer.write(start.encode() + body[:200])
        await writer.drain()
        if fault == "reset":
            writer.transport.abort()
        elif fault == "drip":
            for _ in range(int(self.hang_seconds * 10)):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.1)
        else:
            for _ in range(length // 65536):
                writer.write(b" " * 65536)
                await writer.drain()


def _written(link: str, when: float, title: str, summary: str, *, atom: bool) -> str:
    title, summary, stamp = escape(title), escape(summary), formatdate(when, usegmt=True)
    if atom:
        return (
            f'<entry><id>{link}</id><title>{title}</title><link href="{link}"/>'
            f'<updated>{stamp}</updated><summary type="html">{summary}</summary></entry>'
        )
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{stamp}</pubDate><description>{summary}</description></item>"
    )


async def _send(writer: asyncio.StreamWriter, status: str, body: bytes, extra: list[str]) -> None:
    length = [] if status.startswith("304") else [f"Content-Length: {len(body)}"]
    writer.write("\r\n".join([f"HTTP/1.1 {status}", *length, *extra, "", ""]).encode() + body)
    await writer.drain()


def _bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    start = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "haha">{entities}]>'
    return f'{start}<rss version="2.0"><channel><title>&e8;</title></channel></rss>'.encode()
