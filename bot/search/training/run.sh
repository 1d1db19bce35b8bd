#!/bin/sh
# What `make train` runs. THREADS=1 is faster where other jobs hold a core.
set -e
cd "$(dirname "$0")/../../.."
exec .venv/bin/python -m bot.search.training.train "$@"
