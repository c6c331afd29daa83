"""One HTTP client for feeds, pages, articles and robots.txt: guarded, polite, bounded in time and in size."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from aiohttp.resolver import ThreadedResolver
from protego import Protego
from yarl import URL

from monitor.core.feed import FetchPolicy
from monitor.feeds.body import Body, BodyError, Turn, read_body, stopped
from monitor.feeds.guard import Guard, GuardedResolver
from monitor.feeds.hosts import HostGaps, host_of

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.8, */*;q=0.5"
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
LARGE_BODIES = 4
HEADER_LIMIT = 32 * 1024
ROBOTS_LIMIT = 512 * 1024  # RFC 9309: at least 500 KiB must be read
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,8})", re.IGNORECASE)


class TooManyRedirectsError(Exception):
    """A chain of redirects without end."""


class RobotsRefusalError(Exception):
    """robots.txt forbids this page, or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer after redirects. ``body`` was read for a status of 2xx only."""

    url: URL
    permanent_url: str
    """Where it has moved to, when every redirect on the way was permanent."""
    status: int
    headers: Mapping[str, str]
    body: Body

    @property
    def max_age(self) -> timedelta | None:
        """How long the server asks to keep it."""
        found = _MAX_AGE.search(self.headers.get("Cache-Control", ""))
        return timedelta(seconds=int(found[1])) if found and int(found[1]) else None


class Client:
    """An asynchronous context manager; ``get`` raises what ``failures.EXPECTED`` names, and nothing else."""

    def __init__(self, policy: FetchPolicy) -> None:
        self.policy = policy
        self._guard = Guard(policy.allow_hosts)
        self._gaps = HostGaps(policy.host_gap)
        self._slots = asyncio.Semaphore(policy.concurrency)
        self._large = asyncio.Semaphore(LARGE_BODIES)
        self._robots: dict[str, asyncio.Task[Protego | None]] = {}

    async def __aenter__(self) -> "Client":
        policy = self.policy
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, resolver=GuardedResolver(self._guard, ThreadedResolver()), ttl_dns_cache=300
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": policy.user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=policy.connect_timeout, sock_read=policy.idle_timeout
            ),
            max_field_size=HEADER_LIMIT,
            max_line_size=HEADER_LIMIT,
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        for task in self._robots.values():
            task.cancel()
        await asyncio.gather(*self._robots.values(), return_exceptions=True)
        await self._session.close()

    def enter(self, url: str) -> AbstractAsyncContextManager[None]:
        """What a fetch holds from a moment at which the host of ``url`` may be asked until it is done with the body."""
        return self._gaps.enter(host_of(url), self._slots)

    def turn(self) -> Turn:
        """What a fetch holds while its body is large."""
        return Turn(self._large)

    async def get(self, url: str, headers: Mapping[str, str], turn: Turn, *, limit: int = 0) -> Answer:
        """Follow redirects and read the body within ``policy.total_timeout``; ``limit`` lowers its permitted size."""
        async with asyncio.timeout(self.policy.total_timeout) as clock:
            return await self._follow(URL(url), dict(headers), turn, clock, limit or self.policy.max_body)

    async def _follow(
        self, url: URL, headers: dict[str, str], turn: Turn, clock: asyncio.Timeout, limit: int
    ) -> Answer:
        permanent, cookies = True, dict[str, str]()
        for hop in range(self.policy.max_redirects + 1):
            self._guard.check_url(url)
            if hop:
                with stopped(clock):
                    await self._gaps.wait(url.host or "")
            if cookies:  # some sites redirect to themselves until they get their cookie back
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location", "")
                if response.status not in REDIRECTS or not location:
                    body = Body(data=b"", complete=True)
                    if 200 <= response.status < 300:
                        compressed = min(self.policy.max_compressed, limit)
                        body = await read_body(
                            response, max_compressed=compressed, max_body=limit, turn=turn, clock=clock
                        )
                    return Answer(
                        url=url,
                        permanent_url=str(url) if hop and permanent else "",
                        status=response.status,
                        headers=response.headers,
                        body=body,
                    )
                permanent = permanent and response.status in PERMANENT
                target = url.join(URL(location))
                if target.host != url.host:
                    cookies = {}
                    headers.pop("Cookie", None)
                cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
                url = target
        raise TooManyRedirectsError(f"more than {self.policy.max_redirects} redirects; look for the feed's new address")

    async def obey_robots(self, url: str) -> None:
        """Return when robots.txt lets us read ``url``; RobotsRefusalError when it does not (RFC 9309)."""
        parsed = URL(url)
        self._guard.check_url(parsed)
        origin = str(parsed.origin())
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._read_robots(f"{origin}/robots.txt"))
        rules = await asyncio.shield(self._robots[origin])
        if rules is None:
            raise RobotsRefusalError("its robots.txt cannot be read now, so nothing is read there")
        if not rules.can_fetch(url, self.policy.user_agent):
            raise RobotsRefusalError("its robots.txt forbids reading it; respect that, or ask the outlet")

    async def _read_robots(self, url: str) -> Protego | None:
        await self._gaps.wait(URL(url).host or "")
        try:
            async with self.turn() as turn:
                answer = await self.get(url, {}, turn, limit=ROBOTS_LIMIT)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, BodyError, TooManyRedirectsError):
            return None
        if answer.status >= 500:
            return None
        text = answer.body.data.decode("utf-8", "replace") if 200 <= answer.status < 300 else ""
        return Protego.parse(text)
