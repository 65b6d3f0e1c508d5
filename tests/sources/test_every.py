"""What holds for all sources together: recognised unnamed, one claim a file, a mixed folder."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

import empreinte
from empreinte import plugins
from empreinte.container import discover, open_container
from empreinte.testing.every import EXPORTS, write_exports
from empreinte.testing.life import FIRST_EXPORT, freelancer

PERSON = freelancer(7, FIRST_EXPORT - timedelta(days=60))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("every")
    write_exports(folder, PERSON, FIRST_EXPORT)
    return folder


def test_every_source_of_the_project_is_tried():
    ours = {name for name in plugins.source_names() if plugins.source(name).__name__.startswith(
        "empreinte.")}  # fmt: skip
    assert {export.source for export in EXPORTS} == ours


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_it_is_recognised_by_its_source_and_claimed_by_no_other(folder, export):
    path = folder / export.name
    claims = {}
    with open_container(*next(iter(discover([path])))) as container:
        for name in plugins.source_names():
            roots = list(plugins.source(name).recognize(container))
            files = Counter(member for root in roots for member in container.under(root).names())
            if files:
                claims[name] = set(files)
                assert max(files.values()) == 1, f"{name} claims a file twice: {roots}"
        assert claims == {export.source: set(container.names())}


def test_a_mixed_folder_gives_each_to_its_own(folder):
    with empreinte.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(folder)
        assert not ledger.rejects()
    for report in reports:
        assert not [file for file in report.files if file.status in ("failed", "not understood")]
        assert not [(file.name, drift) for file in report.files for drift in file.drift]
    assert {report.source for report in reports} - {None} == {e.source for e in EXPORTS}
    reports = {report.import_id: report for report in reports}.values()  # some are alike
    files = Counter((report.path, file.name) for report in reports for file in report.files)
    assert max(files.values()) == 1


def test_the_name_of_an_export_tells_nothing(folder, tmp_path):
    """Every single file and archive under another name is recognised all the same."""
    for number, export in enumerate(EXPORTS):
        path = folder / export.name
        if path.is_dir():
            continue
        suffix = "".join(path.suffixes[-2:]) if path.name.endswith(".tar.gz") else path.suffix
        renamed = tmp_path / f"{number}{suffix}"
        renamed.write_bytes(path.read_bytes())
        with open_container(renamed) as container:
            claimed = [
                name for name in plugins.source_names()
                if list(plugins.source(name).recognize(container))
            ]  # fmt: skip
        assert claimed == [export.source], export.name
