"""The only place that talks to Slack's Web API."""

import http.client
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookResponse

from monitor.core.digest import Message
from monitor.errors import (
    AmbiguousDeliveryError,
    DeliveryDelayedError,
    DeliveryError,
    MessageRefusedError,
    ThreadGoneError,
)

TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 30.0  # the longest wait for a rate limit inside one call; beyond it the next run goes on
RATE_LIMIT_TRIES = 5
GAP_SECONDS = 1.05  # Slack's limit is one message a second and channel; bursts are let pass until they are not
EVENT_TYPE = "monitor_delivery"
PAGES = 25  # of 200 messages: how far back a look-up reads
CLOCK_SKEW = timedelta(minutes=10)

EDIT_TEXT = 4_000  # characters: what chat.update takes, a tenth of what chat.postMessage does
WEBHOOK_TS = "webhook"  # Slack does not say where its message stands

QUIET = logging.getLogger("monitor.slack.webhook")  # slack_sdk logs the addresses of webhooks, which are secrets
QUIET.setLevel(logging.WARNING)

_BROKEN = (SlackClientError, OSError, http.client.HTTPException, json.JSONDecodeError, UnicodeDecodeError)
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{8,}")

_RATE_LIMITED = {"ratelimited", "rate_limited"}
_AMBIGUOUS = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_FORM = {
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_attachments",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "markdown_text_conflict",
    "too_many_attachments",
    "metadata_too_large",
    "invalid_arguments",
    "invalid_payload",  # an incoming webhook's word for all of these
}
_THREAD_GONE = {
    "thread_not_found",
    "invalid_thread_ts",
    "cannot_reply_to_message",
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "is_inactive",
}
_WORDS = {
    "not_in_channel": "the app is not a member of {channel}: invite it there (/invite @app)",
    "channel_not_found": "there is no channel {channel}, or it is private and the app is not in it: check the channel "
    "in config/monitor.yaml and invite the app",
    "is_archived": "{channel} is archived: unarchive it, or choose another channel in config/monitor.yaml",
    "channel_is_archived": "the channel of the webhook is archived: unarchive it, or make a webhook for another",
    "restricted_action_read_only_channel": "only some people may post in {channel}: add the app to them in the "
    "channel's settings, under posting permissions",
    "restricted_action_thread_only_channel": "in {channel} one may only reply in threads: choose another channel in "
    "config/monitor.yaml",
    "restricted_action_non_threadable_channel": "{channel} takes no replies in threads: allow them in the channel's "
    "settings, or choose another channel in config/monitor.yaml",
    "restricted_action_thread_locked": "the thread in {channel} is locked: unlock it",
    "restricted_action": "the workspace does not let this app post to {channel}: ask its administrators",
    "missing_scope": "the Slack app lacks the scope {needed}: add it under OAuth & Permissions and reinstall the app",
    "token_revoked": "the Slack token was revoked: install the app again and set SLACK_BOT_TOKEN",
    "token_expired": "the Slack token has expired: set a new SLACK_BOT_TOKEN",
    "account_inactive": "the Slack app or its account was removed: install the app again and set SLACK_BOT_TOKEN",
    "invalid_auth": "Slack does not know this token: check SLACK_BOT_TOKEN (it begins with xoxb-)",
    "not_authed": "no token was sent: set SLACK_BOT_TOKEN",
    "not_allowed_token_type": "this is not a bot token: SLACK_BOT_TOKEN must begin with xoxb-",
    "org_login_required": "the workspace is being moved to an organisation: wait, then install the app again",
    "ekm_access_denied": "the workspace's key management refuses the app: ask its administrators",
    "message_limit_exceeded": "the workspace has reached its limit of messages: ask its administrators",
    "no_service": "the incoming webhook was removed or switched off: make a new one and set SLACK_WEBHOOK_URL",
    "no_active_hooks": "the incoming webhook was removed or switched off: make a new one and set SLACK_WEBHOOK_URL",
    "invalid_token": "Slack does not know this webhook: check SLACK_WEBHOOK_URL",
    "no_team": "Slack does not know the workspace of this webhook: check SLACK_WEBHOOK_URL",
    "action_prohibited": "the workspace does not let this webhook post: ask its administrators",
}


class SlackClient:
    """Posts messages, and finds out whether one is there. Every failure is one of our delivery errors."""

    threads = True

    def __init__(self, token: str, api_url: str = "https://slack.com/api/", *, timeout: int = TIMEOUT_SECONDS) -> None:
        """``token`` is a bot token (xoxb-...); nothing is sent yet.

        The SDK's own retries stay off: by default it sends again after a broken connection, and a message that Slack
        had already taken would stand there twice.
        """
        self._web = WebClient(token=token, base_url=api_url, timeout=timeout, retry_handlers=[])
        self._ids: dict[str, str] = {}
        self._gaps: dict[str, float] = {}  # seconds between posts, by channel: none until Slack complains
        self._free_at: dict[str, float] = {}

    def check(self) -> str:
        """Who we are: "bot at team". Raises DeliveryError when the token is refused."""
        answer = self._call(self._web.auth_test, "")
        return f"{answer.get('user', '?')} at {answer.get('team', '?')}"

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:
        """Post ``message`` and return its ts. ``key`` goes into its metadata, for ``find``.

        Raises DeliveryError and its kinds for what will not pass, DeliveryDelayedError to come back later, and
        AmbiguousDeliveryError when it may be there: then ``find`` it before posting again.
        """
        arguments: dict[str, Any] = {
            "channel": channel,
            "text": message.text,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}},
        }
        if message.blocks:
            arguments["blocks"] = list(message.blocks)
        if thread_ts:
            arguments["thread_ts"] = thread_ts
        began = datetime.now(UTC)
        for tried in range(RATE_LIMIT_TRIES):
            time.sleep(max(0.0, self._free_at.get(channel, 0.0) - time.monotonic()))
            try:
                answer = _sent(lambda: self._web.chat_postMessage(**arguments), channel)
            except DeliveryDelayedError as error:
                _wait(error, tried)
                self._gaps[channel] = min(error.retry_after, GAP_SECONDS)
                # Slack should not have taken it, but looking costs little: from now on this channel keeps its pace.
                found = self.find(channel, key, since=began, thread_ts=thread_ts)
                if found is not None:
                    return found
            else:
                self._free_at[channel] = time.monotonic() + self._gaps.get(channel, 0.0)
                self._ids[channel.removeprefix("#")] = str(answer.get("channel", ""))
                return str(answer["ts"])
        raise AssertionError("unreachable: the last try returns or raises")

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Put ``message`` in the place of the one at ``ts``; its metadata stay. Same errors as post, harmless twice."""
        arguments: dict[str, Any] = {"channel": self.id_of(channel), "ts": ts, "text": _clipped(message.text)}
        if message.blocks:  # without any, Slack removes those that are there
            arguments["blocks"] = list(message.blocks)
        self._call(self._web.chat_update, channel, **arguments)

    def find(self, channel: str, key: str, *, since: datetime, thread_ts: str = "") -> str | None:
        """The ts of the message with ``key`` posted since then (in the thread), or None. Same errors as post."""
        oldest = min(since, datetime.now(UTC)) - CLOCK_SKEW
        arguments: dict[str, Any] = {
            "channel": self.id_of(channel),
            "oldest": f"{oldest.timestamp():.6f}",
            "include_all_metadata": True,
            "limit": 200,
        }
        method = self._web.conversations_replies if thread_ts else self._web.conversations_history
        if thread_ts:
            arguments["ts"] = thread_ts
        for _ in range(PAGES):
            answer = self._call(method, channel, **arguments)
            for found in answer.get("messages", []):
                if _key_of(found) == key:
                    return str(found["ts"])
            arguments["cursor"] = _cursor(answer)
            if not arguments["cursor"]:
                return None
        return None

    def upload(
        self, channel: str, content: bytes, *, name: str, title: str, alt_text: str, comment: str, thread_ts: str
    ) -> str:
        """Show a file in a thread and return its id; when one of this ``name`` is there already, only that.

        Same errors as post. Slack shows a file some seconds after it took it: after an ambiguous end, wait before the
        next try. ``alt_text`` (at most 1,000 characters) is for those who do not see it, ``comment`` stands above it.
        """
        shown = self._find_file(channel, name, thread_ts)
        if shown is not None:
            return shown
        answer = self._call(
            self._web.files_upload_v2,
            channel,
            channel=self.id_of(channel),
            content=content,
            filename=name,
            title=title,
            alt_txt=alt_text,
            initial_comment=comment.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            thread_ts=thread_ts,
        )
        return str(answer["files"][0]["id"])

    def _find_file(self, channel: str, name: str, thread_ts: str) -> str | None:
        arguments: dict[str, Any] = {"channel": self.id_of(channel), "ts": thread_ts, "limit": 200}
        for _ in range(PAGES):
            answer = self._call(self._web.conversations_replies, channel, **arguments)
            for file in (file for message in answer.get("messages", []) for file in message.get("files", [])):
                if file.get("name") == name:
                    return str(file["id"])
            arguments["cursor"] = _cursor(answer)
            if not arguments["cursor"]:
                break
        return None

    def id_of(self, channel: str) -> str:
        """Slack posts to a name but reads by id only."""
        if _CHANNEL_ID.fullmatch(channel):
            return channel
        name = channel.removeprefix("#")
        for kind in ("public_channel", "private_channel"):  # one after the other: the second needs a scope of its own
            cursor = "first"
            while name not in self._ids and cursor:
                page = {} if cursor == "first" else {"cursor": cursor}
                answer = self._call(self._web.conversations_list, channel, limit=200, types=kind, **page)
                self._ids.update(
                    {found["name"]: found["id"] for found in answer.get("channels", []) if "name" in found}
                )
                cursor = _cursor(answer)
        if name not in self._ids:
            raise DeliveryError(_words("channel_not_found", channel, {}), code="channel_not_found")
        return self._ids[name]

    def _call(self, method: Callable[..., SlackResponse], channel: str, /, **arguments: Any) -> Mapping[str, Any]:
        for tried in range(RATE_LIMIT_TRIES):
            try:
                return _sent(lambda: method(**arguments), channel)
            except DeliveryDelayedError as error:
                _wait(error, tried)
        raise AssertionError("unreachable: the last try returns or raises")


class SlackWebhook:
    """The small sibling: posts into the one channel that an incoming webhook has, whatever channel is asked for.

    It gets no ts, so it has no threads, cannot edit, and cannot look up: after a broken connection the part is sent
    again and may stand there twice.
    """

    threads = False

    def __init__(self, url: str, *, timeout: int = TIMEOUT_SECONDS) -> None:
        """``url`` is a secret; nothing is sent yet."""
        self._hook = WebhookClient(url, timeout=timeout, retry_handlers=[], logger=QUIET)

    def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> str:  # noqa: ARG002
        """Post ``message`` into the webhook's channel. Same errors as with a token."""
        for tried in range(RATE_LIMIT_TRIES):
            try:
                self._send(message)
            except DeliveryDelayedError as error:
                _wait(error, tried)
            else:
                return WEBHOOK_TS
        raise AssertionError("unreachable: the last try returns or raises")

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """A webhook cannot: the message stays as it is."""

    def find(self, channel: str, key: str, *, since: datetime, thread_ts: str = "") -> str | None:  # noqa: ARG002
        """A webhook cannot look: never found."""
        return None

    def _send(self, message: Message) -> None:
        blocks = [dict(block) for block in message.blocks] or None
        answered(lambda: self._hook.send(text=message.text, blocks=blocks, unfurl_links=False, unfurl_media=False))


def answered(send: Callable[[], WebhookResponse]) -> None:
    """Send to an address that Slack gave us; anything but a plain yes becomes one of our delivery errors."""
    try:
        answer = send()
    except _BROKEN as error:
        raise AmbiguousDeliveryError(f"Slack did not answer: {error}", retry_after=0.0) from error
    if answer.status_code != 200:
        raise _in_words(answer.status_code, answer.body.strip(), answer.headers, {}, "the webhook")


def _wait(error: DeliveryDelayedError, tried: int) -> None:
    """Wait as long as Slack asks; raises ``error`` when that is too long, too often, or no rate limit."""
    ambiguous = isinstance(error, AmbiguousDeliveryError)
    if ambiguous or error.retry_after > PATIENCE_SECONDS or tried == RATE_LIMIT_TRIES - 1:
        raise error
    time.sleep(error.retry_after)


def _sent(call: Callable[[], SlackResponse], channel: str) -> Mapping[str, Any]:
    try:
        data = call().data
    except SlackApiError as error:
        raise _translated(error, channel) from error
    except _BROKEN as error:
        raise AmbiguousDeliveryError(f"Slack did not answer: {error}", retry_after=0.0) from error
    return data if isinstance(data, dict) else {}


def _translated(error: SlackApiError, channel: str) -> Exception:
    response = error.response
    answer = response.data if isinstance(response.data, dict) else {}
    return _in_words(response.status_code, str(answer.get("error", "")), response.headers, answer, channel)


def _in_words(
    status: int, code: str, headers: Mapping[str, Any], answer: Mapping[str, Any], channel: str
) -> DeliveryError | DeliveryDelayedError:
    """One of our errors for how Slack ended a call."""
    if status == 429 or code in _RATE_LIMITED:
        wait = _retry_after(headers)
        return DeliveryDelayedError(f"Slack asks us to wait {wait:.0f} s", retry_after=wait)
    known = re.fullmatch(r"[a-z_]+", code)
    if status >= 500 or code in _AMBIGUOUS or not known:
        what = code if known else f"HTTP {status} without a proper answer"
        return AmbiguousDeliveryError(f"Slack failed on its side: {what}", retry_after=0.0)
    if code in _THREAD_GONE:
        return ThreadGoneError(f"the message or thread in {channel} is gone ({code})", code=code)
    if code in _FORM or code.startswith("invalid_metadata"):
        return MessageRefusedError(f"Slack refused the message: {code}: {_details(answer)}", code=code)
    return DeliveryError(_words(code, channel, answer), code=code)


def _words(code: str, channel: str, answer: Mapping[str, Any]) -> str:
    known = next((words for start, words in _WORDS.items() if code.startswith(start)), "")
    what = known.format(channel=channel, needed=answer.get("needed", "that it needs")) if known else "see Slack's docs"
    return f"Slack refused {channel or 'the token'}: {what} ({code})"


def _details(answer: Mapping[str, Any]) -> str:
    metadata = answer.get("response_metadata") or {}
    return "; ".join(str(line) for line in metadata.get("messages", [])[:5]) or "no details"


def _retry_after(headers: Mapping[str, Any]) -> float:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    try:
        return max(0.0, float(value[0] if isinstance(value, list) else value))
    except ValueError:
        return 1.0


def _clipped(text: str) -> str:
    """As many lines as an edit takes: no escaped character is cut in two."""
    kept = text[:EDIT_TEXT]
    return kept if kept == text else kept.rpartition("\n")[0] or kept.rpartition("&")[0]


def _key_of(message: Mapping[str, Any]) -> str:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key", ""))


def _cursor(answer: Mapping[str, Any]) -> str:
    return str((answer.get("response_metadata") or {}).get("next_cursor") or "")
