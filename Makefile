# Needs python3 (3.11 or newer, with venv) and make; everything else is fetched into .venv on the first call.
#
# PYTHON=python3.12   another interpreter for a new .venv
# ARGS='...'          passed on to demo, test, proof, planted, coverage, mutants, bench, image and appliance

PYTHON ?= python3
ARGS ?=
ARCH ?= amd64
IMAGE = $(firstword $(wildcard build/image/$(ARCH)/kpos-*.img) build/image/$(ARCH)/kpos.img)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
CORE := $(VENV)/.core-installed
DEV := $(VENV)/.dev-installed
BOOKS := kpos/domain/*,kpos/checkout/*,kpos/ledger/*,kpos/sync/*,kpos/wawi/core/*
# These take every branch of the books. Being watched makes a test half as long again: others are not.
OF_BOOKS := tests/domain tests/checkout tests/ledger tests/stories tests/cli tests/sync tests/wawi/core \
  tests/update/test_download.py tests/update/test_from_wawi.py
ATTACKS := tests/faults tests/hardware tests/simulator tests/wawi/test_schemathesis.py \
  tests/update/test_cuts.py
# Three at a time: many a test waits, for a disk, a terminal, a display.
PYTEST := $(BIN)/python -m pytest -n 3 --dist worksteal

# $(call CATALOGUE,PACKAGE,DOMAIN): its template, the German texts, and these compiled.
define CATALOGUE
$(BIN)/pybabel --quiet extract --omit-header --no-location --sort-output \
  --no-default-keywords --keywords=_ --keywords=N_ --output-file=$(1)/locale/$(2).pot $(1)
$(BIN)/pybabel --quiet update --locale=de --ignore-obsolete --no-fuzzy-matching \
  --ignore-pot-creation-date --input-file=$(1)/locale/$(2).pot \
  --output-file=$(1)/locale/de/LC_MESSAGES/$(2).po
$(BIN)/pybabel --quiet compile --locale=de --input-file=$(1)/locale/de/LC_MESSAGES/$(2).po \
  --output-file=$(1)/locale/de/LC_MESSAGES/$(2).mo
endef

.PHONY: help demo test proof planted check coverage mutants bench texts picture devices image appliance clean
.DELETE_ON_ERROR:
# The tests start thousands of processes: without compiled modules each of them compiles the till anew.
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory

help: ## show the targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

demo: $(CORE) ## a till with demo data in this terminal, no hardware (ARGS='--language en')
	@$(BIN)/kpos demo $(ARGS)

test: $(DEV) ## run the tests (ARGS='-k undo')
	@$(BIN)/python -m pytest $(ARGS)

proof: $(DEV) ## attack the till: kills, power cuts, failing disks, damage (ARGS='--proof=long')
	@$(PYTEST) --dist load --maxschedchunk 1 $(ATTACKS) --proof=ci $(ARGS)

planted: $(DEV) ## plant each known bug and see the tests catch it (ARGS='--only 03 07')
	@$(BIN)/python -m tests.faults.planted $(ARGS)

check: $(DEV) ## formatting, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

coverage: $(DEV) ## run the tests; fail where the books or the server's core have a branch not taken
	@$(PYTEST) --cov --cov-report= $(OF_BOOKS) $(ARGS)
	@$(BIN)/coverage report --skip-covered --include='$(BOOKS)' --fail-under=100
	@$(PYTEST) $(addprefix --ignore=,$(OF_BOOKS) $(ATTACKS)) $(ARGS)

mutants: $(DEV) ## how many small faults the tests notice (ARGS='--sample 400 --seed 1 kpos/ledger')
	@$(BIN)/python -m tests.mutation $(ARGS)

bench: $(DEV) ## measure, beside raw baselines of the same run (ARGS='--big', --json)
	@$(BIN)/python -m tests.bench $(ARGS)

texts: $(DEV) ## extract the texts of the till and of the desk, compile the German catalogues
	@$(call CATALOGUE,kpos/checkout,kpos)
	@$(call CATALOGUE,kpos/wawi/desk,django)

picture: $(DEV) ## draw docs/display.svg, the display in the README, from a real till
	@$(BIN)/python -m tests.picture

devices: $(CORE) ## install the drivers that need a C compiler (evdev)
	$(PIP) install --editable '.[devices]'

image: $(DEV) ## make the image of a till for a card, as root (ARCH=i386: for machines of that kind)
	@$(BIN)/python image-build/build.py --arch $(ARCH) $(ARGS)

appliance: $(DEV) ## start the image in a virtual machine and use it from outside
	@$(BIN)/python -m pytest tests/appliance --image $(IMAGE) $(ARGS)

clean: ## remove .venv and everything generated
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache \
	  .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# The environment. A stamp is older than pyproject.toml when the dependencies may have changed. One that
# was left half made, moved, or whose Python is gone, is made again.

ifneq ($(wildcard $(VENV)),)
USABLE := $(shell grep -qF '$(CURDIR)/$(BIN)/' $(BIN)/pip && $(BIN)/python -c 'import pip' && echo yes)
ifneq ($(USABLE),yes)
$(info Removing a $(VENV) that cannot be used ...)
$(shell rm -rf $(VENV))
endif
endif

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "kpos needs Python 3.11 or newer: sudo apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "kpos needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). With a newer one" \
	    "beside it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. Install it, then try again:" >&2; \
	  echo "  sudo apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV)

OFFLINE := echo "Could not install (see above). The first call needs a network; then try again." >&2; exit 1

$(CORE): pyproject.toml | $(BIN)/python
	@echo "Installing kpos and what it needs into $(VENV) (the first time this takes a moment) ..."
	@$(PIP) install --editable . || { $(OFFLINE); }
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	@echo "Installing kpos and the developers' tools into $(VENV) (the first time this takes a minute) ..."
	@$(PIP) install --editable '.[dev]' || { $(OFFLINE); }
	@$(PIP) install --editable '.[devices]' >$(VENV)/devices.log 2>&1 || echo \
	  "No evdev: it could not be built (sudo apt install gcc python3-dev, then make devices; see" \
	  "$(VENV)/devices.log). Tests that need it are skipped."
	@$(PIP) install --editable '.[ldap]' >$(VENV)/ldap.log 2>&1 || echo \
	  "No LDAP: it could not be built (sudo apt install gcc python3-dev libldap2-dev libsasl2-dev; see" \
	  "$(VENV)/ldap.log). Its test is skipped."
	@$(PIP) install --only-binary atheris --editable '.[fuzz]' >$(VENV)/fuzz.log 2>&1 || echo \
	  "No atheris: there is no wheel of it for this machine (see $(VENV)/fuzz.log). Its tests are skipped."
	@touch $(CORE) $@
