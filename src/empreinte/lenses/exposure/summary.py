"""A summary that can be shared: counts, kinds and progress; no datum, masked or not, no handle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from empreinte.language import _, day, number
from empreinte.lenses.exposure import held, kinds
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.own import held as held_now
from empreinte.lenses.exposure.progress import Progress
from empreinte.model import platform_name
from empreinte.report import units

_COUNTS = f"""
    select platform, kind, count(*) as n from {held_now()}
    group by platform, kind order by platform, kind
"""


def summary(own: Own, known: Progress, on: date) -> str:
    """Write the summary in Markdown."""
    todo = [step for step in known.steps if not known.done(step)]
    done = len(known.steps) - len(todo)
    lines = [
        "# " + _("My digital exposure, {day}").format(day=day(on)),
        "", _("No personal data stands here: only how much there is of each kind."), "",
        "## " + _("To do"),
        "",
        "- " + _("Done: {done} of {n}.").format(
            done=number(done), n=number(len(known.steps))),
        *(["- " + _("New since the archive before: {n}.").format(n=number(known.news(todo)))]
          if known.before else []),
        "- " + _("Left: {n}, some {minutes} of work.").format(
            n=number(len(todo)),
            minutes=units("minute", "minutes").counted(sum(step.effort for step in todo))),
        *_written(known), *_held(own),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _written(known: Progress) -> Iterator[str]:
    counted = Counter(step.about[0] for step in known.steps if step.about)
    done = Counter(step.about[0] for step in known.steps if step.about and known.done(step))
    if not counted:
        return
    yield from ("", "## " + _("Personal data in my posts"), "")
    rows = [(kinds.kind(type).name, number(n), number(done[type]))
            for type, n in counted.most_common()]  # fmt: skip
    yield from _table((_("What"), _("Found"), _("Done")), rows)
    yield ""
    yield _("Those that weigh enough for the plan; one that was written twice counts once.")


def _held(own: Own) -> Iterator[str]:
    rows = own.rows(_COUNTS)
    if not rows:
        return
    yield from ("", "## " + _("What platforms know about you"), "")
    told = [(platform_name(r["platform"]), held.kind(r["kind"]), number(r["n"])) for r in rows]
    yield from _table((_("Platform"), _("What"), _("Items")), told)


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    heads = tuple(heads)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |"
