"""The past again: digests of the past in a file or a test channel, and why a message was sent. Nothing here is told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from monitor.core.digest import ALERTS, Digest, Message
from monitor.errors import DeliveryError, MonitorError
from monitor.run.live import Live, environment, open_live, open_store, slack, write_file
from monitor.store import digests, outbox

FORMS = (".html", ".txt", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A digest of the past. ``digest`` is None when it is told as it was sent: by its frozen messages."""

    digest_id: str
    cut: datetime
    note: str
    messages: tuple[Message, ...]
    digest: Digest | None


def past_digest(
    digest_id: str, at: datetime, *, anew: bool = False, file: Path | None = None, to: str = ""
) -> dict[str, Any]:
    """What a digest told at a cut of the past; or, where none was cut in that minute or with ``anew``, what it would
    have told then by the decisions in force now.

    Written into ``file`` (.html, .txt or .json), posted into the test channel ``to``; nothing counts as told by it.
    Raises MonitorError for another kind of file, and for a channel that real messages go to.
    """
    if file is not None and file.suffix not in FORMS:
        raise MonitorError(f"{file}: a preview is written as {', '.join(FORMS)}")
    with open_live(strict=True) as live:
        if at > live.now:
            raise MonitorError(
                f"{at:%Y-%m-%d %H:%M} UTC lies ahead; `monitor digest ID --preview FILE` shows it as now"
            )
        past = _past(live, digest_id, at, anew=anew)
        page, text = _forms(live, past)
        if to:
            _post(live, past, to)
        if file is not None:
            write_file(file, {".html": page, ".txt": text, ".json": _plain(past)}[file.suffix])
        return {
            "digest": past.digest_id,
            "cut": past.cut.isoformat(),
            "case": "anew" if past.digest else "as sent",
            "text": text,
            "page": str(file) if file else None,
            "posted_to": to or None,
        }


def _past(live: Live, digest_id: str, at: datetime, *, anew: bool) -> Past:
    from monitor.jobs.send_digests import preview_digest
    from monitor.slack import render_digest

    name = digest_id or live.settings.digest("").id
    with live.store.read() as connection:
        cuts = [] if anew else digests.cuts_of(connection, name, since=at, until=at + timedelta(minutes=1))
        messages = outbox.parts_of(connection, name, cuts[0]) if cuts else ()
    if messages:
        note = f"As it was sent, at the cut {cuts[0]:%Y-%m-%d %H:%M} UTC. Shown again on {live.now:%Y-%m-%d %H:%M} UTC."
        return Past(digest_id=name, cut=cuts[0], note=note, messages=messages, digest=None)
    note = (
        f"Composed anew on {live.now:%Y-%m-%d %H:%M} UTC as of {at:%Y-%m-%d %H:%M} UTC, by the decisions and texts of "
        "today; the coverage is that of today."
    )
    digest = preview_digest(live.store, live.settings, name, now=live.now, at=at, notices=(note,))
    shown = render_digest(digest, themes=live.settings.themes)
    return Past(digest_id=name, cut=at, note=note, messages=shown, digest=digest)


def _forms(live: Live, past: Past) -> tuple[str, str]:
    """As a page and as text."""
    from monitor.pages import digest_page, digest_text, messages_page, messages_text
    from monitor.slack import in_lines

    if past.digest is not None:
        themes = live.settings.themes
        return digest_page(past.digest, themes=themes), digest_text(past.digest, themes)
    title, lines = f"{past.digest_id} {past.cut:%Y-%m-%d %H:%M} UTC", [in_lines(m) for m in past.messages]
    return messages_page(title, past.note, lines), messages_text(title, past.note, lines)


def _plain(past: Past) -> str:
    messages = [{"part": m.part, "text": m.text, "blocks": m.blocks, "stories": m.stories} for m in past.messages]
    held = {"digest": past.digest_id, "cut": past.cut.isoformat(), "note": past.note, "messages": messages}
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"


def _post(live: Live, past: Past, to: str) -> None:
    from monitor.slack import SlackClient, as_shown

    client = slack(live.environment)
    if not isinstance(client, SlackClient):
        raise MonitorError("a test channel needs SLACK_BOT_TOKEN: without it, write a file (--preview)")
    if _id_of(client, to) in {_id_of(client, channel) for channel in _real_channels(live)}:
        raise MonitorError(f"{to}: real messages go there, and the past is told once only: choose a test channel")
    root, key = "", uuid4()
    for message in past.messages:
        ts = client.post(to, as_shown(message, past.note), key=f"past/{key}/{message.part}", thread_ts=root)
        root = root or ts


def _real_channels(live: Live) -> Sequence[str]:
    settings = live.settings
    channels = [digest.channel for digest in settings.digests] + [alert.channel for alert in settings.alerts]
    return [name for name in [*channels, settings.review.channel, live.environment.alarm_channel] if name]


def _id_of(client: Any, channel: str) -> str:
    """The id of a channel; of one that Slack does not know, its name."""
    try:
        return str(client.id_of(channel))
    except DeliveryError as error:
        if error.code != "channel_not_found":
            raise
        return channel.removeprefix("#")


def explain_message(place: str) -> dict[str, Any]:
    """What the message at CHANNEL:TS, or at a link that Slack copies, told, and why."""
    from monitor.jobs.explain_message import explain_message as job

    with open_store(environment()) as store:
        return job(store, place)


def explain_told(*, digest: str = "", alert: str = "", cut: str = "", story: str = "") -> dict[str, Any]:
    """The same for the digest, or the channel of alerts, that was told something at a cut; none given: the last."""
    from monitor.jobs.explain_message import explain_bundle

    ledger = digest or f"{ALERTS}{alert}"
    with open_store(environment()) as store:
        return explain_bundle(store, ledger, at=read_moment(cut) if cut else None, story=story)


def read_moment(text: str) -> datetime:
    """A moment in ISO 8601; without a zone it is UTC. Raises MonitorError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise MonitorError(f"{text}: is no moment like 2026-11-20T08:00") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
