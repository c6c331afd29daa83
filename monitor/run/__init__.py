"""Composition root: environment and config -> live clients -> one job.

What the DAGs and the command line call. Each function opens and closes its own store and, where it changes something,
records its run there; the answers are plain data that JSON can hold.
"""

from monitor.run.ask import (
    check_config,
    check_feeds,
    doctor,
    evaluate,
    explain,
    list_feeds,
    list_models,
    list_stories,
    migrate,
    parse_files,
    rollback,
    score,
    status,
)
from monitor.run.live import Live, environment, open_live, open_store
from monitor.run.work import (
    SEED,
    Sent,
    classify,
    cycle,
    digests,
    has_model,
    ingest,
    preview,
    send,
    shards,
    tell_failure,
    train,
)

__all__ = [
    "SEED",
    "Live",
    "Sent",
    "check_config",
    "check_feeds",
    "classify",
    "cycle",
    "digests",
    "doctor",
    "environment",
    "evaluate",
    "explain",
    "has_model",
    "ingest",
    "list_feeds",
    "list_models",
    "list_stories",
    "migrate",
    "open_live",
    "open_store",
    "parse_files",
    "preview",
    "rollback",
    "score",
    "send",
    "shards",
    "status",
    "tell_failure",
    "train",
]
