"""What may be held against one, by two doors, with what to do and what has been done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from empreinte.asking import Claim, Part, collect, single, table, untold
from empreinte.asking.claims import STANDING
from empreinte.language import _, day, ngettext, number
from empreinte.lenses.reputation import kinds
from empreinte.lenses.reputation.needs import INSTALL
from empreinte.lenses.reputation.own import BY_ME, LINK, OPEN, WORDS, Own, excerpt, key
from empreinte.model import platform_name
from empreinte.report import Action, Measure, Section, Sentence, Table, Tick, units
from empreinte.texts import conduct, embedding

Row = dict[str, Any]

ROWS = 200
"""Findings listed a door, those still there first."""
SIZE = {"act": 0.9, "look": 0.3}
"""How much a finding is about, in the weight of a claim."""

# A post that is gone was public when it was there.
_FOUND = f"""
    select a.label, a.certainty, a."start", p.platform, p.id, p.published, {LINK} as url,
           {WORDS} as words, p.deleted is not null or v.id is not null as gone, p.seen, true as post
    from annotations a
    join posts p on a.subject_type = 'post' and p.platform = a.platform and p.id = a.id
    left join vanished v on v.platform = p.platform and v.id = p.id
    where a.annotator = 'conduct' and {BY_ME} and {OPEN} and in_window(p.published)
    union all
    select a.label, a.certainty, a."start", m.platform, m.account_id, null,
           case when regexp_matches(m.url, '^https?://') then m.url end, m.summary, false, null,
           false
    from annotations a
    join mine m on a.subject_type = 'account' and m.platform = a.platform and m.account_id = a.id
    where a.annotator = 'conduct' and list_contains($owned, m.channel)
    order by gone, "start" is null, published desc nulls last, platform, id, label
"""
_READ = f"""
    select count(*) as n from posts p
    where {BY_ME} and {OPEN} and p.is_public and in_window(p.published) and {WORDS} <> ''
"""


def look(own: Own) -> list[Row]:
    """Give everything that was found in what is public, what is gone last."""
    return own.rows(_FOUND)


def keys(own: Own) -> Iterator[str]:
    """Give the keys of what is still there."""
    return (_key(row) for row in look(own) if not row["gone"])


def parts(own: Own, found: list[Row]) -> Iterator[Part]:
    """Make the sections of both doors."""
    ticked = {row["key"]: row["at"] for row in own.rows('select key, "at" from ticks')}
    n = read(own)
    for door, of in (("act", conduct.ACT), ("look", conduct.LOOK)):
        here = [row for row in found if row["label"].startswith(f"{door}:")]
        yield _part(own, door, of, here, ticked, n)


def read(own: Own) -> int:
    """Count the public posts with words in which findings were looked for."""
    return int(own.rows(_READ)[0]["n"])


def unread() -> str:
    """Say that there was nothing in which to look."""
    return untold(
        _("No public post of yours with words is known."),
        _("No public post of yours with words is known in this period."),
    )


def _part(
    own: Own, door: str, of: Sequence[str], found: list[Row], ticked: dict[str, Any], read: int
) -> Part:
    titles = {"act": _("To deal with"), "look": _("To look at")}
    intros = {
        "act": _("Insults and threats to somebody, hatred, harassment, what the law forbids, "
                 "secrets of an employer. A program found it, and programs err: read each before "
                 "you do anything.") + _more(),
        "look": _("Words about an employer, drink, drugs, sexual content, quarrels. Much of it is "
                  "your private life and should not count; it often does. Swearing alone is not "
                  "listed."),
    }  # fmt: skip
    todo = [row for row in found if not row["gone"] and _key(row) not in ticked]
    done = len(found) - len(todo)
    section = Section(
        id=door, title=titles[door], intro=intros[door],
        measures=collect([
            single("reputation", door, titles[door],
                   len(todo) if read or todo else None, n=read, main=True,
                   unit=units("finding", "findings"), why=unread(), evidence=_posts(own, todo),
                   definition=_("Findings in your public posts and descriptions that are neither "
                                "gone nor ticked off.")),
            single("reputation", f"{door}-done", _("Done"), done if found else None,
                   numerator=done if found else None, denominator=len(found) or None,
                   why=_("Nothing was found, so there is nothing to do."),
                   definition=_("Findings that are gone from a later archive, or that you ticked "
                                "off.")),
            *(_kind(own, door, kind, todo) for kind in of if any(
                row["label"] == f"{door}:{kind}" for row in todo)),
        ]),
        tables=_table(own, door, found, ticked),
    )  # fmt: skip
    return Part(section, tuple(_claims(door, todo)), _otherwise(door, read, done))


def _key(row: Row) -> str:
    return key("found", row["platform"], row["id"], row["label"])


def _posts(own: Own, rows: list[Row]) -> Any:
    return own.posts(f"{row['platform']}:{row['id']}" for row in rows if row["post"])


def _kind(own: Own, door: str, kind: str, todo: list[Row]) -> tuple[Measure, Any]:
    label = f"{door}:{kind}"
    here = [row for row in todo if row["label"] == label]
    return single(
        "reputation", f"{door}-{kind}", kinds.named(label), len(here), n=len(here),
        unit=units("finding", "findings"), evidence=_posts(own, here),
        definition=kinds.advice(label),
    )  # fmt: skip


def _table(own: Own, door: str, found: list[Row], ticked: dict[str, Any]) -> tuple[Table, ...]:
    rows = found[:ROWS]
    reading = ""
    if len(found) > ROWS:
        reading = _("The {n} first of {all}.").format(n=number(ROWS), all=number(len(found)))
    return table(
        f"reputation.all.{door}-found", _("Findings"),
        (
            ("day", _("Date"), "date"), ("where", _("Where")), ("what", _("What")),
            ("words", _("Words")), ("certainty", _("Certainty")), ("todo", _("What can be done")),
            ("url", _("Link"), "url"), ("state", _("State")),
        ),
        [_row(row, ticked) for row in rows], reading=reading, named=3,
        definition=_("Likely: the words are said to or of somebody. Possible: the words alone.")
        + _errs(door, found),
        ticks=tuple(
            Tick(_key(row), row["gone"] or _key(row) in ticked, by_owner=not row["gone"])
            for row in rows
        ),
        evidence=tuple(_posts(own, [row]) if row["post"] else None for row in rows),
    )  # fmt: skip


def _row(row: Row, ticked: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["published"] and row["published"].date().isoformat(), platform_name(row["platform"]),
        kinds.named(row["label"]), excerpt(row["words"], row["start"]),
        _("possible: the whole text") if _meant(row) else kinds.certainty(row["certainty"]),
        kinds.advice(row["label"]), row["url"],
        _state(row, ticked),
    )  # fmt: skip


def _meant(row: Row) -> bool:
    """Tell whether heads told it: of the whole text, not of words in it."""
    return row["start"] is None


def _errs(door: str, found: list[Row]) -> str:
    if not any(map(_meant, found)):
        return ""
    return " " + _("The whole text: no word of it gives it away, yet it sounds like it. Of such "
                   "findings about {n} of 100 are wrong where a third of posts are to be found, "
                   "and most among ordinary ones.").format(
        n=number(round(100 * conduct.ERRS[door]))
    )  # fmt: skip


def _more() -> str:
    if embedding.there():
        return ""
    return " " + _("Words alone were read; more is found with what reads their meaning: "
                   "{command}.").format(command=INSTALL)  # fmt: skip


def _state(row: Row, ticked: dict[str, Any]) -> str:
    if row["gone"]:
        return _("gone from your later archive")
    at = ticked.get(_key(row))
    if at is None:
        return ""
    if row["seen"] is not None and row["seen"] > at:
        return _("ticked off, yet in your archive of {day}").format(day=day(row["seen"], "medium"))
    return _("ticked off")


def _claims(door: str, todo: list[Row]) -> Iterator[Claim]:
    if not todo:
        return
    texts = {
        "act": ngettext(
            "{n} public post of yours is worth dealing with first. {what}.",
            "{n} findings in your public posts are worth dealing with first. {what}.", len(todo)),
        "look": ngettext(
            "{n} public post of yours is worth another look. {what}.",
            "{n} findings in your public posts are worth another look. {what}.", len(todo)),
    }  # fmt: skip
    quiets = {
        "act": _("Something in your public posts is worth dealing with first. {what}."),
        "look": _("Something in your public posts is worth another look. {what}."),
    }
    names = dict.fromkeys(kinds.named(row["label"]) for row in todo)
    what = ", ".join(list(names)[:3])
    yield Claim(
        text=texts[door].format(n=number(len(todo)), what=what),
        quiet=quiets[door].format(what=what), about=f"reputation.all.{door}", topic=door,
        weight=SIZE[door] * max(row["certainty"] or 0.5 for row in todo) * STANDING,
        action=Action(
            kind="tick", target=f"reputation.all.{door}-found", label=_("Go through them")
        ),
    )  # fmt: skip


def _otherwise(door: str, read: int, done: int) -> Sentence:
    if not read:
        text = unread()
    elif done:
        text = _("Everything that was found here is done.")
    else:
        text = _("Nothing was found here. Rules miss things: a reader may still find some.")
    return Sentence(text=text, quiet=text, about=door)
