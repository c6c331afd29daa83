"""A whole project to run: config, home, store, a small trained model, and the bundled sample on loopback."""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

import monitor
from monitor import run
from monitor.__main__ import main
from monitor.classifier import pack_model, read_corpus, save_model, train
from monitor.classifier.artifacts import card_to_dict
from monitor.store import Store, models
from tools import sample

MONITOR_YAML = """\
digests:
  - {{id: daily, channel: {channel}, cron: "0 7 * * *", time_zone: UTC}}
fetch:
  contact: nobody@sample.example
  host_gap: 0
  allow_hosts: ["127.0.0.1"]
"""


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model as the store keeps it."""

    version: str
    card: dict[str, object]
    archive: bytes


def small_model(folder: Path) -> KeptModel:
    """Trained on a twelfth of the corpus: not good, but quick and real."""
    examples = read_corpus(run.corpus_folder())[::12]
    trained = train(examples, seed=1, made_at=datetime.now(UTC), product_version=monitor.__version__)
    saved = save_model(trained, folder)
    card = trained.model.card
    return KeptModel(card.version, card_to_dict(card), pack_model(saved))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one command ended and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Project:
    """The folders that the environment variables point to, and the command line in them."""

    config: Path
    home: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def store(self) -> Store:
        """The store, migrated."""
        opened = Store(f"sqlite:///{self.home / 'monitor.db'}")
        opened.migrate()
        return opened

    def use_model(self, kept: KeptModel) -> None:
        """Put a model in use."""
        store = self.store()
        now = datetime.now(UTC)
        with store.write() as connection:
            models.save_model(connection, version=kept.version, made_at=now, card=kept.card, archive=kept.archive)
            models.promote_model(connection, kept.version, now=now)
        store.close()

    def write(self, file: str, text: str) -> None:
        """Replace one file of the config."""
        (self.config / file).write_text(text, encoding="utf-8")

    def monitor(self, *arguments: str | Path) -> Outcome:
        """Run one command, as a shell would."""
        self.monkeypatch.setattr(sys, "argv", ["monitor", *map(str, arguments)])
        self.capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        return Outcome(code, *self.capsys.readouterr())


def make_project(
    folder: Path, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    """A project that polls the sample at ``address``, with nothing of the developer's own environment."""
    for name in [name for name in os.environ if name.startswith(("MONITOR_", "SLACK_"))]:
        monkeypatch.delenv(name)
    project = Project(sample.write_config(folder / "config", address), folder / "home", monkeypatch, capsys)
    project.write("monitor.yaml", MONITOR_YAML.format(channel="C0TWINDIG01"))
    monkeypatch.setenv("MONITOR_CONFIG", str(project.config))
    monkeypatch.setenv("MONITOR_HOME", str(project.home))
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")  # what commands print is looked at line by line
    monkeypatch.setattr("structlog.is_configured", lambda: False)  # tests of the DAGs run in this process too
    return project
