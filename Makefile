# What people type. `make` alone lists it. Long steps live in tests/build.py.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Only hashed wheels: building a package would download unlocked tools.
INSTALL := $(PIP) install --quiet --require-hashes --only-binary :all:
NOT_FETCHED := pip could not fetch the packages. The lines above say why; without a network, set PIP_INDEX_URL or PIP_FIND_LINKS to a copy of them.
RUNTIME := .venv/.runtime-installed
DEVELOPMENT := .venv/.development-installed
VENV_FOR_LOCK := .venv-lock

.PHONY: help setup demo demo-reset check test lock clean

help:
	@echo "make setup       install Vernal into .venv, from hashed locks"
	@echo "make demo        a clinic with invented patients, on http://$(HOST):$(PORT)"
	@echo "make demo-reset  the same, from the beginning"
	@echo "make check       format, types, layers, knowledge, migrations: under a minute"
	@echo "make test        every test: SQLite, PostgreSQL, Chromium"
	@echo "make lock        renew requirements/*.txt, a week behind the newest versions"
	@echo "make clean       remove .venv and caches; var/, where data lives, stays"

setup: $(RUNTIME)

demo: setup
	@$(BIN)/vernal demo --host $(HOST) --port $(PORT)

demo-reset: setup
	@$(BIN)/vernal demo --reset --host $(HOST) --port $(PORT)

check: $(DEVELOPMENT)
	@$(BIN)/python -m tests.build check

test: $(DEVELOPMENT)
	@$(BIN)/python -m tests.build test

$(RUNTIME): requirements/runtime.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || \
	  { echo "Vernal needs Python 3.11 or newer, and $(PYTHON) was not found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Vernal needs Python 3.11 or newer, and $(PYTHON) is older: try make PYTHON=python3.12."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Vernal needs Python's venv module with pip (on Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making .venv …"; $(PYTHON) -m venv .venv; }
	@echo "Installing what Vernal runs on …"
	@$(INSTALL) -r requirements/runtime.txt || { echo "$(NOT_FETCHED)"; exit 1; }
	@$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements/development.txt
	@echo "Installing what checks and tests need …"
	@$(INSTALL) -r requirements/development.txt || { echo "$(NOT_FETCHED)"; exit 1; }
	@touch $@

# New versions wait a week. Universal: one lock for every system and Python from 3.11 on.
UV = $$(command -v uv || echo $(VENV_FOR_LOCK)/bin/uv)
COMPILE = $(UV) pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 \
  --generate-hashes --no-emit-index-url --exclude-newer "1 week" --custom-compile-command "make lock" \
  pyproject.toml requirements/build.in

lock:
	@command -v uv >/dev/null || test -x $(VENV_FOR_LOCK)/bin/uv || \
	  { $(PYTHON) -m venv $(VENV_FOR_LOCK) && $(VENV_FOR_LOCK)/bin/pip install --quiet uv; }
	@$(COMPILE) --output-file requirements/runtime.txt
	@$(COMPILE) requirements/development.in --constraint requirements/runtime.txt \
	  --output-file requirements/development.txt

clean:
	@rm -rf .venv $(VENV_FOR_LOCK) .coverage* .hypothesis .*_cache src/*.egg-info
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
