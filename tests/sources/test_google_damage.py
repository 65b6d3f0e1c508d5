"""Google's exports spoilt in every way: nothing crashes, hangs or passes 500 MB."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from empreinte.container import open_container
from empreinte.errors import EmpreinteError
from empreinte.model import ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.google import activity, location, youtube
from empreinte.testing import mutation
from empreinte.testing.google.activity import write_activity
from empreinte.testing.google.location import write_location
from empreinte.testing.google.youtube import write_youtube
from empreinte.testing.life import START, freelancer

pytestmark = pytest.mark.slow

SOURCES = (youtube, activity, location)
LIMIT_S = 10
LIMIT_MB = 500
AT = START.replace(year=2024, month=1)
PERSON = freelancer().moved("youtube")
ROUNDS = 3
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def made(folder: Path, layout: str) -> Path:
    if layout in ("json", "html", "old"):
        return write_youtube(folder / "t.zip", PERSON, AT, language="fr", layout=layout)[0]  # type: ignore[arg-type]
    if layout in ("activity json", "activity html"):
        return write_activity(folder / "t.zip", PERSON, AT, layout=layout.split()[1])[0]  # type: ignore[arg-type]
    return write_location(folder / "t.zip", PERSON, AT, layout=layout)[0]  # type: ignore[arg-type]


def read(path: Path, source: ModuleType | None = None) -> list[Yielded]:
    """Read an export as an import does: what fails as a whole raises an `EmpreinteError`."""
    found: list[Yielded] = []
    with open_container(path) as export:
        for one in (source,) if source else SOURCES:
            for root in one.recognize(export):
                found += one.read(export.under(root))
    return found


def peak_kb(*, anew: bool = False) -> int:
    """The most memory this process has held, in KiB; `anew` forgets what came before now.

    Only Linux forgets (proc(5), ``clear_refs``): ``ru_maxrss`` is the peak of all tests so far.
    """
    if not STATUS.exists():
        return 0
    if anew:
        CLEAR.write_text("5")
    lines = (line.split() for line in STATUS.read_text().splitlines())
    return next(int(line[1]) for line in lines if line[0] == "VmHWM:")


def check(found: list[Yielded]) -> None:
    for item in found:
        if isinstance(item, Reject):
            assert str(item.reason)
            assert len(item.raw) <= 2_000
        if isinstance(item, FileReport) and item.status != "read":
            assert item.reason is not None
    assert not found or isinstance(found[0], ExportInfo)


@pytest.mark.parametrize(
    "layout",
    ["json", "html", "old", "activity json", "activity html", "records", "semantic", "android",
     "ios"],
)  # fmt: skip
def test_no_mutant_crashes(tmp_path: Path, layout: str) -> None:
    export = made(tmp_path, layout)
    met, before = 0, peak_kb(anew=True)
    for kind in (*mutation.PACKED, *mutation.CONTENT):
        for seed in range(ROUNDS):
            spoilt = mutation.mutate(export, tmp_path / "m", kind, Random(f"{layout}{kind}{seed}"))
            started = time.process_time()
            try:
                found = read(spoilt)
            except EmpreinteError:
                pass  # refused with a reason
            else:
                met += bool(found)
                check(found)
            assert time.process_time() - started < LIMIT_S, (kind, seed)
            spoilt.unlink()
    assert met > len(mutation.CONTENT)
    assert peak_kb() - before < LIMIT_MB << 10


HEADER = '{"header": "YouTube", "time": "2024-01-01T00:00:00Z", "title": '
HOSTILE = {
    "deep": HEADER + "[" * 100_000 + "]" * 100_000 + "}",
    "long": HEADER + '"' + "Watched " * 1_000_000 + '"}',
    "surrogate": HEADER + '"Watched \\ud800"}',
    "null": HEADER + '"Watched \\u0000"}',
    "no title": '{"header": "YouTube", "time": "2024-01-01T00:00:00Z"}',
    "year 0": '{"header": "YouTube", "title": "Watched A", "time": "0000-01-01T00:00:00Z"}',
    "edge": '{"header": "YouTube", "title": "Watched A", "time": "0001-01-01T00:00:00+23:59"}',
    "number": '{"header": "YouTube", "title": "Watched A", "time": 1e400}',
    "many": HEADER + '"Watched A", "subtitles": [' + '{"name": "a"},' * 300_000 + '{"name": "b"}]}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_entry_loses_only_itself(tmp_path: Path, what: str) -> None:
    good = HEADER + '"Watched B", "titleUrl": "https://www.youtube.com/watch?v=abc"}'
    file = tmp_path / "watch-history.json"
    file.write_text(f"[{good}, {HOSTILE[what]}, {good}]")
    started = time.process_time()
    found = read(file, youtube)
    assert time.process_time() - started < LIMIT_S
    check(found)
    views = [item for item in found if getattr(item, "object_id", None) == "abc"]
    assert len(views) == 2
    report = next(item for item in found if isinstance(item, FileReport))
    assert report.records == 3


PIECES = (
    "<", '<a href="', '<div class="outer-cell', "<br>", "<b>", "&", "<li>", "1:23 ",
    '<div class="content-cell body-1">',
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_page_is_read_in_linear_time(tmp_path: Path, piece: str) -> None:
    tree = mutation.load(made(tmp_path, "activity html"))
    name = max(tree, key=lambda name: len(tree[name]))
    start, mark, rest = tree[name].partition(b"papier ")
    body = start + mark + piece.encode() * ((4 << 20) // len(piece)) + rest
    target = mutation.write({**tree, name: body}, tmp_path, "hostile.zip")
    started = time.process_time()
    check(read(target))
    assert time.process_time() - started < LIMIT_S


def test_visits_nested_without_end(tmp_path: Path) -> None:
    inner = '{"placeVisit": ' + '{"childVisits": [' * 400 + "]}" * 400 + "}"
    file = tmp_path / "2021_JANUARY.json"
    file.write_text(f'{{"timelineObjects": [{inner}]}}')
    found = read(file, location)
    check(found)
    assert 1 <= sum(isinstance(item, Reject) for item in found) < 20


@pytest.mark.parametrize(
    "value", [float("1e308"), 10**30, -1, True, None, [], {}, "NaN", "é" * 999]
)
def test_a_hostile_number_loses_only_its_point(tmp_path: Path, value: object) -> None:
    good = {"latitudeE7": 1, "longitudeE7": 2, "timestamp": "2024-01-01T00:00:00Z"}
    names = ("latitudeE7", "longitudeE7", "timestamp", "timestampMs", "accuracy", "deviceTag")
    bad = [{**good, name: value} for name in names]
    file = tmp_path / "Records.json"
    file.write_text(json.dumps({"locations": [good, *bad, good]}))
    found = read(file, location)
    check(found)
    traces = [item for item in found if getattr(item, "kind", None) == "place"]
    assert len(traces) >= 2
    (report,) = [item for item in found if isinstance(item, FileReport)]
    assert report.records == len(bad) + 2
