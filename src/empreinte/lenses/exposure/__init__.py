"""Which personal data the owner has left, what platforms hold, and how to mend it.

The lens looks at the owner's own accounts only. What it finds is masked in its report unless the
scope asks for it. docs/lenses/exposure.md tells what is found, how well, and what is not.
"""

from __future__ import annotations

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from empreinte.asking import asked, references, report
from empreinte.forms import Form
from empreinte.language import _, message
from empreinte.plugins import Need, Tables
from empreinte.report import Option, Report, Scope

NAME = "exposure"
NEEDS = (
    Need("personal_data", "mine or platform || ':' || author_id in (select channel from mine)"),
)
OPTIONS = (
    Option(
        name="reveal",
        label=message("Show the data themselves"),
        help=message("Show what was found as it is, not masked."),
    ),
)


def title() -> str:
    """Name the lens in the language spoken."""
    return _("Exposure")


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("What personal data have I left, and what can be worked out from it?")


def forms(tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Give what the owner may tell: whose the data are that were found."""
    from empreinte.lenses.exposure import known

    with asked(scope):
        return (known.form(datetime.now(ZoneInfo(scope.timezone)).date()),)


def keys(tables: Tables, scope: Scope) -> set[str]:
    """Give the keys of the plan's steps: all that makes a step is looked for, and nothing else."""
    from empreinte.lenses.exposure import doors, held, photographs, progress, written
    from empreinte.lenses.exposure.own import Own

    own = Own(tables, scope)
    with asked(scope):
        parts = [section.part(own) for section in (written, photographs, held, doors)]
        steps = [step for part in parts if part for step in part.steps]
        return {step.key for step in progress.look(own, steps).steps if not step.done}


def answer(tables: Tables, scope: Scope) -> Report:
    """Answer the question over a scope.

    Parameters
    ----------
    tables : Tables
        SQL over the ledger's views.
    scope : Scope
        Window, channels, time zone and language.

    Returns
    -------
    Report
        Sections written, images, deduced, held, doors, mending. Data are masked.
    """
    from empreinte.lenses.exposure import deduced, doors, held, mending, photographs, written
    from empreinte.lenses.exposure.own import Own

    own = Own(tables, scope)
    with asked(scope, tables):
        sections = (written, photographs, deduced, held, doors)
        parts = [found for section in sections if (found := section.part(own)) is not None]
        parts.append(mending.part(own, [step for part in parts for step in part.steps]))
        return report(
            sys.modules[__name__], scope, parts,
            otherwise=mending.nothing(), references=references(__name__),
        )  # fmt: skip
