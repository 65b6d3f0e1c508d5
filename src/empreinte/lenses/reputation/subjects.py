"""What the owner writes about, and what they are written to about: clusters of like meaning.

The annotator `meaning` (extra ``text``) gives each text's embedding; kernel `subjects` clusters
them and weighs the words that name each. The same texts give the same subjects. Of more than `MOST`
texts a sample counts, drawn by the hash of their words, so that it stays while others come.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from empreinte.asking import Claim, Part, chart, collect, plots, single, table, untold
from empreinte.language import _, number
from empreinte.lenses.reputation.needs import INSTALL, MOST, SHORTEST
from empreinte.lenses.reputation.own import LINK, SHOWN, WORDS, Own, excerpt
from empreinte.lenses.reputation.relation import TO_ME
from empreinte.report import Chart, Section, Sentence, Table, units

Row = dict[str, Any]

LEAST, EACH = 40, 10
"""Texts that make subjects, and texts a subject at the least, on average."""
NAMED, IN_CHART = 4, 5
"""Words that name a subject; subjects in the chart."""
_WORD = re.compile(r"[^\W\d_]{3,40}")
_NO_WORD = re.compile(r"https?://\S{1,300}|@\w{1,40}|[^\W\d_]{1,20}['’]")


_ALL = f"""
    select count(distinct {WORDS}) as texts from posts p
    where length({WORDS}) >= {SHORTEST} and ({{which}})
"""
_READ = f"""
    select a.text, any_value(a.label) as letters, any_value({WORDS}) as words,
           arg_max({LINK}, coalesce(p.published, timestamp '1970-01-01')) as url, count(*) as posts,
           list(p.platform || ':' || p.id order by p.published desc, p.platform, p.id) as ids,
           list(date_trunc('month', p.published)) as months, max(p.published) as last
    from posts p join annotations a on a.annotator = 'meaning' and a.subject_type = 'post'
         and a.platform = p.platform and a.id = p.id
    where length({WORDS}) >= {SHORTEST} and ({{which}})
    group by a.text order by a.text limit {MOST}
"""


class Subject(NamedTuple):
    """A subject: the words that name it, its texts, the most typical first, and all their posts."""

    name: str
    texts: list[Row]
    posts: int


def own_part(own: Own) -> Part:
    """Tell what the owner's public posts are about."""
    return _part(
        own, "written", SHOWN, _("What you write about"),
        _("Your public posts, sorted by what they mean. A program sorts them, and names each "
          "subject by words that stand in many of its posts and in few others."),
        _("You write most about: {name} ({posts} of {all} posts)."),
        _("You write most about: {name}."),
    )  # fmt: skip


def others_part(own: Own) -> Part:
    """Tell what others write to the owner about."""
    return _part(
        own, "received", TO_ME, _("What you are written to about"),
        _("Public posts of others that reply to you or name your account, sorted by what they "
          "mean. A program sorts them, and names each subject by words that stand in many of its "
          "posts and in few others."),
        _("You are written to most about: {name} ({posts} of {all} posts)."),
        _("You are written to most about: {name}."),
    )  # fmt: skip


def _part(
    own: Own, id: str, which: str, title: str, intro: str, most: str, quiet: str
) -> Part:  # fmt: skip
    (count,) = own.rows(_ALL.format(which=which))
    rows = own.rows(_READ.format(which=which))
    found = subjects(rows) if len(rows) >= LEAST else []
    text = _nothing(count["texts"], len(rows))
    if found and count["texts"] > len(rows):
        intro += " " + _("A sample of {n} texts of {all}, drawn by lot once.").format(
            n=number(len(rows)), all=number(count["texts"])
        )
    section = Section(
        id=id, title=title, intro=intro,
        measures=collect([
            single("reputation", f"subjects-{id}", _("Subjects"), len(found) or None, why=text,
                   n=sum(subject.posts for subject in found), unit=units("subject", "subjects"),
                   definition=_("As many as stand apart best (the mean silhouette), of 2 to 20; "
                                "Ward’s clusters of sentence embeddings."),
                   references=("ward-1963", "grootendorst-2022")),
        ]),
        charts=_chart(id, found),
        tables=_table(own, id, found),
    )  # fmt: skip
    return Part(
        section, tuple(_claims(id, found, most, quiet)),
        Sentence(text=text, quiet=text, about=id),
    )  # fmt: skip


def _nothing(there: int, read: int) -> str:
    if read >= LEAST:
        return _("No subject stands out.")
    if there >= LEAST:
        return _("To sort texts by subject, install what reads their meaning: {command}.").format(
            command=INSTALL
        )
    return untold(
        _("Too few texts of some length are known to sort them by subject."),
        _("Too few texts of some length are known in this period to sort them by subject."),
    )


def subjects(rows: list[Row]) -> list[Subject]:
    """Sort texts by subject, the one with most posts first."""
    from empreinte.kernels.learning.subjects import centred, nearest, ward
    from empreinte.texts.meaning import arrow

    points = centred(np.stack([arrow(row["letters"]) for row in rows]))
    of = ward(points, 2, max(2, min(20, len(rows) // EACH)))
    order = nearest(points, of)
    names = name([words(row["words"]) for row in rows], of.tolist())
    found = []
    for k, label in enumerate(names):
        texts = [rows[n] for n in order if of[n] == k]
        found.append(Subject(label, texts, sum(row["posts"] for row in texts)))
    return sorted(found, key=lambda subject: (-subject.posts, subject.name))


def words(text: str) -> set[str]:
    """Give the words of a text that may name its subject.

    >>> sorted(words("L’expo de la médiathèque, avec @ada https://a.example !"))
    ['expo', 'médiathèque']
    """
    from empreinte.texts.tone.words import LANGUAGES, lexicon, plain

    stops = frozenset[str]().union(*(lexicon(language).stops for language in LANGUAGES))
    bare = _NO_WORD.sub(" ", text.lower())
    return {word for word in _WORD.findall(bare) if plain(word) not in stops}


def name(texts: list[set[str]], of: list[int]) -> list[str]:
    """Name subjects by their words: those in two texts or more, more often there than elsewhere."""
    from empreinte.kernels.learning.subjects import distinctive

    often = Counter(word for text in texts for word in text)
    known = sorted(word for word, n in often.items() if n > 1)
    place = {word: n for n, word in enumerate(known)}
    counts = np.zeros((max(of) + 1, len(known)))
    for text, k in zip(texts, of, strict=True):
        for word in text & place.keys():
            counts[k, place[word]] += 1
    sizes = np.bincount(of)[:, None]
    weights = distinctive(counts) * (counts / sizes > counts.sum(0) / sizes.sum()) * (counts > 1)
    found = []
    for row in weights:
        best = [known[n] for n in np.argsort(-row, kind="stable")[:NAMED] if row[n] > 0]
        found.append(", ".join(best) or _("various"))
    return found


def _table(own: Own, id: str, found: list[Subject]) -> tuple[Table, ...]:
    total = sum(subject.posts for subject in found)
    return table(
        f"reputation.all.{id}-subjects", _("Subjects, with an example of each"),
        (
            ("subject", _("Subject")), ("posts", _("Posts"), "integer"),
            ("share", _("Share"), "percent"), ("last", _("Last"), "date"),
            ("words", _("Example")), ("url", _("Link"), "url"),
        ),
        [
            (
                subject.name, subject.posts, subject.posts / total,
                _day([row["last"] for row in subject.texts if row["last"]]),
                excerpt(subject.texts[0]["words"]), subject.texts[0]["url"],
            )
            for subject in found
        ],
        named=1,
        evidence=tuple(
            own.posts([id for row in subject.texts for id in row["ids"]]) for subject in found
        ),
        definition=_("The example is the text nearest to the middle of its subject; behind each "
                     "number stand its posts, the most typical first."),
    )  # fmt: skip


def _day(when: list[datetime]) -> str | None:
    return max(when).date().isoformat() if when else None


def _chart(id: str, found: list[Subject]) -> tuple[Chart, ...]:
    rows = [
        {"month": month.date().isoformat(), "posts": n, "subject": subject.name}
        for subject in found[:IN_CHART]
        for month, n in sorted(
            Counter(m for row in subject.texts for m in row["months"] if m).items()
        )
    ]
    return chart(
        f"reputation.all.{id}-months", _("Subjects by month"),
        (("month", _("Month"), "date"), ("posts", _("Posts"), "integer"),
         ("subject", _("Subject"))),
        sorted(rows, key=lambda row: (row["month"], row["subject"])),
        plots.bars("month", "posts", "subject", _("Posts")),
        reading=_("Posts by month, of the subjects with most posts."),
    )  # fmt: skip


def _claims(id: str, found: list[Subject], most: str, quiet: str) -> Iterator[Claim]:
    if found and found[0].name != _("various"):
        first = found[0]
        yield Claim(
            text=most.format(name=first.name, posts=number(first.posts),
                             all=number(sum(subject.posts for subject in found))),
            quiet=quiet.format(name=first.name),
            about=f"reputation.all.{id}-subjects", topic=f"subjects-{id}", weight=0.08,
        )  # fmt: skip
