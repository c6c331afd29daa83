"""Full texts: the pages behind teasers, fetched as politely and as safely as feeds, robots.txt obeyed."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.core.feed import FetchPolicy
from monitor.feeds import failures
from monitor.feeds.background import TakeTurn, in_background
from monitor.feeds.client import Client
from monitor.feeds.hosts import host_of
from monitor.feeds.read import ARTICLE
from monitor.feeds.workers import ParseWorkers

HTML_ONLY = {"Accept": "text/html, application/xhtml+xml;q=0.9"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """The text behind one link, or in words why there is none."""

    url: str
    text: str = ""
    problem: str = ""
    retry_after: timedelta | None = None
    """How long the server asks to be left alone."""


def fetch_articles(urls: Sequence[str], policy: FetchPolicy) -> Iterator[ArticleText]:
    """Fetch the pages and take out their texts; yields each as it is finished. Raises nothing for a page."""
    by_host: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        by_host.setdefault(host_of(url), []).append(url)

    async def work(take_turn: TakeTurn, finish: Callable[[ArticleText], None]) -> None:
        texts: dict[str, str] = {}  # by what the page holds: several links may lead to one text

        async def run_host(queue: list[str]) -> None:
            while queue:
                url = queue.pop()
                await take_turn()
                finish(await _fetch(client, workers, url, texts))

        async with (
            Client(policy) as client,
            ParseWorkers(policy.parse_workers, policy.parse_timeout) as workers,
            asyncio.TaskGroup() as group,
        ):
            for queue in by_host.values():
                for _ in range(min(policy.per_host, len(queue))):
                    group.create_task(run_host(queue))

    if by_host:
        yield from in_background(work, ahead=2 * policy.concurrency)


async def _fetch(client: Client, workers: ParseWorkers, url: str, texts: dict[str, str]) -> ArticleText:
    try:
        await client.obey_robots(url)
        async with client.enter(url), client.turn() as turn:
            answer = await client.get(url, HTML_ONLY, turn)
            if not 200 <= answer.status < 300:
                wait = failures.retry_after(answer.headers.get("Retry-After", ""), now=datetime.now(UTC))
                return ArticleText(url=url, problem=f"HTTP {answer.status}", retry_after=wait)
            digest = hashlib.sha256(answer.body.data).hexdigest()
            if digest not in texts:
                document = await workers.parse(answer.body.data, url=str(answer.url), content_type="", selector=ARTICLE)
                if not document.entries:
                    return ArticleText(url=url, problem=document.problem)
                texts[digest] = document.entries[0].content
            return ArticleText(url=url, text=texts[digest])
    except failures.EXPECTED as error:
        return ArticleText(url=url, problem=failures.from_exception("", error, client.policy).reason)
