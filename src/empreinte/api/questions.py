"""Putting a question to a lens, which may be a stranger's and may fail in any way."""

from __future__ import annotations

import logging

from empreinte import plugins
from empreinte.api.types import LensInfo
from empreinte.errors import EmpreinteError, LensError
from empreinte.forms import Form
from empreinte.plugins import Tables
from empreinte.report import Report, Scope, faults


def put(lens: str, tables: Tables, scope: Scope) -> Report:
    """Ask a lens; what a face could not show of its report is written to the log.

    Raises
    ------
    LensError
        If it fails; the log says where.
    """
    try:
        report = plugins.lens(lens).answer(tables, scope)
        for fault in faults(report):
            logging.getLogger("empreinte").warning("the lens %s: %s", lens, fault)
        return report
    except EmpreinteError:
        raise
    except Exception as error:
        raise _failed(lens, error) from error


def forms(lens: str, tables: Tables, scope: Scope) -> list[Form]:
    """Ask a lens for its forms.

    Raises
    ------
    LensError
        If it fails; the log says where.
    """
    try:
        return list(plugins.forms(plugins.lens(lens), tables, scope))
    except EmpreinteError:
        raise
    except Exception as error:
        raise _failed(lens, error) from error


def lenses() -> list[LensInfo]:
    """Give the lenses that are installed, with the question each answers.

    One that cannot even say it gives the reason in its place: the others stay whole.
    """
    return [LensInfo(name=name, question=_question(name)) for name in plugins.lens_names()]


def _question(lens: str) -> str:
    try:
        return plugins.lens(lens).question()
    except EmpreinteError as error:
        return str(error)
    except Exception as error:
        return str(_failed(lens, error))


def _failed(lens: str, error: Exception) -> LensError:
    logging.getLogger("empreinte").error("the lens %s failed", lens, exc_info=error)
    return LensError(
        "The lens {name} failed ({cause}). This is a fault of the lens, not of your data. The "
        "terminal where Empreinte runs says more; please report it.",
        name=lens,
        cause=f"{type(error).__name__}: {error}"[:200],
    )
