"""A digest as plain text for a terminal."""

import textwrap
from collections.abc import Sequence

from monitor.core.digest import Digest
from monitor.core.tell import Telling, clean, coverage_line, headline
from monitor.core.theme import Theme
from monitor.core.wording import say
from monitor.pages.digest import groups_of
from monitor.pages.render import clock

WIDTH = 100


def digest_text(digest: Digest, themes: Sequence[Theme]) -> str:
    """``digest`` in lines; texts of feeds come without control characters, so they cannot move the cursor."""
    language, zone = digest.language, digest.time_zone
    since, cut = clock(digest.since, zone), clock(digest.cut, zone)
    lines = [clean(f"{digest.title} · {cut}", 200), headline(digest), *(f"! {notice}" for notice in digest.notices)]
    groups = groups_of(digest, themes)
    if not groups:
        lines += ["", say(language, "empty", since=since, decided=digest.decided)]
    for group in groups:
        lines += ["", f"{group.title} · {group.count}", "─" * 40]
        lines += [line for told in group.tellings for line in _telling(told, language, zone)]
    if digest.left_out:
        lines += ["", say(language, "left_out", count=digest.left_out)]
    window = say(language, "window", since=since, cut=cut)
    return "\n".join([*lines, "", f"{coverage_line(digest)} · {window} ({zone})", ""])


def _telling(told: Telling, language: str, zone: str) -> list[str]:
    if told.brief:
        line = f"{told.lead.text} — {told.outlet} · {told.alerted}"
        return textwrap.wrap(line, WIDTH - 2, initial_indent="• ", subsequent_indent="  ")
    origin = f" ({told.language})" if told.language else ""
    score = say(language, "score", percent=told.percent)
    reasons = f"{say(language, 'why')}: {told.why} · " if told.why else ""
    lines = textwrap.wrap(told.lead.text, WIDTH - 2, initial_indent="• ", subsequent_indent="  ")
    lines.append(f"  {told.outlet}{origin} · {clock(told.at, zone)}")
    alerted = f" · {told.alerted}" if told.alerted else ""
    gist = f"{say(language, 'gloss')}: {told.gist}" if told.gist else ""
    for other in told.headlines:
        lines += textwrap.wrap(other.text, WIDTH - 4, initial_indent="  + ", subsequent_indent="    ")
    for line in (gist, told.news, told.spread, told.figures):
        lines += textwrap.wrap(line, WIDTH - 4, initial_indent="  ", subsequent_indent="  ")
    lines += textwrap.wrap(f"{reasons}{score}{alerted}", WIDTH - 4, initial_indent="  ", subsequent_indent="  ")
    return [*lines, *([f"  {told.lead.url}"] if told.lead.url else [])]
