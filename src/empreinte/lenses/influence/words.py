"""The names of things in the language spoken: counters, kinds, weekdays, bands."""

from __future__ import annotations

from typing import cast

from empreinte.asking.shown import Given
from empreinte.language import _, current, ngettext, number, percent, significant
from empreinte.report import Kind, Unit, units


def counted(name: str) -> Unit:
    """Give what a counter counts."""
    return {
        "likes": units("like", "likes"),
        "shares": units("share", "shares"),
        "replies": units("reply", "replies"),
        "views": units("view", "views"),
        "answers": units("reaction", "reactions"),
    }[name]


def counter(name: str) -> str:
    """Name a counter."""
    return counted(name).many


def kind(name: str) -> str:
    """Name a kind of post."""
    known = {
        "post": _("posts"),
        "reply": _("replies to others"),
        "thread": _("threads (replies to oneself)"),
        "quote": _("quotes"),
        "article": _("articles"),
        "page": _("pages"),
        "image": _("images"),
        "video": _("videos"),
        "audio": _("audio"),
        "document": _("documents"),
        "question": _("polls"),
        "event": _("events"),
        "share": _("shares of others' posts"),
    }
    return known.get(name, name)


def media(name: str) -> str:
    """Name what is attached to a post."""
    known = {
        "": _("nothing attached"),
        "?": _("not known"),
        "image": _("image"),
        "video": _("video"),
        "audio": _("audio"),
        "document": _("document"),
    }
    return known.get(name.lower(), name)


def tongue(code: str) -> str:
    """Name a language by its tag: ``French``, ``français``; the tag itself where unknown."""
    from babel import Locale, UnknownLocaleError

    if not code:
        return _("not known")
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
    return _("between {low} and {high}").format(low=write(low), high=write(high))


def posts(n: int) -> str:
    """Write a number of posts."""
    return ngettext("{n} post", "{n} posts", n).format(n=number(n))


def columns(given: str, **labels: str) -> tuple[Given, ...]:
    """Give columns, each as ``key`` or ``key:kind``, called as here or in `labels`."""
    names = {
        "actor": _("Account"), "after": _("After"), "answered": _("Replies"),
        "answers": _("Reactions"), "basis": _("How that is known"), "before": _("Before"),
        "category": _("Category"), "channel": _("Account"), "counter": _("Count"),
        "early": _("Came early"), "factor": _("Circumstance"), "followers": _("Followers"),
        "high": _("High"), "kind": _("Kind"), "last": _("Last time"), "level": _("Level"),
        "liked": _("Liked"), "likes": _("Likes"), "low": _("Low"), "member": _("Account"),
        "mean": _("Reactions per post, raw"), "mentioned": _("Mentioned"),
        "mine": _("Your interactions with them"), "n": _("Posts"), "observed": _("Date"),
        "platform": _("Platform"), "posts": _("Posts"), "published": _("Date"),
        "p": _("Chance alone (p-value)"), "ratio": _("Ratio"), "replies": _("Replies"),
        "series": _("Account and count"), "share": _("Share of the account"),
        "shared": _("Shared"), "shares": _("Shares"), "text": _("Post"), "url": _("Address"),
        "value": _("Per post"), "verdict": _("What may be said"), "views": _("Views"),
        "week": _("Week of"), "what": _("Account and count"),
    } | labels  # fmt: skip
    pairs = (one.partition(":") for one in given.split())
    return tuple((key, names[key], cast(Kind, kind or "text")) for key, _colon, kind in pairs)
