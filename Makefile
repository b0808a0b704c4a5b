# Needs git, make and Python 3.11 or newer; everything else is installed into .venv from requirements.lock.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_PINNED := $(shell sed -n 's/^uv==\([^ ;\\]*\).*/\1/p' requirements.lock 2>/dev/null)
READY := $(VENV)/.ready
ARGS ?=

# uv trusts what the machine trusts (company certificates), and asks pip's index where one is set.
export UV_SYSTEM_CERTS ?= 1
export UV_NO_CONFIG ?= 1
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-10s\033[0m %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: venv
venv: $(READY) ## Make .venv with exactly what requirements.lock says

$(READY): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …" >&2; exit 1; fi
	@if [ ! -x $(BIN)/python ]; then echo "making $(VENV) with $$($(PYTHON) --version)"; $(PYTHON) -m venv $(VENV); fi
	@if [ "$$($(UV) --version 2>/dev/null | cut -d' ' -f2)" != "$(UV_PINNED)" ]; then \
		echo "installing uv $(UV_PINNED)"; $(BIN)/python -m pip install --quiet "uv==$(UV_PINNED)"; fi
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "$(VENV) is ready"

.PHONY: demo
demo: $(READY) ## Run the whole system on real Kafka and PostgreSQL, on this machine alone
	@$(BIN)/greenlane demo $(ARGS)

.PHONY: test
test: $(READY) ## Run every test (minutes); ARGS="-k name" narrows
	@$(BIN)/pytest -m "not soak and not bench" $(ARGS)

.PHONY: check
check: $(READY) ## Format, lint, types, imports, generated files in step (seconds)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/generated --check

.PHONY: generated
generated: $(READY) ## Write the generated files anew
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/generated

.PHONY: bench
bench: $(READY) ## Measure throughput and latency on real parts
	@$(BIN)/greenlane bench $(ARGS)

.PHONY: soak
soak: $(READY) ## Run the long tests with large counts (hours)
	@GREENLANE_TEST_SCALE=soak $(BIN)/pytest -m "not bench" --timeout=0 $(ARGS)

.PHONY: fmt
fmt: $(READY) ## Format and fix what can be fixed
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

# The file itself carries no address: an index, a mirror or find-links belong to the machine that installs.
.PHONY: lock
lock: ## Resolve requirements.lock anew (ARGS="--upgrade" for newer releases)
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@[ -x $(UV) ] || $(BIN)/python -m pip install --quiet uv
	@env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(UV) pip compile --quiet --universal --generate-hashes --extra dev \
		--python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(ARGS) \
		-o requirements.lock pyproject.toml

.PHONY: clean
clean: ## Remove .venv and every cache of this folder (not the downloads in the user's cache)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
