"""Fetching: many feeds at a time, politely, and one feed never at the cost of another."""

import asyncio
import hashlib
import re
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import SimpleQueue

import aiohttp
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from monitor.core.feed import FailureKind, Fetched, FetchFailed, FetchOutcome, FetchPolicy, FetchRequest, NotModified
from monitor.feeds import failures
from monitor.feeds.body import Body, Turn, read_body, stopped
from monitor.feeds.document import DocumentState, ParsedDocument
from monitor.feeds.guard import Guard, GuardedResolver
from monitor.feeds.hosts import HostGaps, host_of, lanes
from monitor.feeds.workers import ParseWorkers

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.8, */*;q=0.5"
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
LARGE_BODIES = 4
DNS_THREADS = 32
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,8})", re.IGNORECASE)


def fetch_all(requests: Sequence[FetchRequest], policy: FetchPolicy, *, now: datetime) -> Iterator[FetchOutcome]:
    """Fetch and parse all; yields the outcome of each as it is finished. A feed that fails is a value.

    The work goes on in a thread of its own while the caller stores what it got; it is never further ahead than
    ``2 * policy.concurrency`` outcomes. Closing the iterator stops it.
    """
    if requests:
        yield from _Background(requests, policy, now=now)


class _Background:
    """An event loop in a thread, and a queue of what is finished."""

    def __init__(self, requests: Sequence[FetchRequest], policy: FetchPolicy, *, now: datetime) -> None:
        self._requests, self._policy, self._now = requests, policy, now
        self._finished: SimpleQueue[FetchOutcome | BaseException | None] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._ahead = asyncio.Semaphore(2 * policy.concurrency)
        self._thread = threading.Thread(target=self._work, name="feeds", daemon=True)

    def __iter__(self) -> Iterator[FetchOutcome]:
        self._task = self._loop.create_task(self._fetch_all())
        self._thread.start()
        try:
            while (outcome := self._finished.get()) is not None:
                if isinstance(outcome, BaseException):
                    raise outcome
                self._loop.call_soon_threadsafe(self._ahead.release)
                yield outcome
        finally:
            if self._thread.is_alive():
                self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join()
            self._loop.close()

    def _work(self) -> None:
        executor = ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="dns")
        self._loop.set_default_executor(executor)
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # it is raised again where the caller waits
            self._finished.put(error)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            executor.shutdown(wait=False, cancel_futures=True)
            self._finished.put(None)

    async def _fetch_all(self) -> None:
        async with AsyncExitStack() as stack:
            fetcher = await stack.enter_async_context(Fetcher(self._policy, now=self._now))
            group = await stack.enter_async_context(asyncio.TaskGroup())
            for queue in lanes(self._requests, self._policy.per_host):
                group.create_task(self._run_lane(fetcher, queue))

    async def _run_lane(self, fetcher: "Fetcher", queue: deque[FetchRequest]) -> None:
        while queue:
            request = queue.popleft()
            await self._ahead.acquire()
            self._finished.put(await fetcher.fetch(request))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    url: URL
    permanent_url: str
    status: int
    content_type: str
    etag: str
    last_modified: str
    max_age: timedelta | None
    body: Body


class Fetcher:
    """Fetches single feeds inside an event loop; an asynchronous context manager."""

    def __init__(self, policy: FetchPolicy, *, now: datetime) -> None:
        self._policy, self._now = policy, now
        self._guard = Guard(policy.allow_hosts)
        self._gaps = HostGaps(policy.host_gap)
        self._slots = asyncio.Semaphore(policy.concurrency)
        self._large = asyncio.Semaphore(LARGE_BODIES)
        self._workers = ParseWorkers(policy.parse_workers, policy.parse_timeout)

    async def __aenter__(self) -> "Fetcher":
        policy = self._policy
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
            max_field_size=32 * 1024,
            max_line_size=32 * 1024,
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._session.close()
        await self._workers.__aexit__(*exc_info)

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """One feed, from the wait for its host to its entries. Raises nothing that the other side caused."""
        await self._gaps.wait(host_of(request.feed.url))
        async with self._slots, Turn(self._large) as turn:
            try:
                async with asyncio.timeout(self._policy.total_timeout) as clock:
                    answer = await self._get(request, turn, clock)
            except failures.EXPECTED as error:
                return failures.from_exception(request.feed.id, error, self._policy)
            if not isinstance(answer, _Answer):
                return answer
            return await self._read(request, answer)

    async def _get(self, request: FetchRequest, turn: Turn, clock: asyncio.Timeout) -> _Answer | FetchOutcome:
        url, permanent, cookies = URL(request.feed.url), True, dict[str, str]()
        for hop in range(self._policy.max_redirects + 1):
            self._guard.check_url(url)
            if hop:
                with stopped(clock):
                    await self._gaps.wait(url.host or "")
            headers = _conditions(request)
            if cookies:  # some sites redirect to themselves until they get their cookie back
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location", "")
                if response.status not in REDIRECTS or not location:
                    moved = str(url) if hop and permanent else ""
                    return await self._answer(request, response, url, moved, turn, clock)
                permanent = permanent and response.status in PERMANENT
                target = url.join(URL(location))
                if target.host != url.host:
                    cookies = {}
                cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
                url = target
        return FetchFailed(
            feed_id=request.feed.id,
            kind=FailureKind.HARD,
            reason=f"more than {self._policy.max_redirects} redirects; look for the feed's new address",
        )

    async def _answer(
        self,
        request: FetchRequest,
        response: aiohttp.ClientResponse,
        url: URL,
        moved: str,
        turn: Turn,
        clock: asyncio.Timeout,
    ) -> _Answer | FetchOutcome:
        policy, headers = self._policy, response.headers
        if response.status == 304 and _conditions(request):
            return NotModified(feed_id=request.feed.id, max_age=_max_age(headers.get("Cache-Control", "")))
        if not 200 <= response.status < 300:
            return failures.from_status(request.feed.id, response.status, headers, now=self._now)
        body = await read_body(
            response, max_compressed=policy.max_compressed, max_body=policy.max_body, turn=turn, clock=clock
        )
        return _Answer(
            url=url,
            permanent_url=moved,
            status=response.status,
            content_type=headers.get("Content-Type", ""),
            etag=headers.get("ETag", ""),
            last_modified=headers.get("Last-Modified", ""),
            max_age=_max_age(headers.get("Cache-Control", "")),
            body=body,
        )

    async def _read(self, request: FetchRequest, answer: _Answer) -> FetchOutcome:
        digest = hashlib.sha256(answer.body.data).hexdigest()
        if answer.body.complete and digest == request.body_hash:
            return _fetched(request, answer, digest=digest, unchanged=True)
        document = await self._workers.parse(answer.body.data, url=str(answer.url), content_type=answer.content_type)
        readable = {DocumentState.OK, DocumentState.DAMAGED, DocumentState.TRUNCATED, DocumentState.EMPTY}
        if document.state not in readable or not (document.entries or answer.body.data.strip()):
            return failures.from_document(request.feed.id, document, status=answer.status)
        if document.state is DocumentState.TRUNCATED and not document.entries:
            return failures.from_document(request.feed.id, document, status=answer.status)
        return _fetched(request, answer, digest=digest, document=document)


def _fetched(
    request: FetchRequest,
    answer: _Answer,
    *,
    digest: str,
    document: ParsedDocument | None = None,
    unchanged: bool = False,
) -> Fetched:
    document = document or ParsedDocument(state=DocumentState.OK)
    complete = answer.body.complete and document.complete
    # An answer that is not whole or not well-formed must not be the one that a later 304 stands for.
    trusted = complete and document.state is DocumentState.OK
    ages = [answer.max_age, timedelta(minutes=document.max_age_minutes)]
    return Fetched(
        feed_id=request.feed.id,
        entries=document.entries,
        url=str(answer.url),
        permanent_url=answer.permanent_url,
        etag=answer.etag if trusted else "",
        last_modified=answer.last_modified if trusted else "",
        body_hash=digest if complete else "",
        unchanged=unchanged,
        complete=complete,
        title=document.title,
        language=document.language,
        warnings=() if document.state is DocumentState.OK else (document.state.value,),
        max_age=max((age for age in ages if age), default=None),
    )


def _conditions(request: FetchRequest) -> dict[str, str]:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _max_age(cache_control: str) -> timedelta | None:
    found = _MAX_AGE.search(cache_control)
    return timedelta(seconds=int(found[1])) if found and int(found[1]) else None
