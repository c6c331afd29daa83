"""One line an event, in facts that a machine can count. The only structlog (docs/adr/0019).

Events at info and above carry ids, counts and durations, never a secret and never a text or title of an article; those
are for debug. Where Airflow has set up structlog, as in its tasks, events go the way of its own; everywhere else they
go to stderr.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog

FORMS = ("json", "text")
LEVELS = ("debug", "info", "warning", "error")
# Slack's tokens, what follows in the address of a webhook, and the password in that of a database.
SECRET = re.compile(r"x(?:ox[a-z]|app)-[\w-]+|(?<=hooks\.slack\.com/)[\w/-]+|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")


def debug(event: str, **facts: Any) -> None:
    """What only somebody who looks for a fault wants; texts are allowed."""
    _write("debug", event, facts)


def info(event: str, **facts: Any) -> None:
    """Something happened as it should."""
    _write("info", event, facts)


def warning(event: str, **facts: Any) -> None:
    """Something did not go well and mends itself, or waits."""
    _write("warning", event, facts)


def error(event: str, **facts: Any) -> None:
    """Somebody has to act."""
    _write("error", event, facts)


def _write(level: str, event: str, facts: Mapping[str, Any]) -> None:
    logger = structlog.get_logger("monitor") if structlog.is_configured() else _own_logger()
    getattr(logger, level)(event, **{name: _shown(value) for name, value in facts.items()})


def _own_logger() -> Any:
    """Made for each event: stderr and the environment may be other ones by then, and events are few."""
    watched = sys.stderr.isatty()  # by a person, whom commands tell in their own words how it went
    form = os.environ.get("MONITOR_LOG") or ("text" if watched else "json")
    quiet = watched and "MONITOR_LOG" not in os.environ
    level = os.environ.get("MONITOR_LOG_LEVEL") or ("error" if quiet else "info")
    as_text = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
    )
    as_json = structlog.processors.JSONRenderer(json.dumps, ensure_ascii=False, default=str)
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            as_text if form == "text" else as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
    )


def _shown(value: Any) -> Any:
    """A fact as it may be shown: without secrets, on one line, and nothing in it that moves a cursor."""
    if isinstance(value, str):
        return SECRET.sub("***", "".join(c if c.isprintable() else " " for c in value))
    if isinstance(value, Mapping):
        return {str(key): _shown(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(held) for held in value]
    return value if isinstance(value, int | float | None) else _shown(str(value))
