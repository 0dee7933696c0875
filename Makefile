# Everything a newcomer or a developer runs. Written for GNU make 3.81 (macOS) and a plain sh.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
WORKERS ?= 2

# Wheels only: nothing is compiled here, and nothing runs that the lock file does not name.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED := --only-binary :all: --require-hashes
UNFINISHED := { echo "jiai: the installation did not finish; check the network and run this again" >&2; exit 1; }

CODE := $(wildcard bot handlers messages storage tests bench)

# Made anew when half made, when the folder was moved, and when its Python was replaced.
SOUND := $(shell test "$$(cat $(VENV)/.made 2>/dev/null)" = "$(CURDIR)" \
	&& $(BIN)/python -c 'import pip' 2>/dev/null && echo yes)
ifneq ($(SOUND),yes)
$(VENV)/.made $(VENV)/.runtime $(VENV)/.project $(VENV)/.development: anew
endif

.DEFAULT_GOAL := help
.PHONY: help run test check bench chaos lock clean anew

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.project ## install what is missing and start the bot (ARGS="--sandbox")
	@exec $(BIN)/python -m bot run $(ARGS)

test: $(VENV)/.development ## all tests, with the coverage of storage (ARGS="-k story" for some, without)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(if $(strip $(ARGS)),$(ARGS),--cov)

check: $(VENV)/.development ## lint, format, types, the arrows between the rooms
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

bench: $(VENV)/.development ## figures: speed, memory, start-up
	@$(BIN)/python -m bench.speed $(ARGS)

chaos: $(VENV)/.development ## figures: many kills, and what was lost or doubled
	@$(BIN)/python -m bench.chaos $(ARGS)

# For maintainers, needs uv. The second lock is bound to the first: tests run on what users run.
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header --no-annotate --no-strip-extras --group build
lock: ## renew the lock files (UPGRADE=--upgrade for newer releases)
	$(LOCK) $(UPGRADE) --output-file requirements.lock
	$(LOCK) $(UPGRADE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove the virtual environment and all caches; the data stays
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# Checked before it is made, since Debian's Python only notices half-way.
$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "jiai: $(PYTHON) was not found; install Python 3.11 or newer, or name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "jiai: $(PYTHON) is older than 3.11; name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "jiai: $(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: sudo apt install $(notdir $(PYTHON))-venv" >&2; exit 1; }
	@echo "jiai: making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "jiai: $(VENV) could not be made; the lines above say why" >&2; exit 1; }
	@echo "$(CURDIR)" > $@

# Order-only: an update of the system's Python must not send a working installation to the network.
$(VENV)/.runtime: requirements.lock | $(VENV)/.made
	@echo "jiai: installing what requirements.lock names (once, needs the network)"
	@$(PIP_INSTALL) $(LOCKED) -r requirements.lock || $(UNFINISHED)
	@touch $@

# pip refuses an editable project in hash mode, so it follows on its own, with nothing to fetch.
$(VENV)/.project: pyproject.toml $(VENV)/.runtime
	@$(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime | $(VENV)/.project
	@echo "jiai: installing what requirements-dev.lock names (once, needs the network)"
	@$(PIP_INSTALL) $(LOCKED) -r requirements-dev.lock || $(UNFINISHED)
	@touch $@
