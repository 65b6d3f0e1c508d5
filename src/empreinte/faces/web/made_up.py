"""The made-up person's dashboard beside the owner's, in a process and a ledger of its own.

What runs there has another name, cookie, folder and file than the owner's: nothing of it can come
into the owner's ledger. It ends with the owner's dashboard, or when nobody has looked for a while,
and its folder goes with it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from threading import Lock, Thread

from starlette.requests import Request
from starlette.responses import Response

from empreinte.faces.web.rendering import Page, redirect
from empreinte.language import current

PROGRAM = (sys.executable, "-P", "-m", "empreinte.faces.web.making_up")
"""-P: nothing of the folder that the owner stands in is imported."""
END_S = 5.0


class MadeUp:
    """The process that shows the made-up person, once it is asked for.

    Parameters
    ----------
    back : str
        The address of the owner's pages, without a secret.
    program : sequence of str
        What makes and shows it: `making_up`.
    """

    def __init__(self, back: str, program: Sequence[str] = PROGRAM) -> None:
        self.back = back
        self.program = program
        self.address = ""
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    @property
    def running(self) -> bool:
        """Whether it is being made or shown."""
        return self._process is not None and self._process.poll() is None

    def start(self, language: str) -> None:
        """Have it made and shown, if it is not yet."""
        with self._lock:
            if self.running:
                return
            self.address = ""
            self._process = subprocess.Popen(
                [*self.program, self.back, language],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def close(self) -> None:
        """End it."""
        with self._lock:
            if self._process is None:
                return
            self._process.terminate()
            try:
                self._process.wait(END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as told:
            self.address = told.readline().strip()


def start(request: Request) -> Response:
    """Begin to make up a person."""
    request.app.state.made_up.start(current())
    return redirect("/made-up")


def look(request: Request) -> Page:
    """Lead to the made-up person once she is there; say so until then."""
    made: MadeUp = request.app.state.made_up
    headers = {}
    if made.running and made.address:
        scripted = request.headers.get("hx-request")
        headers = (
            {"HX-Redirect": made.address} if scripted else {"Refresh": f"0; url={made.address}"}
        )
    return Page("made_up.html", {"running": made.running}, headers=headers)
