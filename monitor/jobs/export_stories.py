"""The store -> flagged stories for other programs."""

from datetime import datetime

from monitor.core.compose import takes
from monitor.core.digest import DigestSpec
from monitor.pages import FORMATS, items_of
from monitor.store import Store, stories


def export_stories(store: Store, spec: DigestSpec, form: str, *, since: datetime, now: datetime) -> str:
    """Stories that ``spec`` takes in and that were decided on since then, as a document in one of FORMATS."""
    with store.read() as connection:
        found = stories.flagged_stories(connection, since=since, cut=now)
    items = items_of((story for story in found if takes(spec, story)), spec.language)
    return FORMATS[form](items, title=spec.title, now=now)
