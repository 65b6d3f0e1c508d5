"""What a lens can be asked beside window and channels, checked against what it offers."""

from __future__ import annotations

from collections.abc import Mapping

from empreinte import plugins
from empreinte.errors import LensError, UsageError
from empreinte.report import Option

TAKEN = frozenset(
    ("since", "until", "channel", "json", "csv", "html", "files", "definitions", "hide_numbers",
     "ledger", "lang", "help", "limit", "offset", "option", "token")
)  # fmt: skip
"""Names that faces use themselves, in addresses and on the command line."""


def options(lens: str) -> tuple[Option, ...]:
    """Give the options of the lens called `lens`, in its own order; most have none.

    Raises
    ------
    UsageError
        If there is no such lens.
    LensError
        If it gives an option a name that is taken.
    """
    found = tuple(getattr(plugins.lens(lens), "OPTIONS", ()))
    for option in found:
        if not isinstance(option, Option):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise LensError(
                "The question “{lens}” offers something that is no option. Please tell its author.",
                lens=lens,
            )
        if option.name in TAKEN or not option.name.isidentifier():
            raise LensError(
                "The question “{lens}” has an option called {name}, which is taken or is not one "
                "word. Please tell its author.",
                lens=lens,
                name=option.name,
            )
    return found


def chosen(lens: str, given: Mapping[str, int | str] | None) -> tuple[tuple[str, int], ...]:
    """Check the options asked of a lens; those at their default are left out.

    Raises
    ------
    UsageError
        If the lens has no such option, or the value is not a whole number within its bounds.
    """
    if not given:
        return ()
    # A call of another process may send anything.
    if not isinstance(given, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError("{text} is not an option. Write it as NAME=VALUE.", text=given)
    known = {option.name: option for option in options(lens)}
    found: list[tuple[str, int]] = []
    for name, value in given.items():
        if name not in known:
            raise UsageError(
                "{name} is not an option of “{lens}”; there is: {known}.",
                name=name, lens=lens, known=", ".join(known) or "–",
            )  # fmt: skip
        number = _number(known[name], value)
        if number != known[name].default:
            found.append((name, number))
    return tuple(sorted(found))


def _number(option: Option, value: int | str) -> int:
    text = str(int(value)) if isinstance(value, bool) else str(value).strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if number is None or not option.least <= number <= option.most:
        raise UsageError(
            "{value} does not fit the option {name}: give a whole number from {least} to {most}.",
            value=value, name=option.name, least=option.least, most=option.most,
        )  # fmt: skip
    return number
