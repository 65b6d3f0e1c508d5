"""How few traits single someone out: how many people share what is known of the owner.

Of the people in an area, a share has each further trait. The shares are multiplied as if traits
had nothing to do with one another; where fewer than one person is left, the owner stands alone.
"""

from __future__ import annotations

from empreinte.language import _, ngettext, number, significant
from empreinte.lenses.exposure.deduced_own import WRITTEN, Own, Part, Trait
from empreinte.report import Column, Evidence, Figure, Reference, Sentence, Table, units

PEOPLE = 68_600_000
"""Population of France on 1 January 2025 (INSEE)."""

REFERENCES = (
    Reference(
        "montjoye-2013",
        "de Montjoye, Y.-A., Hidalgo, C. A., Verleysen, M. & Blondel, V. D. (2013). Unique in the "
        "crowd: the privacy bounds of human mobility. Scientific Reports 3, 1376.",
        "https://doi.org/10.1038/srep01376",
    ),
    Reference(
        "golle-partridge-2009",
        "Golle, P. & Partridge, K. (2009). On the anonymity of home/work location pairs. "
        "Pervasive Computing, 390–397.",
        "https://doi.org/10.1007/978-3-642-01516-8_26",
    ),
    Reference(
        "sweeney-2002",
        "Sweeney, L. (2002). k-anonymity: a model for protecting privacy. International Journal "
        "of Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 557–570.",
        "https://doi.org/10.1142/S0218488502001648",
    ),
    Reference(
        "isaacman-2011",
        "Isaacman, S. et al. (2011). Identifying important places in people's lives from cellular "
        "network data. Pervasive Computing, 133–151.",
        "https://doi.org/10.1007/978-3-642-21726-5_9",
    ),
    Reference(
        "hariharan-2004",
        "Hariharan, R. & Toyama, K. (2004). Project Lachesis: parsing and modeling location "
        "histories. GIScience, 106–124.",
        "https://doi.org/10.1007/978-3-540-30231-5_8",
    ),
    Reference(
        "roenneberg-2007",
        "Roenneberg, T. et al. (2007). Epidemiology of the human circadian clock. Sleep Medicine "
        "Reviews 11(6), 429–438.",
        "https://doi.org/10.1016/j.smrv.2007.07.005",
    ),
)


def part(own: Own, traits: tuple[Trait, ...]) -> Part:
    """Tell how many people share the traits, one after the other."""
    rows, low, high = [], float(PEOPLE), float(PEOPLE)
    rows.append((_("A person in France"), "", high, _people(low, high), _source()))
    needed = None
    for n, trait in enumerate(traits, 1):
        # A home is told in people, whatever the country.
        if trait.name == "home":
            low, high = trait.low, trait.high
        else:
            low, high = low * trait.low, high * trait.high
        rows.append((_name(trait), _share(trait), high, _people(low, high), trait.why))
        if needed is None and high < 1:
            needed = n
    table = Table(
        id="exposure.all.crowd",
        title=_("Who else it could be"),
        columns=(
            Column(key="trait", label=_("Also known")),
            Column(key="share", label=_("True of")),
            Column(key="most", label=_("People left at most"), kind="number"),
            Column(key="left", label=_("People left")),
            Column(key="why", label=_("Reference")),
        ),
        rows=tuple((trait, share, most, left, why) for trait, share, most, left, why in rows),
        reading=_reading(needed, low, high),
        definition=_(
            "Shares are multiplied as if traits had nothing to do with one another. That is "
            "roughly so for a birthday, and less so for a home and a place of work: the result "
            "is an order of magnitude."
        ),
        references=("sweeney-2002", "golle-partridge-2009"),
    )
    sentences = ()
    if needed is not None:
        text = ngettext(
            "{n} trait is enough to single you out.",
            "{n} traits are enough to single you out.",
            needed,
        ).format(n=number(needed))
        quiet = _("Few traits are enough to single you out.")
        sentences = (Sentence(text=text, quiet=quiet, figure="exposure.all.alone"),)
    figures = (_alone(traits, low, high), _points(own))
    return Part(figures, tables=(table,) if traits else (), sentences=sentences)


def _source() -> str:
    return _("68.6 million on 1 January 2025; INSEE.")


def _name(trait: Trait) -> str:
    return {
        "home": _("Where you live, to 500 m"),
        "work": _("Where you work, to 500 m"),
        "birthday": _("Day and month of birth"),
        "year": _("Year of birth"),
        "employer": _("Employer"),
    }[trait.name]


def _share(trait: Trait) -> str:
    if trait.name == "home":
        return ""
    if trait.low == trait.high:
        return _("1 in {n}").format(n=number(round(1 / trait.high)))
    return _("1 in {few} to 1 in {many}").format(
        few=number(round(1 / trait.high)), many=number(round(1 / trait.low))
    )


def _people(low: float, high: float) -> str:
    if high < 1:
        return _("fewer than 1")
    if low == high:
        return significant(high, 2)
    few = _("fewer than 1") if low < 1 else significant(low, 2)
    return _("{few} to {many}").format(few=few, many=significant(high, 2))


def _reading(needed: int | None, low: float, high: float) -> str:
    if needed is not None:
        return _("After {n} of them nobody else is to be expected.").format(n=number(needed))
    return _("With all of them, {people} people are left.").format(people=_people(low, high))


def _alone(traits: tuple[Trait, ...], low: float, high: float) -> Figure:
    return Figure(
        id="exposure.all.alone",
        name=_("People who share what can be deduced of you"),
        value=max(1.0, round((low * high) ** 0.5, 1)) if traits else None,
        low=max(1.0, low) if traits else None,
        high=max(1.0, high) if traits else None,
        kind="number",
        unit=units("person, you", "people, you among them"),
        n=len(traits),
        why_missing=None
        if traits
        else _("None of the traits that are looked at could be deduced from your public posts."),
        definition=_(
            "How many people are left of those who could be you: the geometric middle of the "
            "bounds in the table below. 1 is you alone."
        ),
        references=("sweeney-2002",),
    )


def _points(own: Own) -> Figure:
    where = f"{WRITTEN} and p.latitude is not null and p.published is not null"
    (row,) = own.rows(
        "select count(*) as n from (select distinct floor(epoch(p.published) / 3600), "
        f"round(p.latitude, 2), round(p.longitude, 2) from posts p where {where})"
    )
    return Figure(
        id="exposure.posts.points",
        name=_("Places with their hour in public posts"),
        value=row["n"],
        kind="integer",
        n=row["n"],
        definition=_(
            "Posts that bear a position, those of one hour and place once. In a year of mobile "
            "telephone records of 1.5 million people, four such points single out 95%."
        ),
        references=("montjoye-2013",),
        evidence=Evidence(
            "select p.platform, p.id, p.published, p.url, p.import_id, p.file, p.place from posts p"
            f" where {where} order by p.published"
        ),
    )
