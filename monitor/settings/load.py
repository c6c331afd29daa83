"""The four files of the config folder as one value, or every problem in them at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor import __version__
from monitor.core.click import People
from monitor.core.decision import Thresholds
from monitor.core.digest import AlertSpec, DigestSpec
from monitor.core.feed import Feed, FetchPolicy
from monitor.core.review import ReviewSpec
from monitor.core.theme import THEME_IDS, Theme
from monitor.core.watch import Watch
from monitor.errors import SettingsError
from monitor.settings.check import check_shape, find_twins, items
from monitor.settings.document import Document, read_document
from monitor.settings.shapes import (
    AlertShape,
    DigestShape,
    FeedShape,
    FeedsShape,
    FetchShape,
    MonitorShape,
    ThemesShape,
    ThresholdShape,
)
from monitor.settings.terms import check_watch
from monitor.settings.words import did_you_mean

KINDS = ("feeds", "watch", "themes", "monitor")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdOverrides:
    """Thresholds that the operator sets; None, or a theme that is not named: the model's own holds."""

    digest: float | None = None
    alert: float | None = None
    themes: Mapping[str, float] = field(default_factory=dict)

    def applied_to(self, own: Thresholds) -> Thresholds:
        """The model's own thresholds with these in their place."""
        return Thresholds(
            digest=own.digest if self.digest is None else self.digest,
            alert=own.alert if self.alert is None else self.alert,
            themes={**own.themes, **self.themes},
        )


def present_thresholds(settings: "Settings", card: Mapping[str, Any]) -> Thresholds:
    """Those of a model's stored card, with the operator's own in their place."""
    return settings.thresholds.applied_to(Thresholds(**card["thresholds"]))


def stored_thresholds(text: str, card: Mapping[str, Any]) -> Thresholds:
    """Those that held with a stored ``monitor.yaml`` and a model's card, whatever else of the file is read no more.

    Raises SettingsError when its thresholds cannot be read.
    """
    document = read_document("monitor.yaml", text)
    section = document.data.get("thresholds") or {} if isinstance(document.data, dict) else None
    shape, problems = check_shape(ThresholdShape, Document("monitor.yaml", section, {}, document.problems))
    if shape is None:
        raise SettingsError(problems)
    return ThresholdOverrides(**shape.model_dump()).applied_to(Thresholds(**card["thresholds"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that people edit. ``version`` is a hash of what themes and monitor mean for decisions."""

    feeds: tuple[Feed, ...]
    watch: Watch
    themes: tuple[Theme, ...]
    digests: tuple[DigestSpec, ...]
    alerts: tuple[AlertSpec, ...]
    fetch: FetchPolicy
    thresholds: ThresholdOverrides
    review: ReviewSpec = field(default_factory=ReviewSpec)
    retention: timedelta | None
    """How long articles are kept; None: for ever."""
    version: str
    texts: Mapping[str, str]
    people: People = field(default_factory=People)

    def digest(self, name: str) -> DigestSpec:
        """The digest with this id; of no name: the first. Raises SettingsError when there is none."""
        found = next((spec for spec in self.digests if name in {"", spec.id}), None)
        if found is None:
            known = ", ".join(spec.id for spec in self.digests) or "none"
            raise SettingsError([f"monitor.yaml: digests: there is no digest {name!r} (there are: {known})"])
        return found


def load_settings(folder: Path) -> Settings:
    """Read ``feeds.yaml``, ``watch.yaml``, ``themes.yaml`` and ``monitor.yaml``.

    Raises SettingsError with every problem of all four as ``file:line: key: message (did you mean ...?)``.
    """
    return _settings(*_read(folder), prefix=f"{folder}/")


def settings_from_texts(texts: Mapping[str, str]) -> Settings:
    """The same from stored texts, by kind: feeds, watch, themes, monitor."""
    absent = [f"{kind}.yaml:1: (file): there is no stored text" for kind in KINDS if kind not in texts]
    return _settings(texts, absent, prefix="")


def load_or_last_good(folder: Path, last_good: Mapping[str, str] | None) -> tuple[Settings, tuple[str, ...]]:
    """The settings of the folder and no problems; or, when they are wrong, the last good ones and what is wrong.

    Each file falls back on its own where that gives a whole config, so that a slip in one does not freeze the others.
    Raises SettingsError when nothing good is stored.
    """
    texts, absent = _read(folder)
    try:
        return _settings(texts, absent, prefix=f"{folder}/"), ()
    except SettingsError as error:
        if not last_good:
            raise
        bad = {kind for kind in KINDS if any(p.startswith(f"{folder}/{kind}.yaml:") for p in error.problems)}
        mixed = {kind: last_good.get(kind, "") if kind in bad else texts[kind] for kind in KINDS}
        for stored in (mixed, last_good):
            try:
                return settings_from_texts(stored), error.problems
            except SettingsError:
                continue
        raise


def _read(folder: Path) -> tuple[dict[str, str], list[str]]:
    texts, problems = {}, []
    for kind in KINDS:
        try:
            texts[kind] = (folder / f"{kind}.yaml").read_text(encoding="utf-8-sig")
        except OSError as error:
            problems.append(f"{folder}/{kind}.yaml:1: (file): cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            problems.append(f"{folder}/{kind}.yaml:1: (file): is not UTF-8; save it as UTF-8")
    return texts, problems


def _settings(texts: Mapping[str, str], absent: list[str], *, prefix: str) -> Settings:
    documents = {kind: read_document(f"{prefix}{kind}.yaml", texts[kind]) for kind in KINDS if kind in texts}
    problems = list(absent)
    feeds = _feeds(documents["feeds"], problems) if "feeds" in documents else ()
    themes = _themes(documents["themes"], problems) if "themes" in documents else ()
    watch, wrong = check_watch(documents["watch"]) if "watch" in documents else (None, [])
    problems += wrong
    monitor = _monitor(documents["monitor"], problems) if "monitor" in documents else None
    if watch is not None and feeds:
        problems += _unknown_outlets(documents["watch"], watch, feeds)
    if problems or watch is None or monitor is None:
        raise SettingsError(problems)
    thresholds = ThresholdOverrides(**monitor.thresholds.model_dump())
    return Settings(
        feeds=feeds,
        watch=watch,
        themes=themes,
        digests=tuple(DigestSpec(**_fields(shape)) for shape in monitor.digests),
        alerts=tuple(AlertSpec(**_fields(shape)) for shape in monitor.alerts),
        fetch=_policy(monitor.fetch),
        thresholds=thresholds,
        review=ReviewSpec(channel=monitor.review.channel or "", size=monitor.review.size),
        retention=monitor.retention,
        version=_version(themes, thresholds),
        texts={kind: texts[kind] for kind in KINDS},
        people=People(**monitor.people.model_dump()),
    )


def _feeds(document: Document, problems: list[str]) -> tuple[Feed, ...]:
    shape, wrong = check_shape(FeedsShape, document)
    problems += [*wrong, *find_twins(document, "feeds", "id"), *find_twins(document, "feeds", "url")]
    return tuple(_feed(feed) for feed in shape.feeds) if shape else ()


def _feed(shape: FeedShape) -> Feed:
    return Feed(**shape.model_dump())


def _themes(document: Document, problems: list[str]) -> tuple[Theme, ...]:
    shape, wrong = check_shape(ThemesShape, document)
    problems += [*wrong, *find_twins(document, "themes", "id")]
    if shape is None:
        return ()
    absent = [theme for theme in THEME_IDS if theme not in {held.id for held in shape.themes}]
    if absent:
        problems.append(document.problem(("themes",), f"the classifier's themes are not all here: {', '.join(absent)}"))
    return tuple(Theme(**theme.model_dump()) for theme in shape.themes)


def _monitor(document: Document, problems: list[str]) -> MonitorShape | None:
    shape, wrong = check_shape(MonitorShape, document)
    problems += [*wrong, *find_twins(document, "digests", "id"), *find_twins(document, "alerts", "id")]
    return shape


def _unknown_outlets(document: Document, watch: Watch, feeds: tuple[Feed, ...]) -> list[str]:
    known = {feed.outlet for feed in feeds}
    places = {item.get("name"): at for at, item in enumerate(items(document, "terms"))}
    return [
        document.problem(
            ("terms", places[term.name], "outlets"),
            f"no feed of feeds.yaml has the outlet {outlet!r}{hint}",
        )
        for term in watch.terms
        for outlet in term.outlets
        # Aggregators name outlets that are nobody's feed, so only what looks like a slip is one.
        if outlet not in known and (hint := did_you_mean(outlet, known))
    ]


def _fields(shape: DigestShape | AlertShape) -> dict[str, Any]:
    return {**shape.model_dump(), "tiers": tuple(tier.value for tier in shape.tiers)}


def _policy(shape: FetchShape) -> FetchPolicy:
    data = shape.model_dump(exclude={"contact"})
    return FetchPolicy(user_agent=f"monitor/{__version__} (+{shape.contact})", **data)


def _version(themes: tuple[Theme, ...], thresholds: ThresholdOverrides) -> str:
    meaning = [
        sorted(theme.id for theme in themes),
        thresholds.digest,
        thresholds.alert,
        sorted(thresholds.themes.items()),
    ]
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:12]
