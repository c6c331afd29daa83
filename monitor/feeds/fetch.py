"""Fetching: many feeds at a time, politely, and one feed never at the cost of another."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.feed import FeedKind, Fetched, FetchOutcome, FetchPolicy, FetchRequest, NotModified
from monitor.feeds import failures
from monitor.feeds.background import TakeTurn, in_background
from monitor.feeds.client import Answer, Client
from monitor.feeds.document import DocumentState, ParsedDocument
from monitor.feeds.hosts import lanes
from monitor.feeds.workers import ParseWorkers

_READABLE = {DocumentState.OK, DocumentState.DAMAGED, DocumentState.TRUNCATED, DocumentState.EMPTY}


def fetch_all(requests: Sequence[FetchRequest], policy: FetchPolicy, *, now: datetime) -> Iterator[FetchOutcome]:
    """Fetch and parse all; yields the outcome of each as it is finished. A feed that fails is a value.

    The work goes on in a thread of its own while the caller stores what it got; it is never further ahead than
    ``2 * policy.concurrency`` outcomes. Closing the iterator stops it.
    """

    async def work(take_turn: TakeTurn, finish: Callable[[FetchOutcome], None]) -> None:
        async def run_lane(queue: deque[FetchRequest]) -> None:
            while queue:
                request = queue.popleft()
                await take_turn()
                finish(await fetcher.fetch(request))

        async with Fetcher(policy, now=now) as fetcher, asyncio.TaskGroup() as group:
            for queue in lanes(requests, policy.per_host):
                group.create_task(run_lane(queue))

    if requests:
        yield from in_background(work, ahead=2 * policy.concurrency)


class Fetcher:
    """Fetches single feeds inside an event loop; an asynchronous context manager."""

    def __init__(self, policy: FetchPolicy, *, now: datetime) -> None:
        self._policy, self._now = policy, now
        self._client = Client(policy)
        self._workers = ParseWorkers(policy.parse_workers, policy.parse_timeout)

    async def __aenter__(self) -> "Fetcher":
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        try:
            await self._client.__aexit__(*exc_info)
        finally:
            await self._workers.__aexit__(*exc_info)

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """One feed, from the wait for its host to its entries. Raises nothing that the other side caused."""
        feed, client = request.feed, self._client
        try:
            if feed.kind is FeedKind.PAGE:
                await client.obey_robots(feed.url)
            async with client.enter(feed.url), client.turn() as turn:
                return await self._read(request, await client.get(feed.url, _conditions(request), turn))
        except failures.EXPECTED as error:
            return failures.from_exception(feed.id, error, self._policy)

    async def _read(self, request: FetchRequest, answer: Answer) -> FetchOutcome:
        if answer.status == 304 and _conditions(request):
            return NotModified(feed_id=request.feed.id, max_age=answer.max_age)
        if not 200 <= answer.status < 300:
            return failures.from_status(request.feed.id, answer.status, answer.headers, now=self._now)
        body = answer.body
        digest = hashlib.sha256(body.data).hexdigest()
        if body.complete and digest == request.body_hash:
            return _fetched(request, answer, ParsedDocument(state=DocumentState.OK), digest=digest, unchanged=True)
        document = await self._workers.parse(
            body.data,
            url=str(answer.url),
            content_type=answer.headers.get("Content-Type", ""),
            selector=request.feed.selector if request.feed.kind is FeedKind.PAGE else "",
        )
        if document.unfinished:  # without its link or its id it would come again as another article
            document = replace(document, entries=document.entries[:-1])
        nothing_came = not document.entries and (document.state is DocumentState.TRUNCATED or not body.data.strip())
        if document.state not in _READABLE or nothing_came:
            return failures.from_document(request.feed.id, document, status=answer.status)
        return _fetched(request, answer, document, digest=digest)


def _fetched(
    request: FetchRequest, answer: Answer, document: ParsedDocument, *, digest: str, unchanged: bool = False
) -> Fetched:
    complete = answer.body.complete and document.complete
    # An answer that is not whole or not well-formed must not be the one that a later 304 stands for.
    trusted = complete and document.state is DocumentState.OK
    ages = [answer.max_age, timedelta(minutes=document.max_age_minutes)]
    return Fetched(
        feed_id=request.feed.id,
        entries=document.entries,
        url=str(answer.url),
        permanent_url=answer.permanent_url,
        etag=answer.headers.get("ETag", "") if trusted else "",
        last_modified=answer.headers.get("Last-Modified", "") if trusted else "",
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
