"""A private Airflow for the tests of the DAGs. Its settings must stand before anything imports airflow."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.airflow_env import ROOT, airflow_environment

if TYPE_CHECKING:
    from airflow.sdk import DAG

HOME = Path(tempfile.mkdtemp(prefix="airflow-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ.update(airflow_environment(HOME))
os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "WARNING"
os.environ["MONITOR_DEADLINES"] = "off"  # dag.test() fails on them in Airflow 3.3.2

# What Airflow's own code warns of when it runs in this process; ours still fails on any other warning.
AIRFLOW_WARNINGS = (
    "ignore:.*[Ss]tarlette.*:DeprecationWarning",
    "ignore:.*httpx.*",
    "ignore:GitWildMatchPattern:DeprecationWarning",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.airflow)
            for warning in AIRFLOW_WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """An empty database for Airflow itself."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture(scope="session")
def parsed_dags(airflow_database: None) -> "dict[str, DAG]":
    """Every DAG of the project by its id, parsed as Airflow parses it. Tests run ``dags``."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"), bundle_name="dags-folder")
    assert bag.import_errors == {}
    assert [warning for warnings in bag.captured_warnings.values() for warning in warnings] == []
    return bag.dags


@pytest.fixture
def dags(parsed_dags: "dict[str, DAG]") -> "Iterator[dict[str, DAG]]":
    """The DAGs for one test: a run writes its conf into the parameters of its tasks, and the next would see it."""
    owners = [owner for dag in parsed_dags.values() for owner in (dag, *dag.tasks)]
    params = [owner.params.get_param(key) for owner in owners for key in owner.params]
    values = [param.value for param in params]
    yield parsed_dags
    for param, value in zip(params, values, strict=True):
        param.value = value


@pytest.fixture(scope="session")
def trained(trained_home: Path) -> Path:
    """A home whose store holds nothing but the model that the project's own corpus makes. Copy it, do not use it."""
    return trained_home
