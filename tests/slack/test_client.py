"""The client turns every end of a call into one of our own words, and never posts twice."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.digest import Message
from monitor.errors import (
    AmbiguousDeliveryError,
    DeliveryDelayedError,
    DeliveryError,
    MessageRefusedError,
    ThreadGoneError,
)
from monitor.slack import SlackClient, SlackWebhook
from tests.support.slack_twin import SlackTwin
from tests.support.slack_twin.server import SCOPES

HELLO = Message(part=0, text="hello", blocks=())


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def client_of(twin: SlackTwin, *, token: str = "", timeout: int = 1) -> SlackClient:
    return SlackClient(token or twin.token, twin.api_url, timeout=timeout)


def test_a_good_token_says_who_we_are() -> None:
    with SlackTwin() as twin:
        assert client_of(twin).check() == "newsbot at Twin"


def test_a_post_carries_its_key_and_shows_no_previews() -> None:
    with SlackTwin() as twin:
        client_of(twin).post(twin.DIGEST, HELLO, key="daily/1/0")
        (sent,) = twin.requests("chat.postMessage")
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert sent["metadata"]["event_payload"] == {"key": "daily/1/0"}


def test_a_post_is_found_again_by_its_key() -> None:
    with SlackTwin() as twin:
        client = client_of(twin)
        ts = client.post(twin.DIGEST, HELLO, key="k")
        assert client.find(twin.DIGEST, "k", since=long_ago()) == ts
        assert client.find(twin.DIGEST, "other", since=long_ago()) is None


def test_a_reply_is_found_in_its_thread_in_a_channel_known_by_name() -> None:
    with SlackTwin() as twin:
        client = client_of(twin)
        root = client.post("#dprk-digest", HELLO, key="root")
        ts = client.post("#dprk-digest", HELLO, key="reply", thread_ts=root)
        assert client.find("#dprk-digest", "reply", since=long_ago(), thread_ts=root) == ts


def test_a_public_channel_is_found_without_the_scope_for_private_ones() -> None:
    with SlackTwin() as twin:
        client = client_of(twin)
        assert client.find("#dprk-digest", "k", since=long_ago()) is None
        (asked,) = twin.requests("conversations.list")
        assert asked["types"] == "public_channel"
        with pytest.raises(DeliveryError, match="there is no channel #nowhere"):
            client.find("#nowhere", "k", since=long_ago())


def test_a_look_up_reads_on_past_the_first_page() -> None:
    with SlackTwin() as twin:
        client = client_of(twin)
        ts = client.post(twin.DIGEST, HELLO, key="first")
        twin.workspace.messages[twin.DIGEST].extend(
            {"ts": f"{float(ts) + number:.6f}", "text": "chat"} for number in range(1, 450)
        )
        assert client.find(twin.DIGEST, "first", since=long_ago()) == ts


@pytest.mark.parametrize("after_accept", [False, True])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset"},
        {"kind": "timeout", "seconds": 5},
        {"kind": "http", "status": 500},
        {"kind": "http", "status": 503},
        {"kind": "garbage"},
        {"kind": "truncated"},
        {"kind": "error", "error": "internal_error"},
        {"kind": "error", "error": "fatal_error"},
        {"kind": "error", "error": "service_unavailable"},
        {"kind": "error", "error": "request_timeout"},
    ],
    ids=str,
)
def test_an_end_that_nobody_knows_is_ambiguous_and_sent_once(fault: dict[str, object], after_accept: bool) -> None:
    with SlackTwin() as twin:
        twin.fault(**fault, after_accept=after_accept)
        with pytest.raises(AmbiguousDeliveryError):
            client_of(twin).post(twin.DIGEST, HELLO, key="k")
        assert len(twin.requests("chat.postMessage")) == 1
        assert len(twin.messages()) == after_accept


def test_no_server_at_all_is_ambiguous() -> None:
    with pytest.raises(AmbiguousDeliveryError, match="did not answer"):
        SlackClient("xoxb-x", "http://127.0.0.1:1/api/", timeout=1).post("C1", HELLO, key="k")


def test_a_rate_limit_is_waited_out() -> None:
    with SlackTwin() as twin:
        twin.fault("ratelimited", seconds=0, count=2)
        client_of(twin).post(twin.DIGEST, HELLO, key="k")
        assert len(twin.messages()) == 1


def test_a_long_rate_limit_is_left_to_the_next_run() -> None:
    with SlackTwin() as twin:
        twin.fault("ratelimited", seconds=600)
        with pytest.raises(DeliveryDelayedError) as caught:
            client_of(twin).post(twin.DIGEST, HELLO, key="k")
    assert caught.value.retry_after == 600


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long", "invalid_attachments"])
def test_a_message_of_the_wrong_form_asks_for_a_plainer_one(code: str) -> None:
    with SlackTwin() as twin:
        twin.fault("error", error=code)
        with pytest.raises(MessageRefusedError, match=code):
            client_of(twin).post(twin.DIGEST, HELLO, key="k")


def test_a_refused_layout_is_explained_with_slacks_own_pointers() -> None:
    bad = Message(part=0, text="x", blocks=({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},))
    with SlackTwin() as twin, pytest.raises(MessageRefusedError, match=r"/blocks/0/text/text"):
        client_of(twin).post(twin.DIGEST, bad, key="k")


def test_a_thread_that_is_gone_is_told_apart() -> None:
    with SlackTwin() as twin, pytest.raises(ThreadGoneError):
        client_of(twin).post(twin.DIGEST, HELLO, key="k", thread_ts="1700000000.000100")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_in_channel", "invite it"),
        ("channel_not_found", "there is no channel"),
        ("is_archived", "unarchive"),
        ("restricted_action", "administrators"),
        ("restricted_action_read_only_channel", "only some people"),
        ("restricted_action_thread_only_channel", "only reply in threads"),
        ("restricted_action_non_threadable_channel", "no replies"),
        ("restricted_action_thread_locked", "unlock"),
        ("token_revoked", "install the app again"),
        ("token_expired", "expired"),
        ("account_inactive", "removed"),
        ("invalid_auth", "xoxb-"),
        ("not_authed", "no token"),
        ("org_login_required", "organisation"),
        ("ekm_access_denied", "key management"),
        ("message_limit_exceeded", "limit of messages"),
        ("something_new", "something_new"),
    ],
)
def test_each_error_that_an_operator_must_mend_has_its_own_words(code: str, words: str) -> None:
    with SlackTwin() as twin:
        twin.fault("error", error=code)
        with pytest.raises(DeliveryError, match=words) as caught:
            client_of(twin).post(twin.DIGEST, HELLO, key="k")
    assert caught.value.code == code
    assert not isinstance(caught.value, MessageRefusedError | ThreadGoneError)


def test_a_missing_scope_is_named() -> None:
    with SlackTwin(scopes=SCOPES - {"chat:write"}) as twin, pytest.raises(DeliveryError, match="chat:write"):
        client_of(twin).post(twin.DIGEST, HELLO, key="k")


def test_a_wrong_token_says_what_to_check() -> None:
    with SlackTwin() as twin, pytest.raises(DeliveryError, match="SLACK_BOT_TOKEN"):
        client_of(twin, token="xoxb-wrong").check()


def test_an_edit_takes_the_place_of_a_message_and_keeps_its_key() -> None:
    with SlackTwin() as twin:
        client = client_of(twin)
        ts = client.post("#dprk-digest", HELLO, key="k")
        client.edit("#dprk-digest", ts, Message(part=0, text="changed", blocks=()))
        (message,) = twin.messages()
        assert message["text"] == "changed"
        assert client.find(twin.DIGEST, "k", since=long_ago()) == ts


def test_an_edit_sends_no_more_text_than_slack_takes_and_cuts_no_entity() -> None:
    line = "&amp; " * 200
    with SlackTwin() as twin:
        client = client_of(twin)
        ts = client.post(twin.DIGEST, HELLO, key="k")
        for text in ("\n".join([line] * 9), line * 9):
            client.edit(twin.DIGEST, ts, Message(part=0, text=text, blocks=()))
            (message,) = twin.messages()
            assert 2_000 < len(message["text"]) <= 4_000
        assert twin.lint() == []


def test_an_edit_of_a_message_that_is_gone_is_told_apart() -> None:
    with SlackTwin() as twin, pytest.raises(ThreadGoneError) as caught:
        client_of(twin).edit(twin.DIGEST, "1700000000.000100", HELLO)
    assert caught.value.code == "message_not_found"


def test_a_channel_that_was_too_fast_once_is_kept_to_its_pace() -> None:
    with SlackTwin(rate=20) as twin:
        client = client_of(twin)
        for number in range(3):
            client.post(twin.DIGEST, HELLO, key=str(number))
        calls = len(twin.requests("chat.postMessage"))
        assert len(twin.messages()) == 3
        assert calls == 3 + 1  # only the second post was too early


def test_a_rate_limit_after_the_message_was_taken_posts_no_second_one() -> None:
    with SlackTwin() as twin:
        twin.fault("ratelimited", seconds=0, after_accept=True)
        ts = client_of(twin).post(twin.DIGEST, HELLO, key="k")
        assert [message["ts"] for message in twin.messages()] == [ts]


def test_a_webhook_posts_into_its_channel() -> None:
    with SlackTwin() as twin:
        SlackWebhook(twin.webhook_url).post("#elsewhere", HELLO, key="k")
        (message,) = twin.messages(twin.DIGEST)
        assert message["text"] == "hello"
        assert twin.lint() == []


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (400, "invalid_blocks", MessageRefusedError, "invalid_blocks"),
        (400, "invalid_payload", MessageRefusedError, "invalid_payload"),
        (403, "action_prohibited", DeliveryError, "administrators"),
        (404, "channel_not_found", DeliveryError, "there is no channel"),
        (404, "no_service", DeliveryError, "SLACK_WEBHOOK_URL"),
        (403, "invalid_token", DeliveryError, "SLACK_WEBHOOK_URL"),
        (410, "channel_is_archived", DeliveryError, "unarchive"),
        (500, "rollup_error", AmbiguousDeliveryError, "on its side"),
    ],
)
def test_each_error_of_a_webhook_has_its_own_words(status: int, code: str, kind: type[Exception], words: str) -> None:
    with SlackTwin() as twin:
        twin.fault("error", method="webhook", status=status, error=code)
        with pytest.raises(kind, match=words):
            SlackWebhook(twin.webhook_url).post("", HELLO, key="k")
        assert twin.messages() == []


@pytest.mark.parametrize("kind", ["reset", "timeout"])
def test_a_webhook_that_does_not_answer_is_ambiguous(kind: str) -> None:
    with SlackTwin() as twin:
        twin.fault(kind, method="webhook", seconds=3)
        with pytest.raises(AmbiguousDeliveryError):
            SlackWebhook(twin.webhook_url, timeout=1).post("", HELLO, key="k")


def test_a_webhook_waits_as_long_as_slack_asks() -> None:
    with SlackTwin() as twin:
        twin.fault("ratelimited", method="webhook", seconds=0, count=2)
        SlackWebhook(twin.webhook_url).post("", HELLO, key="k")
        assert len(twin.messages()) == 1
