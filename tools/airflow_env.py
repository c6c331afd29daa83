"""The settings of a local Airflow under ./.airflow, as environment variables: there is no airflow.cfg to edit."""

import base64
import json
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def airflow_environment(home: Path, *, port: int = 8080) -> dict[str, str]:
    """Everything that Airflow's processes need, on loopback, with SQLite under ``home`` (made when missing).

    Secrets are made once and kept in ``home``, readable by its owner alone.
    """
    home.mkdir(parents=True, exist_ok=True)
    kept = _secrets(home / "secrets.json")
    passwords = home / "passwords.json"
    _write_private(passwords, json.dumps({"admin": kept["admin"]}))
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",  # see benchmarks/airflow_cost.py
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__CORE__FERNET_KEY": kept["fernet"],
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",  # at a start all DAGs run at once, and 5 s are soon over
        "AIRFLOW__API__SECRET_KEY": kept["api"],
        "AIRFLOW__API_AUTH__JWT_SECRET": kept["jwt"],
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
    }


def product_environment() -> dict[str, str]:
    """Where the product finds its config and keeps its data, unless the caller said otherwise."""
    return {
        "MONITOR_CONFIG": str(Path(os.environ.get("MONITOR_CONFIG", ROOT / "config")).absolute()),
        "MONITOR_HOME": str(Path(os.environ.get("MONITOR_HOME", ROOT / "var")).absolute()),
    }


def _secrets(file: Path) -> dict[str, str]:
    if not file.exists():
        made = {name: secrets.token_urlsafe(64) for name in ("jwt", "api")}
        made["admin"] = secrets.token_urlsafe(12)
        made["fernet"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        _write_private(file, json.dumps(made))
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def _write_private(file: Path, text: str) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
