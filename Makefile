# make demo: the bot in a local web chat.  make test: everything is set up and tested.

PYTHON ?= python3
PY = .venv/bin/python
STAMP = .venv/.made-from-$(shell cat requirements.lock requirements-dev.lock 2>/dev/null | cksum | cut -d' ' -f1)

.PHONY: setup demo chat test check bench bench-peers train

setup: $(STAMP) var/encoder.npz

$(STAMP): requirements.lock requirements-dev.lock
	@echo "Setting up in .venv (once, a few minutes)"
	@test -x $(PY) || $(PYTHON) -m venv .venv || { echo "Python 3.11 or newer with venv is needed: on Debian, apt install python3-venv"; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version)"; exit 1; }
	$(PY) -m pip install --disable-pip-version-check --progress-bar on --require-hashes -r requirements-dev.lock
	@rm -f .venv/.made-from-*; touch $@

# The sentence-vector weights: fetched once, checked, merged with our own tuning. Without them the bot
# answers by words alone, so a failure here is told but stops nothing.
var/encoder.npz: $(STAMP) bot/search/models/delta.npz
	@$(PY) -m bot.search.weights var || echo "Going on without sentence vectors: answers will be found by words alone."
	@mkdir -p var; test -f $@ && touch $@ || true

demo: setup
	@$(PY) -m bot demo

chat: setup
	@$(PY) -m bot chat

test: setup
	$(PY) -m pytest

check: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m pytest -q tests/test_layout.py

bench: setup
	@$(PY) -m tests.bench

bench-peers: setup
	@$(PY) -m tests.bench.peers

train: setup
	PYTHON=$(PYTHON) bot/search/training/run.sh
