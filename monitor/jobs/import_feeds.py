"""An OPML file of another reader -> entries to paste into config/feeds.yaml."""

import json
import re
from collections.abc import Iterable

from monitor.feeds import parse_opml
from monitor.settings import Settings

_NO_ID = re.compile(r"[^a-z0-9]+")


def import_feeds(settings: Settings, opml: bytes) -> str:
    """YAML for the feeds that the config does not have yet; what OPML does not say is left to be looked at.

    Raises MonitorError when it is no OPML.
    """
    known = {feed.url for feed in settings.feeds}
    ids = {feed.id for feed in settings.feeds}
    entries = []
    for name, url in parse_opml(opml):
        if url not in known:
            entries.append(_entry(_new_id(name or url, ids), name or url, url))
    return "".join(entries)


def _entry(feed_id: str, outlet: str, url: str) -> str:
    # JSON's strings are YAML's too.
    return (
        f"  - id: {feed_id}\n    outlet: {json.dumps(outlet, ensure_ascii=False)}\n"
        f"    url: {json.dumps(url, ensure_ascii=False)}\n"
        "    language: en  # look\n    country: US  # look\n    tier: general  # look\n"
    )


def _new_id(name: str, ids: set[str]) -> str:
    plain = _NO_ID.sub("-", name.lower()).strip("-")[:40].strip("-") or "feed"
    numbers: Iterable[str] = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(ids) + 2))
    chosen = next(feed_id for feed_id in numbers if feed_id not in ids)
    ids.add(chosen)
    return chosen
