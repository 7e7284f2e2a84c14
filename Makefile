# Lũy Tre on a fresh Debian 12: python3 (3.11) with python3-venv, nodejs (20) with npm, make, git.
#   make run     set up, then everything on http://127.0.0.1:8080, data under var/ (or LUYTRE_DATA)
#   make demo    the same beside simulated cameras, data under var/demo
#   make setup   the set-up alone: afterwards .venv/bin/luytre works
#   make test    set up for tests, then everything that checks
#   make bench   what is measured (BENCH=cpu memory kill9 timeline thumbs transcode live export glass wall_load wall_start seek step line page_weight map_frames audit plan register_import look tips tell faces dispatch gop)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH ?= cpu memory kill9 timeline thumbs transcode live export glass wall_load wall_start seek step line page_weight map_frames audit plan register_import look tips tell faces dispatch gop

WEB_BUILD := src/luytre/web/static/build/.stamp
WEB_SOURCES := $(shell find web-ui -path web-ui/node_modules -prune -o -type f -print)
CATALOGUE := src/luytre/locale/vi/LC_MESSAGES/luytre

MAKEFLAGS += --jobs=2  # Python's packages come while Node's do

.PHONY: setup run demo test test-packages lint bench clean
.DELETE_ON_ERROR:

setup: $(VENV)/.stamp $(CATALOGUE).mo $(WEB_BUILD)

run: setup
	exec $(BIN)/luytre serve

demo: setup
	exec $(BIN)/python tools/demo.py

test: setup $(VENV)/.stamp-dev test-packages
	tools/check

test-packages:
	tools/test-packages

lint: setup $(VENV)/.stamp-dev
	tools/check --lint

bench: setup $(VENV)/.stamp-dev
	for each in $(BENCH); do $(BIN)/python -m bench.$$each || exit 1; done

clean:
	rm -rf $(VENV) web-ui/node_modules src/luytre/web/static/build .cache
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src -name '*.mo' -delete
	find src tests bench tools -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/python:
	tools/need-tools $(PYTHON)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.stamp: requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.stamp-dev: requirements-dev.lock $(VENV)/.stamp
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

$(CATALOGUE).mo: $(CATALOGUE).po $(VENV)/.stamp
	$(BIN)/python -m luytre.web.messages compile
	touch $@

web-ui/node_modules/.stamp: web-ui/package-lock.json
	cd web-ui && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(WEB_BUILD): web-ui/node_modules/.stamp $(WEB_SOURCES)
	cd web-ui && npm run --silent build -- --logLevel warn
	touch $@
