"""From paths to import reports, one way: container, source, intake, what became of it, ledger."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from empreinte import plugins
from empreinte.api.claims import claims, inside
from empreinte.api.describing import bare, unknown, with_beside, with_told
from empreinte.api.fates import all_failed, copied, failed, fates, of_nothing, with_leftovers
from empreinte.api.types import Progress
from empreinte.container import Container, discover, open_container
from empreinte.errors import ContainerError, EmpreinteError
from empreinte.formats import exif
from empreinte.language import message
from empreinte.ledger import overview
from empreinte.ledger.ingest import Import, Intake, intake
from empreinte.ledger.store import Store
from empreinte.model import COUNTED, ImportReport
from empreinte.plugins import Source

Tell = Callable[[Progress], None]
Met = dict[str, tuple[str, tuple[str, ...]]]
"""By import: where it was met first, its path and the names of its files."""


def import_paths(store: Store, paths: list[Path], tell: Tell) -> list[ImportReport]:
    """Import all exports that stand at `paths`; what fails is in the reports."""
    reports: list[ImportReport] = []
    met: Met = {}
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        reports.append(
            all_failed(str(path), message("{path} does not exist. Check the name.", path=path))
        )
    for group in discover(path for path in paths if path.exists()):
        try:
            with open_container(*with_beside(group)) as export:
                reports += import_container(store, export, tell, met=met)
        except EmpreinteError as error:
            reports.append(all_failed(str(group[0]), error.message))
    return reports


def import_container(
    store: Store, export: Container, tell: Tell, path: str | None = None, met: Met | None = None
) -> list[ImportReport]:
    """Import one opened container: each export in it with the source that knows it.

    `path` is what it is known by, if not by the path of its file (a feed's address); `met` are
    the exports that were met before it in one go.
    """
    met = {} if met is None else met
    path = path or str(export.path)
    claimed = claims(export)
    described = with_told(store, export, claimed)
    if described is not export:
        export, claimed = described, claims(described)
    reports: list[ImportReport] = []
    taken: set[str] = set()
    for root, names in claimed.items():
        narrowed = export.under(root, but=(inner for inner in claimed if inside(inner, root)))
        taken.update(map(narrowed.place, narrowed.names()))
        if len(names) > 1:
            reports.append(_ambiguous(path, root, names))
        else:
            reports.append(_import_one(store, narrowed, path, root, names[0], tell, met))
    rest = [name for name in export.names() if name not in taken]
    nothing_in = bare(export, rest) if rest else {}
    reports += of_nothing(path, nothing_in)
    taken.update(nothing_in)
    return with_leftovers(
        export,
        path,
        reports,
        taken,
        {what.file: what.why for _, what in unknown(export, claimed)},
    )


def _import_one(
    store: Store, export: Container, path: str, root: str, name: str, tell: Tell, met: Met
) -> ImportReport:
    started = time.perf_counter()
    source = plugins.source(name)
    tell(Progress(path, "reading", 0, export.size))
    import_id, earlier = _earlier(store, export, name, source.VERSION)
    before = met.setdefault(import_id, (path, _places(export)))
    if earlier is not None:
        _remember(source, export)
        # The very same bytes, read by the very same reader: nothing can be new.
        known = {
            # An import of before may not have counted a kind of today.
            kind: earlier.kept.get(kind, 0) + earlier.known.get(kind, 0)
            for kind in COUNTED
        }
        return msgspec.structs.replace(
            earlier, path=path, kept=dict.fromkeys(COUNTED, 0), known=known,
            files=copied(earlier.files, before, (path, _places(export))),
            seconds=time.perf_counter() - started, bytes=0,
        )  # fmt: skip
    what = Import(
        import_id=import_id, source=name, source_version=source.VERSION,
        path=path, root=root, observed=export.modified,
        told=any(export.place(member) in export.told for member in export.names()),
    )  # fmt: skip
    unread = export.meter.bytes
    tick = _ticker(export, path, tell, unread)
    try:
        with intake(store, what) as taken:
            _read(source, export, taken, tick)
            outcome = taken.finish()
            files = fates(export, outcome)
            taken.keep(files, tick)
    except EmpreinteError as error:
        return all_failed(path, error.message, name)
    except BaseException as error:
        plugins.pass_on(error)
        # Ours to mend, and no reason to stop the other exports: nothing of this one was kept.
        logging.getLogger("empreinte").exception("The source %s failed on %s", name, export.path)
        reason = message(
            "Empreinte failed on this archive ({cause}); nothing of it was kept. Please report it.",
            cause=error if isinstance(error, OSError) else repr(error),
        )
        return all_failed(path, reason, name)
    owner = outcome.info.owner
    return ImportReport(
        path=path, source=name, import_id=import_id,
        owner=":".join(owner) if owner else None,
        observed=outcome.info.observed, kept=outcome.kept, known=outcome.known,
        rejected=outcome.rejected, files=tuple(file.report for file in files),
        seconds=time.perf_counter() - started, bytes=export.meter.bytes - unread,
    )  # fmt: skip


def _read(source: Source, export: Container, taken: Intake, tick: Callable[[], None]) -> None:
    """Have an export read; what was read stands when the container itself fails later on."""
    try:
        taken.add(source.read(export), tick)
        # What the owner's images say of where and with what they were taken.
        if owner := taken.outcome.info.owner:
            taken.add(exif.photos(export, owner), tick)
    except ContainerError as error:
        taken.add([failed(export.path.name, error.message)])


def _remember(source: Source, export: Container) -> None:
    """Let a source note of an export that is not read what it needs to know of it for others."""
    remember: Callable[[Container], None] | None = getattr(source, "remember", None)
    if remember is None:
        return
    try:
        remember(export)
    except EmpreinteError:
        pass  # told when it was read
    except BaseException as error:
        plugins.pass_on(error)
        logging.getLogger("empreinte").exception("The source %s failed on %s", source.NAME, export)


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


def _places(export: Container) -> tuple[str, ...]:
    """Give the names of an export's files in its container, in the order of their names in it."""
    places = map(export.place, sorted(export.names()))
    return tuple(place for place in places if place not in export.told)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


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


def _ambiguous(path: str, root: str, names: list[str]) -> ImportReport:
    reason = message(
        "More than one platform claims {root}: {names}. Nothing of it was read; uninstall the "
        "plug-in that is wrong, or give the files one by one.",
        root=root or path,
        names=", ".join(names),
    )
    return all_failed(path, reason)
