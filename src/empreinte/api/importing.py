"""From paths to import reports: find the exports, ask who knows them, have them read and kept."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from empreinte import plugins
from empreinte.api.types import Progress
from empreinte.container import Container, discover, is_media, open_container, why_unknown
from empreinte.errors import ContainerError, EmpreinteError, UsageError
from empreinte.formats import exif
from empreinte.language import Message, message
from empreinte.ledger import overview
from empreinte.ledger.ingest import Import, Outcome, ingest
from empreinte.ledger.store import Store
from empreinte.model import COUNTED, ExportInfo, FileReport, ImportReport, Yielded

Tell = Callable[[Progress], None]
LOOKED_AT = 1_000
"""Files that no source claims of which it is found out whether they can be read at all."""


def import_paths(store: Store, paths: list[Path], tell: Tell) -> list[ImportReport]:
    """Import all exports that stand at `paths`; what fails is in the reports."""
    reports: list[ImportReport] = []
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        reports.append(
            _failed(str(path), message("{path} does not exist. Check the name.", path=path))
        )
    for group in discover(path for path in paths if path.exists()):
        try:
            with open_container(*group) as export:
                reports += import_container(store, export, tell)
        except EmpreinteError as error:
            reports.append(_failed(str(group[0]), error.message))
    return reports


def import_container(
    store: Store, export: Container, tell: Tell, path: str | None = None
) -> list[ImportReport]:
    """Import one opened container: each export in it with the source that knows it.

    `path` is what it is known by, if not by the path of its file (a feed's address).
    """
    path = path or str(export.path)
    claims = _claims(export)
    reports: list[ImportReport] = []
    taken: set[str] = set()
    for root, names in claims.items():
        narrowed = export.under(root, but=(inner for inner in claims if _inside(inner, root)))
        taken.update(map(narrowed.place, narrowed.names()))
        if len(names) > 1:
            reports.append(_ambiguous(path, root, names))
        else:
            reports.append(_import_one(store, narrowed, path, root, names[0], tell))
    return _with_leftovers(export, path, reports, taken)


def _claims(export: Container) -> dict[str, list[str]]:
    """Ask every source; a root inside another's root is taken out of that one.

    A source that claims a root and one inside it has the outer one.
    """
    roots: dict[str, list[str]] = {}
    for name in plugins.source_names():
        for root in _recognized(name, export):
            roots.setdefault(root, []).append(name)
    claims: dict[str, list[str]] = {}
    for root in sorted(roots):
        around = {name for outer in claims if _inside(root, outer) for name in claims[outer]}
        names = [name for name in roots[root] if name not in around]
        if names:
            claims[root] = names
    return claims


def _inside(root: str, outer: str) -> bool:
    return root != outer and root.startswith(outer) and _folder(outer)


def _recognized(name: str, export: Container) -> list[str]:
    """Ask one source; one that is broken, or breaks on this export, stops no other."""
    try:
        return list(plugins.source(name).recognize(export))
    except UsageError as error:
        logging.getLogger("empreinte").warning("%s", error)
    except Exception:
        logging.getLogger("empreinte").exception("The source %s failed on %s", name, export.path)
    return []


def _folder(root: str) -> bool:
    return root == "" or root.endswith("/")


def _import_one(
    store: Store, export: Container, path: str, root: str, name: str, tell: Tell
) -> ImportReport:
    started = time.perf_counter()
    source = plugins.source(name)
    tell(Progress(path, "reading", 0, export.size))
    import_id, earlier = _earlier(store, export, name, source.VERSION)
    if earlier is not None:
        # The very same bytes, read by the very same reader: nothing can be new.
        known = {kind: earlier.kept[kind] + earlier.known[kind] for kind in COUNTED}
        return msgspec.structs.replace(
            earlier, path=path, kept=dict.fromkeys(COUNTED, 0), known=known,
            seconds=time.perf_counter() - started, bytes=0,
        )  # fmt: skip
    what = Import(
        import_id=import_id, source=name, source_version=source.VERSION,
        path=path, root=root, observed=export.modified,
    )  # fmt: skip
    before = export.meter.bytes
    try:
        outcome, files = ingest(
            store,
            what,
            _guarded(_with_photos(source.read(export), export), export),
            lambda outcome: _account_for(export, outcome),
            _ticker(export, path, tell, before),
        )
    except EmpreinteError as error:
        return _failed(path, error.message, name)
    except Exception as error:
        # Ours to mend, and no reason to stop the other exports: nothing of this one was kept.
        logging.getLogger("empreinte").exception("The source %s failed on %s", name, export.path)
        reason = message(
            "Empreinte failed on this export ({cause}); nothing of it was kept. Please report it.",
            cause=repr(error),
        )
        return _failed(path, reason, name)
    owner = outcome.info.owner
    return ImportReport(
        path=path, source=name, import_id=import_id,
        owner=":".join(owner) if owner else None,
        observed=outcome.info.observed, kept=outcome.kept, known=outcome.known,
        rejected=outcome.rejected, files=tuple(files),
        seconds=time.perf_counter() - started, bytes=export.meter.bytes - before,
    )  # fmt: skip


def _earlier(
    store: Store, export: Container, name: str, version: int
) -> tuple[str, ImportReport | None]:
    """Give the id of an import, and what it was when it was made before, as a whole.

    The id stands for names and checksums, which a zip's directory tells without being read: a
    damaged zip has them of the whole one. Where a file failed then, the bytes that are here now
    tell this import from that one, which keeps what it gave.
    """
    known = f"{name}\0{export.fingerprint()}"
    import_id = _digest(known)
    earlier = overview.import_report(store, import_id, version)
    whole = earlier is not None and all(file.status != "failed" for file in earlier.files)
    same_folder = export.path.is_dir() and earlier is not None and earlier.path == str(export.path)
    if earlier is None or whole or same_folder:  # a folder's checksums are of what was read
        return import_id, earlier
    import_id = _digest(f"{known}\0{export.bytes_digest()}")
    return import_id, overview.import_report(store, import_id, version)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _guarded(yielded: Iterator[Yielded] | object, export: Container) -> Iterator[Yielded]:
    """Let what was read stand when the container itself fails later on."""
    try:
        yield from yielded  # pyright: ignore[reportGeneralTypeIssues]
    except ContainerError as error:
        yield FileReport(name=export.path.name, status="failed", reason=error.message)


def _with_photos(yielded: Iterable[Yielded], export: Container) -> Iterator[Yielded]:
    """Add what the owner's images say of where and with what they were taken."""
    owner = None
    for item in yielded:
        if isinstance(item, ExportInfo):
            owner = item.owner or owner
        yield item
    if owner:
        yield from exif.photos(export, owner)


def _ticker(export: Container, path: str, tell: Tell, before: int) -> Callable[[], None]:
    last = 0.0

    def tick() -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.1:
            last = now
            done = export.meter.bytes - before
            stage = "reading" if done < export.size else "keeping"
            tell(Progress(path, stage, min(done, export.size), export.size))

    return tick


def _account_for(export: Container, outcome: Outcome) -> list[FileReport]:
    """Give each file its report: the source's word, else whether records came from it."""
    reports = dict(outcome.reports)
    for member in export.members:
        name = member.name
        reports[name] = _fate(
            name, reports.get(name), outcome.per_file[name], export.unread.get(export.place(name))
        )
    # A report on the container as a whole keeps its name.
    return [
        report if name == export.path.name and name not in export
        else msgspec.structs.replace(report, name=export.place(name))
        for name, report in reports.items()
    ]  # fmt: skip


def _fate(name: str, said: FileReport | None, counted: int, unread: Message | None) -> FileReport:
    if unread is not None and (said is None or said.status != "failed"):
        # A source that looked at it saw nothing; that is not the same as empty. What names it
        # as its place (an account whose export this is) was not read from it.
        return _file(name, unread)
    if said is not None:
        if counted > said.records and said.status == "not needed":  # an image that tells
            return FileReport(name=name, status="read", records=counted)
        return msgspec.structs.replace(said, records=max(counted, said.records))
    if counted:
        return FileReport(name=name, status="read", records=counted)
    return FileReport(
        name=name,
        status="not understood",
        reason=message("No part of Empreinte knows this file; it was left as it is."),
    )


def _with_leftovers(
    export: Container, path: str, reports: list[ImportReport], taken: set[str]
) -> list[ImportReport]:
    """Account for members that no source claimed and for those that were refused."""
    names = [name for name in export.names() if name not in taken]
    for name in names[:LOOKED_AT]:
        if not is_media(name):
            export.head(name, 1)  # for `unread`
    left = [_unclaimed(export, name) for name in names]
    left += export.skipped
    if not reports or any(file.status != "not needed" for file in left):
        if not left:
            left = [_file(export.path.name, message("The export is empty."))]
        return [*reports, _nothing(path, tuple(left))]
    if left:
        reports[0] = msgspec.structs.replace(reports[0], files=(*reports[0].files, *left))
    return reports


def _unclaimed(export: Container, name: str) -> FileReport:
    """Say of a file that no source claims that none knows it, or that it cannot be read."""
    if name in export.unread:
        return _file(name, export.unread[name])
    return FileReport(name=name, status="not understood", reason=why_unknown(name))


def _file(name: str, reason: Message) -> FileReport:
    return FileReport(name=name, status="failed", reason=reason)


def unchanged(path: str) -> ImportReport:
    """Report on what is as it was the last time."""
    reason = message("Nothing new since the last time.")
    return _nothing(path, (FileReport(name=path, status="not needed", reason=reason),))


def _nothing(path: str, files: tuple[FileReport, ...], source: str | None = None) -> ImportReport:
    return ImportReport(
        path=path, source=source, files=files,
        kept=dict.fromkeys(COUNTED, 0), known=dict.fromkeys(COUNTED, 0),
    )  # fmt: skip


def _failed(path: str, reason: Message, source: str | None = None) -> ImportReport:
    return _nothing(path, (_file(Path(path).name, reason),), source)


def _ambiguous(path: str, root: str, names: list[str]) -> ImportReport:
    reason = message(
        "More than one source claims {root}: {names}. Nothing of it was read; uninstall the "
        "plug-in that is wrong, or give the files one by one.",
        root=root or path,
        names=", ".join(names),
    )
    return _failed(path, reason)
