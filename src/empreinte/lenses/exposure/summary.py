"""A summary that can be shared: counts, kinds and progress; no datum, masked or not, no handle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from empreinte.language import number
from empreinte.lenses.exposure import kinds
from empreinte.lenses.exposure.own import Own, held
from empreinte.lenses.exposure.progress import Progress
from empreinte.lenses.exposure.words import names, phrase
from empreinte.model import platform_name
from empreinte.report import units

_COUNTS = f"""
    select platform, kind, count(*) as n from {held()}
    group by platform, kind order by platform, kind
"""


def summary(own: Own, known: Progress, on: date) -> str:
    """Write the summary in Markdown."""
    todo = [step for step in known.steps if not known.done(step)]
    every = len(known.steps)
    minutes = units("minute", "minutes").counted(sum(step.effort for step in todo))
    said = [phrase("summary.done", done=every - len(todo), n=every)]
    if known.before:
        said.append(phrase("summary.new", n=known.news(todo)))
    said.append(phrase("summary.left", n=len(todo), minutes=minutes))
    lines = [
        f"# {phrase('summary.title', day=on)}", "", phrase("summary.intro"),
        "", f"## {phrase('mending.title')}", "", *(f"- {one}" for one in said),
        *_written(known), *_held(own),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _written(known: Progress) -> Iterator[str]:
    counted = Counter(step.about[0] for step in known.steps if step.about)
    done = Counter(step.about[0] for step in known.steps if step.about and known.done(step))
    rows = [(kinds.kind(type).name, number(n), number(done[type]))
            for type, n in counted.most_common()]  # fmt: skip
    yield from _table("written", rows)
    if rows:
        yield from ("", phrase("summary.written.note"))


def _held(own: Own) -> Iterator[str]:
    name = names("trace")
    yield from _table("held", [
        (platform_name(r["platform"]), str(name.get(r["kind"], r["kind"])), number(r["n"]))
        for r in own.rows(_COUNTS)
    ])  # fmt: skip


def _table(part: str, rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Write a heading and its table, nothing where there is no row."""
    if not rows:
        return
    told = names(f"summary.{part}")
    heads = [told[f"head-{place}"] for place in range(1, len(rows[0]) + 1)]
    yield from ("", f"## {told['title']}", "")
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |"
