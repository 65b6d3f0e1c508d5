"""Google's pages with one bad date and one unknown part: the entry stays, and both are told."""

import re
from pathlib import Path

import pytest
from tests.sources.reading import only
from tests.sources.spoiling import Spoilt, kept, tree_of

from empreinte.model import Drift, FileReport, Reject, Yielded

PAGES = [
    ("youtube html en", "watch-history.html"), ("youtube html fr", "search-history.html"),
    ("youtube old en", "my-comments.html"), ("youtube old fr", "my-comments.html"),
    ("google_activity html en", "MyActivity.html"),
    ("google_activity html fr", "MonActivité.html"),
]  # fmt: skip
DATE = re.compile(r"(\d\d):(\d\d):(\d\d)")
PARTS = {
    "caption": (r"<b>Produ\w+[^<]*</b>", r"<b>Zz surprise</b><br>something<br>\g<0>"),
    "part": (
        '<div class="content-cell mdl-cell mdl-cell--12-col',
        r'<div class="content-cell zz-surprise">something</div>\g<0>',
    ),
}


def spoilt(export: str, page: str, folder: Path) -> tuple[Spoilt, str, str]:
    source, tree = tree_of(export, folder)
    name = next(name for name in sorted(tree) if name.endswith(page))
    return Spoilt(source, tree, folder / "spoilt"), name, tree[name].decode()


def drift(found: list[Yielded]) -> list[Drift]:
    return [one for item in only(found, FileReport) for one in item.drift]


@pytest.mark.slow
@pytest.mark.parametrize(("export", "page"), PAGES)
@pytest.mark.parametrize("date", ["25:61:61", "soon", r"\1:\2:9999"])
def test_a_date_that_is_none_costs_the_date(
    tmp_path: Path, export: str, page: str, date: str
) -> None:
    export_, name, text = spoilt(export, page, tmp_path)
    before = kept(export_.read())
    found = export_.read(name, DATE.sub(date, text, count=1).encode())
    assert only(found, Reject) == []
    assert len(kept(found)) == len(before)
    (told,) = (one for one in drift(found) if one.change in ("unreadable", "vanished"))
    assert told.records == 1
    if told.change == "unreadable":
        assert told.value is not None


@pytest.mark.slow
@pytest.mark.parametrize(("export", "page"), [one for one in PAGES if "old" not in one[0]])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_not_known_is_told(
    tmp_path: Path, export: str, page: str, part: str
) -> None:
    export_, name, text = spoilt(export, page, tmp_path)
    before = kept(export_.read())
    found = export_.read(name, re.sub(*PARTS[part], text, count=1).encode())
    assert kept(found) == before
    assert any("surprise" in one.field and one.change == "new" for one in drift(found))
