"""From ranked stories to what one channel is told."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.changes import changes_of
from monitor.core.digest import AlertSpec, Coverage, Digest, DigestSpec, Section
from monitor.core.story import Story
from monitor.core.theme import Theme
from monitor.core.trend import Trend

TOP = 5


def is_news(story: Story) -> bool:
    """False for a story that was told before and has only grown by more of the same."""
    return not story.told or bool(changes_of(story))


def takes(spec: DigestSpec | AlertSpec, story: Story) -> bool:
    """Does this channel hear of such stories: by theme, language, tier and score of its articles?"""
    return story.score >= spec.min_score and any(
        (not spec.themes or set(spec.themes) & set(told.decision.themes))
        and (not spec.languages or told.article.language in spec.languages)
        and (not spec.tiers or told.article.tier in spec.tiers)
        for told in story.members
    )


def without(stories: Iterable[Story], outlets: Collection[str]) -> tuple[Story, ...]:
    """``stories`` without the articles of these outlets that were not told yet; without those of which none is left."""
    if not outlets:
        return tuple(stories)
    kept = []
    for story in stories:
        members = [m for m in story.members if m.article.outlet not in outlets or m.article.id in story.told]
        kept += [replace(story, members=tuple(members))] if members else []
    return tuple(kept)


def compose(
    spec: DigestSpec,
    stories: Iterable[Story],
    *,
    since: datetime,
    cut: datetime,
    themes: Sequence[Theme],
    baseline: float | None,
    coverage: Coverage,
    decided: int,
    trends: Sequence[Trend] = (),
    notices: Sequence[str] = (),
) -> Digest:
    """What ``spec``'s channel is told of ``stories``, which come ranked and already chosen with ``takes``.

    Each story stands in the section of its most probable theme that the digest is about; sections are in the order of
    their best story.
    """
    ranked = list(stories)
    shown = ranked[: spec.max_stories]
    updates = [story for story in shown if story.told]
    fresh = [story for story in shown if not story.late and not story.told]
    return Digest(
        id=spec.id,
        channel=spec.channel,
        title=spec.title,
        language=spec.language,
        since=since,
        cut=cut,
        time_zone=spec.time_zone,
        top=tuple(fresh[:TOP]),
        sections=_sections(spec, fresh, themes),
        updates=tuple(updates),
        older=tuple(story for story in shown if story.late and not story.told),
        left_out=len(ranked) - len(shown),
        baseline=baseline,
        coverage=coverage,
        decided=decided,
        trends=tuple(trends),
        translate=spec.translate,
        notices=tuple(notices),
    )


def _sections(spec: DigestSpec, stories: Iterable[Story], themes: Sequence[Theme]) -> tuple[Section, ...]:
    titles = {theme.id: theme.title for theme in themes}
    by_theme: dict[str, list[Story]] = {}
    for story in stories:
        by_theme.setdefault(story.theme(spec.themes), []).append(story)
    return tuple(
        Section(theme=theme, title=titles.get(theme) or theme or spec.title, stories=tuple(held))
        for theme, held in by_theme.items()
    )
