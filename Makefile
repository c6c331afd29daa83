# Two commands do everything: `make run` (the main job once) and `make test`.
VENV := .venv
PY := $(VENV)/bin/python
UV_VERSION := 0.13.9
PYTHON ?= python3
export PYTHONUTF8 := 1
# Some machines forbid Python to keep its bytecode; then each of our many processes compiles Airflow and the rest anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run up env test check audit format card lock clean

help:              ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.ready    ## the main job once, through the real DAGs: feeds to digest
	@$(PY) -m tools.run_once

up: $(VENV)/.ready     ## Airflow on this machine until Ctrl-C (PORT=8080)
	@PORT=$(or $(PORT),8080) exec $(PY) -m tools.up

env:               ## secrets for docker-compose.yml, in .env
	@$(PYTHON) -m tools.make_env

test: $(VENV)/.ready   ## all tests (ARGS="-k name" for some)
	$(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(VENV)/.ready  ## style, types, directions between modules, dead code
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/vulture

audit: $(VENV)/.ready  ## licences and known vulnerabilities of what the locks pin
	$(PY) -m tools.licences
	$(PY) -m tools.audit

format: $(VENV)/.ready ## put the code into its usual form
	$(VENV)/bin/ruff check --fix-only --quiet .
	$(VENV)/bin/ruff format .

card: $(VENV)/.ready   ## train, measure, and write the figures of the model card anew
	@$(PY) -m tools.card

lock: $(VENV)/.ready   ## resolve the dependencies anew
	$(VENV)/bin/uv pip compile --upgrade pyproject.toml --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock
	$(VENV)/bin/uv pip compile --upgrade pyproject.toml --extra dev --constraint requirements.lock --generate-hashes \
	  --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" --quiet --output-file requirements-dev.lock

clean:             ## remove what the other targets made here, but not your data in var/
	rm -rf $(VENV) .airflow .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The lock has a hash for every file. uv installs it in seconds; where uv cannot reach the package index that pip is set
# up for, pip does it (pip before version 26 cannot check hashes of requirements with extras).
$(VENV)/.ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "The Python module venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes --requirement requirements-dev.lock \
	  || { $(PY) -m pip install --quiet --upgrade 'pip>=26' \
	       && $(PY) -m pip install --quiet --require-hashes --requirement requirements-dev.lock; }
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --no-deps --editable . \
	  || $(PY) -m pip install --quiet --no-deps --editable .
	@touch $@
