# `make run` needs nothing but Python >= 3.11; it and the others make .venv themselves.
.DEFAULT_GOAL := help
.PHONY: help run test check bench packages conformance chaos policy-report browser docs clean

# An interpreter to make .venv with; found where it is not given.
PYTHON ?=
export PYTHON

python := .venv/bin/python
example := examples/hello

help:
	@echo "make run     serve $(example) through a local API Gateway"
	@echo "make test    run the tests; those of the core with coverage, and on every Python >= 3.11 that is here"
	@echo "make check   format, lint, types, imports, public names, budgets, documentation"
	@echo "make bench   measure this package and its peers (needs valgrind)"
	@echo "make packages  package popular requirements for every target, show what inspection says of them"
	@echo "make conformance  ask everything that AWS was recorded to answer, write docs/conformance.md"
	@echo "make chaos   botch every call of every deploy, write docs/chaos.md (half an hour; ARGS=...)"
	@echo "make browser  let a Chromium on another origin ask, write build/browser/cors.html and .png"
	@echo "make policy-report  read programs whose needs are known, beside AWS Chalice, write docs/policy-report.md"
	@echo "make docs    build the documentation into build/docs"
	@echo "make clean   remove what the above made"

.venv/.installed-run: pyproject.toml scripts/bootstrap.sh
	@scripts/bootstrap.sh run

.venv/.installed-dev: pyproject.toml scripts/bootstrap.sh
	@scripts/bootstrap.sh dev

run: .venv/.installed-run
	@exec .venv/bin/chalice --project-dir $(example) local

test: .venv/.installed-dev
	@$(python) -m scripts.test

check: .venv/.installed-dev
	@$(python) -m scripts.check

bench: .venv/.installed-dev
	@$(python) -m benchmarks --page
	@$(python) -m benchmarks.local_server
	@$(python) -m benchmarks.cold
	@$(python) -m benchmarks.deploying
	@$(python) -m benchmarks.reading

packages: .venv/.installed-dev
	@$(python) -m benchmarks.packages

conformance: .venv/.installed-dev
	@$(python) -m tests.conformance

chaos: .venv/.installed-dev
	@$(python) -m tests.chaos $(ARGS)

browser: .venv/.installed-dev
	@$(python) -m tests.browser

policy-report: .venv/.installed-dev
	@$(python) -m tests.permissions.report

docs: .venv/.installed-dev
	@$(python) -m scripts.docs

clean:
	rm -rf .venv .venvs .benchmarks .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find src tests benchmarks scripts examples -name __pycache__ -type d -prune -exec rm -rf {} +
