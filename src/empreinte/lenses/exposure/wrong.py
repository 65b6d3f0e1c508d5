"""What platforms say that cannot all be true: two genders, ages or years, unwritten tongues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from empreinte.lenses.exposure import known
from empreinte.lenses.exposure.own import Own, held
from empreinte.lenses.exposure.words import listed, phrase
from empreinte.report import Table

Said = dict[tuple[str, str], Any]
"""What is meant, by the platform that says it and its words."""

POSTS = 50
"""Posts in a known language from which one that is not among them counts as unwritten."""
_SAID = f"""
    select platform, label, json_extract_string(detail, '$.from') as about
    from {held("profile", "demographic")} order by platform, about, label limit 20000
"""
_WRITTEN = (
    "select language, count(*) as n from posts where mine and language is not null group by 1"
)
_AGE = re.compile(r"(?<!\d)(1[3-9]|[2-9]\d)\s*(?:-|–|to|à|and|et)\s*([2-9]\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")
_MEN, _WOMEN = (
    frozenset({"male", "man", "homme", "m"}),
    frozenset({"female", "woman", "femme", "f"}),
)


def tables(own: Own) -> tuple[Table, ...]:
    """List the statements that exclude each other."""
    return listed("held-wrong", list(_clashes(own)))


def _clashes(own: Own) -> Iterator[tuple[str, str]]:
    said = [(row["platform"], row["label"], str(row["about"])) for row in own.rows(_SAID)]
    genders: Said = {
        (platform, label): label.lower() in _MEN
        for platform, label, _about in said
        if label.lower() in _MEN | _WOMEN
    }
    ages: Said = {
        (platform, label): (int(match[1]), int(match[2]))
        for platform, label, about in said
        if (match := _AGE.search(label)) and re.search("age|âge", about, re.I)
    }
    births: Said = {
        (platform, label): int(match[0])
        for platform, label, about in said
        if (match := _YEAR.search(label)) and re.search("birth|born|ageinfo", about, re.I)
    }
    birthday = known.look(own).birthday
    if birthday:  # by the owner's own word
        births[phrase("wrong.you"), birthday] = int(birthday[:4])
    if len(set(genders.values())) > 1:
        yield phrase("wrong.gender"), _told(own, genders)
    if ages and max(low for low, _high in ages.values()) > min(high for _l, high in ages.values()):
        yield phrase("wrong.age"), _told(own, ages)
    elif against := _against(own, ages, births):
        yield phrase("wrong.age-birth"), _told(own, against)
    if len(set(births.values())) > 1:
        yield phrase("wrong.birth"), _told(own, births)
    tongues = {label for _platform, label, about in said if about in ("language", "languages")}
    if unwritten := _unwritten(own, tongues):
        yield phrase("wrong.tongues"), ", ".join(sorted(unwritten))


def _against(own: Own, ages: Said, births: Said) -> Said:
    """Give the ranges of age, and the years of birth, that exclude each other."""
    (latest,) = own.rows("select year(max(observed)) as year from imports")
    if latest["year"] is None:
        return {}
    found: Said = {}
    for age, (low, high) in ages.items():
        for born, year in births.items():
            # A birthday still to come, and a platform that counts anew once a year.
            if not low - 1 <= latest["year"] - year <= high + 1:
                found |= {age: low, born: year}
    return found


def _told(own: Own, said: Said) -> str:
    return phrase("between").join(
        phrase("named", name=platform, what=own.hidden(label)) for platform, label in sorted(said)
    )


def _unwritten(own: Own, names: set[str]) -> set[str]:
    """Give the languages of a platform's list in which the owner has no post, of 50 or more."""
    from babel import Locale

    rows = own.rows(_WRITTEN)
    if sum(row["n"] for row in rows) < POSTS:
        return set()
    written = {row["language"].split("-")[0] for row in rows}
    codes = {
        name.lower(): code
        for tongue in ("en", "fr")
        for code, name in Locale(tongue).languages.items()
    }
    return {
        n for n in names if n.lower() in codes and codes[n.lower()].split("_")[0] not in written
    }
