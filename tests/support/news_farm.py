"""A farm whose entries appear as a simulated clock goes on, and that knows what is in them.

Some entries report planted events: several feeds tell of each, and a watch term knows them by a word.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import formatdate

from tests.support.feed_farm import FeedFarm

FLAGGED, URGENT = "qzflagged", "qzurgent"
"""The words by which a watch knows planted events; both are far behind what makes articles alike."""
WATCH = f"""\
terms:
  - {{name: flagged, any_of: [{FLAGGED}], always: true}}
  - {{name: urgent, any_of: [{URGENT}], always: true, alert: true}}
"""
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru ple tri sko".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What several feeds report; ``name`` is a word that stands in the titles of this event only."""

    name: str
    at: datetime
    urgent: bool
    title: str
    text: str


@dataclass(kw_only=True)
class NewsFarm(FeedFarm):
    """``pace`` entries a day and feed and ``events`` within a day from ``start``; ``now`` is the simulated clock."""

    start: datetime
    pace: float = 20.0
    events: int = 100
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.now = self.start
        self._written: dict[tuple[int, int], str] = {}
        dice = random.Random(self.seed)
        self.timeline: list[list[tuple[float, Event | None]]] = [self._usual(dice) for _ in range(self.feeds)]
        self.planted = [self._event(dice, number) for number in range(self.events)]
        for event in self.planted:
            for feed in dice.sample(range(self.feeds), dice.randint(1, 4)):
                later = event.at + timedelta(minutes=dice.choice((0, 0, 5, 40)))
                self.timeline[feed].append((later.timestamp(), event))
        for held in self.timeline:
            held.sort(key=lambda pair: pair[0])
        self._times = [[moment for moment, _ in held] for held in self.timeline]

    def _usual(self, dice: random.Random) -> list[tuple[float, Event | None]]:
        """Twelve entries from before the start, then ``pace`` a day."""
        start, count = self.start.timestamp(), round(self.pace)
        before = [start - dice.uniform(0, 6 * 3600) for _ in range(self.items)]
        return [(moment, None) for moment in (*before, *(start + dice.uniform(0, 86400) for _ in range(count)))]

    def _event(self, dice: random.Random, number: int) -> Event:
        """Invented words, and two numbers that make what tells of it one story."""
        urgent = number % 4 == 0
        words = ["".join(dice.choices(SYLLABLES, k=3)) for _ in range(70)]
        name = f"{words[0]}{number}x".capitalize()
        at = self.start + timedelta(seconds=dice.uniform(0, 86400))
        return Event(
            name=name,
            at=at,
            urgent=urgent,
            title=" ".join((name, *words[1:8], f"{10_007 + 371 * number:,}", f"{60_013 + 367 * number:,}")),
            text=" ".join(words[8:]) + f" {URGENT if urgent else FLAGGED}",
        )

    def shown(self, feed: int) -> range:
        """Numbers of the entries that a feed shows now."""
        last = bisect_right(self._times[feed], self.now.timestamp())
        return range(max(0, last - self.items), last)

    def told(self) -> set[str]:
        """Addresses of every entry that any feed ever showed, up to now."""
        ever = (range(bisect_right(times, self.now.timestamp())) for times in self._times)
        return {self.address(feed, number) for feed, numbers in enumerate(ever) for number in numbers}

    def address(self, feed: int, number: int) -> str:
        """The link of an entry."""
        return f"http://news{feed}.example/story/{number}"

    def _entry(self, feed: int, number: int, *, atom: bool) -> str:
        if (feed, number) not in self._written:
            self._written[feed, number] = self._write(feed, number, atom=atom)
        return self._written[feed, number]

    def _write(self, feed: int, number: int, *, atom: bool) -> str:
        moment, event = self.timeline[feed][number]
        dice = random.Random(f"{self.seed} {feed} {number}")
        title = event.title if event else " ".join("".join(dice.choices(SYLLABLES, k=3)) for _ in range(7))
        text = event.text if event else " ".join("".join(dice.choices(SYLLABLES, k=3)) for _ in range(30))
        link = self.address(feed, number)
        if atom:
            stamp = datetime.fromtimestamp(moment, UTC).isoformat()
            return (
                f'<entry><id>{link}</id><title>{title}</title><link href="{link}"/>'
                f"<updated>{stamp}</updated><summary>{text}</summary></entry>"
            )
        stamp = formatdate(moment, usegmt=True)
        return (
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{stamp}</pubDate>"
            f"<description>{text}</description></item>"
        )
