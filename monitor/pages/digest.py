"""A digest as one self-contained HTML page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from monitor.core.digest import Digest
from monitor.core.story import Story
from monitor.core.tell import Telling, clean, coverage_line, headline, other_groups, tell
from monitor.core.theme import Theme
from monitor.core.wording import count_stories, say
from monitor.pages.render import clock, machine_time, render_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Stories under one heading."""

    id: str
    title: str
    count: str
    tellings: tuple[Telling, ...]


def digest_page(digest: Digest, *, themes: Sequence[Theme]) -> str:
    """HTML of ``digest``: no script, nothing loaded from elsewhere, readable in light and dark and on a phone."""
    language, zone = digest.language, digest.time_zone
    since, cut = clock(digest.since, zone), clock(digest.cut, zone)
    left_out = say(language, "left_out", count=digest.left_out) if digest.left_out else ""
    return render_page(
        "digest.html",
        language=language,
        title=clean(f"{digest.title} · {cut}", 200),
        window=f"{say(language, 'window', since=since, cut=cut)} ({zone})",
        point=headline(digest),
        notices=digest.notices,
        empty=say(language, "empty", since=since, decided=digest.decided),
        groups=groups_of(digest, themes),
        left_out=left_out,
        coverage=coverage_line(digest),
        words={key: say(language, key) for key in ("why", "also", "gloss", "translate")},
        clock=partial(clock, time_zone=zone),
        machine_time=machine_time,
        score=lambda percent: say(language, "score", percent=percent),
    )


def groups_of(digest: Digest, themes: Sequence[Theme]) -> list[Group]:
    """The stories of ``digest`` under their headings: themes in their order, the older ones last."""
    order = {theme.id: at for at, theme in enumerate(themes)}
    sections = sorted(digest.sections, key=lambda section: order.get(section.theme, len(order)))
    groups = [_group(digest, section.theme or "other", section.title, section.stories) for section in sections]
    others = other_groups(digest)
    return groups + [_group(digest, f"other{at}", title, stories) for at, (title, stories) in enumerate(others)]


def _group(digest: Digest, anchor: str, title: str, stories: Sequence[Story]) -> Group:
    articles = sum(len(story.members) for story in stories)
    return Group(
        id=anchor,
        title=clean(title, 100),
        count=count_stories(digest.language, len(stories), articles),
        tellings=tuple(tell(story, digest.reader) for story in stories),
    )
