"""What people said of a story, in one line under it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.core.click import Mute
from monitor.core.decision import Label
from monitor.core.digest import Reader
from monitor.core.wording import say


def last_words(labels: Iterable[Label]) -> tuple[Label, ...]:
    """The last label of each person and kind, oldest first: two people may differ, one person changes their mind."""
    last: dict[tuple[str, str], Label] = {}
    for label in sorted(labels, key=lambda label: label.at):
        last[label.who, label.kind] = label
    return tuple(sorted(last.values(), key=lambda label: (label.at, label.who, label.kind)))


def said_of(
    labels: Iterable[Label],
    mutes: Iterable[Mute],
    reader: Reader,
    *,
    names: Mapping[str, str],
    themes: Mapping[str, str],
) -> str:
    """One line in the reader's language; empty when nobody said anything. ``names`` and ``themes`` by id."""
    language, words = reader.language, []
    for label in last_words(labels):
        who = f"@{names.get(label.who, label.who)}"
        if label.kind == "relevance":
            words.append(say(language, f"said_{label.value}", who=who))
        elif label.kind == "theme":
            words.append(say(language, "said_theme", theme=themes.get(label.value, label.value), who=who))
        else:
            words.append(say(language, "said_group", who=who))
    counts = [say(language, "counts")] if words else []
    muted = [mute_words(mute, reader) for mute in mutes]
    return " · ".join(words + counts + muted)


def mute_words(mute: Mute, reader: Reader) -> str:
    """Which outlet is left out, until when, and who wanted it so."""
    until = _day(mute.until, reader)
    return say(reader.language, "muted", outlet=mute.outlet, who=f"@{mute.name}", until=until)


def _day(moment: datetime, reader: Reader) -> str:
    return f"{moment.astimezone(ZoneInfo(reader.time_zone)):%Y-%m-%d}"
