"""A plug-in that would end the program has failed like any other, and is told of."""

from ...plugin import registered

ANSWERS = """
import sys
NAME = "{name}"


def question():
    return "Who?"


def answer(tables, scope):
    {does}
"""
MODULES = {
    "ends_loading": "raise SystemExit(3)",
    "ends_answering": ANSWERS.format(name="leaver", does="sys.exit(0)"),
    "commands_terminal": ANSWERS.format(
        name="shouter", does=r"raise ValueError('\x1b[31mred\x07')"
    ),
}  # fmt: skip
LENSES = {"ender": "ends_loading", "leaver": "ends_answering", "shouter": "commands_terminal"}


def test_a_plug_in_that_ends_the_program_is_told_of(run, tmp_path):
    folder = tmp_path / "enders"
    folder.mkdir()
    with registered(folder, MODULES, {"empreinte.lenses": LENSES}):
        code, out, _err = run("lenses")
        assert (code, "tally" in out) == (0, True)
        assert "SystemExit(3)" in " ".join(out.split())
        code, _out, err = run("tell", "ender")
        assert (code, "SystemExit(3)" in err) == (2, True)
        code, _out, err = run("leaver")
        assert (code, "SystemExit: 0" in err) == (1, True)
        assert run("tell")[0] == 0


def test_a_plug_in_does_not_command_the_terminal(run, tmp_path):
    folder = tmp_path / "shouters"
    folder.mkdir()
    with registered(folder, MODULES, {"empreinte.lenses": LENSES}):
        code, _out, err = run("shouter")
    assert code == 1
    assert "red" in err
    assert "\x1b" not in err
    assert "\x07" not in err


def test_what_a_log_says_is_cleaned():
    import logging

    from empreinte.faces.cli.app import _Clean

    record = logging.LogRecord("empreinte", 40, "", 0, "\x1b[31mred\x07\nline", None, None)
    assert _Clean().format(record) == "red\nline"
