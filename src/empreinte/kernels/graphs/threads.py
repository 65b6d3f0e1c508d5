"""Work cut into ranges, a thread each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any


def shared_out(run: Any, size: int, threads: int) -> list[Any]:
    """Call ``run(begin, end)`` for neighbouring ranges of `size`, one a thread, in order."""
    threads = max(1, min(threads, size))
    cuts = list(pairwise(size * part // threads for part in range(threads + 1)))
    if threads == 1:
        return [run(*cuts[0])]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda cut: run(*cut), cuts))
