"""The words that give a birthday, a family, an employer or a security answer away.

French and English. Every pattern is bounded: it looks at a few words about a fixed one, and takes
time that grows with the length of the text alone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from empreinte.language import _

_NAME = r"([A-ZÀ-ÖØ-Þ][\w’'-]{1,20}(?: [A-ZÀ-ÖØ-Þ][\w’'-]{1,20}){0,2})"
_THING = r"([\w’'&-]{2,25}(?: [\w’'&-]{2,25}){0,2})"
_TITLE = r"[«“\"' ]{0,3}([A-ZÀ-ÖØ-Þ0-9][\w’'&-]{0,25}(?: [\w’'&-]{1,25}){0,3})"

GREETING = re.compile(
    r"(?:joyeux|joyeuse|bon|heureux|tr[eè]s bon) anniv|happy (?:\w{1,12} )?(?:birthday|bday|b-day)"
    r"|\bhbd\b|bel anniv|bonne f[eê]te d['’]anniv",
    re.IGNORECASE,
)
NOT_BIRTH = re.compile(
    r"anniv\w{0,10} (?:de )?(?:mariage|rencontre|mort|blog|twitter|cha[iî]ne|compte)"
    r"|(?:wedding|work|blog|account) anniv",
    re.IGNORECASE,
)
LATE = re.compile(r"en retard|belated|avec (?:un peu de )?retard|hier|yesterday", re.IGNORECASE)
TODAY = re.compile(
    r"(?:c['’]est|aujourd['’]hui,?) mon anniv|mon anniversaire aujourd|it['’]?s my birthday"
    r"|today is my birthday|my birthday today|\bj['’]ai \d{2} ans aujourd"
    r"|i turn(?:ed)? \d{2} today|i['’]?m \d{2} today",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"merci.{0,60}anniv|(?:thanks|thank you).{0,60}(?:birthday|bday)", re.IGNORECASE
)
AGE = re.compile(
    r"\bj['’]ai (?:eu )?(\d{2}) ans\b(?! de| d['’])|\bi(?: am|['’]m| turned| turn) (\d{2})"
    r"(?= today| years old|\b[.!])",
    re.IGNORECASE,
)
BORN = re.compile(r"(?:\bn[ée]e? en|\bborn in) ((?:19|20)\d{2})\b", re.IGNORECASE)

HINT = (
    "(?i)anniv|birthday|bday|hbd| ans|years old|born|i turn|n[ée]e? |chez |work|boss|employ"
    "|maman|papa|mamie|mum|mom|dad|m[eè]re|p[eè]re|mother|father|sister|brother|s(œ|oe)ur|fr[eè]re"
    "|tata|tatie|tonton|sis"
    "|bro|fils|fille|son|daughter|nephew|niece|neveu|aunt|uncle"
    "|cousin|grand|mon |ma |my |our |notre |i grew|grandi|coll[eè]gue"
)
"""What a post must hold to be looked at: said to the database, which is quick at it."""


def _after(words: str, what: str) -> re.Pattern[str]:
    """Match what stands after words; capitals count in it, and in them not."""
    return re.compile(rf"(?i:\b(?:{words})) {what}")


EMPLOYER = _after(
    r"je (?:travaille|bosse) (?:chez|à|pour|au)|i work (?:at|for)|mes coll[eè]gues (?:de|chez)"
    r"|my (?:colleagues|team|job) at|mon (?:poste|job|boulot) chez|embauch[ée]e? (?:chez|par)"
    r"|i joined|j['’]ai rejoint|mon employeur,?|my employer,?",
    _NAME,
)
HIRED = re.compile(
    r"(?i:(?:f[ée]licitations?|bravo|congrats|congratulations).{0,40}(?:chez|at|joining)) " + _NAME
)
PROFILE = re.compile(r"(?i:\b(?:chez|at|pour|for)|@) ?" + _NAME)


class Kin(NamedTuple):
    """A pattern, and the relation of the other to the owner that it shows."""

    relation: str
    pattern: re.Pattern[str]


def _kin(relation: str, words: str) -> Kin:
    greets = r"(?:merci|bisous?|bises|joyeux anniversaire|bonne f[eê]te|je t['’]aime|coucou|thanks"
    greets += r"|thank you|love you|happy birthday|hi|miss you|happy \w{1,8}['’]?s day)"
    return Kin(relation, re.compile(rf"\b{greets}[ ,!]{{1,3}}(?:ma |mon |my )?(?:{words})\b", re.I))


TO_THEM = (
    _kin("parent", "maman|papa|mum|mom|dad|daddy|mummy|mommy"),
    _kin("grandparent", "mamie|mamy|papi|papy|mémé|pépé|grandma|grandpa|granny|nana"),
    _kin("sibling", "s(?:œ|oe)urette|petite s(?:œ|oe)ur|grande s(?:œ|oe)ur|fr[ée]rot|petit fr[eè]re"
         "|grand fr[eè]re|little bro|big bro|lil sis|big sis|sis"),
    _kin("uncle or aunt", "tonton|tata|tatie|uncle|auntie|aunt"),
    _kin("child", "mon fils|ma fille|fiston|son|daughter"),
)  # fmt: skip
"""Said by the owner to someone: who that is."""
FROM_THEM = (
    _kin("parent", "fils|fille|fiston|fifille|son|daughter"),
    _kin("sibling", "petite s(?:œ|oe)ur|grande s(?:œ|oe)ur|fr[ée]rot|s(?:œ|oe)urette|petit fr[eè]re"
         "|grand fr[eè]re|little bro|big bro|lil sis|big sis|sis"),
    _kin("uncle or aunt", "neveu|ni[eè]ce|nephew|niece"),
    _kin("grandparent", "petit-fils|petite-fille|grandson|granddaughter"),
    _kin("child", "maman|papa|mum|mom|dad|daddy|mummy|mommy"),
)  # fmt: skip
"""Said by someone to the owner: who that is."""


def relation(name: str) -> str:
    """Name a relation in the language spoken."""
    return {
        "parent": _("parent"),
        "grandparent": _("grandparent"),
        "sibling": _("brother or sister"),
        "uncle or aunt": _("uncle or aunt"),
        "child": _("child"),
        "same name": _("same family name"),
    }[name]


_IS = r"(?:[ ,:]{1,2}(?:est|c['’]est|c['’][ée]tait|[ée]tait|reste|is|was))?"
_ANIMAL = (
    "chien|chienne|chat|chatte|lapin|hamster|cheval|poney|dog|cat|rabbit|puppy|kitten|horse|pony"
)
_BEST = "film|livre|plat|groupe|chanteur|acteur|chanson|[ée]quipe|s[ée]rie"
_BEST_ENGLISH = "film|movie|book|food|dish|band|song|singer|team|show"

QUESTIONS: dict[str, re.Pattern[str]] = {
    "pet": _after(
        rf"(?:mon|ma|notre|my|our) (?:premier |premi[eè]re |first )?(?:{_ANIMAL})"
        r"(?: s['’]appelle| s['’]appelait| is called| was called| named|,)?",
        _NAME,
    ),
    "maiden": _after(
        r"ma m[eè]re,? (?:\w{1,20} )?n[ée]e|(?:my mother|mom|mum)['’]s maiden name (?:is|was)"
        r"|nom de jeune fille de ma m[eè]re,? (?:est|c['’]est|:)",
        _NAME,
    ),
    "birthplace": _after(
        r"je suis n[ée]e? [àa]|i was born in|ma ville natale,?|my hometown,?|born and raised in",
        _NAME,
    ),
    "street": _after(r"j['’]ai grandi (?:à|au|en|rue|dans la rue)|i grew up (?:in|on)", _NAME),
    "school": _after(
        r"(?:mon|ma) (?:ancien |ancienne |premi[eè]re )?(?:[ée]cole|coll[eè]ge|lyc[ée]e)"
        r"(?: primaire| maternelle)?,?"
        r"|my (?:(?:old|first|high|primary|elementary) ){1,2}school(?: was| is|,)?",
        _NAME,
    ),
    "car": _after(
        rf"(?:ma premi[eè]re voiture|my first car){_IS} (?:une|un|an|a)",
        _THING,
    ),
    "favourite": _after(
        rf"(?:mon|ma) (?:{_BEST}) pr[ée]f[ée]r[ée]e?{_IS}|my favou?rite (?:{_BEST_ENGLISH}){_IS}",
        _TITLE,
    ),
    "friend": _after(
        r"(?:mon meilleur ami|ma meilleure amie|mon ami d['’]enfance|my best friend"
        r"|my childhood friend),?",
        _NAME,
    ),
}


def question(key: str) -> str:
    """Word a common security question."""
    return {
        "pet": _("What is the name of your (first) pet?"),
        "maiden": _("What is your mother’s maiden name?"),
        "birthplace": _("In which town were you born?"),
        "street": _("Where did you grow up?"),
        "school": _("Which school did you go to?"),
        "car": _("What was your first car?"),
        "favourite": _("What is your favourite film, book, dish, team?"),
        "friend": _("What is the name of your best friend?"),
        "birthday": _("When were you born?"),
    }[key]
