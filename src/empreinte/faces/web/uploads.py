"""What is dropped on the page: received into a folder of its own, imported, removed.

A drop is one upload of several files, for several zips may be one export. The browser opens it
(``POST /uploads``), sends each file as a raw body (``PUT``), has it imported, and asks how far
that is. Files lie in a folder beside the ledger, never in memory, until they are imported.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from empreinte import api
from empreinte.errors import EmpreinteError
from empreinte.faces.web.rendering import Page
from empreinte.model import ImportReport
from empreinte.plugins import Unknown

FILE_LIMIT = 64 << 30
"""Bytes of one file."""
FILES_LIMIT = 500
UPLOADS_LIMIT = 20
"""Uploads that are remembered; the oldest finished ones are forgotten first."""
DISK_RESERVE = 512 << 20
"""Bytes of the disk that stay free, for the ledger itself grows too."""
BUFFER = 4 << 20
PATIENCE_S = 3600.0
"""Seconds after its last byte at which an upload that nobody had imported is given up."""


@dataclass(slots=True)
class Upload:
    """One drop, from its first byte to its loss report."""

    id: str
    folder: Path
    files: list[Path] = field(default_factory=list)
    state: str = "receiving"  # then "importing", "done" or "failed"
    progress: api.Progress | None = None
    reports: list[ImportReport] = field(default_factory=list)
    failure: str = ""
    unknown: bool = False
    """Whether a table of it waits for its owner's word; its files are kept until then."""
    touched: float = field(default_factory=time.monotonic)

    @property
    def brought(self) -> bool:
        """Whether it is imported, and something of it stands in the ledger."""
        return self.state == "done" and any(report.source for report in self.reports)

    def tell(self, progress: api.Progress) -> None:
        """Keep how far the import is, for the page to ask."""
        self.progress = progress


class Uploads:
    """The uploads of one run of the server; one is imported at a time."""

    def __init__(self, ledger: api.Ledger) -> None:
        self.ledger = ledger
        kept = ledger.path != ":memory:"
        self.folder = Path(ledger.path).parent if kept else Path(tempfile.gettempdir())
        self.prefix = f".{Path(ledger.path).name}.upload-" if kept else ".empreinte-upload-"
        self.uploads: dict[str, Upload] = {}
        self.lock = Lock()
        self.worker = ThreadPoolExecutor(1, "import")
        if kept:
            # The ledger is ours alone: what a killed server left here is nobody's.
            for left in self.folder.glob(f"{self.prefix}*"):
                shutil.rmtree(left, ignore_errors=True)

    def close(self) -> None:
        """Finish the import under way and remove what was received."""
        self.worker.shutdown(cancel_futures=True)
        for upload in self.uploads.values():
            shutil.rmtree(upload.folder, ignore_errors=True)

    def tidy(self) -> bool:
        """Give up what nobody goes on with; tell whether an import is under way."""
        with self.lock:
            for upload in list(self.uploads.values()):
                idle = time.monotonic() - upload.touched
                if (upload.state == "receiving" or upload.unknown) and idle > PATIENCE_S:
                    self._drop(upload)
        return self.running() is not None

    def begin(self) -> Upload:
        """Open an upload with an empty folder."""
        self.tidy()
        with self.lock:
            finished = [u for u in self.uploads.values() if u.state in ("done", "failed")]
            while len(self.uploads) >= UPLOADS_LIMIT and finished:
                self._drop(finished.pop(0))
            if len(self.uploads) >= UPLOADS_LIMIT:
                raise HTTPException(429)
            folder = Path(tempfile.mkdtemp(prefix=self.prefix, dir=self.folder))
            upload = Upload(secrets.token_hex(8), folder)
            self.uploads[upload.id] = upload
            return upload

    def get(self, id: str, *states: str) -> Upload:
        """Give an upload that is in one of `states` (any, if none is said); 404 if none is."""
        upload = self.uploads.get(id)
        if upload is None or (states and upload.state not in states):
            raise HTTPException(404)
        return upload

    def running(self) -> Upload | None:
        """Give the upload that is being imported now."""
        return next((u for u in list(self.uploads.values()) if u.state == "importing"), None)

    def start(self, upload: Upload) -> None:
        """Import an upload once those before it are done."""
        upload.state = "importing"
        self.worker.submit(self._import, upload)

    def _import(self, upload: Upload) -> None:
        try:
            upload.reports = self.ledger.ingest(*upload.files, progress=upload.tell)
            left = any(f.status == "not understood" for r in upload.reports for f in r.files)
            upload.unknown = left and bool(self.unknown(upload))
            upload.touched = time.monotonic()
            upload.state = "done"
        except EmpreinteError as error:
            upload.failure, upload.state = str(error), "failed"
        finally:
            if upload.state == "importing":  # a bug: say so rather than wait for ever
                upload.state = "failed"
            if not upload.unknown:
                shutil.rmtree(upload.folder, ignore_errors=True)

    def _drop(self, upload: Upload) -> None:
        del self.uploads[upload.id]
        shutil.rmtree(upload.folder, ignore_errors=True)

    def unknown(self, upload: Upload, language: str | None = None) -> list[Unknown]:
        """Give the tables of an upload that no source knows."""
        found: list[Unknown] = []
        for file in upload.files:
            with suppress(EmpreinteError):  # the loss report has told why it cannot be opened
                found += self.ledger.unknown(file, language=language)
        return found

    def describe(
        self, upload: Upload, what: Unknown, told: Mapping[str, Any], language: str
    ) -> None:
        """Keep what a table of an upload is, and import the upload anew.

        Raises
        ------
        FormError
            If what is told does not fit.
        """
        file = next(
            file for file in upload.files
            for other in self.unknown(replace(upload, files=[file])) if other.key == what.key
        )  # fmt: skip
        self.ledger.describe(file, told, what.file, language=language)
        upload.state = "importing"
        self.worker.submit(self._import, upload).result()


async def begin(request: Request) -> Response:
    """Open an upload; a made-up person's ledger goes when it is closed, and is given nothing."""
    if request.app.state.shown is not None:
        raise HTTPException(403)
    upload = await run_in_threadpool(request.app.state.uploads.begin)
    return JSONResponse({"id": upload.id}, 201)


async def receive(request: Request) -> Response:
    """Write the body of the request to a file of the upload, piece by piece."""
    upload = request.app.state.uploads.get(request.path_params["id"], "receiving")
    if len(upload.files) >= FILES_LIMIT:
        raise HTTPException(413)
    _check_room(upload.folder, request.headers.get("content-length", ""))
    target = upload.folder / safe_name(request.query_params.get("name", ""))
    if target.exists():  # side by side, for numbered zips of one folder are one export
        target = Path(tempfile.mkdtemp(dir=upload.folder)) / target.name
    try:
        received = await _write(request, upload, target)
    except BaseException:  # too long, no room, or the connection broke
        target.unlink(missing_ok=True)
        raise
    upload.files.append(target)
    return JSONResponse({"bytes": received}, 201)


async def _write(request: Request, upload: Upload, target: Path) -> int:
    received, buffer = 0, bytearray()
    with target.open("xb") as file:
        async for chunk in request.stream():
            upload.touched = time.monotonic()
            received += len(chunk)
            if received > FILE_LIMIT:
                raise HTTPException(413)
            buffer += chunk
            if len(buffer) >= BUFFER:
                await run_in_threadpool(_keep, file, buffer)
        await run_in_threadpool(_keep, file, buffer)
    return received


def _keep(file, buffer: bytearray) -> None:
    if shutil.disk_usage(file.name).free < DISK_RESERVE:
        raise HTTPException(507)
    file.write(buffer)
    buffer.clear()


def _check_room(folder: Path, declared: str) -> None:
    """Refuse a body that is not announced, too large, or too large for the disk."""
    if not (declared.isascii() and declared.isdigit()):
        raise HTTPException(411)
    if int(declared) > FILE_LIMIT:
        raise HTTPException(413)
    if int(declared) > shutil.disk_usage(folder).free - DISK_RESERVE:
        raise HTTPException(507)


def safe_name(given: str) -> str:
    """Make a file's name of our own that still reads like the one given.

    Sources look at endings, numbered zips belong together, and the loss report shows the name,
    so it is not thrown away; but only letters, digits and ``-_.()`` are taken over, at most
    150 bytes of its last part, and never a dot or a dash first.

    >>> safe_name("../../etc/passwd")
    'passwd'
    >>> safe_name("archive de Zoé (2).tar.gz")
    'archive_de_Zoé_(2).tar.gz'
    >>> safe_name("...")
    'file'
    """
    last = re.split(r"[/\\]", given)[-1]
    safe = re.sub(r"[^\w.()-]+", "_", last).encode()[-150:].decode(errors="ignore")
    return safe.lstrip(".-_").rstrip(".") or "file"


def start(request: Request) -> Page:
    """Import what was received."""
    uploads: Uploads = request.app.state.uploads
    upload = uploads.get(request.path_params["id"], "receiving")
    if not upload.files:
        raise HTTPException(400)
    uploads.start(upload)
    return Page("_job.html", {"job": upload})


def progress(request: Request) -> Page:
    """Say how far an import is; where it brought something, go and see what that says."""
    uploads: Uploads = request.app.state.uploads
    upload = uploads.get(request.path_params["id"])
    answers = (
        {"HX-Redirect": f"/?job={upload.id}"} if upload.brought and not upload.unknown else None
    )
    return Page("_job.html", {"job": upload}, headers=answers)
