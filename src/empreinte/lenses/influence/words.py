"""What this lens says, shows and calls things, in the language spoken."""

from __future__ import annotations

from functools import partial

from empreinte import asking
from empreinte.language import current, percent, significant
from empreinte.report import Unit

said = partial(asking.said, "influence")
phrase = partial(asking.phrase, "influence")
names = partial(asking.names, "influence")
listed = partial(asking.listed, "influence")
drawn = partial(asking.drawn, "influence")
section = partial(asking.section, "influence")


def counted(name: str) -> Unit:
    """Give what a counter counts."""
    return asking.unit("influence", f"counter.{name}")


def counter(name: str) -> str:
    """Name a counter."""
    return counted(name).many


def kind(name: str) -> str:
    """Name a kind of post."""
    return names("kind").get(name, name)


def tongue(code: str) -> str:
    """Name a language by its tag: ``French``, ``français``; the tag itself where unknown."""
    from babel import Locale, UnknownLocaleError

    if not code:
        return phrase("unknown")
    try:
        return Locale.parse(code).get_display_name(current()) or code
    except (UnknownLocaleError, ValueError):
        return code


def weekday(day: int) -> str:
    """Name a day of the week; 0 is Monday."""
    from babel.dates import get_day_names

    return get_day_names("wide", "stand-alone", current())[day]


def times(value: float) -> str:
    """Write a multiplier: ``×1.4``."""
    return "×" + significant(value, 2)


def between(low: float, high: float, kind: str = "number") -> str:
    """Write an interval: ``between 1.2 and 1.9``."""
    write = {"number": significant, "percent": percent, "times": times}[kind]
    return phrase("between", low=write(low), high=write(high))


def posts(n: int) -> str:
    """Write a number of posts."""
    return phrase("posts", n=n)
