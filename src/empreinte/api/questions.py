"""Putting a question to a lens, which may be a stranger's and may fail in any way."""

from __future__ import annotations

import logging

import msgspec

from empreinte import plugins
from empreinte.api.installed import failure
from empreinte.errors import EmpreinteError
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
        _check(report)
        for fault in faults(report):
            logging.getLogger("empreinte").warning("the lens %s: %s", lens, fault)
        return report
    except EmpreinteError:
        raise
    except BaseException as error:
        plugins.pass_on(error)
        raise failure("lens", lens, error) from error


def _check(report: object) -> None:
    """Raise an error where a report is none, or its fields are not of the types they have."""
    if not isinstance(report, Report):
        raise TypeError(f"a Report was expected, not {type(report).__name__}")
    msgspec.convert(msgspec.to_builtins(report, enc_hook=str), Report)


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
    except BaseException as error:
        plugins.pass_on(error)
        raise failure("lens", lens, error) from error
