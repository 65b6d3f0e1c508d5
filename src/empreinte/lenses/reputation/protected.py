"""What nobody may weigh, as the owner said it in words; help where somebody is unwell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from empreinte.asking import Claim, Part, collect, single, table
from empreinte.language import _
from empreinte.lenses.reputation import findings, kinds
from empreinte.lenses.reputation.own import Own, excerpt
from empreinte.model import platform_name
from empreinte.report import Action, Section, Sentence, units
from empreinte.texts import conduct

Row = dict[str, Any]

ROWS = 200


def parts(own: Own, everything: list[Row]) -> Iterator[Part]:
    """Make the section of the protected grounds, and that of help where it may be needed."""
    found = [row for row in everything if not row["gone"]]
    yield _grounds(own, [row for row in found if row["label"].startswith("ground:")])
    if any(row["label"] == conduct.SELF_HARM for row in found):
        yield _help()


def _grounds(own: Own, found: list[Row]) -> Part:
    counts = Counter(row["label"] for row in found)
    read = findings.read(own)
    text = _("You have said nothing in public of the grounds that the law protects, as far as "
             "rules can tell.") if read else findings.unread()  # fmt: skip
    section = Section(
        id="protected", title=_("What nobody may weigh"),
        intro=_("What you said in words of religion, opinions, union, health, disability, "
                "orientation, family, origin, age or means. A recruiter may not weigh it; you may "
                "say it or not, as you like. Nothing is worked out from names, likes, follows or "
                "places."),
        measures=collect([
            single("reputation", "protected", _("Said of protected grounds"),
                   len(found) if read or found else None, n=read, why=findings.unread(),
                   unit=units("finding", "findings"), evidence=_posts(own, found), main=True,
                   definition=_("Places in your public posts and descriptions where you speak of a "
                                "ground that the law protects.")),
            *(single("reputation", f"protected-{label.partition(':')[2]}", kinds.named(label), n,
                     evidence=_posts(own, [row for row in found if row["label"] == label]))
              for label, n in sorted(counts.items())),
        ]),
        tables=table(
            "reputation.all.protected-found", _("What you said"),
            (
                ("what", _("Ground")), ("words", _("Words")), ("day", _("Date"), "date"),
                ("where", _("Where")), ("url", _("Link"), "url"),
            ),
            [_row(row) for row in found[:ROWS]], named=1,
            evidence=tuple(_posts(own, [row]) if row["post"] else None for row in found[:ROWS]),
        ),
    )  # fmt: skip
    return Part(section, tuple(_claims(counts)), Sentence(text=text, quiet=text, about="protected"))


def _posts(own: Own, rows: list[Row]) -> Any:
    return own.posts(f"{row['platform']}:{row['id']}" for row in rows if row["post"])


def _row(row: Row) -> tuple[Any, ...]:
    day = row["published"] and row["published"].date().isoformat()
    return (
        kinds.named(row["label"]), excerpt(row["words"], row["start"]), day,
        platform_name(row["platform"]), row["url"],
    )  # fmt: skip


def _claims(counts: Counter[str]) -> Iterator[Claim]:
    if counts:
        named = ", ".join(kinds.named(label) for label, _n in counts.most_common(3))
        text = _("You speak in public of what no recruiter may weigh: {grounds}.").format(
            grounds=named
        )
        yield Claim(
            text=text, quiet=text, about="reputation.all.protected", topic="protected", weight=0.2,
            action=Action(kind="section", target="law", label=_("See what the law says")),
        )  # fmt: skip


def _help() -> Part:
    """Offer help: nothing is listed, and nobody is told to delete anything."""
    text = _("Some of your words say that you were unwell. You are not alone, and you can talk to "
             "somebody today.")  # fmt: skip
    section = Section(
        id="help", title=_("If you are not well"),
        intro=_("In France call 3114, at any hour and free of charge; in the United Kingdom and "
                "Ireland the Samaritans, 116 123; in the United States 988; elsewhere in Europe "
                "112 in an emergency. Numbers told from memory: check them."),
    )  # fmt: skip
    claim = Claim(text=text, quiet=text, about="help", topic="help", weight=0.5)
    return Part(section, (claim,))
