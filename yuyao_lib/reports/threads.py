"""How many threads linear algebra takes in a process that works beside others: one.

Reports and replications share the cores among them already; with a thread for every core in
each of them they wait for each other. Sums also come out the same to the last digit wherever
they are made, which they do not in another number of threads. What somebody has set stays.
"""

from __future__ import annotations

import os

__all__ = ["BLAS_THREADS", "take_one_thread"]

# not OMP_NUM_THREADS, which Arrow heeds as well when it reads files
BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def take_one_thread() -> None:
    """Let linear algebra take one thread in this process: to be called before it is loaded."""
    for name in BLAS_THREADS:
        os.environ.setdefault(name, "1")
