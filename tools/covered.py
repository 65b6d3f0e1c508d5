"""Prints how much of each file a run of ``coverage`` has gone through, lines and branches together.

``python tools/covered.py`` reads ``.coverage`` and fails if a file is under 95 %.
"""

from __future__ import annotations

import json
import subprocess
import sys

LEAST = 95.0
"""Percent of a file."""


def shares(told: str) -> dict[str, float]:
    """Give the percent of each file from a report of ``coverage json``."""
    files = json.loads(told)["files"]
    return {name: found["summary"]["percent_covered"] for name, found in files.items()}


def main() -> int:
    told = subprocess.run(
        [sys.executable, "-m", "coverage", "json", "--quiet", "-o", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = shares(told.stdout)
    for name, share in sorted(found.items(), key=lambda one: one[1]):
        print(f"{share:6.1f} %  {name}")
    return int(not found or min(found.values()) < LEAST)


if __name__ == "__main__":
    sys.exit(main())
