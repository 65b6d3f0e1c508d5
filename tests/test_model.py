"""What an import says of itself: fields that changed, what was lost, what is to be known."""

import pytest

from empreinte.language import message, speaking
from empreinte.model import Drift, FileReport, ImportReport


def told(change, value=None):
    return Drift(field="likes", change=change, records=2, of=5, value=value)


@pytest.mark.parametrize(
    ("change", "english"),
    [
        ("new", "The field likes is new to Empreinte (items: 2 of 5); it was not read."),
        ("unreadable", "The field likes cannot be read (items: 2 of 5; the first has “x”)"),
        ("vanished", "The field likes is missing (items: 2 of 5); what it told is unknown"),
    ],
)
def test_a_field_that_changed_is_told_in_words(change, english):
    drift = told(change, "x")
    assert str(drift.sentence).startswith(english)
    with speaking("fr"):
        assert "likes" in str(drift.sentence) != english


def imported(*files, rejected=0):
    return ImportReport(path="a", source="toy", kept={}, known={}, rejected=rejected, files=files)


def test_drift_is_of_the_format_and_what_cannot_be_read_is_lost():
    lost = FileReport(name="a", status="read", drift=(told("unreadable"),))
    other = FileReport(name="b", status="read", drift=(told("new"), told("vanished")))
    report = imported(lost, other)
    assert (report.drifted, report.lost) == (1, 2)
    assert not report.complete
    assert imported(other).complete
    assert not imported(other, rejected=1).complete
    assert not imported(FileReport(name="c", status="failed")).complete


def test_remarks_are_said_once_the_commonest_first():
    def file(name, reason, status="read"):
        return FileReport(name=name, status=status, reason=reason)

    rare, common = message("Cut short."), message("{n} of them", n=3)
    report = imported(
        file("a", rare), file("b", common), file("c", common), file("d", None),
        file("e", message("not read"), "not needed"),
    )  # fmt: skip
    assert report.remarks == ((common, 2), (rare, 1))
