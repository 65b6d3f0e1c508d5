"""The law in plain words, with where it stands and when it was read. No legal advice."""

from __future__ import annotations

from empreinte.asking import Part, table
from empreinte.language import _, current, day
from empreinte.lenses.reputation.kinds import data
from empreinte.report import Section, Sentence


def part() -> Part:
    """List what a recruiter may and may not do."""
    given = data("law.toml")
    spoken = current()
    read = day(given["read"], "medium")
    known = _("read in secondary sources, not compared with the official text")
    if given["checked"]:
        known = _("compared with the official text")
    text = _("A recruiter may weigh only what tells whether you can do the job.")
    section = Section(
        id="law", title=_("What the law says"),
        intro=_("French and European law in plain words; it is no legal advice."),
        tables=table(
            "reputation.all.law-texts", _("Rules for those who recruit"),
            (
                ("where", _("Text")), ("says", _("What it says")), ("read", _("Read on")),
                ("how", _("How it is known")),
            ),
            [
                (one["where"].get(spoken, one["where"]["en"]), one.get(spoken, one["en"]), read,
                 known)
                for one in given["text"]
            ],
        ),
    )  # fmt: skip
    return Part(
        section, (), Sentence(text=text, quiet=text, about="law"),
        beyond=_("The law is told as it was on the day when it was read."),
    )  # fmt: skip
