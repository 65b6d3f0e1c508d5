"""What a lens counts, lists and says, declared as data beside the code that finds it.

Three files of a lens, in English; every text in them is a message like those of the code:

- ``measures.toml``: by the id of a measure its `name`, `definition`, and `why`, what is said where
  a value is missing; `unit` in both of its forms; `kind`, `main`, `references`;
- ``tables.toml``: by the id of a table or chart its `title`, `columns` (key, label and, if it is
  not text, kind and both forms of its unit), `definition`, `reading`, `references`;
- ``sentences.toml``: all else that is said, found by its path, ``written.worst``: a phrase, or a
  table with `text` and `quiet`, the same without counters.

A text of two forms is a list of both; which one is told by the place ``n``. Places (``{day}``) are
filled with what is given by name: numbers as whole ones, times as days, texts as they are.
A text may be a table of two: `archive`, that no archive tells it, which is said where no period was
chosen, and `period`, what is said where one was and is not empty (see `asking.periods`; it may be
left out).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from numbers import Real
from typing import Any, NamedTuple, cast

from empreinte.asking.channels import WHOLE
from empreinte.asking.claims import Claim
from empreinte.asking.periods import untold
from empreinte.asking.shown import Given, chart, table
from empreinte.language import _, day, ngettext, number
from empreinte.report import Action, Chart, Measure, Section, Sentence, Table, Unit

Text = str | list[str] | dict[str, str]
Places = Mapping[str, Any]


@cache
def data(lens: str, name: str) -> dict[str, Any]:
    """Read a data file of a lens."""
    return tomllib.loads(files(f"empreinte.lenses.{lens}").joinpath(name).read_text("utf-8"))


def text(given: Text, places: Places) -> str:
    """Translate a text and fill its places.

    >>> text(["{n} post", "{n} posts"], {"n": 1200})
    '1,200 posts'
    """
    if not given:
        return ""
    if isinstance(given, dict):
        return untold(*(text(given.get(when, ""), places) for when in ("archive", "period")))
    found = _(given) if isinstance(given, str) else ngettext(given[0], given[1], places["n"])
    if "{" not in found:
        return found
    return found.format_map({name: _written(one) for name, one in places.items()})


def _written(place: object) -> str:
    if isinstance(place, date):
        return day(place)
    return number(float(place)) if isinstance(place, Real) else str(place)


def _at(lens: str, path: str) -> Any:
    found: Any = data(lens, "sentences.toml")
    for name in path.split("."):
        found = found[name]
    return found


class Said(NamedTuple):
    """A sentence in full and without counters, still to be told of something."""

    text: str
    quiet: str

    def sentence(self, about: str, action: Action | None = None) -> Sentence:
        """Say it of a value, chart, table or section."""
        return Sentence(text=self.text, quiet=self.quiet, about=about, action=action)

    def claim(self, about: str, **more: Any) -> Claim:
        """Claim it of a value, chart, table or section; `more` as in `Claim`."""
        return Claim(text=self.text, quiet=self.quiet, about=about, **more)


def said(lens: str, path: str, /, **places: Any) -> Said:
    """Give a sentence; one that has no quiet form of its own is told as it is."""
    found = cast("Text | dict[str, Text]", _at(lens, path))
    several = isinstance(found, dict) and "text" in found
    known = cast("dict[str, Text]", found if several else {"text": found})
    quiet = known.get("quiet", known["text"])
    return Said(text(known["text"], places), text(quiet, places))


def phrase(lens: str, path: str, /, **places: Any) -> str:
    """Give a phrase, in the language spoken."""
    return text(_at(lens, path), places)


def names(lens: str, path: str, /) -> dict[str, str]:
    """Give all phrases of a table of ``sentences.toml``, in the language spoken."""
    return {name: _(one) for name, one in _at(lens, path).items() if isinstance(one, str)}


def unit(lens: str, path: str, /) -> Unit:
    """Make a unit of a phrase that is a list of its two forms."""
    return _unit(_at(lens, path), {})


def _unit(given: Text, places: Places) -> Unit:
    one, many = (text(given, {**places, "n": n}) for n in (1, 2))
    return Unit(one, many)


def section(lens: str, id: str, /, **more: Any) -> Section:
    """Make a section that opens with its `title` and, if it has one, its `intro`."""
    known = names(lens, id)
    told: dict[str, Any] = {"title": known["title"], "intro": known.get("intro", "")}
    return Section(id=id, **told | more)


def measure(lens: str, key: str, /, *, id: str = "", **places: Any) -> Measure:
    """Make a measure without values; `id` where it is not that by which it is declared."""
    known = data(lens, "measures.toml")[key]
    return Measure(
        id=id or key, name=text(known.get("name", ""), places), kind=known.get("kind", "integer"),
        unit=_unit(known["unit"], places) if "unit" in known else Unit(),
        main=known.get("main", False), definition=text(known.get("definition", ""), places),
        references=tuple(known.get("references", ())),
    )  # fmt: skip


def listed(
    lens: str, id: str, rows: Sequence[tuple[Any, ...]], /, *, tag: str = WHOLE,
    places: Places | None = None, further: Sequence[Given] = (), also: str = "", **more: Any,
) -> tuple[Table, ...]:  # fmt: skip
    """Make a table, none where there is no row; `more` as in `asking.table`, said here first.

    `further` columns, known only now, stand after those that are declared; `also` is said after
    its definition.
    """
    title, columns, fields = _shown(lens, id, places or {})
    if also:
        fields["definition"] = f"{fields['definition']} {also}"
    return table(f"{lens}.{tag}.{id}", title, [*columns, *further], rows, **fields | more)


def drawn(
    lens: str, key: str, rows: Sequence[dict[str, Any]], spec: dict[str, Any], /, *,
    tag: str = WHOLE, places: Places | None = None, id: str = "", title: str = "", **more: Any,
) -> tuple[Chart, ...]:  # fmt: skip
    """Make a chart, none where there is no row; `more` as in `asking.chart`, said here first.

    `id` and `title` tell apart charts that are declared together.
    """
    called, columns, fields = _shown(lens, key, places or {})
    return chart(
        f"{lens}.{tag}.{id or key}", title or called, columns, rows, spec, **fields | more
    )  # fmt: skip


def _shown(lens: str, id: str, places: Places) -> tuple[str, list[Given], dict[str, Any]]:
    """Give the title, the columns and the other fields of a table or chart."""
    known = data(lens, "tables.toml")[id]
    columns: list[Any] = [
        (key, text(label, places), *kind[:1], *(_unit(unit, places) for unit in kind[1:]))
        for key, label, *kind in known["columns"]
    ]
    fields: dict[str, Any] = {
        name: text(known[name], places) for name in ("definition", "reading") if name in known
    }
    return (
        text(known.get("title", ""), places),
        columns,
        fields | {"references": tuple(known.get("references", ()))},
    )
