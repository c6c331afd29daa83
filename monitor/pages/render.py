"""The one way from a template to a page: escaped, self-contained, and allowed to run nothing."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

_environment = Environment(
    loader=PackageLoader("monitor.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_page(template: str, **values: Any) -> str:
    """``template`` filled in. Its policy lets a browser load nothing but our own style and pictures inside the page."""
    source = _environment.loader
    assert source is not None  # noqa: S101  (given above)
    style = source.get_source(_environment, "style.css")[0].strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return _environment.get_template(template).render(style=style, policy=policy, **values)


def clock(moment: datetime, time_zone: str) -> str:
    """``moment`` on the clock of ``time_zone``."""
    return f"{moment.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}"


def machine_time(moment: datetime) -> str:
    """``moment`` for the datetime attribute of a time element."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
