"""What tests of tables share: exports of a made-up person, mapping files, what is read."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from empreinte.container import open_container
from empreinte.model import Metric
from empreinte.sources import table
from empreinte.testing import table as made
from empreinte.testing.life import FIRST_EXPORT

AT = FIRST_EXPORT
PARIS, PACIFIC = ZoneInfo("Europe/Paris"), ZoneInfo("America/Los_Angeles")


def name_of(layout: str, language: str = "en") -> str:
    if layout == "youtube":
        return f"Content {made.period_name(AT)} Maelle {language}.zip"
    if layout == "linkedin":
        return f"Content_{made.period_name(AT)}_Maelle_{language}.xlsx"
    return f"{layout}-{language}" + ("" if layout in ("csv", "xlsx", "ndjson") else ".csv")


def exported(tmp_path, person, layout, language="en"):
    path = tmp_path / name_of(layout, language)
    return made.write_export(path, person, AT, language=language, layout=layout)


def read(path):
    """Read all roots of an export; give what they yield."""
    with open_container(path) as export:
        return [one for root in table.recognize(export) for one in table.read(export.under(root))]


def of(yielded, kind):
    return [one for one in yielded if isinstance(one, kind)]


def metrics(yielded):
    return {(m.subject_id, m.name, m.observed): m.value for m in of(yielded, Metric)}


def midnight(day: date, zone) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def mapped(tmp_path, mapping: str, **files: str | bytes):
    """Write a folder with a mapping file and tables."""
    (tmp_path / "a.empreinte.toml").write_text('platform = "carnet"\n' + mapping, "utf-8")
    for name, body in files.items():
        path = tmp_path / name.replace("_", ".")
        path.write_bytes(body.encode() if isinstance(body, str) else body)
    return tmp_path


DAYS = '[[table]]\nfile = "*.csv"\ncolumns.date = "Date"\ncounters.followers = "Followers"\n'
