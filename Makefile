# make demo: the bot in a local web chat.  make test: everything is set up and tested.

PYTHON ?= python3
PY = .venv/bin/python
STAMP = .venv/.made-from-$(shell cat requirements.lock requirements-dev.lock 2>/dev/null | cksum | cut -d' ' -f1)

.PHONY: setup .venv-made demo chat test check peers bench bench-peers train

setup: $(STAMP) var/encoder.npz

# The version is looked at before .venv is made, so that a later run with a good Python starts afresh.
NEW_ENOUGH = -c 'import sys; sys.exit(sys.version_info < (3, 11))'
SOUND = -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))'

$(STAMP): requirements.lock requirements-dev.lock
	@$(PY) $(SOUND) 2>/dev/null || $(MAKE) --no-print-directory .venv-made
	@echo "Setting up in .venv (once, a few minutes)"
	@$(PY) -m pip install --disable-pip-version-check --no-input --progress-bar on --retries 1 --timeout 15 \
		--require-hashes -r requirements-dev.lock 2>.venv/pip-said.txt || { \
		echo "The packages could not be fetched: is this machine online? Then run make again. (What pip said: .venv/pip-said.txt)"; exit 1; }
	@rm -f .venv/.made-from-*; touch $@

.venv-made:
	@command -v $(firstword $(PYTHON)) >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name the one you have, such as PYTHON=python3.12 make demo"; exit 1; }
	@$(PYTHON) $(NEW_ENOUGH) || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)"; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { echo "Python's venv is needed: on Debian, apt install python3-venv"; exit 1; }

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

# Other people's emulators and renderers, fetched by npm into var/peers, and every test that needs them.
peers: setup
	@$(PY) -m tests.peers.fetching
	PEERS=required $(PY) -m pytest tests/peers

bench: setup
	@$(PY) -m tests.bench

bench-peers: setup
	@$(PY) -m tests.bench.peers

train: setup
	PYTHON=$(PYTHON) bot/search/training/run.sh
