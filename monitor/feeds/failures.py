"""What went wrong, as values: statuses, exceptions and documents to ``FetchFailed``, with what to do about it."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from monitor.core.feed import FailureKind, FetchFailed, FetchPolicy, Health
from monitor.feeds.body import BodyError
from monitor.feeds.client import RobotsRefusalError, TooManyRedirectsError
from monitor.feeds.document import DocumentState, ParsedDocument
from monitor.feeds.guard import RefusedAddressError

REFUSALS = {401, 402, 403, 407, 451}
BUSY = {408, 425, 429, 503}
MAX_RETRY_AFTER = timedelta(days=1)
MENDS = "it usually mends itself"
EXPECTED = (
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    ValueError,
    BodyError,
    TooManyRedirectsError,
    RobotsRefusalError,
)
"""What a fetch may raise because of the other side; anything else is a fault of ours."""


def from_status(feed_id: str, status: int, headers: Mapping[str, str], *, now: datetime) -> FetchFailed:
    """The failure that an HTTP status other than 2xx and 304 stands for."""
    if headers.get("cf-mitigated") == "challenge" or status in REFUSALS:
        kind, health = FailureKind.SOFT, Health.BLOCKED
        reason = f"HTTP {status}: the server refuses us; ask the outlet, or try another address or a proxy feed"
    elif status == 410:
        kind, health = FailureKind.HARD, Health.DEAD
        reason = "HTTP 410: the feed is gone for good; look for its new address or set enabled: false"
    elif status in BUSY:
        kind, health = FailureKind.TEMPORARY, Health.FAILING
        reason = f"HTTP {status}: the server asks us to come back later, and we do"
    elif status >= 500:
        kind, health = FailureKind.SOFT, Health.FAILING
        reason = f"HTTP {status}: the server has a fault; {MENDS}"
    else:
        kind, health = FailureKind.HARD, Health.FAILING
        reason = f"HTTP {status}: there is no feed at this address; look for its new one"
    return FetchFailed(
        feed_id=feed_id,
        kind=kind,
        reason=reason,
        health=health,
        status=status,
        retry_after=retry_after(headers.get("Retry-After", ""), now=now),
    )


def retry_after(text: str, *, now: datetime) -> timedelta | None:
    """The header's wait (RFC 9110 10.2.3: seconds or a date), at most a day; None when it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text), 10**6)), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), MAX_RETRY_AFTER)


def from_exception(feed_id: str, error: BaseException, policy: FetchPolicy) -> FetchFailed:
    """The failure that one of EXPECTED stands for."""
    kind, reason = _explain(error, policy)
    health = Health.BLOCKED if isinstance(error, RobotsRefusalError) else Health.FAILING
    return FetchFailed(feed_id=feed_id, kind=kind, reason=reason, health=health)


def _explain(error: BaseException, policy: FetchPolicy) -> tuple[FailureKind, str]:
    inner = getattr(error, "os_error", None) or error
    match inner:
        case RefusedAddressError():
            return FailureKind.HARD, f"refused: {inner}"
        case socket.gaierror():
            if inner.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
                return FailureKind.HARD, "there is no such host; check the address"
            return FailureKind.TEMPORARY, "the name of the host cannot be looked up now; is our own network up?"
        case ssl.SSLError() | ssl.CertificateError() | aiohttp.ClientSSLError():
            return (
                FailureKind.SOFT,
                f"no secure connection: {_short(inner)}; tell the outlet, or look for another address",
            )
        case aiohttp.ConnectionTimeoutError():
            return FailureKind.SOFT, f"no connection within {policy.connect_timeout:g} s; {MENDS}"
        case aiohttp.SocketTimeoutError():
            return FailureKind.SOFT, f"the server said nothing for {policy.idle_timeout:g} s; {MENDS}"
        case asyncio.TimeoutError():
            return FailureKind.SOFT, f"not finished within {policy.total_timeout:g} s; {MENDS}"
        case aiohttp.ClientPayloadError():
            return FailureKind.SOFT, f"the connection broke off in the middle of the body; {MENDS}"
        case ConnectionRefusedError():
            return FailureKind.SOFT, f"the server refuses connections; {MENDS}"
        case aiohttp.ServerDisconnectedError() | ConnectionError():
            return FailureKind.SOFT, f"the server closed the connection; {MENDS}"
        case aiohttp.InvalidURL() | UnicodeError():
            return FailureKind.HARD, f"not a usable URL: {_short(inner)}; correct it in config/feeds.yaml"
        case BodyError() | RobotsRefusalError():
            return FailureKind.SOFT, str(inner)
        case TooManyRedirectsError():
            return FailureKind.HARD, str(inner)
        case aiohttp.ClientError() | OSError():
            return FailureKind.SOFT, f"no proper HTTP answer: {_short(inner)}; {MENDS}"
        case _:
            return FailureKind.HARD, f"not a usable URL: {_short(inner)}; correct it in config/feeds.yaml"


def from_document(feed_id: str, document: ParsedDocument, *, status: int) -> FetchFailed:
    """The failure that a document without entries to keep stands for."""
    kind, health = FailureKind.SOFT, Health.FAILING
    reason = document.problem
    if document.state is DocumentState.NOT_A_FEED:
        kind, health = FailureKind.HARD, Health.NOT_A_FEED
    elif document.state is DocumentState.REFUSED:
        kind, reason = FailureKind.HARD, f"{reason}; remove the feed"
    else:
        reason = f"{reason}; {MENDS}"
    return FetchFailed(feed_id=feed_id, kind=kind, reason=reason, health=health, status=status)


def _short(error: BaseException) -> str:
    return " ".join((str(error) or type(error).__name__).split())[:200]
