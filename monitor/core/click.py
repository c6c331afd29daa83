"""What people do in Slack: press a button under a story, or type a command; who may; and what they mute."""

from dataclasses import dataclass
from datetime import datetime

MUTE_DAYS = 7  # when nothing else is said
MUTE_CHOICES = (MUTE_DAYS, 30)  # what the menu under a story offers; the command takes any number
LONGEST_MUTE = 365

LABELS = {"relevant": "1", "irrelevant": "0"}
"""Verbs that are a label of relevance, with its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """One press of a button, or one command, as Slack delivered it. What it names need not exist."""

    key: str
    """The same however often Slack delivers it."""
    at: datetime
    who: str
    """Slack's id of the person."""
    name: str
    channel: str
    verb: str
    words: str = ""
    """What follows the verb: "story article" under a story, or what was typed."""
    command: bool = False
    """Typed after the slash command, not pressed."""
    thread: str = ""
    """The ts of the thread that the pressed message stands in."""
    private: bool = False
    """Pressed in a message that only this person sees."""
    answer_url: str = ""
    """Where Slack takes an answer for half an hour; a secret."""

    @property
    def story(self) -> str:
        """Id of the story that a button stands under."""
        return self._subject()[0]

    @property
    def article(self) -> str:
        """Id of the article that stood for the story when it was shown."""
        return self._subject()[1]

    @property
    def days(self) -> int:
        """How long the menu under a story mutes its outlet."""
        _, _, days, *_ = *self.words.split(), "", "", ""
        return int(days) if days.isdecimal() and int(days) in MUTE_CHOICES else MUTE_DAYS

    def _subject(self) -> tuple[str, str]:
        if self.command or self.verb == "approve":
            return "", ""
        story, article, *_ = *self.words.split(), "", ""
        return story, article


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """An outlet that digests and alerts leave out until then."""

    outlet: str
    until: datetime
    who: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who may label and change things: members of channels and user groups, and single people.

    Nothing said at all means: members of the channels that digests and alerts go to.
    """

    channels: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    """Slack's ids (S...)."""
    users: tuple[str, ...] = ()
    """Slack's ids (U... or W...)."""
