"""What is installed: sources and lenses, a stranger's among them.

One that cannot be loaded, or cannot say what it is, is listed with the reason: the others stay
whole.
"""

from __future__ import annotations

import logging
from typing import Literal

from empreinte import plugins
from empreinte.api.types import LensInfo, SourceInfo
from empreinte.errors import EmpreinteError, LensError, SourceError


def sources() -> list[SourceInfo]:
    """Give the sources that are installed, with how to ask for each export."""
    return [_source(name) for name in plugins.source_names()]


def lenses() -> list[LensInfo]:
    """Give the lenses that are installed, with the question each answers."""
    return [_lens(name) for name in plugins.lens_names()]


def _source(name: str) -> SourceInfo:
    try:
        source = plugins.source(name)
        return SourceInfo(
            name=name,
            title=str(source.title()),
            how_to_get=str(source.how_to_get()),
            reads=tuple(map(str, source.reads())) if hasattr(source, "reads") else (),
            seen=getattr(source, "SEEN", None),
            languages=tuple(getattr(source, "LANGUAGES", ())),
            wait=str(source.wait()) if hasattr(source, "wait") else "",
            users_m=getattr(source, "USERS_M", 0),
        )
    except BaseException as error:
        plugins.pass_on(error)
        return SourceInfo(name=name, title=name, fault=str(failure("source", name, error)))


def _lens(name: str) -> LensInfo:
    try:
        lens = plugins.lens(name)
        return LensInfo(name=name, title=plugins.lens_title(lens), question=str(lens.question()))
    except BaseException as error:
        plugins.pass_on(error)
        return LensInfo(
            name=name, title=name, question=name, fault=str(failure("lens", name, error))
        )


def failure(kind: Literal["source", "lens"], name: str, error: BaseException) -> EmpreinteError:
    """Give what to say of a plug-in that failed, and write a fault of its own to the log."""
    if isinstance(error, EmpreinteError):
        return error
    logging.getLogger("empreinte").error("the %s %s failed", kind, name, exc_info=error)
    cause = f"{type(error).__name__}: {_words(error)}"[:200]
    if kind == "source":
        return SourceError(
            "What reads “{name}” failed ({cause}). This is a bug in it, not in your data. The "
            "terminal where Empreinte runs says more; please report it.",
            name=name, cause=cause,
        )  # fmt: skip
    return LensError(
        "The question “{name}” failed ({cause}). This is a bug in it, not in your data. The "
        "terminal where Empreinte runs says more; please report it.",
        name=name, cause=cause,
    )  # fmt: skip


def _words(error: BaseException) -> str:
    """Give what an error says of itself, which a stranger wrote too."""
    try:
        return str(error)
    except BaseException as another:
        plugins.pass_on(another)
        return ""
