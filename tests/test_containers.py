"""docker-compose.yml and .env.example keep to what docs/operations.md promises."""

import re
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tools.make_env import completed, filled

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
PROMISED = {
    "restart",
    "logging",
    "read_only",
    "mem_limit",
    "pids_limit",
}


def names(text: str) -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_limited_and_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert [key for key in PROMISED if not service.get(key)] == []
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert name == "init" or "healthcheck" in service


def test_ports_are_published_on_loopback_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert [port for port in ports if not re.match(r"(127\.0\.0\.1|\$\{WORKER_NAME:-127\.0\.0\.1\}):", port)] == []


def test_only_who_posts_or_listens_has_slacks_secrets_and_the_products_database() -> None:
    holders = {name for name, service in SERVICES.items() if "SLACK_BOT_TOKEN" in service["environment"]}
    assert holders == {"init", "dag-processor", "triggerer", "worker", "worker-elsewhere", "listen"}
    assert holders | {"metrics"} == {
        name for name, service in SERVICES.items() if "MONITOR_STORE" in service["environment"]
    }
    assert [key for key in SERVICES["listen"]["environment"] if key.startswith("AIRFLOW")] == []


def test_only_init_is_the_owner_of_the_tables() -> None:
    owners = [name for name, service in SERVICES.items() if "monitor_owner" in str(service["environment"])]
    assert owners == ["init"]


def test_every_secret_that_compose_asks_for_is_made_by_make_env() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE)) <= names(EXAMPLE)
    empty = re.findall(r"^([A-Z_]+)=$", filled(EXAMPLE), flags=re.MULTILINE)
    assert set(empty) == {"SLACK_BOT_TOKEN", "SLACK_WEBHOOK_URL", "SLACK_APP_TOKEN", "MONITOR_ALARM_CHANNEL"}


def test_an_older_env_gets_what_is_new_and_keeps_what_it_has() -> None:
    older = "MONITOR_DB_PASSWORD=mine\nSLACK_BOT_TOKEN=xoxb-mine"
    text, added = completed(older, EXAMPLE)
    assert text.startswith(older + "\n")
    assert "MONITOR_OWNER_DB_PASSWORD" in added
    assert names(text) == names(EXAMPLE)
    assert completed(text, EXAMPLE) == (text, [])
