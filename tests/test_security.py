"""What SECURITY.md promises and no other test shows: no secret in any error or log, pinned parts, nothing unpickled."""

import ast
import logging
import re
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.message import Message as Metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.core.digest import Message
from monitor.errors import MonitorError
from monitor.slack import SlackApp, SlackClient, SlackWebhook
from monitor.store import Store
from tests.support.slack_twin import SlackTwin
from tools import audit, licences, make_env

ROOT = Path(__file__).parents[1]
SOURCES = [path for folder in ("monitor", "dags", "tools", "docker") for path in (ROOT / folder).rglob("*.py")]
SECRET = "s3cret-of-the-house"
DEAD = "http://127.0.0.1:9"
SHOWN = Message(part=0, text="x", blocks=())


def with_wrong_token() -> None:
    with SlackTwin() as twin:
        SlackClient(f"xoxb-{SECRET}", twin.api_url).check()


def without_server() -> None:
    SlackClient(f"xoxb-{SECRET}", f"{DEAD}/api/", timeout=1).post("C0", SHOWN, key="k")


def with_wrong_app_token() -> None:
    with SlackTwin() as twin:
        SlackApp(twin.token, f"xapp-{SECRET}", twin.api_url)._open()


def by_a_webhook_without_server() -> None:
    SlackWebhook(f"{DEAD}/services/T0/B0/{SECRET}", timeout=1).post("", SHOWN, key="k")


def by_a_webhook_that_is_gone() -> None:
    with SlackTwin() as twin:
        SlackWebhook(f"{twin.url}/services/T0/B0/{SECRET}").post("", SHOWN, key="k")


def with_a_wrong_password() -> None:
    Store(f"postgresql://monitor:{SECRET}@127.0.0.1:9/monitor").check()


def with_a_broken_address() -> None:
    Store(f"postgresql://monitor:{SECRET}@127.0.0.1:port/monitor").check()


def with_an_address_that_is_none() -> None:
    Store(f"monitor:{SECRET}@127.0.0.1").check()


@pytest.mark.parametrize(
    "fail",
    [
        with_wrong_token,
        without_server,
        with_wrong_app_token,
        by_a_webhook_without_server,
        by_a_webhook_that_is_gone,
        with_a_wrong_password,
        with_a_broken_address,
        with_an_address_that_is_none,
    ],
)
def test_no_error_and_none_of_its_causes_and_no_log_shows_a_secret(
    fail: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(MonitorError) as caught:
        fail()
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert SECRET not in caplog.text


def test_the_file_of_secrets_is_its_owners_alone_and_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env.example").write_text("POSTGRES_PASSWORD=\nSLACK_BOT_TOKEN=\n", encoding="utf-8")
    monkeypatch.setattr(make_env, "ROOT", tmp_path)
    assert make_env.main() == 0
    made = tmp_path / ".env"
    first = made.read_text(encoding="utf-8")
    assert made.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"POSTGRES_PASSWORD=\S{40,}\nSLACK_BOT_TOKEN=\n", first)
    assert (make_env.main(), made.read_text(encoding="utf-8")) == (0, first)


def test_nothing_reads_a_format_that_can_run_code() -> None:
    forbidden = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{path.name}: {name}" for name in names if name.split(".")[0] in forbidden]
    assert found == []


def test_every_image_is_pinned_to_a_version() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    built = {service["image"] for service in compose["services"].values() if "build" in service} | {"monitor:latest"}
    images = {service["image"] for service in compose["services"].values()} - built
    images |= set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert images
    assert [image for image in images if not re.fullmatch(r"[\w./-]+:\d[\w.-]*(@sha256:[0-9a-f]{64})?", image)] == []


def package(name: str, **said: str) -> Any:
    made = Metadata()
    for key, value in {"Name": name, "Version": "1", **{k.replace("_", "-"): v for k, v in said.items()}}.items():
        made[key] = value
    return made


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        ({"License_Expression": "MIT AND (Apache-2.0 OR GPL-3.0-only)"}, True),
        ({"License_Expression": "MIT AND GPL-3.0-only"}, False),
        ({"License_Expression": "GPL-3.0-only OR MIT"}, True),
        ({"License_Expression": "AGPL-3.0-only"}, False),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, True),
        ({"Classifier": "License :: OSI Approved :: GNU General Public License (GPL)"}, False),
        ({"License": "MIT"}, True),
        ({"License": "All rights reserved"}, False),
        ({}, False),
    ],
)
def test_a_licence_that_is_not_known_to_be_allowed_is_refused(said: dict[str, str], allowed: bool) -> None:
    lines, refused = licences.report([package("thing", **said)])
    assert (len(lines), not refused) == (1, allowed)


FOUND = {
    "name": "thing",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.1"]}],
}
ACCEPTED = {"package": "thing", "id": "CVE-1", "reason": "not called", "until": date(2026, 12, 1)}


def test_a_vulnerability_fails_the_audit_unless_it_is_accepted_for_the_time_being() -> None:
    before, after = date(2026, 11, 30), date(2026, 12, 2)
    assert audit.judge([FOUND], [], before)[0] == ["thing 1.0: PYSEC-1 (mended in: 1.1)"]
    assert [len(lines) for lines in audit.judge([FOUND], [ACCEPTED], before)[:2]] == [0, 1]
    assert [len(lines) for lines in audit.judge([FOUND], [ACCEPTED], after)[:2]] == [1, 0]
    assert len(audit.judge([FOUND], [{**ACCEPTED, "package": "other"}], before)[0]) == 1


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (([], "no route to the service"), 0, "NOTHING WAS AUDITED: no route"),
        (([{"name": "a", "skip_reason": "not found"}], ""), 0, "NOTHING WAS AUDITED"),
        (([{"name": "a", "version": "1", "vulns": []}], ""), 0, "1 packages audited: 0"),
        (([FOUND], ""), 1, "1 vulnerabilities to mend"),
    ],
)
def test_an_audit_that_could_not_ask_says_so_and_fails_nothing(
    answer: Any, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "ask", lambda _lock: answer)
    assert audit.main() == code
    assert told in capsys.readouterr().out


def test_each_accepted_vulnerability_has_its_reason_and_its_day() -> None:
    import tomllib

    held = tomllib.loads((ROOT / "tools" / "advisories.toml").read_text(encoding="utf-8")).get("accepted", [])
    assert all({"id", "package", "reason", "until"} <= entry.keys() for entry in held)
    assert [entry for entry in held if (entry["until"] - datetime.now(UTC).date()).days > 365] == []


def threats() -> list[tuple[str, list[str]]]:
    """Of each line of the threat model what it is about, and the tests that it names."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    return [(row[0], re.findall(r"`(test_\w+)`", row[2])) for row in rows if row[0] != "threat"]


def test_each_threat_names_tests_that_exist() -> None:
    known = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        known |= set(re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    listed = threats()
    assert len(listed) > 30
    assert [about for about, named in listed if not named] == []
    assert sorted({name for _, named in listed for name in named} - known) == []
