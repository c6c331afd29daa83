"""Rules about the project's own files that no other tool holds. Directions between modules: `lint-imports`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parents[1]
SHARED = [ROOT / "dags" / name for name in ("alarms.py", "defaults.py")]
DAGS = sorted({*(ROOT / "dags").glob("*.py")} - {ROOT / "dags" / "__init__.py", *SHARED})
SOURCES = sorted(
    path
    for folder in ("monitor", "dags", "tools")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and path.name != "schema.py"  # a table is as long as it is
)
MODULE_LINES, FUNCTION_LINES, DAG_LINES = 400, 50, 60


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported_at_the_top(path: Path) -> set[str]:
    """Names of the modules that importing ``path`` imports: everything outside of functions."""

    def walk(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.Import):
                yield from (alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                yield child.module or ""
            elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                yield from walk(child)

    return set(walk(tree_of(path)))


@pytest.mark.parametrize("path", [*DAGS, *SHARED], ids=name_of)
def test_a_dag_file_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= DAG_LINES


@pytest.mark.parametrize("path", [*DAGS, *SHARED], ids=name_of)
def test_parsing_a_dag_needs_airflow_sdk_and_nothing_of_the_product(path: Path) -> None:
    allowed = {"datetime", "os", "typing", "airflow.sdk", "airflow.sdk.exceptions", "dags.alarms", "dags.defaults"}
    if path in SHARED:
        allowed |= {"airflow.sdk.definitions.callback", "airflow.sdk.definitions.deadline"}
    assert imported_at_the_top(path) <= allowed


@pytest.mark.parametrize("path", sorted((ROOT / "monitor" / "classifier").glob("*.py")), ids=name_of)
def test_using_a_model_loads_nothing_that_only_training_needs(path: Path) -> None:
    heavy = {name for name in imported_at_the_top(path) if name.split(".")[0] in {"sklearn", "skops"}}
    assert heavy == set()


@pytest.mark.parametrize("path", DAGS, ids=name_of)
def test_a_dag_its_job_and_its_test_share_one_name(path: Path) -> None:
    assert (ROOT / "monitor" / "jobs" / path.name).exists()
    assert (ROOT / "tests" / "jobs" / f"test_{path.name}").exists()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_can_be_read_at_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"\bhttps?://\S+|--index-url.*|--find-links.*", text) == []
    assert all(" \\" in line for line in text.splitlines() if re.match(r"[a-z]", line)), "every pin has hashes"


def test_the_development_lock_has_the_pins_of_the_other() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[a-z][^ ]+==[^ ]+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_the_docs_tell_of_every_command() -> None:
    from monitor.cli import app

    def commands(group: object, prefix: str) -> Iterator[str]:
        for name, command in getattr(group, "commands", {}).items():
            deeper = list(commands(command, f"{prefix} {name}"))
            yield from deeper or [f"{prefix} {name}"]

    docs = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "models").glob("*.md")]
    text = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in docs)
    assert [command for command in commands(typer.main.get_command(app), "monitor") if command not in text] == []


def test_make_help_tells_of_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE))
