# Escrutinio. A newcomer needs two commands: `make run` and `make test`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: run test test-long quick lint bundle vocabulary bench soak screens audit sbom pin-images wheel release setup setup-test browser nginx systemd promtool node r clean

run: setup  ## a rehearsal count on http://127.0.0.1:8000
	$(BIN)/escrutinio rehearse --port $(PORT)

# What all tests use.
TOOLS := setup-test browser nginx systemd promtool node r
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --dist loadfile

test: $(TOOLS) lint  ## what must pass before a change goes in
	$(PYTEST) -m "not long"

test-long: $(TOOLS)  ## nights, drills, upgrades and attacks with whole programs; what goes in must pass them as well
	$(PYTEST) -m long

quick: lint  ## before a commit: lint, and the tests of what was edited (under a minute); SINCE=main for a branch
	@tests="$$($(BIN)/python scripts/changed_tests.py $(SINCE))"; \
	if [ -z "$$tests" ]; then echo "no test imports what was edited; make test runs them all"; \
	else $(PYTEST) -q -m "not (long or browser or postgres or nginx or reference_data)" $$tests; fi

lint: setup-test  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@sh scripts/lint-browser

bundle: node  ## what browsers load (dashboard/built) out of dashboard/browser and dashboard/styles
	node dashboard/browser/bundle.mjs

vocabulary: setup-test  ## what the dashboard is told of the rooms' enums, into its two modules
	$(BIN)/python -m api.commands.vocabulary

bench: setup-test  ## measurements into bench/README.md and bench/results.json
	$(BIN)/python -m bench

soak: setup-test  ## long trials (an hour) into RELIABILITY.md
	$(BIN)/python -m bench.soak

screens: setup-test browser  ## a picture of every page into docs/screens (ten minutes), from a rehearsal
	$(BIN)/python -m tests.screens

audit: $(VENV)/.supply  ## known weaknesses in what is locked; says so when the databases are out of reach
	$(BIN)/python scripts/audit.py --tools $(VENV)/supply/bin

sbom: $(VENV)/.supply  ## bills of materials (CycloneDX) of what is locked, into var/sbom
	@mkdir -p var/sbom
	@for lock in requirements requirements-build; do \
	$(VENV)/supply/bin/cyclonedx-py requirements --output-reproducible --of JSON -o var/sbom/$$lock.cdx.json $$lock.lock; done
	@echo "→ var/sbom"

pin-images:  ## the digests of the images in deploy/images.env, as their registry gives them (needs docker)
	$(PYTHON) scripts/images.py pin

wheel: setup-test  ## the program as it is given away, into dist; its version is that of the newest tag
	$(BIN)/python -m hatchling build -t wheel -t sdist

release: audit sbom wheel  ## what must hold before a release is given away
	$(PYTHON) scripts/images.py check

setup: $(VENV)/.runtime
setup-test: $(VENV)/.test

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 1; }
	@echo "→ virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	@echo "→ installing what it needs (about a minute)"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	@echo "→ installing what it and its tests need (about a minute)"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --quiet --require-hashes -r requirements-test.lock -r requirements-build.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

$(VENV)/.supply: requirements-supply.lock | $(VENV)/bin/python
	@echo "→ installing what looks after what others wrote"
	@$(BIN)/python -m venv $(VENV)/supply
	@$(VENV)/supply/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-supply.lock
	@touch $@

browser:  ## browser tests need a Chromium: Debian's is installed where that is allowed
	@sh scripts/find-browser

nginx:  ## so does the test of the replicas with nginx
	@sh scripts/find-nginx

systemd:  ## and those of its units with systemd's own judgement of them
	@sh scripts/find-systemd

promtool:  ## and those of the alert rules with Prometheus's own tool
	@VENV=$(VENV) sh scripts/find-promtool

node:  ## the browser's code is checked and bundled with tools that Node runs; they are not needed to run anything
	@sh scripts/find-node

r:  ## what is written for R is run by an R
	@sh scripts/find-r

clean:
	rm -rf $(VENV) node_modules var .mypy_cache .ruff_cache .pytest_cache .hypothesis
