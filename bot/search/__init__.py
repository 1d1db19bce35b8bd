"""Finds the clauses that may answer a question, and says how far the policy seems to settle it."""

import os

# One question is one small matrix product: a second BLAS thread costs more than it brings,
# and numpy reads this only once, when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
