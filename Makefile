# Everything sets itself up, in .venv; nothing else is to know.
SHELL := bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What e2e runs of Debian's packages, by the names of dev/securebucket_dev/debian.py
DEBIAN := alertmanager ceph chromium jq lua prometheus
# The Go programs that e2e runs beside the control plane, by the names of dev/securebucket_dev/kube/go_program.py
GO_PROGRAMS := gopher-lua helm kstatus kube-state-metrics
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help demo test e2e check docs audit generate bench envtest clean

help: ## Show this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/\1\t\2/' | expand -t 12

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=/path/to/python3")'
	echo "setting up $(VENV) (about a minute)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

demo: $(READY) ## See the whole loop on this machine: no cluster, no AWS account (KEEP=1 keeps it running)
	@$(BIN)/python -m securebucket_dev.demo

# Else each of the workers, and each process that they start, compiles everything again: half a minute of CPU a worker.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(READY) ## Run everything that needs no control plane
	@$(BIN)/python -m pytest -n 3 $(ARGS)

e2e: $(READY) envtest ## Run the operator against a real kube-apiserver, Ceph RGW, Prometheus and Chromium
	@$(BIN)/python -m securebucket_dev.debian $(DEBIAN)
	$(BIN)/python -m securebucket_dev.kube.go_program $(GO_PROGRAMS)
	$(BIN)/python -m pytest tests/semantics --kube=real
	$(BIN)/python -m pytest tests/e2e $(ARGS)

envtest: $(READY) ## Build (once) the real control plane for e2e, unless KUBEBUILDER_ASSETS names one
	@$(BIN)/python -m securebucket_dev.kube.envtest

check: $(READY) docs ## Lint, types, import contracts, generated files, lock files, workflows, the docs' links
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m securebucket_dev.generate --check
	$(BIN)/python -m securebucket_dev.locks
	$(BIN)/python -m securebucket_dev.weaknesses workflows

docs: $(READY) ## Build the documentation's site into site/; a link that leads nowhere is an error
	@$(BIN)/python -m securebucket_dev.documentation

audit: $(READY) ## Look up known vulnerabilities of everything that is locked (needs the internet)
	@$(BIN)/python -m securebucket_dev.weaknesses packages

generate: $(READY) ## Write the CRDs, rules, dashboard and the generated parts of the docs again
	@$(BIN)/python -m securebucket_dev.generate

bench: $(READY) ## Print what a pass costs, against a bare boto3 loop, and what a scrape, a report and a scan cost
	@$(BIN)/python -m securebucket_dev.bench $(ARGS)

clean: ## Remove what the other targets made here
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build site
