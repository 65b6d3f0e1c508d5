"""Says which changes and items of the culture lens want to be looked up again before a release.

    python tools/changes.py [DAY]

Prints each change past its `recheck` and each item past its `expires`, with its address, and fails
if there is one. Without a day, today is meant.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date

from empreinte.lenses.culture.bank import Bank, bank


def stale(known: Bank, day: date) -> Iterator[str]:
    """Give a line for each entry that may no longer be told as it stands."""
    for change in known.changes:
        if not change.fresh(day):
            yield f"change {change.id}: to be checked by {change.recheck}, see {change.address}"
    for item in known.items:
        if day > item.expires:
            yield f"item {item.id}: good until {item.expires}, see {item.source}"


def main(words: list[str]) -> int:
    """Print what is stale; give 1 if anything is."""
    day = date.fromisoformat(words[0]) if words else date.today()
    found = list(stale(bank(), day))
    print(*found, f"{len(found)} to look up again", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
