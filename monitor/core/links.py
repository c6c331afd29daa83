"""Links: cleaned of tracking, compared without what does not matter, and unwrapped where they name their target."""

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

_PORTS = {"http": ":80", "https": ":443"}
_PREFIXES = ("utm_", "at_", "mc_", "ns_", "hsa_", "oly_", "vero_", "guce_", "mtm_", "wt_", "wt.", "__hs", "_hs")
_TRACKING = frozenset(
    "_ga _gl campaign_id cmp cmpid cmpr dclid emc fbclid fb_action_ids ftag ftcamp gbraid gclid gclsrc guccounter "
    "hsctatracking icid igsh igshid intcid int_cid ito maca mkt_tok msclkid ncid ocid pk_campaign pk_kwd pk_source "
    "ref_src ref_url s_cid smid smtyp soc_src soc_trk spm sr_share sref srnd taid traffic_source trk twclid wbraid "
    "wickedid xtor yclid ysclid __twitter_impression".split()
)
_WHERE_FROM = frozenset(
    "ref referrer referer from source src via feed mod output outputtype origin partner channel type".split()
)
_CLEAN = re.compile(r"https?://[a-z0-9][a-z0-9.-]{1,250}[a-z0-9](?::[1-9]\d{3,4})?/[A-Za-z0-9._~/-]*")
_FEEDISH = re.compile(r"(?:rss|atom|feed|xml|twitter|facebook|newsletter|google_?news)\w{0,20}", re.IGNORECASE)
_INNER_URL = re.compile(rb"https?://[\x21-\x7e]{4,1500}")


def canonical_url(url: str) -> str:
    """``url`` cleaned: host in lower case, no default port, no fragment, no tracking, everything escaped once.

    Still leads to the same page of the same host; cleaning twice changes nothing. Empty for what is no web address.
    """
    url = url.strip()
    if _CLEAN.fullmatch(url):
        return url
    if url.startswith("//"):
        url = f"https:{url}"
    try:
        parts = urlsplit(safe_url_string(url))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or not _is_host(host):
        return ""
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port is None or f":{port}" == _PORTS[scheme] else f"{host}:{port}"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    fragment = parts.fragment if parts.fragment.startswith("!") else ""  # the page itself, on some old sites
    return urlunsplit((scheme, netloc, parts.path or "/", query, fragment))


def link_key(url: str) -> str:
    """What makes two links one article: no scheme, no ``www.``, no final slash, query in order. Empty without a path.

    A link to a front page says nothing about which article is meant, so it is nobody's identity.
    """
    clean = canonical_url(url)
    if not clean:
        return ""
    parts = urlsplit(clean if _CLEAN.fullmatch(clean) else canonicalize_url(clean, keep_fragments=True))
    path = parts.path.rstrip("/")
    if not path and not parts.query and not parts.fragment:
        return ""
    return urlunsplit(("", parts.netloc.removeprefix("www."), path, parts.query, parts.fragment)).removeprefix("//")


def unwrap(url: str) -> str:
    """The link inside an aggregator's link, where it can be read off; otherwise ``url`` as it is.

    Google News links of the older kind hold their target in base64; Google Alerts and Bing News in a parameter.
    """
    if "google." not in url and "bing." not in url:
        return url
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    if host == "news.google.com" and "/articles/" in parts.path:
        return _inside_google_news(parts.path.split("/articles/", 1)[1].split("/")[0]) or url
    if (host, parts.path) in {("google.com", "/url"), ("bing.com", "/news/apiclick.aspx")}:
        named = parse_qs(parts.query)
        for value in (*named.get("url", ()), *named.get("q", ())):
            if value.startswith(("http://", "https://")):
                return str(value)
    return url


def _inside_google_news(token: str) -> str:
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return ""
    found = _INNER_URL.search(data)
    if found is None:
        return ""
    # A protobuf string: its length stands before it, one byte or two.
    start, text = found.start(), found[0]
    length = data[start - 1] if start else 0
    if start > 1 and data[start - 2] & 0x80 and 0 < length < 16:
        length = (length << 7) | (data[start - 2] & 0x7F)
    return text[:length].decode("ascii") if 8 < length <= len(text) else text.decode("ascii")


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = unquote(name).lower()
    if name in _TRACKING or name.startswith(_PREFIXES):
        return True
    return name in _WHERE_FROM and _FEEDISH.fullmatch(value) is not None


def _is_host(host: str) -> bool:
    return not any(letter in " \t<>\"'\\^`{|}%@/?#" for letter in host)
