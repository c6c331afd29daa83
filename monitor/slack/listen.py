"""The Slack app: what people press and type, and the answers that only they see."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebhookClient

from monitor.core.click import Click
from monitor.core.digest import Message
from monitor.errors import DeliveryError
from monitor.slack.client import QUIET, SlackClient, answered
from monitor.slack.envelopes import Envelope, Envelopes

TIMEOUT_SECONDS = 10
LONGEST_WORDS = 2_000

_VERB = re.compile(r"[a-z_]{1,20}")
_TS = re.compile(r"\d{1,11}\.\d{1,9}")  # seconds up to the year 5138


class SlackApp(SlackClient):
    """A SlackClient that listens too. ``app_token`` (xapp-...) opens its connections."""

    def __init__(self, token: str, app_token: str, api_url: str = "https://slack.com/api/") -> None:
        """Nothing is sent yet."""
        super().__init__(token, api_url, timeout=TIMEOUT_SECONDS)
        self._app_token = app_token
        self._secure = api_url.startswith("https:")
        self._envelopes = Envelopes(self._open)
        self.ignored = 0

    @property
    def connected(self) -> bool:
        """Does a connection stand at the moment?"""
        return self._envelopes.connections > 0

    def clicks(self, stop: Event) -> Iterator[tuple[Click, ...]]:
        """What people did since the last time; nothing several times a second when they do nothing, until ``stop``.

        Clicks count as kept, and Slack hears so, when the next are asked for. What comes from another workspace or
        app is left out. Raises DeliveryError when Slack refuses a token.
        """
        team = str(self._call(self._web.auth_test, "").get("team_id", ""))
        for batch in self._envelopes.batches(stop):
            found = [read_click(e, team=team, app=self._envelopes.app_id, now=datetime.now(UTC)) for e in batch]
            self.ignored += found.count(None)
            yield tuple(click for click in found if click is not None)

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str = "") -> None:
        """Show ``message`` to one person in a channel. Same errors as post."""
        arguments = {"channel": channel, "user": user, "text": message.text, "blocks": list(message.blocks)}
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        self._call(self._web.chat_postEphemeral, channel, **arguments, **thread)

    def answer(self, url: str, message: Message, *, replace: bool = False) -> None:
        """Show ``message`` to the person who got the answer address ``url``; ``replace``: in place of what was pressed.

        Slack takes five answers in half an hour. Same errors as post.
        """
        host = urlsplit(url).hostname or ""
        if self._secure and not (url.startswith("https:") and host.endswith(".slack.com")):
            raise DeliveryError(f"{host or 'the answer address'} is not Slack's: nothing was sent there")
        hook = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=QUIET)
        blocks = [dict(block) for block in message.blocks] or None
        answered(
            lambda: hook.send(text=message.text, blocks=blocks, response_type="ephemeral", replace_original=replace)
        )

    def members(self, channel: str) -> frozenset[str]:
        """Ids of the people in a channel. Same errors as post."""
        found: set[str] = set()
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = self._call(
                self._web.conversations_members, channel, channel=self.id_of(channel), limit=1_000, **more
            )
            found.update(map(str, answer.get("members", ())))
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return frozenset(found)

    def group_members(self, group: str) -> frozenset[str]:
        """Ids of the people in a user group (S...). Same errors as post."""
        answer = self._call(self._web.usergroups_users_list, f"the user group {group}", usergroup=group)
        return frozenset(map(str, answer.get("users", ())))

    def _open(self) -> str:
        """Where to connect to. Slack's answer must keep the security of its own address."""
        answer = self._call(self._web.apps_connections_open, "", app_token=self._app_token)
        url = str(answer.get("url", ""))
        if not url.startswith("wss:" if self._secure else ("ws:", "wss:")):
            raise DeliveryError("Slack named no secure address to listen at")
        return url


def read_click(envelope: Envelope, *, team: str, app: str, now: datetime) -> Click | None:
    """What a person did; None for another workspace or app, and for what is neither a button nor our command."""
    payload = envelope.payload
    if envelope.kind == "slash_commands":
        teams = {str(payload.get("team_id"))}
    else:
        teams = {str(_mapping(payload, "team").get("id")), str(_mapping(payload, "user").get("team_id") or team)}
    if teams != {team} or not team or (app and payload.get("api_app_id") != app):
        return None
    if envelope.kind == "slash_commands":
        return _typed(envelope, now)
    if envelope.kind != "interactive" or payload.get("type") != "block_actions":
        return None
    return _pressed(payload, now)


def _pressed(payload: Mapping[str, Any], now: datetime) -> Click | None:
    actions = payload.get("actions")
    action = next((a for a in actions if isinstance(a, dict)), {}) if isinstance(actions, list) else {}
    user, container = _mapping(payload, "user"), _mapping(payload, "container")
    value = action.get("value") or _mapping(action, "selected_option").get("value") or ""
    verb, _, words = str(value).partition(" ")
    who, ts = str(user.get("id") or ""), str(action.get("action_ts") or "")
    if not who or not _TS.fullmatch(ts) or not _VERB.fullmatch(verb):
        return None
    return Click(
        key=f"{who}/{ts}/{action.get('action_id', '')}"[:300],
        at=min(now, datetime.fromtimestamp(float(ts), UTC)),
        who=who,
        name=str(user.get("username") or user.get("name") or who),
        channel=str(container.get("channel_id") or _mapping(payload, "channel").get("id") or ""),
        thread=str(container.get("thread_ts") or ""),
        verb=verb,
        words=words[:LONGEST_WORDS],
        private=bool(container.get("is_ephemeral")),
        answer_url=str(payload.get("response_url") or ""),
    )


def _typed(envelope: Envelope, now: datetime) -> Click | None:
    payload = envelope.payload
    who = str(payload.get("user_id") or "")
    if not who:
        return None
    verb, _, words = str(payload.get("text") or "").strip().partition(" ")
    return Click(
        key=f"{who}/{payload.get('trigger_id') or envelope.id}"[:300],
        at=now,
        who=who,
        name=str(payload.get("user_name") or who),
        channel=str(payload.get("channel_id") or ""),
        verb=verb.lower()[:20] or "help",
        words=words.strip()[:LONGEST_WORDS],
        command=True,
        answer_url=str(payload.get("response_url") or ""),
    )


def _mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, Mapping) else {}
