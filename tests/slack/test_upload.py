"""A file comes into its thread once, whatever the connection does, and with words for those who do not see it."""

import pytest

from monitor.core.digest import Message
from monitor.errors import AmbiguousDeliveryError, DeliveryDelayedError, DeliveryError, ThreadGoneError
from monitor.slack import SlackClient
from tests.support.slack_twin import SlackTwin

PICTURE = b"\x89PNG\r\n\x1a\n picture"
STEPS = ("files.getUploadURLExternal", "files.completeUploadExternal")


def client_of(twin: SlackTwin) -> SlackClient:
    return SlackClient(twin.token, twin.api_url, timeout=1)


def root_of(twin: SlackTwin) -> str:
    return client_of(twin).post(twin.DIGEST, Message(part=0, text="root", blocks=()), key="root")


def upload(twin: SlackTwin, root: str, *, name: str = "trends.png", channel: str = SlackTwin.DIGEST) -> str:
    return client_of(twin).upload(
        channel, PICTURE, name=name, title="Trends", alt_text="All falls.", comment="a < b & c", thread_ts=root
    )


def files(twin: SlackTwin, root: str) -> list[str]:
    return [file["name"] for message in twin.messages() if message.get("thread_ts") == root
            for file in message.get("files", [])]  # fmt: skip


def test_a_picture_stands_in_the_thread_with_its_words() -> None:
    with SlackTwin() as twin:
        root = root_of(twin)
        file = upload(twin, root)
        held = twin.workspace.files[file]
        assert (held["body"], held["alt_txt"]) == (PICTURE, "All falls.")
        assert files(twin, root) == ["trends.png"]


def test_the_words_above_a_picture_are_no_markup() -> None:
    with SlackTwin() as twin:
        upload(twin, root_of(twin))
        (sent,) = twin.requests("files.completeUploadExternal")
    assert sent["initial_comment"] == "a &lt; b &amp; c"


def test_the_same_picture_is_not_shown_twice() -> None:
    with SlackTwin() as twin:
        root = root_of(twin)
        assert upload(twin, root) == upload(twin, root)
        assert files(twin, root) == ["trends.png"]


def test_another_picture_is() -> None:
    with SlackTwin() as twin:
        root = root_of(twin)
        assert upload(twin, root) != upload(twin, root, name="other.png")


def test_a_channel_may_be_given_by_name() -> None:
    with SlackTwin() as twin:
        root = root_of(twin)
        upload(twin, root, channel="#dprk-digest")
        assert files(twin, root) == ["trends.png"]


@pytest.mark.parametrize("method", STEPS)
@pytest.mark.parametrize("after_accept", [False, True])
@pytest.mark.parametrize("kind", ["reset", "garbage"])
def test_after_a_broken_connection_the_next_try_leaves_one_picture(method: str, after_accept: bool, kind: str) -> None:
    with SlackTwin() as twin:
        root = root_of(twin)
        twin.fault(kind, method=method, after_accept=after_accept)
        with pytest.raises(AmbiguousDeliveryError):
            upload(twin, root)
        upload(twin, root)
        assert files(twin, root) == ["trends.png"]


def test_a_missing_scope_is_named() -> None:
    with SlackTwin() as twin:
        root = root_of(twin)
        twin.fault("error", error="missing_scope", method=STEPS[0])
        with pytest.raises(DeliveryError, match="scope"):
            upload(twin, root)


def test_a_thread_that_is_gone_is_told() -> None:
    with SlackTwin() as twin, pytest.raises(ThreadGoneError):
        upload(twin, "1700000000.000100")


def test_a_rate_limit_that_is_too_long_is_left_to_the_next_run() -> None:
    with SlackTwin() as twin:
        root = root_of(twin)
        twin.fault("ratelimited", seconds=600, method=STEPS[0])
        with pytest.raises(DeliveryDelayedError):
            upload(twin, root)
