"""What becomes of each file of a container: read, not needed, not understood, or failed.

The source's word counts, else whether records came from the file, else whether it can be read at
all. What could not be read is never called empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from empreinte.container import Container, is_media, why_unknown
from empreinte.language import Message, message
from empreinte.ledger.ingest import Fate, Outcome
from empreinte.model import COUNTED, FileReport, ImportReport

LOOKED_AT = 1_000
"""Files that no source claims of which it is found out whether they can be read at all."""


def fates(export: Container, outcome: Outcome) -> list[Fate]:
    """Give what became of each file of an export that was read, by its name in the container.

    What was told and put beside them is no file of the owner's, and is named only if it fails.
    """
    reports = dict(outcome.reports)
    for member in export.members:
        name = member.name
        reports[name] = _fate(
            name, reports.get(name), outcome.per_file[name], export.unread.get(export.place(name))
        )
        if export.place(name) in export.told and reports[name].status != "failed":
            del reports[name]
    return [_placed(export, report) for report in reports.values()]


def _fate(name: str, said: FileReport | None, counted: int, unread: Message | None) -> FileReport:
    if unread is not None and (said is None or said.status != "failed"):
        # A source that looked at it saw nothing; that is not the same as empty. What names it
        # as its place (an account whose export this is) was not read from it.
        return failed(name, unread)
    if said is not None:
        if counted > said.records and said.status == "not needed":  # an image that tells
            return FileReport(name=name, status="read", records=counted)
        return msgspec.structs.replace(said, records=max(counted, said.records))
    if counted:
        return FileReport(name=name, status="read", records=counted)
    return FileReport(
        name=name,
        status="not understood",
        reason=message("Empreinte does not know this file; it was left as it is."),
    )


def _placed(export: Container, report: FileReport) -> Fate:
    name = report.name
    if name == export.path.name and name not in export:
        return Fate(report)  # on the container as a whole
    taken = name in export and not is_media(name)
    return Fate(
        msgspec.structs.replace(report, name=export.place(name)),
        export.checksum(name) if taken else None,
    )


def with_leftovers(
    export: Container,
    path: str,
    reports: list[ImportReport],
    taken: set[str],
    describable: Mapping[str, Message | None] = MappingProxyType({}),
) -> list[ImportReport]:
    """Account for members that no source claimed and for those that were refused.

    `describable` are those of which the owner can say what they are, with why that is asked.
    """
    names = [name for name in export.names() if name not in taken]
    for name in names[:LOOKED_AT]:
        if not is_media(name):
            export.head(name, 1)  # for `unread`
    left = [_unclaimed(export, name, describable) for name in names]
    left += export.skipped
    if not reports or any(file.status != "not needed" for file in left):
        if not left:
            left = [failed(export.path.name, message("The archive is empty."))]
        return [*reports, nothing(path, tuple(left))]
    if left:
        reports[0] = msgspec.structs.replace(reports[0], files=(*reports[0].files, *left))
    return reports


def _unclaimed(
    export: Container, name: str, describable: Mapping[str, Message | None]
) -> FileReport:
    """Say of a file that no source claims that none knows it, or that it cannot be read."""
    if name in export.unread:
        return failed(name, export.unread[name])
    if name in describable:
        reason = describable[name] or message(
            "A table that Empreinte does not know yet. Say what its columns mean: “empreinte "
            "describe {path}”.",
            path=export.path,
        )
        return FileReport(name=name, status="not understood", reason=reason)
    return FileReport(name=name, status="not understood", reason=why_unknown(name))


def copied(
    files: tuple[FileReport, ...], first: tuple[str, tuple[str, ...]],
    here: tuple[str, tuple[str, ...]],
) -> tuple[FileReport, ...]:  # fmt: skip
    """Account for files that were met before in the same import, the same to the byte.

    `first` and `here` tell where: a path, and names there in the same order. Where it is one
    place, the `files` of its earlier import stand.
    """
    if first == here:
        return files
    path = first[0]
    return tuple(
        FileReport(
            name=name, status="read",
            reason=message(
                "The same to the byte as {file}: it is counted once.",
                file=other if path == here[0] else path if other == Path(path).name else
                f"{path}: {other}",
            ),
        )
        for name, other in zip(here[1], first[1], strict=True)
    )  # fmt: skip


def of_nothing(path: str, found: Mapping[str, tuple[str, Message]]) -> list[ImportReport]:
    """Report on files in which there is nothing to be read, by the source that says so."""
    by_source: dict[str, list[FileReport]] = {}
    for name, (source, reason) in found.items():
        by_source.setdefault(source, []).append(FileReport(name=name, status="read", reason=reason))
    return [nothing(path, tuple(files), source) for source, files in by_source.items()]


def failed(name: str, reason: Message) -> FileReport:
    """Say of a file that it could not be read."""
    return FileReport(name=name, status="failed", reason=reason)


def nothing(path: str, files: tuple[FileReport, ...], source: str | None = None) -> ImportReport:
    """Report an import that kept nothing."""
    return ImportReport(
        path=path, source=source, files=files,
        kept=dict.fromkeys(COUNTED, 0), known=dict.fromkeys(COUNTED, 0),
    )  # fmt: skip


def all_failed(path: str, reason: Message, source: str | None = None) -> ImportReport:
    """Report an import that failed as a whole."""
    return nothing(path, (failed(Path(path).name, reason),), source)


def unchanged(path: str) -> ImportReport:
    """Report on what is as it was the last time."""
    reason = message("Nothing new since the last time.")
    return nothing(path, (FileReport(name=path, status="not needed", reason=reason),))
