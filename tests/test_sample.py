"""The bundled sample: served as real feeds are, and dated as if they were of today."""

import re
import urllib.error
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.feeds import parse_document
from monitor.settings import load_settings
from tools import sample


def test_dates_are_relative_to_now(now: datetime) -> None:
    text = "{{rfc822 -1.5h}} {{iso -2h}} {{seoul -1h}} {{tokyo -1h}} {{moscow -1h}}"
    assert sample.render(text, now).decode() == (
        "Mon, 23 Nov 2026 10:30:00 GMT 2026-11-23T10:00:00+00:00 Mon, 23 Nov 2026 20:00:00 +0900"
        " 2026-11-23T20:00:00+09:00 Mon, 23 Nov 2026 14:00:00 +0300"
    )


def test_a_file_is_sent_in_the_encoding_that_it_declares(now: datetime) -> None:
    text = '<?xml version="1.0" encoding="windows-1251"?><a>Россия</a>'
    assert sample.render(text, now) == text.encode("cp1251")


def test_what_is_not_there_is_not_found() -> None:
    with sample.served(datetime.now(UTC)) as address, pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/none.xml")


def test_the_sample_is_six_outlets_in_five_languages() -> None:
    assert {feed.file for feed in sample.OUTLETS} == {path.name for path in sample.FEEDS.iterdir()}
    assert len({feed.language for feed in sample.OUTLETS}) == 5


def test_every_date_is_filled_in(now: datetime) -> None:
    for path in sample.FEEDS.iterdir():
        assert b"{{" not in sample.render(path.read_text(encoding="utf-8"), now), path.name


def test_every_entry_is_read_and_judged(now: datetime) -> None:
    read: Counter[str] = Counter()
    for feed in sample.OUTLETS:
        body = sample.render((sample.FEEDS / feed.file).read_text(encoding="utf-8"), now)
        read.update(re.sub(r"\s+", " ", entry.title) for entry in parse_document(body, url="http://x.example/").entries)
    rows = (sample.ROOT / "samples" / "expected.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert read == Counter(row.split("\t")[2] for row in rows)


def test_the_config_of_the_sample_is_valid(tmp_path: Path) -> None:
    settings = load_settings(sample.write_config(tmp_path, "http://127.0.0.1:8000"))
    assert [feed.id for feed in settings.feeds] == [feed.id for feed in sample.OUTLETS]
