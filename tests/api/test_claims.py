"""Roots inside roots: who reads which file, and that each file is told of exactly once."""

import types
from collections import Counter

import pytest

import empreinte
from empreinte import plugins
from empreinte.model import Account, ExportInfo, FileReport, Post

TREE = (
    "readme.outer", "a.outer", "inner/1.inner", "inner/deep/2.inner", "inner/deep/x.outer",
    "other/3.outer", "lonely.inner", "nobody.xyz", "inner/nobody.xyz",
)  # fmt: skip


def made_up(name: str, roots: list[str]):
    """Make a source that claims `roots` and reads every file that ends like its name."""
    source = types.ModuleType(f"made_up_{name}")
    read: list[tuple[str, list[str]]] = []

    def read_all(export):
        read.append((export.place(""), sorted(export.names())))
        yield ExportInfo(observed=export.modified, owner=(name, "me"))
        yield Account(file="", place=0, platform=name, id="me", is_owner=True)
        for member in export.members:
            if member.name.endswith(f".{name}"):
                yield Post(file=member.name, place=0, platform=name, id=member.name)
                yield FileReport(name=member.name, status="read", records=1)

    def recognize(export):
        return [root for root in roots if any(n.startswith(root) for n in export.names())]

    vars(source).update(
        NAME=name, VERSION=1, title=lambda: name, how_to_get=lambda: "", recognize=recognize,
        read=read_all, was_read=read,
    )  # fmt: skip
    return source


@pytest.fixture
def ask(monkeypatch, tmp_path):
    """Import the tree with made-up sources alone; give their reports and what each was given."""
    for name in TREE:
        path = tmp_path / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)

    def ask(**roots: list[str]):
        sources = {name: made_up(name, claimed) for name, claimed in roots.items()}
        monkeypatch.setattr(plugins, "source_names", lambda: tuple(sorted(sources)))
        monkeypatch.setattr(plugins, "source", sources.__getitem__)
        with empreinte.open_ledger(":memory:") as ledger:
            reports = ledger.ingest(tmp_path / "export")
        told = Counter(file.name for report in reports for file in report.files)
        assert told == Counter(TREE)  # every file, once
        return reports, {name: sources[name].was_read for name in sources}

    return ask


def test_the_outer_root_loses_what_the_inner_one_claims(ask):
    reports, read = ask(outer=[""], inner=["inner/", "lonely.inner"])
    assert [(r.source, r.kept["posts"]) for r in reports] == [
        ("outer", 3), ("inner", 2), ("inner", 1),
    ]  # fmt: skip
    assert read["outer"] == [("", ["a.outer", "nobody.xyz", "other/3.outer", "readme.outer"])]
    assert read["inner"] == [
        ("inner/", ["1.inner", "deep/2.inner", "deep/x.outer", "nobody.xyz"]),
        ("", ["lonely.inner"]),
    ]  # fmt: skip


def test_a_source_s_root_inside_its_own_is_dropped(ask):
    reports, read = ask(outer=["", "other/", "a.outer"], inner=[])
    assert [r.source for r in reports] == ["outer"]
    assert read["outer"] == [("", sorted(TREE))]


def test_roots_side_by_side_leave_the_rest_to_nobody(ask):
    reports, read = ask(outer=["other/"], inner=["inner/deep/"])
    assert [r.source for r in reports] == ["inner", "outer", None]
    assert read["inner"] == [("inner/deep/", ["2.inner", "x.outer"])]
    assert {f.status for f in reports[-1].files} == {"not understood"}


def test_one_file_inside_a_folder(ask):
    _reports, read = ask(outer=["inner/deep/x.outer"], inner=["inner/"])
    assert read["outer"] == [("inner/deep/", ["x.outer"])]
    assert read["inner"] == [("inner/", ["1.inner", "deep/2.inner", "nobody.xyz"])]


def test_two_sources_of_one_root_are_told_and_inside_it_goes_on(monkeypatch, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.one").write_text("1")
    sources = {name: made_up(name, [""]) for name in ("one", "two")}
    sources["three"] = made_up("three", ["in/"])
    monkeypatch.setattr(plugins, "source_names", lambda: tuple(sorted(sources)))
    monkeypatch.setattr(plugins, "source", sources.__getitem__)
    with empreinte.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(tmp_path)
    assert [r.source for r in reports] == [None, "three"]
    assert "one, two" in str(reports[0].files[0].reason)
