"""What every source must stand: its exports spoilt in each way that the generators know."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

from empreinte.errors import EmpreinteError
from empreinte.model import FileReport, Reject, Yielded
from empreinte.testing import mutation

SECONDS = 10
KINDS = (*mutation.PACKED, *mutation.CONTENT)
"""Ways of spoiling; those that spoil containers of any source alike are left to one test of all."""


def survive(
    read: Callable[[Path], Iterable[Yielded]], export: Path, folder: Path, seed: int
) -> int:
    """Read an export spoilt in each way; give in how many it still told something.

    Only an error of ours may come, in time, and each loss has its reason.
    """
    told = 0
    for number, kind in enumerate(KINDS):
        spoilt = mutation.mutate(export, folder / "spoilt", kind, Random(seed + number))
        started = time.process_time()
        try:
            found = list(read(spoilt))
        except EmpreinteError:
            continue  # not even a container
        finally:
            spoilt.unlink()
        assert time.process_time() - started < SECONDS, kind
        told += bool(found)
        for item in found:
            lost = isinstance(item, Reject) or (
                isinstance(item, FileReport) and item.status != "read"
            )
            assert not lost or str(item.reason), kind
    return told
