"""The process that makes up a person and shows her dashboard, beside the owner's (see `made_up`).

python -m empreinte.faces.web.making_up BACK LANGUAGE
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from empreinte.faces.made_up import make_ledger
from empreinte.faces.web.server import serve

IDLE_HOURS = 0.5


def main() -> None:
    """Make up a person in a folder that goes with this process, and show her."""
    back, language = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="empreinte-") as folder:
        path = make_ledger(Path(folder), language=language)
        serve(
            path, idle_hours=IDLE_HOURS, open_browser=False, made_up=True, back=back,
            on_ready=lambda address: print(address, flush=True),
        )  # fmt: skip


if __name__ == "__main__":
    main()
