"""Who writes to the owner in public, how long a reply takes, and what still waits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from empreinte.asking import Claim, Part, collect, single, table, untold
from empreinte.kernels.statistics import survival
from empreinte.language import _, ngettext, number
from empreinte.lenses.reputation.own import BY_ME, LINK, WORDS, Own, excerpt, key
from empreinte.model import platform_name
from empreinte.report import Action, Measure, Section, Sentence, Table, Tick, Value, units

Row = dict[str, Any]

ROWS = 100
"""What waits that is listed, questions first, and writers that are listed."""
FEWEST = 3
"""Posts of a writer from which on they are listed."""
HOUR_S = 3_600
DAY_H, WEEK_H = 24, 168

TO_ME = f"""
    p.published is not null and p.is_public and in_window(p.published)
    and not coalesce({BY_ME}, false)
    and (list_contains($owned, p.platform || ':' || p.in_reply_to_author)
         or list_has_any(list_transform(p.mentions, lambda m: p.platform || ':' || m), $owned)
         or exists (
             select 1 from posts t
             where t.platform = p.platform and t.id = p.in_reply_to
               and {BY_ME.replace("p.", "t.")}))
"""
"""Condition on ``posts p``: somebody else addressed the owner where others could see it."""
_ADDRESSED = f"""
    select p.platform, p.id, p.author_id, p.author, p.published, {WORDS} as words, {LINK} as url,
           r.replied, coalesce(e.latest, a.latest, p.published) as latest
    from posts p
    left join (
        select platform, in_reply_to as id, min(published) as replied from posts p
        where {BY_ME} and in_reply_to is not null and published is not null
        group by platform, in_reply_to
    ) r on r.platform = p.platform and r.id = p.id and r.replied >= p.published
    left join (
        select owner_platform, max(observed) as latest from imports group by owner_platform
    ) e on e.owner_platform = p.platform
    cross join (select max(observed) as latest from imports) a
    where {TO_ME}
    order by p.published desc, p.platform, p.id
"""


def keys(own: Own) -> Iterator[str]:
    """Give the keys of what waits."""
    return (_key(row) for row in own.rows(_ADDRESSED) if row["replied"] is None)


def part(own: Own) -> Part:
    """Tell how long replies take, and list what waits."""
    rows = own.rows(_ADDRESSED)
    waits = [row for row in rows if row["replied"] is None]
    waits.sort(key=lambda row: not asks(row["words"]))  # the sort is stable: newest first in each
    ticked = {row["key"] for row in own.rows("select key from ticks")}
    open_ = [row for row in waits if _key(row) not in ticked]
    why = untold(
        _("No public words of others to you are known."),
        _("No public words of others to you are known in this period."),
    )
    text = untold(
        _("Nobody’s words to you are known: most archives hold only your own. Those of Mastodon, "
          "Bluesky, WordPress and Telegram can hold replies to you."), why,
    )  # fmt: skip
    if rows:
        text = _("Nothing written to you in public waits for a reply.")
    section = Section(
        id="relation", title=_("What waits for a reply"),
        intro=_("Public posts of others that reply to you or name your account. A reply is yours "
                "to their post; what was said elsewhere is not known. Not everything asks for one: "
                "tick what needs none."),
        measures=collect(_measures(own, rows, open_)),
        tables=(*_waiting(own, waits, ticked), *_writers(rows)),
    )  # fmt: skip
    return Part(section, tuple(_claims(open_)), Sentence(text=text, quiet=text, about="relation"))


def asks(words: str) -> bool:
    """Tell a question: it has a question mark that is not in an address.

    >>> asks("Tu viens ?"), asks("see https://a.example/?q=1")
    (True, False)
    """
    return any("?" in word for word in words.split() if "://" not in word)


def _key(row: Row) -> str:
    return key("reply", row["platform"], row["id"])


def _hours(rows: Sequence[Row]) -> survival.Curve:
    """Give the curve of hours to a reply; who waits was last seen in the latest archive."""
    ends = [row["replied"] or max(row["latest"], row["published"]) for row in rows]
    waited = [_apart(row["published"], end) for row, end in zip(rows, ends, strict=True)]
    return survival.curve(waited, [row["replied"] is not None for row in rows])


def _apart(one: datetime, other: datetime) -> float:
    return (other - one).total_seconds() / HOUR_S


def _measures(own: Own, rows: list[Row], waits: list[Row]) -> Iterator[tuple[Measure, Value]]:
    why = untold(
        _("No public words of others to you are known."),
        _("No public words of others to you are known in this period."),
    )
    n = len(rows)
    yield single(
        "reputation", "addressed", _("Written to you"), n or None, n=n, main=True, why=why,
        unit=units("post", "posts"),
        evidence=own.evidence(f"select p.* from posts p where {TO_ME}"),
        definition=_("Public posts of others that reply to you or name your account."),
    )  # fmt: skip
    yield single(
        "reputation", "waiting", _("Waiting for a reply"), len(waits) if n else None, n=n,
        main=True, unit=units("post", "posts"), why=why, evidence=_posts(own, waits),
        definition=_("Those without a reply of yours in your archives that you did not tick off."),
    )  # fmt: skip
    asked = [row for row in rows if asks(row["words"])]
    others = [row for row in rows if not asks(row["words"])]
    for id, name, of, main in (
        ("reply-hours", _("Time to a reply"), rows, True),
        ("reply-hours-questions", _("Time to a reply, questions"), asked, False),
        ("reply-hours-rest", _("Time to a reply, the rest"), others, False),
    ):
        yield _median(id, name, of, main)
    curve = _hours(rows)
    for id, name, at in (
        ("replied-day", _("Replied to within a day"), DAY_H),
        ("replied-week", _("Replied to within a week"), WEEK_H),
    ):
        share = survival.ended_by(curve, at)
        yield single(
            "reputation", id, name, share.value if n else None, kind="percent", n=n, why=why,
            low=share.low, high=share.high,
            definition=_("By Kaplan and Meier’s method, which counts those that still wait."),
            references=("kaplan-meier-1958",),
        )  # fmt: skip


def _median(id: str, name: str, rows: list[Row], main: bool) -> tuple[Measure, Value]:
    found = survival.median(_hours(rows))
    high = found.high if math.isfinite(found.high) else math.nan
    note = ""
    if math.isfinite(found.value) and not math.isfinite(found.high):
        note = _("No upper bound can be told: too many still wait.")
    why = untold(
        _("No public words of others to you are known."),
        _("No public words of others to you are known in this period."),
    )
    if rows:
        why = _("Fewer than half have had a reply, so a middle time cannot be told.")
    return single(
        "reputation", id, name, found.value, kind="number", unit=units("hour", "hours"),
        n=len(rows), low=found.low, high=high, main=main, note=note, why=why,
        definition=_("The time after which half have had a reply; those that still wait are "
                     "counted as waiting so long, by Kaplan and Meier’s method."),
        references=("kaplan-meier-1958", "brookmeyer-crowley-1982"),
    )  # fmt: skip


def _posts(own: Own, rows: Sequence[Row]) -> Any:
    return own.posts(f"{row['platform']}:{row['id']}" for row in rows)


def _waiting(own: Own, waits: list[Row], ticked: set[str]) -> tuple[Table, ...]:
    rows = waits[:ROWS]
    reading = ""
    if len(waits) > ROWS:
        reading = _("The {n} first of {all}.").format(n=number(ROWS), all=number(len(waits)))
    return table(
        "reputation.all.waits", _("What waits"),
        (
            ("since", _("Since"), "date"), ("who", _("Who")), ("where", _("Where")),
            ("words", _("Words")), ("question", _("Question")), ("url", _("Link"), "url"),
        ),
        [
            (
                row["published"].date().isoformat(), row["author"] or "",
                platform_name(row["platform"]), excerpt(row["words"]),
                _("yes") if asks(row["words"]) else "", row["url"],
            )
            for row in rows
        ],
        reading=reading, named=3, ticks=tuple(Tick(_key(r), _key(r) in ticked) for r in rows),
        evidence=tuple(_posts(own, [row]) for row in rows),
        definition=_("Questions first, then the latest."),
    )  # fmt: skip


def _writers(rows: list[Row]) -> tuple[Table, ...]:
    by_writer: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["author_id"]:
            by_writer.setdefault((row["platform"], row["author_id"]), []).append(row)
    often = [them for them in by_writer.values() if len(them) >= FEWEST]
    often.sort(key=lambda them: (-len(them), them[0]["platform"], them[0]["author_id"]))
    return table(
        "reputation.all.writers", _("Who has a reply"),
        (
            ("who", _("Who")), ("where", _("Where")), ("n", _("Written to you"), "integer"),
            ("replied", _("Replied to"), "integer"),
        ),
        [
            (
                them[0]["author"], platform_name(them[0]["platform"]), len(them),
                sum(row["replied"] is not None for row in them),
            )
            for them in often[:ROWS]
        ],
        definition=_("Accounts that wrote to you three times or more."),
    )  # fmt: skip


def _claims(waits: list[Row]) -> Iterator[Claim]:
    asked = sum(asks(row["words"]) for row in waits)
    if not waits:
        return
    action = Action(kind="tick", target="reputation.all.waits", label=_("Go through them"))
    text = ngettext(
        "{n} post written to you in public has no reply of yours.",
        "{n} posts written to you in public have no reply of yours.", len(waits),
    ).format(n=number(len(waits)))  # fmt: skip
    quiet = _("Something written to you in public has no reply of yours.")
    if asked:
        text = ngettext(
            "{n} question put to you in public has no reply of yours.",
            "{n} questions put to you in public have no reply of yours.", asked,
        ).format(n=number(asked))  # fmt: skip
        quiet = _("A question put to you in public has no reply of yours.")
    yield Claim(
        text=text, quiet=quiet, about="reputation.all.waiting", topic="waiting",
        weight=0.2 if asked else 0.08, action=action,
    )  # fmt: skip
