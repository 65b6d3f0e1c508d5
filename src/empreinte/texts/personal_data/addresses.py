"""Postal addresses: French and English streets, and what follows "I live at".

A street is a number, a kind of street and a name; that alone is *possible*, and kinds that are also
common words (*cours*, *place*, *Park*) need a name that is one. A word that says somebody lives
there makes it likely, as does a town; a French postcode with its commune (`communes.agree`), or a
British or American one, makes it certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.texts.personal_data import communes
from empreinte.texts.personal_data.findings import BEFORE, Certainty, Finding

_TYPES_FR = (
    "rue|avenue|av\\.?|boulevard|bd|bld|blvd|place|pl\\.|all[ée]es?|chemin|ch\\.|impasse|imp\\."
    "|quai|"
    "cours|square|route|rte|faubourg|fg|passage|sentier|résidence|lotissement|hameau|lieu-dit|"
    "villa|esplanade|promenade|ruelle|montée|rond-point|cité|traverse|venelle|clos|côte|mail"
)
_TYPES_EN = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Square|Sq|"
    "Terrace|Crescent|Close|Gardens|Grove|Hill|Park|Row|Mews|Parkway|Pkwy|Highway|Hwy|Circle|"
    "Green|Walk|View|Rise|Quay"
)
GATE = (
    f"(?i:[0-9][,]? ?(?:bis|ter|quater|[a-d])?,? (?:{_TYPES_FR}) |[0-9]{{5}} [a-zà-ÿ]|"
    "live[sd]? (?:at|in|on)|address|adresse|located (?:at|in)|office is|stop at|restaurant is|off"
    " at|it.s in|here they are|habite|domicile|apt[.]? [0-9]|"
    "suite [0-9]|p[.]?o[.]? box|box [0-9]|flat [0-9]|appt|zip|postcode|code postal)|"
    f"[0-9][A-Da-d]?,? (?:[A-ZÀ-Þ][0-9A-Za-zà-ÿÀ-Þ_'’.-]{{0,24}} ){{1,4}}(?:{_TYPES_EN})"
)

_WORD = r"[\wà-ÿÀ-Þ'’.-]{1,24}+"
_JOINED = r"(?:(?:sur|sous|en|la|le|les|lès|de|du|des|aux|au|of|on|upon|in)[ -]){0,2}"
_TOWN = (
    rf"(?![A-Z]{{2}} \d)[\wà-ÿÀ-Þ][a-zA-Zà-ÿÀ-Þ'’-]{{1,30}}+"
    rf"(?:[ -]{_JOINED}(?![A-Z]{{1,2}}\d)[A-ZÀ-Þ][a-zA-Z'’à-ÿÀ-Þ-]{{1,24}}+){{0,3}}"
)
_POSTCODE = r"(?:0[1-9]|[1-8]\d|9[0-5]|97|98)\d{3}"
_STOP = r"(?!\d{5}|(?:et|and|à|où|avec|pour|depuis|mais|qui|dans|car|then|on|at|the|in|j'|je)\b)"
_FRENCH = re.compile(
    rf"(?<![\w/.-])\d{{1,4}}(?: ?(?:bis|ter|quater|[A-Da-d])\b)?,? {{1,2}}(?i:{_TYPES_FR}) {_WORD}"
    rf"(?: {_STOP}{_WORD}){{0,5}}"
    rf"(?P<town>[,;]?\s{{1,3}}(?:[-–] )?{_POSTCODE} {_TOWN}|,? à {_TOWN})?"
)
_ENGLISH = re.compile(
    rf"(?<![\w/.-])(?:(?:Flat|Apt\.?|Unit) \w{{1,4}},? )?\d{{1,5}}[A-Da-d]?,?"
    rf" (?:[A-ZÀ-Þ][\w'’.-]{{0,24}} ){{1,4}}"
    rf"(?:{_TYPES_EN})\b\.?(?P<more>(?:,? (?:Apt|Apartment|Suite|Unit|Flat)\.? #?\w{{1,5}})?"
    rf"(?:,\s?(?=[A-ZÀ-Þ]){_TOWN}){{0,2}}"
    rf"(?:,?\s(?:[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?|[A-Z]{{1,2}}\d[A-Z\d]?"
    rf" ?\d[A-Z]{{2}}))?)"
)
_BOX = re.compile(
    r"(?<!\w)(?:\d{1,6} )?(?:P\.? ?O\.? Box \d{1,6}"
    r"|(?:PSC|Unit|Box|USNV|USNS) \d{1,6}(?:, Box \d{1,6})?"
    r"\s[AFD]PO [A-Z]{2} \d{5}|PSC \d{1,6}, Box \d{1,6})",
    re.IGNORECASE,
)
_COMMON = re.compile(
    r"(?i)[\d\s,]{1,8}(?:bis|ter|quater|[a-d])?,? *(?:place|pl\.?|cours|square|passage|côte|mail"
    r"|cité|villa|clos|bd|ch\.|promenade|route|montée|traverse|résidence|lotissement|hameau"
    r"|faubourg|fg|sentier|esplanade|imp\.|quai) "
)
_PROPER = re.compile(r"(?:(?:du|des|de|d[’'])\s?(?:la |l[’'])?)?[A-ZÀ-Þ]")
_COMMON_EN = re.compile(
    r"(?:Park|Hill|View|Green|Row|Rise|Close|Way|Drive|Court|Place|Square|Gardens|Grove|Walk|Circle"
    r"|Terrace|Highway|Quay)\.?$"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?: |, )")
# Foreign streets are known by what stands around them: a number before, a flat after.
_FLAT = re.compile(r"(?<!\w)(?:Suite|Apt\.?|Appt\.?|Flat|Apartment) \d{1,5}(?!\d)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![\w.])\d{1,6}[A-D]? [^\n]{3,50}[,\s>?]{1,8}$")
_REST = re.compile(r"(?:[\s>?,]{1,8}[^\n\d,]{2,30}){1,3}?[\s>?,]{1,8}\d{4,6}(?!\d)|\s?[^\n]{0,40}")
_LED = re.compile(
    r"(?<!\w)(?:(?:lives?|lived|living|office is|stop|located|restaurant is|you off|home is) (?:at"
    r"|on|in)"
    r"|(?:address(?:es)?|adresse)(?: \w{1,15}){0,4}(?: is| are| est|:| :)|address of [\w ,]{1,30}"
    r" is"
    r"|billing address with|it's in|here they are:|domicilée? (?:au|à)|habite (?:au|à))[\s>?]{1,6}"
    r"(?P<where>(?=\D{0,30}\d)[^\n.;?!]{4,70}+(?:\n[>? ]{0,5}[^\n;?!]{2,40}+){0,3}+)",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"(?<![\w$£€/.])(?!(?:19|20)\d\d )\d{1,5}[A-Da-d]?(?:,| bis| ter)? [A-ZÀ-Þ]"
    r"|(?<![\w$£€/.])(?!(?:19|20)\d\d\b)\d{4,6}(?!\w)"
)
_CODE = re.compile(
    r"(?:zip(?: ?code)?|postcode|code postal)(?: is| est)?\s?:?\s(\d{4,6}(?:-\d{3,4})?)", re.I
)
_HOME = re.compile(
    r"(?i)\b(?:habit\w*|domicil\w*|adresse|chez (?:moi|nous)|live[sd]?|moved (?:in)?to"
    r"|(?:emm|d[ée]m)[ée]nag\w*"
    r"|address|home|my place|maison"
    r"|appart\w*|r[ée]sidence|lotissement|hameau|lieu-dit|b[âa]t(?:iment)?|livr\w+|deliver\w*|ship)\b"
)
_ZIP = re.compile(rf"(?<![\w.+/-])(?:F-)?{_POSTCODE} {_TOWN}")


def find(text: str) -> Iterator[Finding]:
    """Give the postal addresses of a text."""
    for match in _FRENCH.finditer(text):
        if _is_street(match):
            near = bool(match["town"]) or _is_home(text, match.start())
            sure: Certainty = "likely" if near else "possible"
            yield _found(match[0], match.start(), "certain" if _served(match["town"]) else sure)
    for match in _ENGLISH.finditer(text):
        year = _YEAR.match(match[0]) and not match["more"]
        common = _COMMON_EN.search(match[0]) and not _is_home(text, match.start())
        if not year and not (common and not match["more"]):
            sure = "likely" if _is_home(text, match.start()) else "possible"
            yield _found(match[0], match.start(), "certain" if match["more"] else sure)
    for match in _BOX.finditer(text):
        yield _found(match[0], match.start(), "likely")
    for match in _FLAT.finditer(text):
        before = _NUMBERED.search(text[max(0, match.start() - 66) : match.start()])
        rest = _REST.match(text, match.end(), match.end() + 120)
        start = match.start() - len(before[0]) if before else match.start()
        end = rest.end() if rest and (before or rest[0][-4:].isdigit()) else match.end()
        yield _found(text[start:end], start, "likely" if before else "possible")
    for match in _LED.finditer(text):
        if _PLACED.search(match["where"]):
            yield _found(match["where"], match.start("where"), "possible")
    for match in _CODE.finditer(text):
        yield _found(match[1], match.start(1), "likely")
    for match in _ZIP.finditer(text):
        if _HOME.search(text[max(0, match.start() - BEFORE) : match.start()]):
            yield _found(match[0], match.start(), "likely" if _served(match[0]) else "possible")


def _is_home(text: str, start: int) -> bool:
    """Whether a word before says that somebody lives, works or is to be found there."""
    return _HOME.search(text[max(0, start - BEFORE) : start]) is not None


def _is_street(match: re.Match[str]) -> bool:
    """Whether a French street is one: of a common word, only with a name of its own."""
    if match["town"] and re.search(r"\d", match["town"]):
        return True
    if _YEAR.match(match[0]):
        return False
    common = _COMMON.match(match[0])
    return common is None or _PROPER.match(match[0], common.end()) is not None


def _served(town: str | None) -> bool:
    """Whether "75011 Paris" is a postcode with a commune that it serves."""
    found = re.search(r"(\d{5}) (.+)", town or "", re.DOTALL)
    return found is not None and communes.agree(found[1], found[2])


def _found(written: str, start: int, certainty: Certainty) -> Finding:
    written = written.rstrip(" ,.;:\n")
    value = " ".join(re.sub(r"[,;.]", " ", written).lower().split())
    return Finding("address", start, start + len(written), value, certainty)
