"""The test kit for authors of plug-ins: what must hold of every source, and of every lens.

Both functions give a list of faults, a sentence each, so that a test is one line::

    def test_the_source():
        assert check_source(toy_diary, ["diary", "diary.zip"]) == []
"""

from __future__ import annotations

import contextlib
import math
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from empreinte import api, plugins
from empreinte.container import Container, discover, open_container
from empreinte.errors import EmpreinteError
from empreinte.language import LANGUAGES, speaking
from empreinte.model import ExportInfo, FileReport, ImportReport, Metric, Record, Reject, Yielded
from empreinte.report import Report, faults
from empreinte.testing import documents, mutation

SECONDS = 30.0
"""How long the reading of a small spoilt export may take."""
LARGE = 4 << 20
"""Exports of more bytes are not spoilt: it takes too long."""
_NEW = "zz_surprise"
_SPOILT = (*mutation.PACKED, *mutation.CONTENT)


def check_source(
    module: Any,
    exports: Iterable[str | Path],
    *,
    alike: Sequence[tuple[Any, Any]] = (),
    spared: str = "(?!)",
) -> list[str]:
    """Try a source on exports of its kind.

    Parameters
    ----------
    module : module
        The source; it need not be installed.
    exports : iterable of path
        Small exports that it must recognise: folders, archives or single files.
    alike : sequence of (path, path)
        Exports that must give the same records, the same account in French and in English.
    spared : str
        Pattern of objects of JSON that are known as a whole: nothing new in them need be told. They
        are named as ``member: path``, a ``*`` for each element of a list.

    Returns
    -------
    list of str
        What is wrong: that an export is not recognised, or another source claims it too; that a
        file is told of twice or not at all; that a record is not well made; that importing twice
        adds something; that a part that nobody knows (a field of JSON, a column of CSV) costs a
        record or is not told as drift; that spoilt copies do harm.
    """
    wrong = list(_says_what_it_is(module, ("title", "how_to_get")))
    with plugins.standing_in("empreinte.sources", module):
        for path in map(Path, exports):
            for fault in (*_claims(module, path), *_records(module, path), *_imports(module, path)):
                wrong.append(f"{path.name}: {fault}")
            wrong += [f"{path.name}: {fault}" for fault in _unknown(module, path, spared)]
            wrong += [f"{path.name}, {fault}" for fault in _spoilt(module, path)]
        for one, other in alike:
            if _told(module, Path(one)) != _told(module, Path(other)):
                wrong.append(f"{Path(one).name} and {Path(other).name} give other records")
    return wrong


def check_lens(module: Any, ledger: api.Ledger | None = None) -> list[str]:
    """Ask a lens of an empty ledger and of one that holds something.

    Parameters
    ----------
    module : module
        The lens; it need not be installed.
    ledger : Ledger, optional
        One that holds what the lens asks for; the made-up person of ``empreinte demo`` if left out.

    Returns
    -------
    list of str
        What is wrong: that it fails; that its report leads to what is not there
        (`report.faults`); that it is another when asked again, or has other values in the other
        language; that a sentence has no form without numbers; that evidence cannot be shown; that
        `keys` leaves out what can be ticked.
    """
    wrong = list(_says_what_it_is(module, ("question",)))
    with plugins.standing_in("empreinte.lenses", module):
        with api.open_ledger(":memory:") as empty:
            wrong += [f"an empty ledger: {fault}" for fault in _asked(module, empty)]
        if ledger is not None:
            return wrong + _asked(module, ledger)
        with tempfile.TemporaryDirectory() as folder, api.open_ledger(":memory:") as made:
            from empreinte.testing.demo import write_exports

            made.ingest(*write_exports(Path(folder), quick=True))
            return wrong + _asked(module, made)


def _says_what_it_is(module: Any, words: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(getattr(module, "NAME", None), str):
        yield "it has no NAME"
    for word in words:
        for language in LANGUAGES:
            with speaking(language):
                try:
                    said = getattr(module, word)()
                except Exception as error:
                    yield f"{word}() fails: {error!r}"
                else:
                    if not (isinstance(said, str) and said):
                        yield f"{word}() gives no text: {said!r}"


# -- a source


def _opened(path: Path) -> Container:
    return open_container(*next(iter(discover([path]))))


def _claims(module: Any, path: Path) -> Iterator[str]:
    """Each file is claimed once, by this source alone."""
    with _opened(path) as export:
        narrowed = [export.under(root) for root in module.recognize(export)]
        times = Counter(one.place(name) for one in narrowed for name in one.names())
        if not times:
            yield "it is not recognised"
        yield from (f"{name} is claimed {n} times" for name, n in times.items() if n > 1)
        for other in plugins.source_names():
            if other == module.NAME:
                continue
            try:
                claimed = list(plugins.source(other).recognize(export))
            except Exception:
                claimed = []  # another's fault
            if claimed:
                yield f"the source {other} claims it too: {claimed}"


def _read(module: Any, path: Path) -> list[Yielded]:
    with _opened(path) as export:
        return [
            item for root in module.recognize(export) for item in module.read(export.under(root))
        ]  # fmt: skip


def _records(module: Any, path: Path) -> Iterator[str]:
    found = _read(module, path)
    if not any(isinstance(item, Record) and not isinstance(item, Reject) for item in found):
        yield "no record is read"
    first = next((item for item in found if not isinstance(item, FileReport)), None)
    if not isinstance(first, ExportInfo):
        yield "what it yields first is no ExportInfo"
    for item in found:
        yield from (f"{fault}: {item!r:.300}" for fault in _strange(item))


def _strange(item: Yielded) -> Iterator[str]:
    """Say what is wrong with a record."""
    if isinstance(item, FileReport) and item.status != "read" and item.reason is None:
        yield "a file that is not read has no reason"
    if not isinstance(item, Record):
        return
    if item.place < 0:
        yield "its place is below 0"
    for name, value in msgspec.structs.asdict(item).items():
        if isinstance(value, datetime) and value.tzinfo is None:
            yield f"{name} has no time zone"
        is_id = (name == "id" or name.endswith("_id")) and value is not None
        if is_id and not (isinstance(value, str) and value):
            yield f"{name} is no text"
    if isinstance(item, Metric) and not abs(item.value) < 1e30:
        yield "its value is no number"


def _imports(module: Any, path: Path) -> Iterator[str]:
    with api.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(path)
        if {report.source for report in reports} != {module.NAME}:
            yield f"it was imported by {[report.source for report in reports]}"
        times = Counter(file.name for report in reports for file in report.files)
        yield from (f"{name} is told of {n} times" for name, n in times.items() if n > 1)
        yield from (str(file.reason) for file in _failed(reports))
        if any(sum(report.kept.values()) for report in ledger.ingest(path)):
            yield "importing it a second time adds something"


def _failed(reports: list[ImportReport]) -> list[FileReport]:
    return [file for report in reports for file in report.files if file.status == "failed"]


def _told(module: Any, path: Path) -> Counter[str]:
    """Give the records without where they stand."""
    return Counter(
        repr(msgspec.structs.replace(item, file="", place=0))
        for item in _read(module, path)
        if isinstance(item, Record) and not isinstance(item, Reject)
    )


def _unknown(module: Any, path: Path, spared: str) -> Iterator[str]:
    """A part that no source has heard of is told as drift, and costs no record."""
    tree = mutation.load(path)
    if sum(map(len, tree.values())) > LARGE:
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = _read(module, _unpacked(tree, Path(folder) / "whole", path))
        before = _counted(whole)
        used = {item.name for item in whole if isinstance(item, FileReport)
                and item.status == "read"}  # fmt: skip
        for member, document in _documents({name: tree[name] for name in tree if name in used}):
            for name, place in documents.places(document, True, "(?!)").items():
                if re.fullmatch(spared, f"{member}: {name}"):
                    continue
                changed = {**tree, member: document.put((*place, _NEW), {_NEW: "something"})}
                spoilt = Path(folder) / "new"
                shutil.rmtree(spoilt, ignore_errors=True)
                found = _read(module, _unpacked(changed, spoilt, path))
                told = (drift.field for item in found if isinstance(item, FileReport)
                        for drift in item.drift if drift.change == "new")  # fmt: skip
                where = f"{member}: {name or 'the whole'}"
                if _counted(found) < before:
                    yield f"an unknown part costs a record ({where})"
                elif not any(_NEW in field for field in told):
                    yield f"an unknown part is not told as drift ({where})"


def _counted(found: list[Yielded]) -> int:
    return sum(isinstance(item, Record) and not isinstance(item, Reject) for item in found)


def _documents(tree: mutation.Tree) -> Iterator[tuple[str, documents.Document]]:
    """Give the members that can be taken apart."""
    for name, body in tree.items():
        if name.lower().endswith((".json", ".js", ".jsonl", ".ndjson", ".csv")) and body.strip():
            with contextlib.suppress(ValueError, StopIteration):
                yield name, documents.Document(name, body)


def _unpacked(tree: mutation.Tree, folder: Path, like: Path) -> Path:
    """Write an export's members; give the folder, or the file of an export that is one file."""
    for name, body in tree.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    return folder / like.name if (folder / like.name).is_file() else folder


def _spoilt(module: Any, path: Path) -> Iterator[str]:
    """Spoilt copies are read in bounded time, and the source never fails."""
    if path.is_dir() or path.stat().st_size > LARGE:
        return
    for kind in _SPOILT:
        with tempfile.TemporaryDirectory() as folder:
            spoilt = mutation.mutate(path, Path(folder) / "spoilt", kind, Random(kind))
            started = time.monotonic()
            try:
                _read(module, spoilt)
            except EmpreinteError:
                pass
            except Exception as error:
                yield f"{kind}: the source fails: {error!r}"
            if time.monotonic() - started > SECONDS:
                yield f"{kind}: reading takes more than {SECONDS:.0f} seconds"


# -- a lens


def _asked(module: Any, ledger: api.Ledger) -> list[str]:
    given: dict[str, Report] = {}
    for language in LANGUAGES:
        try:
            given[language] = ledger.ask(module.NAME, language=language)
        except EmpreinteError as error:
            return [str(error)]
    report = given["en"]
    return [
        *faults(report),
        *_as_json(report),
        *_quiet(report),
        *_same(report, given["fr"]),
        *_evidence(report, ledger, module.NAME),
        *_keys(report, ledger, module.NAME),
    ]


def _keys(report: Report, ledger: api.Ledger, name: str) -> Iterator[str]:
    """What can be ticked in the report is among the keys that the lens gives."""
    ticks = (t for s in report.sections for table in s.tables for t in table.ticks if t)
    offered = {tick.key for tick in ticks if tick.by_owner}
    if missing := offered - set(ledger.keys(name)):
        yield f"keys() does not give {min(missing)}, which the report has"


def _as_json(report: Report) -> Iterator[str]:
    try:
        api.encode(report)
    except Exception as error:
        yield f"the report cannot be written as JSON: {error!r}"


def _quiet(report: Report) -> Iterator[str]:
    findings = (section.finding for section in report.sections)
    for sentence in (*report.answer, *filter(None, findings)):
        if any(map(str.isdigit, sentence.quiet)):
            yield f"the quiet form of a sentence holds numbers: {sentence.quiet}"


def _same(report: Report, other: Report) -> Iterator[str]:
    ours, theirs = report.values(), other.values()
    if ours.keys() != theirs.keys():
        yield f"values stand in one language alone: {sorted(ours.keys() ^ theirs.keys())}"
    for id in ours.keys() & theirs.keys():
        one, two = ours[id][1].value, theirs[id][1].value
        # Cores add fractions in any order: the last digits are nobody's.
        alike = one == two or (
            isinstance(one, int | float)
            and isinstance(two, int | float)
            and math.isclose(one, two, rel_tol=1e-9)
        )
        if not isinstance(one, str) and not alike:
            yield f"{id} is {one} in English and {two} in French"


def _evidence(report: Report, ledger: api.Ledger, lens: str) -> Iterator[str]:
    for id, (_measure, value) in report.values().items():
        if value.evidence is not None:
            try:
                ledger.evidence(id, limit=1)
            except EmpreinteError as error:
                yield f"the evidence of {id} cannot be shown: {error}"
