"""Reading an export of X in tests, and a small life to make one of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from empreinte.container import open_container
from empreinte.model import FileReport, Yielded
from empreinte.sources import x as source
from empreinte.testing.person import Channel, Follower, Person, Published

T = TypeVar("T")

AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
SINCE = datetime(2019, 3, 1, 8, tzinfo=UTC)
HANDLE = "maelle_dessine"


def records(path: Path) -> list[Yielded]:
    """Read the one export that stands at `path`."""
    with open_container(path) as export:
        (root,) = source.recognize(export)
        return list(source.read(export.under(root)))


def only(found: Iterable[Yielded], kind: type[T]) -> list[T]:
    """Keep the records of one type, in order."""
    return [record for record in found if isinstance(record, kind)]


def reports(found: Iterable[Yielded]) -> dict[str, FileReport]:
    """Give the file reports by name; none may come twice."""
    listed = only(found, FileReport)
    named = {report.name: report for report in listed}
    assert len(named) == len(listed)
    return named


def person() -> Person:
    """Make up a short life with one post of each kind and a thread."""

    def post(number: int, kind: str = "post", text: str = "", **fields: object) -> Published:
        at = datetime(2026, 1, 5, 18, 2, 7, tzinfo=UTC) + timedelta(days=11 * number)
        text = text or f"Billet {number} & <suite>"
        return Published(number, "x", at, kind, text, **fields)  # pyright: ignore[reportArgumentType]

    published = (
        post(1, likes=3, shares=1),
        post(2, tags=("Typo", "Encre"), links=("https://example.org/a?b=1&c=2",), likes=40),
        post(3, media=("Image", "Image"), language="en", likes=1_234, shares=56),
        post(4, media=("Video",)),
        post(5, "reply", to="camille_r", mentions=("camille_r", "noe_velo")),
        post(6, "share", "Une affiche à voir", to="noe_velo", likes=None),
        post(7, "quote", to="camille_r"),
        post(8, text="Un fil, 1/2"),
        post(9, "reply", "Un fil, 2/2", to=HANDLE, to_number=8),
        post(10, text="Long. " * 90 + "Fin.", tags=("Essai",), links=("https://example.org/z",)),
        post(11, likes=None, shares=None),
        post(12, text="Regrettable", likes=2),
    )
    people = [Follower(n, f"lectrice_{n}", SINCE + timedelta(days=n)) for n in range(1, 8)]
    channel = Channel("x", HANDLE, SINCE, tuple(people), tuple(people[:3]))
    return Person(
        "Maëlle D.", "Affiches & livres.", "https://maelle.example.org", "Europe/Paris",
        {"x": channel}, published,
    )  # fmt: skip
