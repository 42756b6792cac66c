# Everything a newcomer needs is behind `make demo` and `make test`; `make help` lists the rest.
# Works with the GNU make 3.81 that macOS carries.

VENV := .venv
PY := $(VENV)/bin/python
INSTALL := scripts/install.sh
BETTER_AUTH := benchmarks/peers/better_auth_server
WORKERS ?= 2
# What is to be covered whole has tests of its own that do so.
TRACED := tests/unit/core tests/unit/audit
# Tests that start servers wait for them most of their time.
WAITING_WORKERS ?= 3
# Acceptance tests that do not time what people wait for.
PARALLEL := tests/acceptance/one_person tests/acceptance/peers \
  $(patsubst %,tests/acceptance/test_%.py,axe axe_guard_rails consent node_consent django_button django_shop embedded_shop express_clerk flask_crm \
    governance long_names react_examples reopening reveal service_away starting time_is_up webhooks_and_holds without_approval)
ARGS ?=
# Tools of the environment come first: an outdated `node` on PATH must not win over its own.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Tests start Python over and over, in a third of the time where what it compiles is kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types web unit format build lock bench clean packages programs chromium node

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.demo build ## start Understudy and a sample app; options go into ARGS="--no-browser"
	@exec $(VENV)/bin/understudy demo $(ARGS)

# Most of what only reads uses one core: three of these run beside each other.
test: $(VENV)/.dev ## every check and every test, as CI runs them
	@$(MAKE) --no-print-directory -j 3 types web lint programs
	@echo "== the core and the audit log, every branch of them by tests of their own"
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(TRACED) \
	  --cov understudy.core --cov understudy.audit --cov-branch --cov-fail-under 100 \
	  --cov-report term:skip-covered
	@echo "== unit and contract tests; nothing is traced from here on, as tracing costs time"
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile tests/unit tests/contract $(addprefix --ignore ,$(TRACED))
	@echo "== everything else but the browser"
	@$(PY) -m pytest -n $(WAITING_WORKERS) --dist loadfile tests \
	  --ignore tests/unit --ignore tests/contract --ignore tests/acceptance
	@echo "== one page, one person: ways of sending, in two browsers; adapters and examples"
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(PARALLEL)
	@echo "== the story in the browser, which times what people wait for: nothing runs beside it"
	@$(PY) -m pytest tests/acceptance $(addprefix --ignore ,$(PARALLEL))

check: $(VENV)/.dev ## a third of it, for while you work
	@$(MAKE) --no-print-directory -j 3 types web lint
	@$(MAKE) --no-print-directory unit

lint: $(VENV)/.dev ## style, imports, spelling
	@echo "== lint"
	@ruff check
	@ruff format --check
	@lint-imports
	@codespell

types: $(VENV)/.dev ## mypy, strict
	@echo "== types"
	@$(PY) -m mypy

web: packages ## types, style and tests of the TypeScript
	@echo "== dashboard and packages"
	@$(PY) -m scripts.assets check

unit: packages chromium ## unit and contract tests
	@echo "== unit and contract tests"
	@$(PY) -m pytest -q -n $(WORKERS) --dist loadfile tests/unit tests/contract

format: $(VENV)/.dev node ## rewrite the code in house style
	@ruff check --fix
	@ruff format
	@$(PY) -m scripts.assets format

build: $(VENV)/.demo ## build dashboard and banner, if they changed
	@$(PY) -m scripts.assets fresh || ($(MAKE) --no-print-directory node && $(PY) -m scripts.assets build)

lock: $(VENV)/.bootstrap ## pin the newest Python packages that fit pyproject.toml
	@scripts/lock.sh

bench: $(VENV)/.bench packages chromium ## measure against the bars of docs/benchmarks.md
	@$(PY) -m benchmarks $(ARGS)

clean: ## remove everything that was built or installed here
	rm -rf $(VENV) node_modules dashboard/node_modules packages/*/node_modules packages/*/dist build dist \
	  src/understudy/service/static src/understudy/sdk/static

# --- set-up ---

packages: $(VENV)/.dev node
	@$(PY) -m scripts.assets complete || $(PY) -m scripts.assets everything

$(VENV)/.bootstrap: requirements/bootstrap.txt scripts/venv.sh
	@scripts/venv.sh $(VENV)
	@touch $@

$(VENV)/.demo: $(VENV)/.bootstrap requirements/demo.txt pyproject.toml
	@echo "== Python packages"
	@$(INSTALL) -r requirements/demo.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.demo requirements/dev.txt
	@echo "== Python packages for development"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt $(BETTER_AUTH)/package-lock.json | node
	@echo "== packages to measure against"
	@$(INSTALL) -r requirements/bench.txt
	@cd $(BETTER_AUTH) && npm ci --silent || echo "better-auth cannot be installed and is left out"
	@touch $@

node: $(VENV)/.bootstrap
	@$(PY) -m scripts.assets node || $(INSTALL) -r requirements/node.txt

chromium: $(VENV)/.dev
	@$(PY) -m scripts.chromium

# One after the other: apt lets nobody in beside it.
programs: chromium
	@$(PY) -m scripts.firefox
	@$(PY) -m scripts.nginx
	@$(PY) -m scripts.mariadb
