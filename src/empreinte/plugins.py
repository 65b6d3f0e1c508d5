"""Finding sources and lenses by entry point; built-ins register like a stranger's plug-in.

A **source** is a module named in the group ``empreinte.sources``::

    NAME = "x"                                  # the platform's short name
    VERSION = 1                                 # raised when it learns to read more
    SEEN = "real"                               # what it was made from, see `Source.SEEN`
    LANGUAGES = ("en", "fr")                    # languages of exports that it reads
    PRESENCE = {"View": "starts"}               # what its records say of time spent, if anything
    def title() -> str: ...                     # "X (Twitter) archive", translated
    def reads() -> Sequence[str]: ...           # "posts", "likes given", …, translated
    def how_to_get() -> str: ...                # how to ask the platform for it, translated
    def recognize(export: Container) -> Iterable[str]: ...
    def read(export: Container) -> Iterable[Yielded]: ...

`recognize` gives the roots in the container where an export of its kind stands: ``""`` for the
whole, a folder (``"twitter-2026/"``) or one file (``"blog.xml"``); nothing if there is none. It
looks at names first and at a few kilobytes of content (`Container.head`) if it must. `read` gets
the container narrowed to one such root, in which names are relative to it, and yields records as
it meets them, an `ExportInfo` before any other, and a `FileReport` for each file it has an opinion
on. Files that it does not
mention are reported ``not understood``. A record that cannot be read becomes a `Reject`; a file
that cannot be read, a `FileReport` with status ``failed``.

An **annotator** is a module named in the group ``empreinte.annotators``: text in, findings out::

    NAME = "personal_data"
    VERSION = 1                                 # raised when it learns to find more
    GATE = "[0-9]{6}|@"                         # may be left out, see `Annotator.GATE`
    BATCH = 250                                 # may be left out, see `Annotator.BATCH`
    def annotate(texts: Sequence[str], languages: Sequence[str | None]) -> Annotations: ...

A **lens** is a module named in the group ``empreinte.lenses``::

    NAME = "influence"
    OPTIONS = (Option(name="seeds", …),)        # may be left out: it then has none
    def question() -> str: ...                  # translated
    def answer(tables: Tables, scope: Scope) -> Report: ...
    def forms(tables: Tables, scope: Scope) -> tuple[Form, ...]: ...   # may be left out
    def keys(tables: Tables, scope: Scope) -> Iterable[str]: ...       # may be left out

`forms` gives what the owner may tell it, made from the state of the ledger: what was told already
stands in the view ``entries``. `keys` gives the keys of the rows that can be ticked, without the
time that the rest of the report takes; each begins with the lens's name and a hyphen.

Nothing is imported until it is used: names come from the entry points alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import msgspec

from empreinte.errors import UsageError
from empreinte.forms import Form
from empreinte.language import Message
from empreinte.registered import Point, points

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from empreinte.container import Container
    from empreinte.model import Presence, Yielded
    from empreinte.report import Option, Report, Scope


class Source(Protocol):
    """What a module registered under ``empreinte.sources`` offers.

    Attributes
    ----------
    SEEN : str
        What the reader was made from and is tested on: ``"real"`` exports, exports of the real
        ``"layout"`` whose content is made up, or ``"described"``: descriptions of the format
        alone, so that the first real export may hold surprises.
    LANGUAGES : tuple of str
        Languages of the account in which the export is understood; empty where no word of the
        export is translated.
    USERS_M : int
        About how many million people use the platform in a month, by its own word: the most used
        are offered first.
    PRESENCE : dict of str to str
        What a dated record of the owner's says of their being there, by verb of an act and kind of
        a trace (`empreinte.model.Presence`); of what is not named nothing is said.

    `SEEN`, `LANGUAGES`, `USERS_M`, `PRESENCE`, `reads` and `wait` (how long the export takes to
    come, in a few words) may be left out. So may `remember`, a function of an export that is not
    read, for it was before: what it notes in `Container.memory` is there when others are.
    """

    NAME: str
    VERSION: int
    SEEN: Literal["real", "layout", "described"]
    LANGUAGES: tuple[str, ...]
    USERS_M: int
    PRESENCE: Mapping[str, Presence]

    def title(self) -> str: ...
    def reads(self) -> Sequence[str]: ...
    def how_to_get(self) -> str: ...
    def wait(self) -> str: ...
    def recognize(self, export: Container) -> Iterable[str]: ...
    def read(self, export: Container) -> Iterable[Yielded]: ...


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A file that no source knows, and what its owner can say of it.

    Attributes
    ----------
    file : str
        Its name in the container.
    key : str
        What files of its kind share: what is told of one holds for all.
    form : Form
        What can be told, a series by `key`.
    guess : dict
        What is taken where nothing is told, by the form's fields.
    columns, rows : tuple
        What it looks like.
    why : Message or None
        Why it has to be asked, where that is not that nothing knows it.
    lacks : Message or None
        What is missing in the guess, where it cannot be taken as it is.
    """

    file: str
    key: str
    form: Form
    guess: dict[str, Any]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    why: Message | None = None
    lacks: Message | None = None


class Describer(Source, Protocol):
    """A source that reads what its owner describes: it offers two functions more.

    ``unknown`` looks at a file that no source claims; ``described`` gives the name and the bytes
    of a file that says what was told of it: beside that, the source knows it.

    Three may be left out. ``bare`` says of a file in which there is nothing to describe what it is
    (an empty table). ``BESIDE`` is how the names of files end that an owner puts beside others to
    say what they are, and ``speaks_of`` tells whether the file at a path is one that speaks of the
    file of a name beside it.
    """

    BESIDE: str

    def unknown(self, export: Container, name: str) -> Unknown | None: ...
    def described(self, unknown: Unknown, fields: Mapping[str, Any]) -> tuple[str, bytes]: ...
    def bare(self, export: Container, name: str) -> Message | None: ...
    def speaks_of(self, path: Path, name: str) -> bool: ...


class Annotations(NamedTuple):
    """What was found in some texts: columns of equal length, a row a finding.

    Attributes
    ----------
    text : sequence of int
        Which of the texts, from 0.
    label : sequence of str
        What it is, in English: a kind of data, a tone, a subject.
    certainty : sequence of float or None
        From 0 to 1; ``None`` where it is not known.
    start, end : sequence of int or None
        Where it stands, in characters; ``None`` for the whole text.
    """

    text: Sequence[int]
    label: Sequence[str]
    certainty: Sequence[float | None]
    start: Sequence[int | None]
    end: Sequence[int | None]


class Annotator(Protocol):
    """What a module registered under ``empreinte.annotators`` offers.

    Attributes
    ----------
    GATE : str
        A regular expression that RE2 and `re` read alike: in texts that it does not match there is
        nothing to find, so that the database passes over them. It may be left out.
    BATCH : int
        How many texts it is given at once, where it is slow: these are read anew after a kill. It
        may be left out.
    """

    NAME: str
    VERSION: int
    GATE: str
    BATCH: int

    def annotate(self, texts: Sequence[str], languages: Sequence[str | None]) -> Annotations: ...


class Need(NamedTuple):
    """What a lens needs of an annotator, in its ``NEEDS``, which may be left out.

    `texts` is a condition in SQL on the view ``texts``: which of them are to be read.
    """

    annotator: str
    texts: str = "mine"


class Tables(Protocol):
    """What a lens may ask of a ledger: SQL over its documented views."""

    def sql(self, query: str, /, **parameters: Any) -> pa.Table:
        """Run `query` with named parameters (``$name``).

        ``$since``, ``$until`` (timestamps or null) and ``$channels`` (list of text or null) are
        bound to the scope; parameters that the query does not name are ignored.
        """
        ...


class Lens(Protocol):
    """What a module registered under ``empreinte.lenses`` offers.

    `OPTIONS`, `NEEDS`, `forms`, `keys` and `title` (a word or two) may be left out. A lens
    gives a right answer where what it needs has not been read: an annotator may be missing.
    """

    NAME: str
    OPTIONS: tuple[Option, ...]
    NEEDS: tuple[Need, ...]

    def question(self) -> str: ...
    def answer(self, tables: Tables, scope: Scope) -> Report: ...


def pass_on(error: BaseException) -> None:
    """Raise an error again that is no plug-in's fault: someone at the terminal interrupts.

    All else that a stranger's code ends with is its own, that it would end the program or its
    thread too. Of an interruption the main thread alone is told.
    """
    if isinstance(error, KeyboardInterrupt) and current_thread() is main_thread():
        raise error


def lens_title(lens: Lens) -> str:
    """Give what a lens is called in the language spoken; its name where it has no ``title()``."""
    titled: Callable[[], object] | None = getattr(lens, "title", None)
    return lens.NAME.capitalize() if titled is None else str(titled())


def forms(plugin: object, tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Ask a plug-in for its forms, of this state of the ledger; most offer none."""
    offered: Callable[[Tables, Scope], Iterable[Form]] | None = getattr(plugin, "forms", None)
    return () if offered is None else tuple(offered(tables, scope))


@cache
def _registered(group: str) -> dict[str, tuple[Point, ...]]:
    """Give what is registered under each name: one, unless two packages took the same."""
    found: dict[str, dict[str, Point]] = {}
    for point in points(group):
        found.setdefault(point.name, {}).setdefault(point.value, point)
    return {name: tuple(points.values()) for name, points in sorted(found.items())}


def source_names() -> tuple[str, ...]:
    """Give the names of the registered sources, sorted, without importing them."""
    return _names("empreinte.sources")


def lens_names() -> tuple[str, ...]:
    """Give the names of the registered lenses, sorted, without importing them."""
    return _names("empreinte.lenses")


def asked_names() -> tuple[str, ...]:
    """Give the names of the lenses that are not called like a command, as the others are."""
    return tuple(name for name in lens_names() if name not in COMMANDS)


def annotator_names() -> tuple[str, ...]:
    """Give the names of the registered annotators, sorted, without importing them."""
    return _names("empreinte.annotators")


def annotator(name: str) -> Annotator:
    """Import the annotator called `name`.

    Raises
    ------
    UsageError
        If no annotator has that name, two have it, or it cannot be loaded.
    """
    return _load("empreinte.annotators", name)


def source(name: str) -> Source:
    """Import the source called `name`.

    Raises
    ------
    UsageError
        If no source has that name, two have it, or it cannot be loaded.
    """
    return _load("empreinte.sources", name)


def presence(name: str) -> Mapping[str, Presence]:
    """Give what the records of the source called `name` say of presence; nothing if it is gone."""
    try:
        return getattr(source(name), "PRESENCE", {})
    except UsageError:
        return {}


def lens(name: str) -> Lens:
    """Import the lens called `name`.

    Raises
    ------
    UsageError
        If no lens has that name, two have it, or it cannot be loaded.
    """
    return _load("empreinte.lenses", name)


@contextmanager
def standing_in(group: str, module: Any) -> Generator[None]:
    """Have a module stand as a plug-in while the block runs, as if it were installed alone so.

    Parameters
    ----------
    group : str
        ``empreinte.sources`` or ``empreinte.lenses``.
    module : module
        What would be registered, under its ``NAME``.
    """
    key = (group, module.NAME)
    before = _STANDING_IN.get(key)  # blocks may stand in one another
    _STANDING_IN[key] = module
    try:
        yield
    finally:
        _STANDING_IN[key] = before
        if before is None:
            del _STANDING_IN[key]


_STANDING_IN: dict[tuple[str, str], Any] = {}


_OFFERED = {
    "empreinte.sources": ("NAME", "VERSION", "title", "how_to_get", "recognize", "read"),
    "empreinte.lenses": ("NAME", "question", "answer"),
    "empreinte.annotators": ("NAME", "VERSION", "annotate"),
}
COMMANDS = frozenset((
    "accounts", "annotate", "backup", "counter", "demo", "describe", "erase", "evidence",
    "export", "follow", "forget", "import", "imports", "ledger", "lenses", "mine", "open",
    "rejects", "restore", "search", "settings", "sources", "sql", "tell", "tick",
))  # fmt: skip
"""What the command line calls its own commands, so that no lens can be called so."""


def _check(group: str, name: str, plugin: object) -> None:
    """Refuse what does not offer what a plug-in of its kind does, or is called like a command."""
    if lacking := [one for one in _OFFERED.get(group, ()) if not hasattr(plugin, one)]:
        raise UsageError(
            "The plug-in {name} has no {what}, which every one of its kind has. Ask its author, "
            "or uninstall it.",
            name=name, what=", ".join(lacking),
        )  # fmt: skip
    if group == "empreinte.lenses" and name in COMMANDS:
        raise UsageError(
            "The plug-in {name} cannot be asked: “empreinte {name}” is a command already. Ask its "
            "author to give it another name, or uninstall it.",
            name=name,
        )  # fmt: skip


def _names(group: str) -> tuple[str, ...]:
    more = {name for other, name in _STANDING_IN if other == group}
    return tuple(sorted({*_registered(group), *more}))


def _load(group: str, name: str) -> Any:
    if (group, name) in _STANDING_IN:
        return _STANDING_IN[group, name]
    registered = _registered(group)
    if name not in registered:
        raise UsageError(
            "{name} is not known here; there is: {known}.",
            name=name,
            known=", ".join(_names(group)) or "–",
        )
    first, *others = registered[name]
    if others:
        raise UsageError(
            "Two plug-ins are registered as {name}: {first} and {second}. Uninstall one.",
            name=name,
            first=first.value,
            second=others[0].value,
        )
    try:
        plugin = first.load()
    except BaseException as error:
        pass_on(error)
        raise UsageError(
            "The plug-in {name} is registered but cannot be loaded ({cause}). Install what it "
            "lacks, or uninstall it.",
            name=name,
            cause=error if isinstance(error, Exception) else repr(error),
        ) from error
    _check(group, name, plugin)
    return plugin
