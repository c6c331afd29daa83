"""The shapes of the four files."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from monitor.core.feed import FeedKind, Tier
from monitor.settings.words import (
    Channel,
    Channels,
    Country,
    Cron,
    Duration,
    Id,
    Language,
    Languages,
    Line,
    Quiet,
    Retention,
    Shards,
    ThemeId,
    ThemeIds,
    TimeZone,
    Translator,
    Url,
    UserGroups,
    Users,
    Weekdays,
    Words,
)

Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Probability = Annotated[float, Field(ge=0, le=1)]
Tiers = tuple[Tier, ...]


class Shape(BaseModel):
    """Unknown keys are refused; nothing is turned into another type behind the user's back."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, hide_input_in_errors=True)


class FeedShape(Shape):
    id: Id
    outlet: Text
    url: Url
    language: Language
    country: Country
    tier: Tier
    interval: Duration = Field(default="30m", validate_default=True)
    enabled: StrictBool = True
    reason: str = ""
    kind: FeedKind = FeedKind.FEED
    selector: str = ""
    full_text: StrictBool = False

    @model_validator(mode="after")
    def _whole(self) -> "FeedShape":
        if not self.enabled and not self.reason:
            raise ValueError("enabled: false needs a reason, so that the next reader knows why")
        if self.kind is FeedKind.PAGE and not self.selector and not self.url.endswith((".xml", ".xml.gz")):
            raise ValueError(
                "kind: page needs a selector (the CSS selector of the links, such as main a) or a sitemap.xml"
            )
        if self.kind is FeedKind.FEED and self.selector:
            raise ValueError("selector belongs to kind: page only")
        if not 60 <= self.interval.total_seconds() <= 7 * 86400:
            raise ValueError("interval must lie between 1m and 7d")
        return self


class FeedsShape(Shape):
    feeds: tuple[FeedShape, ...] = Field(min_length=1)


class ThemeShape(Shape):
    id: ThemeId
    title: Text
    covers: Text
    weight: float = Field(default=1.0, ge=0, le=10)


class ThemesShape(Shape):
    themes: tuple[ThemeShape, ...] = Field(min_length=1)


class NearShape(Shape):
    groups: tuple[Words, ...] = Field(min_length=2, max_length=6)
    within: int | Literal["sentence"] = "sentence"

    @model_validator(mode="after")
    def _whole(self) -> "NearShape":
        if isinstance(self.within, int) and not 1 <= self.within <= 200:
            raise ValueError("within must be sentence, or a number of words from 1 to 200")
        if any(not group for group in self.groups):
            raise ValueError("a group without phrases can never be found")
        return self


class TermShape(Shape):
    name: Annotated[Line, StringConstraints(min_length=1, max_length=80)]
    any_of: Words = ()
    all_of: Words = ()
    none_of: Words = ()
    near: tuple[NearShape, ...] = ()
    where: Literal["title", "text", "both"] = Field(default="both", alias="in")
    languages: Languages = ()
    outlets: Words = ()
    tiers: Tiers = ()
    weight: float = Field(default=0.0, ge=-20, le=20, allow_inf_nan=False)
    themes: ThemeIds = ()
    always: StrictBool = False
    never: StrictBool = False
    alert: StrictBool = False

    @model_validator(mode="before")
    @classmethod
    def _one_near(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("near"), dict):
            return {**data, "near": [data["near"]]}
        return data

    @model_validator(mode="after")
    def _whole(self) -> "TermShape":
        if not (self.any_of or self.all_of or self.near):
            raise ValueError("says nothing to look for: give any_of, all_of or near")
        if self.always and self.never:
            raise ValueError("always and never exclude each other")
        if self.never and (self.weight or self.alert or self.themes):
            raise ValueError("never leaves no use for weight, alert or themes")
        return self


class WatchShape(Shape):
    terms: tuple[TermShape, ...] = ()


class DigestShape(Shape):
    id: Id
    channel: Channel
    cron: Cron
    time_zone: TimeZone
    title: Text = "North Korea–Russia cooperation"
    language: Language = "en"
    themes: ThemeIds = ()
    languages: Languages = ()
    tiers: Tiers = ()
    min_score: Probability = 0.0
    max_stories: int = Field(default=60, ge=1, le=500)
    translate: Translator = ""


class AlertShape(Shape):
    id: Id
    channel: Channel
    enabled: StrictBool = True
    time_zone: TimeZone = "UTC"
    language: Language = "en"
    themes: ThemeIds = ()
    languages: Languages = ()
    tiers: Tiers = ()
    min_score: Probability = 0.0
    quiet: Quiet | None = None
    weekdays: Weekdays = Field(default=(0, 1, 2, 3, 4, 5, 6), min_length=1)
    max_per_hour: int = Field(default=6, ge=1, le=60)
    cool_down: Duration = Field(default="0m", validate_default=True)
    translate: Translator = ""

    @model_validator(mode="after")
    def _whole(self) -> "AlertShape":
        if self.cool_down > timedelta(hours=24):
            raise ValueError("cool_down of more than 24h would keep alerts until they are news no more")
        return self


class FetchShape(Shape):
    contact: Text
    concurrency: int = Field(default=100, ge=1, le=500)
    per_host: int = Field(default=2, ge=1, le=20)
    host_gap: float = Field(default=1.0, ge=0, le=60)
    total_timeout: float = Field(default=30.0, gt=0, le=300)
    min_interval: Duration = Field(default="10m", validate_default=True)
    max_interval: Duration = Field(default="6h", validate_default=True)
    shards: Shards = None
    allow_hosts: Words = ()


class ThresholdShape(Shape):
    digest: Probability | None = None
    alert: Probability | None = None
    themes: dict[ThemeId, Probability] = {}


class PeopleShape(Shape):
    channels: Channels = ()
    user_groups: UserGroups = ()
    users: Users = ()


class ReviewShape(Shape):
    channel: Channel | None = None
    size: int = Field(default=20, ge=5, le=80)


class MonitorShape(Shape):
    digests: tuple[DigestShape, ...] = ()
    alerts: tuple[AlertShape, ...] = ()
    fetch: FetchShape
    thresholds: ThresholdShape = ThresholdShape()
    people: PeopleShape = PeopleShape()
    review: ReviewShape = ReviewShape()
    retention: Retention = Field(default="400d", validate_default=True)
