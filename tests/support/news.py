"""Articles, decisions and stories to test with: all invented."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.article import Article, Sighting
from monitor.core.decision import Decision, Reason, Versions
from monitor.core.digest import Coverage, Digest, DigestSpec, Message, Section
from monitor.core.feed import Feed, FeedState, FetchPolicy, Habit, Health, Tier
from monitor.core.report import Misses, Report, feed_lines, tally_languages, tally_outlets
from monitor.core.story import Story, Told
from monitor.core.theme import THEME_IDS, Theme
from monitor.core.trend import Trend
from monitor.core.watch import Watch
from monitor.settings import Settings, ThresholdOverrides
from monitor.store import Store, articles, decisions, stories

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OUTLETS = ("Harbour Post", "Порт и море", "항구일보", "Taiga Wire", "Tumen Observer")
LANGUAGES = ("en", "ru", "ko", "en", "en")
THEMES = tuple(Theme(id=theme, title=theme.replace("_", " ").capitalize(), covers="") for theme in THEME_IDS)
REASONS = (
    Reason(kind="base", text="base rate", weight=-3.0),
    Reason(kind="names", text="North Korea and Russia in one sentence", weight=2.5),
    Reason(kind="phrase", text="artillery shells", weight=1.5),
    Reason(kind="watch", text="shell shipments", weight=1.0),
)
HOSTILE = (
    "BREAKING <!channel> *free* _click_ <https://evil.example|harbour.example> & more > `x`",
    "<@U0TWINBOT01> <#C0TWINDIG01> <!subteam^S123> <!date^1^{date}|x>",
    "\u202eevil gnp.exe\u202c \u2066x\u2069 \u200ehidden\u200f\x00\x07",
    "long " * 600,
    "👩‍👩‍👧‍👦" * 400,
    "هذا عنوان طويل من اليمين إلى اليسار " * 40,
    "&amp;&lt;b&gt; <script>alert(1)</script> {{ 7 * 7 }} {% raw %}",
    "x" * 3000,
    "  \n\t  ",
    "harbour.example",
    ":rotating_light: @channel @here @everyone",
    "\ud83d half an emoji",
)


def make_article(number: int = 1, **values: object) -> Article:
    """The ``number``-th article; ``values`` replace its own."""
    made = Article(
        id=f"a{number:05d}",
        feed_id=f"feed{number % len(OUTLETS)}",
        outlet=OUTLETS[number % len(OUTLETS)],
        url=f"https://news.example/{number}?a=1&b=2",
        title=f"Delegation number {number} discusses item {number} in the harbour",
        summary="",
        language=LANGUAGES[number % len(OUTLETS)],
        published_at=NOW - timedelta(hours=3) + timedelta(seconds=number),
        seen_at=NOW - timedelta(hours=2) + timedelta(seconds=number),
    )
    return replace(made, **values)  # type: ignore[arg-type]


def make_decision(article: Article, **values: object) -> Decision:
    """Flagged for a digest, under a theme that follows from the article's number."""
    number = int("".join(c for c in article.id if c.isdigit()) or 0)
    made = Decision(
        article_id=article.id,
        versions=Versions(model="m1", watch="w1", settings="s1"),
        score=0.99 - (number % 40) / 100,
        digest=True,
        alert=False,
        themes=(THEME_IDS[(number * number + number // 3) % len(THEME_IDS)],),
        reasons=REASONS,
        terms=(),
        decided_at=NOW - timedelta(hours=1),
    )
    return replace(made, **values)  # type: ignore[arg-type]


def make_told(number: int = 1, *, late: bool = False, **values: object) -> Told:
    article = make_article(number, **values)
    return Told(article=article, decision=make_decision(article, late=late))


def make_story(members: Sequence[Told]) -> Story:
    """A story of these members."""
    first = members[0].article
    return Story(
        id=f"st-{first.id}",
        first_seen_at=first.seen_at,
        last_seen_at=max(told.article.seen_at for told in members),
        title=first.title,
        members=tuple(members),
    )


def make_stories(count: int, *, hostile: bool = False, late: bool = False, titles: Sequence[str] = ()) -> list[Story]:
    """``count`` stories; each third has several outlets, and with ``hostile`` every title is out to harm."""
    titles = titles or (HOSTILE if hostile else ())
    made = []
    for number in range(count):
        size = 7 if number % 9 == 4 else 3 if number % 3 == 0 else 1
        extra = {"title": titles[number % len(titles)]} if titles else {}
        made.append(make_story([make_told(number * 7 + at, late=late, **extra) for at in range(size)]))
    return made


def make_digest(stories: Sequence[Story], *, older: Sequence[Story] = (), **values: object) -> Digest:
    """A composed digest of ``stories``."""
    by_theme: dict[str, list[Story]] = {}
    for story in stories:
        by_theme.setdefault(story.members[0].decision.themes[0], []).append(story)
    made = Digest(
        id="daily",
        channel="C0TWINDIG01",
        title="North Korea–Russia cooperation",
        language="en",
        since=NOW - timedelta(hours=24),
        cut=NOW,
        time_zone="Asia/Seoul",
        top=tuple(stories[:5]),
        sections=tuple(Section(theme=theme, title=theme, stories=tuple(held)) for theme, held in by_theme.items()),
        older=tuple(older),
        left_out=0,
        baseline=9.0,
        coverage=Coverage(enabled=53, seen=52, troubles=("Harbour Post: no answer for 26 h",)),
        decided=412,
    )
    return replace(made, **values)  # type: ignore[arg-type]


def make_trend(theme: Theme = THEMES[0], **values: object) -> Trend:
    """Thirty days up to NOW, with more at the end."""
    days = tuple(NOW.date() - timedelta(days=ago) for ago in reversed(range(30)))
    made = Trend(theme=theme.id, title=theme.title, days=days, counts=tuple(day % 4 + day // 10 for day in range(30)))
    return replace(made, **values)  # type: ignore[arg-type]


def make_trends() -> tuple[Trend, ...]:
    """One a theme."""
    return tuple(make_trend(theme) for theme in THEMES)


def make_report(
    stories: Sequence[Story] | None = None,
    *,
    outlet: str = "Harbour Post",
    health: Health = Health.HEALTHY,
    reason: str = "",
    lost: int = 0,
    misses: Misses | None = None,
    **values: object,
) -> Report:
    """A week of ``stories`` with one feed; ``values`` are those of its digest."""
    held = make_stories(6) if stories is None else list(stories)
    feed = Feed(id="harbour", url="https://0.example", outlet=outlet, language="en", country="", tier=Tier.WIRE)
    state = FeedState(
        feed_id=feed.id,
        url=feed.url,
        health=health,
        reason=reason,
        last_success_at=NOW,
        habit=Habit(lost=lost, lost_at=NOW),
    )
    week = NOW - timedelta(days=7)
    return Report(
        digest=make_digest(held, since=week, baseline=None, **values),
        articles=sum(len(story.members) for story in held),
        outlets=tally_outlets(held),
        languages=tally_languages(held),
        feeds=feed_lines([feed], {feed.id: state}, {feed.id: 12}, since=week, until=NOW),
        misses=misses,
    )


def make_message(part: int = 0) -> Message:
    """A message as it is frozen; 0 is the root."""
    return Message(part=part, text=f"part {part}", blocks=())


def make_settings(*specs: DigestSpec, **values: object) -> Settings:
    """Settings with these digests (one daily by default) and one feed an outlet."""
    daily = DigestSpec(id="daily", channel="C0TWINDIG01", cron="0 8 * * *", time_zone="UTC")
    feeds = [
        Feed(
            id=f"feed{at}", url=f"https://{at}.example/rss", outlet=outlet, language="en", country="", tier=Tier.GENERAL
        )
        for at, outlet in enumerate(OUTLETS)
    ]
    made = Settings(
        feeds=tuple(feeds),
        watch=Watch(terms=(), version="w1"),
        themes=THEMES,
        digests=specs or (daily,),
        alerts=(),
        fetch=FetchPolicy(user_agent="test"),
        thresholds=ThresholdOverrides(),
        retention=timedelta(days=365),
        version="s1",
        texts={},
    )
    return replace(made, **values)  # type: ignore[arg-type]


def _storable(text: str) -> str:
    """Without what the normalizer never lets through: halves of characters."""
    return text.encode("utf-8", "replace").decode()


def put_stories(
    store: Store, held: Iterable[Story], *, decided_at: datetime, joined_at: datetime | None = None
) -> None:
    """Store articles, decisions and stories as classify_articles leaves them."""
    with store.write() as connection:
        for story in held:
            for told in story.members:
                article = replace(
                    told.article, title=_storable(told.article.title), outlet=_storable(told.article.outlet)
                )
                sighting = Sighting(entry_key=article.id, article=article)
                articles.add_sightings(connection, told.article.feed_id, [sighting], now=told.article.seen_at)
                decisions.save_decisions(connection, [replace(told.decision, decided_at=decided_at)])
                stories.add_to_story(
                    connection,
                    story.id,
                    article_id=told.article.id,
                    title=_storable(story.title),
                    seen_at=told.article.seen_at,
                    now=joined_at or decided_at,
                )
