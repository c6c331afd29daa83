"""The weekly look below the line, for people to judge. Pure, and within Slack's limits as ``blocks`` is."""

from collections.abc import Sequence
from datetime import datetime

from monitor.core.article import Article
from monitor.core.digest import Message
from monitor.core.tell import Link, clean, safe_url
from monitor.slack.buttons import button
from monitor.slack.kit import Block, header, link_to, plain, rich, section

TOGETHER = 8  # articles in one message
SUMMARY_LENGTH = 280
ANSWERS = (("relevant", "Relevant"), ("irrelevant", "Not relevant"))


def render_review(articles: Sequence[Article], *, drawn_at: datetime) -> tuple[Message, ...]:
    """A root message that says what to do, and the articles in its thread, each with two buttons.

    Nothing says which of them were flagged: who judges must not know.
    """
    title = f"A look below the line · {drawn_at:%Y-%m-%d}"
    words = (
        f"{len(articles)} articles of last week, most of them not flagged. Please say of each in the thread whether "
        "cooperation between North Korea and Russia is its subject, or a substantial part of it. From the answers "
        "follow how much is missed, and which threshold would miss less. `monitor label --review` asks the same."
    )
    messages = [Message(part=0, text=title, blocks=(header(title), rich([section([plain(words)])])))]
    for start in range(0, len(articles), TOGETHER):
        some = articles[start : start + TOGETHER]
        name = f"{start + 1} to {start + len(some)}"
        blocks = [header(name), *(block for article in some for block in _question(article))]
        ids = tuple(article.id for article in some)
        messages.append(Message(part=len(messages), text=name, blocks=tuple(blocks), stories=ids))
    return tuple(messages)


def _question(article: Article) -> list[Block]:
    link = Link(text=clean(article.title, 200) or "—", url=safe_url(article.url))
    about = f" — {clean(article.outlet, 60)} ({clean(article.language, 10)})"
    summary = clean(article.summary, SUMMARY_LENGTH)
    subject = f"{article.id} {article.id}"  # as under a story: what it stands under, and the article that is judged
    return [
        rich([section([*link_to(link, bold=True), plain(about), *([plain(f"\n{summary}")] if summary else [])])]),
        {
            "type": "actions",
            "block_id": subject,
            "elements": [button(verb, text, f"{verb} {subject}") for verb, text in ANSWERS],
        },
    ]
