"""The application: its commands, its help in the owner's language, and how it ends."""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from empreinte.errors import EmpreinteError, UsageError
from empreinte.faces.cli.session import fail, language_asked, system_language
from empreinte.language import LANGUAGES, _, speaking

# Typer's own error of usage, which it does not name in public: the base of a public one.
_Misuse: Any = typer.BadParameter.__base__
INTERRUPTED = 130
_PLAIN: Any = {
    "add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False,
}  # fmt: skip
"""What every application of Typer here is told."""


class _Translated:
    """Help whose every word goes through the catalogues: Typer's own are in English only."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # pyright: ignore[reportAttributeAccessIssue]
        if option is not None:
            option.callback = _show_help
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        arguments = [p for p in self.get_params(ctx) if p.param_type_name == "argument"]  # pyright: ignore[reportAttributeAccessIssue]
        pieces = " ".join([*map(_names, arguments), _("[OPTION…]")])
        if isinstance(self, TyperGroup):
            pieces = _("COMMAND …")
        formatter.write_usage(ctx.command_path, pieces, _("Usage:") + " ")

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        formatter.write_paragraph()
        formatter.write_text(_translated(self.help))  # pyright: ignore[reportAttributeAccessIssue]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for kind, title in (("argument", _("What to give:")), ("option", _("Options:"))):
            rows = []
            for parameter in self.get_params(ctx):  # pyright: ignore[reportAttributeAccessIssue]
                if parameter.param_type_name == kind:
                    own = parameter.name == "help"
                    words = _("Show this help.") if own else _translated(parameter.help)
                    rows.append((_names(parameter), words))
            if rows:
                _section(formatter, title, rows)


def _show_help(ctx: Any, _option: Any, wanted: bool) -> None:
    # Typer's own writes UTF-8 where the terminal takes ASCII alone.
    if wanted and not ctx.resilient_parsing:
        print(ctx.get_help())
        ctx.exit()


def _section(formatter: Any, title: str, rows: list[tuple[str, str]]) -> None:
    # Typer's own puts a colon as English does.
    formatter.write_paragraph()
    formatter.write(f"{title}\n")
    formatter.indent()
    formatter.write_dl(rows)
    formatter.dedent()


def _translated(words: str | None) -> str:
    return _(words) if words else ""


def _names(parameter: Any) -> str:
    stands_for = _in_words(parameter.metavar or "")
    if parameter.param_type_name == "argument":
        return stands_for or parameter.name.upper()
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    return names if parameter.is_flag else f"{names} {stands_for}".rstrip()


def _in_words(metavar: str) -> str:
    """Say what is to be given, ``[PATH…]``, in the current language: ``[CHEMIN…]``."""
    words = {
        "ACCOUNT": _("ACCOUNT"), "ADDRESS": _("ADDRESS"), "DIR": _("DIR"), "FIELD": _("FIELD"),
        "FILE": _("FILE"), "FORM": _("FORM"), "HOURS": _("HOURS"), "KEY": _("KEY"),
        "NAME": _("NAME"), "PATH": _("PATH"), "QUERY": _("QUERY"), "TEXT": _("TEXT"),
        "VALUE": _("VALUE"), "WHERE": _("WHERE"), "WORDS": _("WORDS"), "ZONE": _("ZONE"),
    }  # fmt: skip
    return re.sub("[A-Z]+", lambda found: words.get(found[0], found[0]), metavar)


class Command(_Translated, TyperCommand):
    """One command."""


class _Commands(Mapping[str, Any]):
    """Commands by name, each made when it is asked for: all of them take 0.15 s, one 0.004 s."""

    def __init__(self, registered: Iterable[tuple[str, Callable[..., None], str]]) -> None:
        self._registered = {name: (function, words) for name, function, words in registered}
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            function, words = self._registered[name]
            one = typer.Typer(**_PLAIN)
            one.command(name, cls=Command, help=words)(function)
            self._made[name] = typer.main.get_command(one)
        return self._made[name]

    def words(self, name: str) -> str:
        """Say what a command does, without making it."""
        return self._registered[name][1]

    def __contains__(self, name: object) -> bool:
        return name in self._registered

    def __iter__(self) -> Iterator[str]:
        return iter(self._registered)

    def __len__(self) -> int:
        return len(self._registered)


class Group(_Translated, TyperGroup):
    """All commands: first the questions that lenses answer, then the rest in our order.

    A command may be of two words; the first of them alone may be another.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        from empreinte.plugins import asked_names

        asking = set(asked_names())
        commands: Any = self.commands
        width = max(len(name) for name in commands)
        for title, among in ((_("Questions:"), True), (_("Commands:"), False)):
            rows = [
                (name.ljust(width), _short(name, commands.words(name), among))
                for name in commands
                if (name in asking) is among
            ]
            if rows:
                _section(formatter, title, rows)
        super().format_options(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if " ".join(args[:2]) in self.commands:
            args = [" ".join(args[:2]), *args[2:]]
        if args[0] not in self.commands and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.commands, 3)
            raise UsageError(
                "{name} is not a command; there is: {known}. See “empreinte --help”.",
                name=args[0],
                known=", ".join(close or self.commands),
            )
        return super().resolve_command(ctx, args)


def _short(name: str, words: str, is_lens: bool) -> str:
    # A lens is not imported for its help: its module may be slow or broken.
    return _("Ask “{name}”.").format(name=name) if is_lens else _translated(words)


def build(asked: str = "") -> Group:
    """Register every command; those of lenses come from the entry points alone.

    `asked` is the command to be run: if it is a lens, its own options are registered too.
    """
    from empreinte.faces.cli.commands import (
        annotating,
        asking,
        backing_up,
        deciding,
        describing,
        joining,
        keeping,
        looking,
        searching,
        selling,
        telling,
    )

    app = typer.Typer(cls=Group, invoke_without_command=True, **_PLAIN)
    app.callback(help=looking.ABOUT)(looking.start)
    group = typer.main.get_command(app)
    assert isinstance(group, Group)
    commands: Any = _Commands(chain(
        asking.commands(asked), searching.commands(), telling.commands(), describing.commands(),
        keeping.commands(),
        looking.commands(),
        annotating.commands(), joining.commands(), deciding.commands(), backing_up.commands(),
        selling.commands(),
    ))  # fmt: skip
    group.commands = commands  # only read
    return group


def run(arguments: list[str]) -> int:
    """Run the command line `arguments` and give the exit code."""
    _clean_log()
    try:
        asked = language_asked(arguments)
    except UsageError as error:
        with speaking(system_language()):
            return fail(error)
    with speaking(asked or system_language()):
        try:
            code = _run(arguments)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read us has seen enough; nothing more may be written, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
    return code


class _Clean(logging.Formatter):
    """What a log says without what would command the terminal: a plug-in's words may be in it."""

    def format(self, record: logging.LogRecord) -> str:
        from empreinte.faces.cli.values import clean

        return clean(super().format(record))


def _clean_log() -> None:
    if logging.lastResort is not None:  # what writes to the terminal where nothing else is set
        logging.lastResort.setFormatter(_Clean())


_OF_PATHS = ("import", "open", "describe", "backup", "restore", "export")
"""Commands that are given paths. An empty one, of a name that a shell does not know, would be read
as the folder where one is."""


def _run(arguments: list[str]) -> int:
    from empreinte.plugins import asked_names

    try:
        words = (word for word in arguments if word[:1] != "-" and word not in LANGUAGES)
        if "" in arguments and next(words, "") in _OF_PATHS:
            raise UsageError(
                "An empty text is no path. Give the name of a file or folder; . is the folder "
                "where you are."
            )
        asked = next((word for word in arguments if word in asked_names()), "")
        return build(asked).main(arguments, prog_name="empreinte", standalone_mode=False) or 0
    except EmpreinteError as error:
        return fail(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        return fail(_not_written(error))
    except _Misuse as error:
        return fail(_misuse(error))
    except typer.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        print(_("Interrupted."), file=sys.stderr)
        return INTERRUPTED


def _not_written(error: OSError) -> EmpreinteError:
    """Say what the system would not do: the disk is full, a folder may not be written in."""
    if error.errno == errno.ENOENT and error.filename:
        return EmpreinteError("{path} does not exist. Check the name.", path=error.filename)
    return EmpreinteError(
        "{path} cannot be read or written ({cause}). Make room, check the permissions, or give "
        "another path, then give the same command again.",
        path=error.filename or _("A file"),
        cause=error,
    )


_BOUNDS = re.compile(
    r"in the range (?:(?P<least>[^<]+)<=)?x(?:>=(?P<above>\S+)|<=(?P<below>\S+))?\.$"
)
"""How Typer writes ``0 is not in the range x>=1.``, or ``1<=x<=1000`` where both ends are bound."""


def _misuse(error: Any) -> UsageError:
    """Say in the owner's language what Typer says in English."""
    where = error.ctx.command_path if error.ctx else "empreinte"
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return UsageError(
            "{name} is not an option here. See “{command} --help”.",
            name=error.option_name,
            command=where,
        )
    if kind == "MissingParameter":
        return UsageError(
            "{name} is missing. See “{command} --help”.",
            name=_names(error.param) if error.param else "",
            command=where,
        )
    if kind == "BadParameter" and (closed := re.search("'(.*)' is not readable", error.message)):
        return UsageError(
            "You may not read {path}. Give yourself the right to (the owner of the file can), or "
            "give another path.",
            path=closed[1],
        )
    if kind == "BadParameter" and error.param is not None:
        # Typer begins with the value, in quotation marks or not.
        value = re.match(r"'?(.*?)'? is not ", error.message)
        if value and (bounds := _BOUNDS.search(error.message)):
            above, below = bounds["above"] or bounds["least"], bounds["below"]
            few = above is not None and float(value[1]) < float(above)
            fits = _("{n} or more").format(n=above) if few else _("{n} or less").format(n=below)
            return UsageError(
                "{name} takes a number, {fits}. See “{command} --help”.",
                name=_names(error.param), fits=fits, command=where,
            )  # fmt: skip
        if value is None:
            return UsageError(
                "The value given for {name} does not fit. See “{command} --help”.",
                name=_names(error.param),
                command=where,
            )
        return UsageError(
            "{value} does not fit {name}. See “{command} --help”.",
            value=value[1],
            name=_names(error.param),
            command=where,
        )
    if kind == "BadOptionUsage":
        return UsageError(
            "{name} was not given as it should be. See “{command} --help”.",
            name=error.option_name,
            command=where,
        )
    if more := re.search(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", error.format_message()):
        return UsageError(
            "“{words}” is more than this command takes. See “{command} --help”.",
            words=more[1],
            command=where,
        )
    return UsageError(
        "The command line cannot be understood ({cause}). See “{command} --help”.",
        cause=error.format_message(),
        command=where,
    )
