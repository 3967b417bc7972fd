# Two commands are enough: `make run`, then `make test`. `make` alone lists the others.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# The system's certificates, so that it works behind a company's proxy as pip does.
UV := UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true $(BIN)/uv

# Compiled once, whatever the shell wants: else each process that is started here compiles Django again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := targets
.PHONY: targets help run test test-fast mutants journeys screenshots contact-sheet check format lint types floors migrations docs-check docs upstream bench wheel-compiled install install-dev ocr lock clean

targets:  ## what one can do
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2} /^##@/{printf "\n%s\n", substr($$0, 5)}' $(MAKEFILE_LIST)

##@ Use
run: install  ## install, create the database, load the demo, serve on http://127.0.0.1:8000
	@exec $(BIN)/plainchant run
ocr: install  ## add the reading of scans and photos (350 MB); Tesseract, where it is installed, does without
	@$(UV) sync --quiet --frozen --inexact --no-dev --extra ocr
	@$(BIN)/python -c 'from plainchant.capture.engines import rapid_ocr as make; print("Scans are read by " + make().name + ". Restart the portal.")'

##@ Develop
test: install-dev  ## the whole suite on SQLite, and on PostgreSQL if one answers; the journeys if Chromium is there
	@sh tests/run_all.sh

test-fast: install-dev  ## the suite on SQLite without the browser
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

mutants: install-dev  ## remove guards one by one: a test must notice each (N=30: a sample; GUARDS=1; ONLY=portal/library, or =portal/library/queries.py:42)
	@$(BIN)/python -m tools.mutants

journeys: install-dev  ## the user's journeys in Chromium; pictures in journeys/screenshots
	@$(BIN)/python -m pytest -q journeys --pictures

help: install-dev  ## the pictures, films and booklet of the help, from the journeys (five minutes)
	@$(UV) sync --quiet --frozen --inexact --group help
	@rm -rf .venv/help-frames
	@$(BIN)/python -m pytest -q -n 0 -p no:cacheprovider $$(grep -l 'on_step(' journeys/test_*.py) --help-frames .venv/help-frames
	@$(BIN)/python -m tools.help_media .venv/help-frames

screenshots: install-dev  ## take the pictures of README again
	@$(BIN)/python -m pytest -q journeys/test_invoice_to_payment.py --readme-pictures

contact-sheet: install-dev  ## every page, telephone and desk, light and dark, on one sheet in var/contact-sheet
	@$(BIN)/python tools/contact_sheet.py

check: install-dev  ## all that CI does
	@N=2 $(MAKE) --no-print-directory --jobs=2 --output-sync=target format lint types floors migrations docs-check mutants
	@$(MAKE) --no-print-directory test

format: install-dev
	@$(BIN)/ruff format --check src tests journeys tools bench
lint: install-dev
	@$(BIN)/ruff check src tests journeys tools bench
types: install-dev
	@$(BIN)/mypy
floors: install-dev
	@$(BIN)/lint-imports --no-cache > .venv/floors.txt || { cat .venv/floors.txt; exit 1; }
	@tail -n 2 .venv/floors.txt
migrations: install-dev
	@PLAINCHANT_DATA=.venv/check $(BIN)/plainchant manage makemigrations --check --dry-run
docs-check: install-dev
	@PLAINCHANT_DATA=.venv/check-docs $(BIN)/plainchant docs --check
	@$(BIN)/python tools/asvs.py --check
	@$(BIN)/python -m tools.rgaa --check
	@$(BIN)/python tools/stylesheet.py --check
docs: install-dev  ## print again the pages of docs/ that come from the code, and the style sheet
	@$(BIN)/plainchant docs
	@$(BIN)/python tools/asvs.py
	@$(BIN)/python -m tools.rgaa
	@$(BIN)/python tools/stylesheet.py

upstream: install-dev  ## which published rules are newer than ours, and which rows they change (FROM=folder: offline)
	@$(BIN)/python tools/upstream.py $(if $(FROM),--from "$(FROM)")

##@ Measure
bench: install-dev  ## every measure of bench/, as ratios
	@for file in bench/*.py; do echo; echo "== $$file"; $(BIN)/python $$file || exit 1; done

wheel-compiled: install-dev  ## a wheel of the engine, its slowest modules compiled by mypyc, in dist/ (wants a C compiler)
	@$(BIN)/python tools/compiled_wheel.py

##@ Keep
lock: $(VENV)/uv-$(UV_VERSION)  ## resolve the dependencies again
	@$(UV) lock
clean:  ## remove .venv, and var/ with the development database and its documents
	rm -rf $(VENV) var

install: $(VENV)/run-installed
install-dev: $(VENV)/dev-installed

$(VENV)/uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit("Plainchant needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/run-installed: uv.lock pyproject.toml src/pyproject.toml $(VENV)/uv-$(UV_VERSION)
	@$(UV) sync --quiet --frozen --inexact --no-dev
	@touch $@

$(VENV)/dev-installed: uv.lock pyproject.toml src/pyproject.toml $(VENV)/uv-$(UV_VERSION)
	@$(UV) sync --quiet --frozen --inexact --extra postgres --extra s3 --extra backup --extra sentry --extra oidc
	@touch $@ $(VENV)/run-installed
