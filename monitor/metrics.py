"""The facts of `monitor status` in the text format of Prometheus. The only prometheus_client.

They are read from the store when they are asked for, so that every process and every machine counts, and it does not
matter which one is asked. Names and meanings: docs/operations.md.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from threading import Lock, Thread
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric

from monitor import log
from monitor.errors import MonitorError

FRESH_SECONDS = 15.0  # so long an answer holds: several scrapers, or an impatient one, cost no more
Read = Callable[[], Mapping[str, Any]]
Row = tuple[tuple[str, ...], float | int | None]
"""Values of the labels, and the value; what is None is left out."""


def expose(read: Read) -> bytes:
    """What ``read`` returns (see jobs.report_status), once. Raises what it raises."""
    registry = CollectorRegistry()
    registry.register(_Collector(read, strict=True))
    return generate_latest(registry)


class Served:
    """An endpoint that answers until it is closed."""

    def __init__(self, server: Any, thread: Thread) -> None:
        self._server, self._thread = server, thread

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def serve(read: Read, host: str, port: int) -> Served:
    """Answer every GET with what ``read`` returns, at most FRESH_SECONDS old; while it fails, ``monitor_up`` is 0."""
    registry = CollectorRegistry()
    registry.register(_Collector(read, strict=False))
    try:
        return Served(*start_http_server(port, host, registry))
    except OSError as error:
        raise MonitorError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error


class _Collector:
    """One reader at a time; the others take what it read."""

    def __init__(self, read: Read, *, strict: bool) -> None:
        self._read, self._strict = read, strict
        self._lock, self._read_at, self._held = Lock(), 0.0, list[Metric]()

    def describe(self) -> Iterable[Metric]:
        """Nothing: asked when it is registered, and that must not read the store."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Every metric."""
        with self._lock:
            if not self._held or time.monotonic() - self._read_at > FRESH_SECONDS:
                self._held = self._collect()
                self._read_at = time.monotonic()
            return self._held

    def _collect(self) -> list[Metric]:
        began = time.perf_counter()
        try:
            report = self._read()
        except MonitorError as error:
            if self._strict:
                raise
            log.warning("metrics_not_read", error=str(error))
            return [_gauge("up", "1 while the store can be read.", [((), 0)])]
        seconds = round(time.perf_counter() - began, 4)
        return [
            _gauge("up", "1 while the store can be read.", [((), 1)]),
            _gauge("read_seconds", "How long reading the store for these took.", [((), seconds)]),
            *_feeds(report),
            *_news(report),
            *_work(report),
        ]


def _feeds(report: Mapping[str, Any]) -> Iterator[Metric]:
    coverage = report["coverage"]
    yield _gauge("feeds", "Feeds of the config by health.", _by_key(report["feeds"]), "health")
    yield _gauge("feeds_noted", "Enabled feeds by note; one may have several.", _by_key(report["notes"]), "note")
    yield _gauge("feeds_enabled", "Feeds that are polled.", [((), coverage["enabled"])])
    yield _gauge("feeds_seen_last_day", "Of these, feeds that answered in the last 24 hours.", [((), coverage["seen"])])
    yield _gauge("feeds_overdue", "Feeds that should have been polled 21 minutes ago.", [((), report["overdue"])])
    yield _gauge("outlets_muted", "Outlets that people muted.", [((), len(report["muted"]))])
    yield _gauge("config_problems", "Mistakes in the files that people edit.", [((), len(report["config_problems"]))])


def _news(report: Mapping[str, Any]) -> Iterator[Metric]:
    """How fresh the news is, and how much there was."""
    fresh, lags, day = report["freshness"], report["lags"], report["last_24_h"]
    rows = [
        ((hop, share), spread[name])
        for hop, spread in lags.items()
        for name, share in (("p50", "0.5"), ("p95", "0.95"))
    ]
    yield _gauge("lag_seconds", "Lags of the last 24 hours from step to step.", rows, "hop", "quantile")
    counts = [((hop,), spread["count"]) for hop, spread in lags.items()]
    yield _gauge("lag_samples", "Out of how many these are.", counts, "hop")
    shares = [
        ((window, what), found[key])
        for window, found in fresh.items()
        for what, key in (("entries", "share"), ("messages", "slack_share"))
    ]
    yield _gauge("fresh_ratio", "Share that came in time; the objective is 0.95.", shares, "window", "what")
    late = [((window, step), count) for window, found in fresh.items() for step, count in found["late"].items()]
    yield _gauge("late", "What came too late, by the step that was slow.", late, "window", "step")
    met = [((window,), int(found["met"])) for window, found in fresh.items()]
    yield _gauge("fresh_objective_met", "1 while entries, messages and polls are in time.", met, "window")
    left = [((why,), count) for why, count in fresh["last_24_h"]["left_out"].items()]
    yield _gauge("fresh_left_out", "Entries of 24 hours that freshness does not count.", left, "why")
    stored = [(("stored",), report["articles"]["last_24_h"]), *_by_key(day)]
    yield _gauge("articles_last_day", "Articles of the last 24 hours by what became of them.", stored, "state")
    told = [((kind, one["id"]), one["last_24_h"]) for kind in ("digests", "alerts") for one in report[kind]]
    yield _gauge("told_last_day", "Digests and alerts of the last 24 hours.", told, "kind", "id")


def _work(report: Mapping[str, Any]) -> Iterator[Metric]:
    """Queues, jobs, the model."""
    yield _gauge("queue_depth", "What waits.", _by_key(report["queues"]), "queue")
    last = report["runs"]
    successes = [((run["job"],), _timestamp(run["last_success"])) for run in last]
    yield _gauge("job_last_success_timestamp_seconds", "When its last run that succeeded began.", successes, "job")
    lengths = [((run["job"],), run["seconds"]) for run in last]
    yield _gauge("job_last_duration_seconds", "How long its last run took.", lengths, "job")
    failures = [((run["job"],), report["failed_24_h"].get(run["job"], 0)) for run in last]
    yield _gauge("runs_failed_last_day", "Runs of the last 24 hours that failed.", failures, "job")
    model = report["model"]
    if model is not None:
        yield _gauge("model_info", "The model in use.", [((model["version"],), 1)], "version")
        yield _gauge("model_age_seconds", "Since it was trained.", [((), model["age_seconds"])])
        yield _gauge("labels_waiting", "Labels that came after the last training.", [((), model["labels_waiting"])])


def _by_key(counts: Mapping[str, int]) -> list[Row]:
    return [((key,), count) for key, count in counts.items()]


def _gauge(name: str, meaning: str, rows: Iterable[Row], *labels: str) -> Metric:
    family = GaugeMetricFamily(f"monitor_{name}", meaning, labels=labels)
    for values, value in rows:
        if value is not None:
            family.add_metric(values, value)
    return family


def _timestamp(moment: str | None) -> float | None:
    return datetime.fromisoformat(moment).timestamp() if moment else None
