"""The gettext catalogues: ``update``, ``merge FOLDER``, ``check``, ``compile``.

English texts are the message ids, so French is the one catalogue. There is no template file: the
messages are read from the sources each time.

    python tools/catalogues.py check     fails if a message has no French, or French no message
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "empreinte"
FRENCH = SOURCES / "locale" / "fr" / "LC_MESSAGES" / "empreinte.po"
DATA = ("name", "definition", "why", "misuse")
"""What is a message in data files; `unit` holds both of its forms."""


Found = tuple[int, str, object, list[str]]


def data(file: IO[bytes], *_others: object, **_more: object) -> Iterator[Found]:
    """Find the messages of a data file: tables of measures or of kinds of data."""
    for table in tomllib.load(file).values():
        yield from _texts({name: table[name] for name in DATA if name in table})
        if "unit" in table:
            yield 1, "units", tuple(table["unit"]), []


def said(file: IO[bytes], *_others: object, **_more: object) -> Iterator[Found]:
    """Find the messages of a lens's sentences: every text, and every pair of two forms."""
    yield from _texts(tomllib.load(file))


def _texts(known: object) -> Iterator[Found]:
    if isinstance(known, dict):
        for one in known.values():
            yield from _texts(one)
    elif isinstance(known, list):
        yield 1, "ngettext", tuple(known), []
    else:
        yield 1, "_", known, []


def shown(file: IO[bytes], *_others: object, **_more: object) -> Iterator[Found]:
    """Find the messages of a lens's tables and charts: texts, labels and units of columns."""
    for table in tomllib.load(file).values():
        columns = [text for column in table["columns"] for text in (column[1], *column[3:])]
        texts = [table[name] for name in ("title", "reading", "definition") if name in table]
        yield from _texts(dict(enumerate([*texts, *columns])))


METHODS = [
    ("**.py", "python"), ("**/templates/**.*", "jinja2"), ("**/measures.toml", data),
    ("**/lenses/**/kinds.toml", data), ("**/lenses/**/sentences.toml", said),
    ("**/lenses/**/tables.toml", shown),
]  # fmt: skip
PLACE = re.compile(r"\{(\w+)\}")
Key = tuple[str, str | None]


def keywords() -> dict[str, object]:
    """Give the functions whose arguments are messages; all our errors are among them."""
    sys.path.insert(0, str(ROOT / "src"))
    from empreinte import errors

    raised = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
    return {
        "_": None,
        "ngettext": (1, 2),
        "units": (1, 2),
        "pgettext": ((1, "c"), 2),
        "message": (1,),
        "later": (1,),
        # What the container refuses: name, status, reason.
        "_skip": (3,),
        **dict.fromkeys(raised - {"Message", "Fault"}, (1,)),
    }


def extracted() -> Catalog:
    """Read every message of the sources and the templates."""
    catalogue = Catalog(locale="fr", domain="empreinte")
    found = extract_from_dir(
        SOURCES,
        METHODS,
        # An expression is a message as well as a block: {{ _("…") }}.
        {"**/templates/**.*": {"silent": "false"}},
        keywords=keywords(),  # pyright: ignore[reportArgumentType]
    )
    for file, line, text, comments, context in found:
        if text not in ("", ()):
            catalogue.add(text, None, [(file, line)], auto_comments=comments, context=context)
    return catalogue


def key(message: Message) -> Key:
    """Give what tells one message from another."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def texts(message: Message) -> list[str]:
    """Give the translations of a message, one or one a plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def alike(message: Message, french: Message) -> bool:
    """Tell whether both are plural, or neither is."""
    return isinstance(message.id, str) is isinstance(french.id, str)


def current() -> dict[Key, Message]:
    """Read the French catalogue as it is."""
    if not FRENCH.exists():
        return {}
    with FRENCH.open("rb") as file:
        return {key(message): message for message in read_po(file, "fr") if message.id}


def save(wanted: Catalog, known: dict[Key, Message]) -> None:
    """Write the French of all `wanted` messages, sorted, without dates or line numbers."""
    written = Catalog(
        locale="fr",
        domain="empreinte",
        project="Empreinte",
        version="0.1",
        copyright_holder="The Empreinte developers",
        header_comment="# French texts of Empreinte.\n# The Empreinte developers, MIT licence.",
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    for message in wanted:
        if message.id:
            french = known.get(key(message))
            if french and not alike(message, french):
                french = None  # it has become plural, or has ceased to be
            written.add(
                message.id, french.string if french else None, message.locations,
                context=message.context,
            )  # fmt: skip
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    with FRENCH.open("wb") as file:
        write_po(file, written, width=100, sort_output=True, include_lineno=False)


def problems(wanted: Catalog, known: dict[Key, Message]) -> list[str]:
    """Say what is wrong with the French catalogue, a sentence each."""
    said = []
    messages = {key(message): message for message in wanted if message.id}
    for one, message in messages.items():
        french = known.get(one)
        if french is None or not all(texts(french)) or not texts(french):
            where = message.locations[0][0] if message.locations else "?"
            said.append(f"no French: {one[0]!r} ({where})")
        elif french.fuzzy:
            said.append(f"fuzzy: {one[0]!r}")
        elif not alike(message, french):
            said.append(f"plural in one language only: {one[0]!r}")
        else:
            ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
            places = set(PLACE.findall(" ".join(ids)))
            for text in texts(french):
                if set(PLACE.findall(text)) - places or (
                    len(ids) == 1 and set(PLACE.findall(text)) != places
                ):
                    said.append(f"other places than {sorted(places)}: {text!r}")
    said += [f"French without a message: {one[0]!r}" for one in known if one not in messages]
    return said


def merge(folder: Path, wanted: Catalog, known: dict[Key, Message]) -> list[str]:
    """Take the French of every ``*.po`` in `folder`; it takes the place of what there is."""
    said = []
    messages = {key(message): message for message in wanted if message.id}
    given: dict[Key, tuple[str, Message]] = {}
    for fragment in sorted(folder.glob("*.po")):
        with fragment.open("rb") as file:
            for message in read_po(file, "fr"):
                if not message.id or not all(texts(message)) or not texts(message):
                    continue
                if key(message) not in messages:
                    said.append(f"{fragment.name}: nobody says {key(message)[0]!r}")
                elif not alike(messages[key(message)], message):
                    said.append(f"{fragment.name}: plural in one language only: {message.id!r}")
                elif key(message) in given and texts(given[key(message)][1]) != texts(message):
                    first = given[key(message)][0]
                    said.append(f"{fragment.name}: other French than {first}: {message.id!r}")
                else:
                    given[key(message)] = (fragment.name, message)
    known |= {one: message for one, (_fragment, message) in given.items()}
    return said


def compile_all() -> None:
    """Write a .mo beside each .po."""
    for po in (SOURCES / "locale").rglob("*.po"):
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, "fr"))


def main() -> int:
    parser = argparse.ArgumentParser(description="The gettext catalogues.")
    parser.add_argument("act", choices=("update", "merge", "check", "compile"))
    parser.add_argument("folder", type=Path, nargs="?", help="for merge: a folder of .po fragments")
    given = parser.parse_args()
    said: list[str] = []
    if given.act == "compile":
        compile_all()
        return 0
    wanted, known = extracted(), current()
    if given.act == "merge":
        if given.folder is None:
            parser.error("merge needs a folder")
        for remark in merge(given.folder, wanted, known):
            print(remark)
    if given.act in ("update", "merge"):
        save(wanted, known)
        compile_all()
        said = problems(wanted, current())
        print(f"{len(wanted)} messages, {len(said)} to look at")
        return 0
    said = problems(wanted, known)
    for problem in said:
        print(problem)
    print(f"{len(wanted)} messages, {len(said)} problems")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
