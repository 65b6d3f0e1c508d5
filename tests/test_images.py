"""What images say: places, times and devices; nothing from those that say nothing."""

import io
import time
import zipfile
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from empreinte.api import open_ledger
from empreinte.container import open_container
from empreinte.formats import exif
from empreinte.testing.demo import write_exports
from empreinte.testing.photographs import photograph
from tests.rows import examples

ANGERS = (47.473611, -0.554167)
PARIS = timezone(timedelta(hours=2))
TAKEN = datetime(2024, 5, 3, 10, 20, 30)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_all_that_a_telephone_writes(format):
    taken = TAKEN.replace(tzinfo=PARIS)
    told = exif.read(photograph(taken, ANGERS, serial="SN-4711", format=format))
    assert told["latitude"] == pytest.approx(ANGERS[0], abs=1e-5)
    assert told["longitude"] == pytest.approx(ANGERS[1], abs=1e-5)
    assert (told["make"], told["model"], told["serial"]) == ("Imaginaire", "Un 5", "SN-4711")
    assert told["at"] == datetime(2024, 5, 3, 8, 20, 30, tzinfo=UTC)
    assert told["taken"] == "2024-05-03 10:20:30"


def test_local_time_without_an_offset_is_no_instant():
    told = exif.read(photograph(TAKEN))
    assert "at" not in told
    assert told["taken"] == "2024-05-03 10:20:30"


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=examples(50), deadline=None)
def test_any_place_is_read_as_it_was_written(latitude, longitude):
    told = exif.read(photograph(place=(latitude, longitude)))
    if abs(latitude) < 1e-6 and abs(longitude) < 1e-6:
        assert "latitude" not in told
        return
    assert told["latitude"] == pytest.approx(latitude, abs=1e-6)
    assert told["longitude"] == pytest.approx(longitude, abs=1e-6)


def written(gps=None, own=None):
    """Make a photograph whose tags are as given: rationals are pairs."""

    def value(given):
        if isinstance(given, list):
            return tuple(IFDRational(*pair) for pair in given)
        return given

    tags = Image.Exif()
    tags.get_ifd(0x8825).update({tag: value(given) for tag, given in (gps or {}).items()})
    tags.get_ifd(0x8769).update(own or {})
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=tags)
    return exif.read(out.getvalue())


WHOLE = [(48, 1), (51, 1), (24, 1)]
EAST = [(2, 1), (21, 1), (0, 1)]


@pytest.mark.parametrize(
    ("latitude", "side", "expected"),
    [
        (WHOLE, "N", 48.856667),
        (WHOLE, "South", -48.856667),
        (WHOLE, "s", -48.856667),
        (WHOLE, "Sud", -48.856667),
        (WHOLE, "Sul", -48.856667),
        (WHOLE, "North", 48.856667),
        (WHOLE, "Nord", 48.856667),
        (WHOLE, "?", None),
        (WHOLE, "", None),
        (WHOLE, "E", None),
        (WHOLE, "n\0", 48.856667),
        ([(48, 1), (51, 1), (24, 0)], "N", 48.85),
        ([(48, 1), (51, 1), (60, 1)], "N", 48.866667),
        ([(48, 1), (51, 1), (0, 0)], "N", 48.85),
        ([(48, 1), (5140, 100)], "S", -48.856667),
        ([(48, 1), (5140, 100), (0, 0)], "N", 48.856667),
        ([(48856667, 1000000)], "N", 48.856667),
        ([(48, 1), (0, 0), (0, 0)], "N", 48),
        ([(48, 1), (0, 0), (24, 1)], "N", None),
        ([(0, 0), (51, 1), (24, 1)], "N", None),
        ([(0, 0), (0, 0), (0, 0)], "N", None),
        ([(48, 1), (75, 1), (0, 1)], "N", None),
        ([(91, 1), (0, 1), (0, 1)], "N", None),
    ],
)
def test_degrees_in_every_form(latitude, side, expected):
    told = written({1: side, 2: latitude, 3: "East", 4: EAST})
    assert told.get("latitude") == (None if expected is None else pytest.approx(expected, abs=1e-6))


@pytest.mark.parametrize("side", ["W", "West", "Ouest", "oeste"])
def test_west_in_words(side):
    assert written({1: "N", 2: WHOLE, 3: side, 4: EAST})["longitude"] == -2.35


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2024:05:03", [(10, 1), (20, 1), (30, 1)], "2024-05-03T10:20:30"),
        ("2024-05-03", [(10, 1), (20, 1), (30, 1)], "2024-05-03T10:20:30"),
        ("2024:05:03", [(0, 1), (0, 1), (0, 1)], "2024-05-03T00:00:00"),
        ("2024:05:03", [(10, 1), (20, 1)], "2024-05-03T10:20:00"),
        ("2024:05:03", [(10, 1), (20, 1), (30500, 1000)], "2024-05-03T10:20:30"),
        ("2024:05:03", [(0, 0), (0, 0), (0, 0)], None),
        ("2024:05:03", [(10, 1), (0, 0), (30, 1)], None),
        ("2024:05:03", [(0, 0), (20, 1), (30, 1)], None),
        ("2024:05:03", [(25, 1), (0, 1), (0, 1)], None),
        ("2024:05:03", [(10, 1)], None),
        ("2024:05:03", [(1234, 100), (0, 1), (0, 1)], None),
        ("2024:05:03", [(10, 1), (205, 10), (0, 1)], None),
        ("2024:5:3", [(10, 1), (20, 1), (30, 1)], "2024-05-03T10:20:30"),
        ("0000:00:00", [(10, 1), (20, 1), (30, 1)], None),
        ("", [(10, 1), (20, 1), (30, 1)], None),
    ],
)
def test_a_clock_of_satellites_that_tells_nothing_invents_nothing(day, clock, expected):
    at = written({7: clock, 29: day, 1: "N", 2: WHOLE, 3: "E", 4: EAST}).get("at")
    assert (at.replace(tzinfo=None).isoformat() if at else None) == expected


@pytest.mark.parametrize(
    ("taken", "offset", "local", "at"),
    [
        ("2024:05:03 10:20:30", "+02:00", "2024-05-03 10:20:30", "2024-05-03T08:20:30"),
        ("2024:05:03 10:20:30", "Z", "2024-05-03 10:20:30", "2024-05-03T10:20:30"),
        ("2024:05:03 10:20:30", "+0530", "2024-05-03 10:20:30", "2024-05-03T04:50:30"),
        ("2024-05-03 10:20:30", "-03:30", "2024-05-03 10:20:30", "2024-05-03T13:50:30"),
        ("2024-05-03T10:20:30Z", "", "2024-05-03 10:20:30", "2024-05-03T10:20:30"),
        ("2024-05-03T10:20:30.250+02:00", "", "2024-05-03 10:20:30", "2024-05-03T08:20:30"),
        ("2024:05:03 10:20", "", "2024-05-03 10:20:00", None),
        ("2024/05/03 10:20:30", "", "2024-05-03 10:20:30", None),
        ("2024:05:03 10:20:30", "   :  ", "2024-05-03 10:20:30", None),
        ("2024:05:03 10:20:30", "+02", "2024-05-03 10:20:30", "2024-05-03T08:20:30"),
        ("2024:05:03 10:20:30", "+2:00", "2024-05-03 10:20:30", "2024-05-03T08:20:30"),
        ("2024:05:03 10:20:30", "UTC", "2024-05-03 10:20:30", "2024-05-03T10:20:30"),
        ("2024:05:03 10:20:30", "+25:00", "2024-05-03 10:20:30", None),
        ("2024:05:03 10:20:30", "+02:75", "2024-05-03 10:20:30", None),
        ("2024:5:3 9:20:30", "", "2024-05-03 09:20:30", None),
        ("2024:05:03", "", None, None),
        ("0000:00:00 00:00:00", "Z", None, None),
        ("2024:02:30 10:20:30", "Z", None, None),
        ("    :  :     :  :  ", "", None, None),
    ],
)
def test_times_in_every_form(taken, offset, local, at):
    told = written(own={36867: taken, 36881: offset, 42033: "S"})
    assert told.get("taken") == local
    found = told.get("at")
    assert (found.replace(tzinfo=None).isoformat() if found else None) == at


def test_a_scan_tells_when_it_was_digitised():
    told = written(own={36868: "2024:05:03 10:20:30", 36882: "-04:00", 42033: "S"})
    assert told["at"] == datetime(2024, 5, 3, 14, 20, 30, tzinfo=UTC)


def plain(format):
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, format)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"Exif\0\0", b"not an image", plain("JPEG"), plain("PNG"), plain("TIFF"),
     photograph(place=(0.0, 0.0), make="", model=""), photograph(make="", model="")],
)  # fmt: skip
def test_nothing_is_told_where_nothing_is_said(data):
    assert exif.read(data) == {}


@given(st.data())
@settings(max_examples=examples(300), deadline=None)
def test_spoilt_images_do_no_harm(data):
    image = bytearray(photograph(TAKEN, ANGERS, serial="S"))
    for _ in range(data.draw(st.integers(1, 20))):
        image[data.draw(st.integers(0, len(image) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(image)))
    told = exif.read(bytes(image[:cut]))
    assert -90 <= told.get("latitude", 0) <= 90
    assert -180 <= told.get("longitude", 0) <= 180
    assert all(len(text) <= 120 for text in told.values() if isinstance(text, str))


def test_a_huge_picture_is_not_unpacked():
    head = photograph(place=ANGERS)
    at = head.index(b"\xff\xc0")  # the frame's header: its height and width
    bomb = head[: at + 5] + b"\xff\xff\xff\xff" + head[at + 9 :]
    started = time.process_time()
    assert "latitude" in exif.read(bomb)
    assert time.process_time() - started < 1


def test_a_telephone_s_heic():
    block = photograph(place=ANGERS)
    written = block[block.index(b"Exif\0\0") :]
    assert "latitude" in exif.read(b"\0\0\0\x18ftypheic" + b"\0" * 400 + written)
    assert "latitude" in exif.read(written[6:])  # which is a TIFF


def with_photos(folder):
    """A Mastodon export of the demo's person with two photographs more, as a zip."""
    export = next(path for path in write_exports(folder, quick=True) if "mastodon" in path.name
                  and path.is_file())  # fmt: skip
    target = folder / "with.zip"
    with open_container(export) as opened, zipfile.ZipFile(target, "w") as out:
        for member in opened.members:
            out.writestr(member.name, opened.read(member.name))
        for n in (1, 2):
            out.writestr(f"media_attachments/{n}.jpg", photograph(TAKEN, ANGERS, serial="SN-4711"))
        out.writestr("media_attachments/3.jpg", plain("JPEG"))
    return target


@pytest.mark.slow
def test_photographs_of_an_export_come_in_with_it(tmp_path):
    export = with_photos(tmp_path)
    with open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(export)
        found = ledger.sql("select * from traces where kind = 'photo' order by file").to_pylist()
        assert [row["file"] for row in found] == [f"media_attachments/{n}.jpg" for n in (1, 2)]
        assert found[0]["platform"] == "mastodon"
        files = {file.name: file for file in report.files}
        assert files["media_attachments/1.jpg"].status == "read"
        (again,) = ledger.ingest(export)
        assert not any(again.kept.values())


@pytest.mark.slow
def test_the_lens_tells_them_masked(tmp_path):
    with open_ledger(":memory:") as ledger:
        ledger.ingest(with_photos(tmp_path))
        from empreinte.api import encode

        report = ledger.ask("exposure", language="en")
        assert "images" in {section.id for section in report.sections}
        values = {id: value.value for id, (_measure, value) in report.values().items()}
        assert values["exposure.all.photos-placed"] == 2
        assert values["exposure.all.photos-areas"] == 1
        assert values["exposure.all.photos-serials"] == 1
        written = encode(report)
        assert b"SN-4711" not in written
        assert b"47.47" not in written
        assert ledger.evidence("exposure.all.photos-placed").total == 2
        shown = encode(ledger.ask("exposure", language="en", options={"reveal": 1}))
        assert b"SN-4711" in shown
        assert b"47.47" in shown
