"""Names of relatives, workplaces and schools: what follows "my son", "I work at", "my school".

A relative is known by a first name (`first_names`), not by any capital, or by a word that names
("my son is called …"). There is nothing to check the names of firms and schools against, so that
all are ``likely`` at most, and each needs the owner in the sentence ("my", "I", "mon", "je"): a
name alone is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.texts.personal_data.findings import Finding
from empreinte.texts.personal_data.first_names import is_first_name

_CHILDREN = (
    "son|daughter|kids?|child|children|boy|girl|baby|twins|fils|fille|filles|enfants?|bébé|"
    "jumeaux|jumelles|gamins?|gamine|p(?:et|[’']?t)ite? derni(?:er|ère)|p(?:et|[’']?t)ite?|aînée?"
    "|cadette?|benjamine?"
)
_RELATIVES = (
    "wife|husband|partner|mother|father|mum|mom|dad|sister|brother|grandmother|grandfather|"
    "grandma|grandpa|aunt|uncle|cousin|niece|nephew|fiancée?|girlfriend|boyfriend|maiden name|"
    "femme|mari|compagne|compagnon|conjointe?|épouse|époux|mère|père|maman|papa|soeur|sœur|frère|"
    "grand-mère|grand-père|mamie|papi|tante|oncle|cousine|nièce|neveu|belle-mère|beau-père|"
    "nom de jeune fille|copine|copain|chérie?|petits?-fils|petites?-filles?|grandsons?"
    "|granddaughters?"
    "|beau-frère|belle-s[œo]e?ur|brother-in-law|sister-in-law|mother-in-law|father-in-law"
)
GATE = (
    rf"(?i:(?:my|our|mon|ma|mes|notre|nos|s) (?:[a-zà-ÿ]+ )?(?:{_CHILDREN}|{_RELATIVES})|"
    "i work|i am working|i.m working|working (?:at|for)|years (?:at|for|with)|interning|intern at|"
    "first day (?:at|with)|jour chez|stage (?:à|a|chez|au)|ans (?:chez|que je)|"
    "je travaille|je bosse|employeur|employer|"
    "new job|embauch|nouveau (?:poste|travail|job)|salari[ée]|"
    "je (?:suis|bosse) |i.m an? |i am an? |my (?:job|school|college|university|"
    "boss|office)|mon (?:école|lycée|collège|université|patron|boulot|entreprise|bureau)|"
    "(?:lycée|collège|école|university|high school|primary school|fac|université) |i stud|student"
    " at|"
    "étudi|(?:mes études|my studies) |rentr[ée]+ |i (?:went|go) to|graduated|"
    "(?:at|into|from) (?:the )?university|college|"
    "(?:high|primary|grammar) school)"
)

_NAME = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{1,20}(?:[-'’][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]{1,20})?"
_FULL = rf"{_NAME}(?: {_NAME}){{0,2}}"
_MY = r"(?<!\w)(?:[Mm]y|[Oo]ur|[Mm]on|[Mm]a|[Mm]es|[Nn]otre|[Nn]os)"
_ADJECTIVES = (
    r"(?:(?:little|big|older|younger|elder|eldest|youngest|dear|lovely|new|petite?|grande?|jeune"
    r"|future|chère|cher) ){0,2}"
)
_LINK = (
    r"(?:'s name)?(?:,? (?:is|are|was|called|named|est|s.appelle|s.appellent|se prénomme"
    r"|prénommée?|appelée?))?(?: (?:called|named))?,?:? {1,2}"
)
_AFTER = re.compile(
    rf"{_MY} {_ADJECTIVES}(?P<who>{_CHILDREN}|{_RELATIVES}){_LINK}(?P<name>{_FULL})"
    rf"(?P<more>(?:(?:, | and | et | & )(?:{_NAME})){{0,4}})"
)
_BEFORE = re.compile(
    rf"(?<!\w)(?P<name>{_FULL}),? (?:my|our|ma|mon|notre) (?P<who>{_CHILDREN}|{_RELATIVES})\b"
)
_MAIDEN = re.compile(
    rf"(?<!\w)(?:[Hh]er|[Mm]y|[Mm]other'?s|[Mm]um'?s|[Mm]om'?s)? ?maiden name (?:is|was)"
    rf" (?P<name>{_FULL})"
)
_PLACE = (
    rf"(?P<name>{_NAME}(?:(?: (?:de|du|des|la|le|of|the|et|&|and))?[ -]"
    rf"(?:[A-ZÀ-Þ][\wà-ÿ'’-]{{0,24}}|{_NAME})){{0,4}}"
    r"|(?!SIRE[NT]|RCS|TVA)[A-Z][A-Z0-9&]{1,9}(?: [A-Z][\wà-ÿ-]{1,20}){0,3})"
)
_TRADE = (
    r"(?:[a-zà-ÿ]{2,16}(?:eure?|euse|trice|ienn?e?|i[èe]re?|iste|ecte)|prof|cadre|cheff?e?|médecin"
    r"|(?:stagi|secrét|not)aire|alternante?|apprentie?|assistante?|consultante?)"
)
_TRADE_EN = (
    r"(?:nurse|manager|intern|chef|clerk|(?:teach|design|develop|lawy|work|bak|programm|train|bank"
    r"|offic|engine|lectur|research|clean|driv|wait|account|consult|assist|doct|edit|direct|cur)"
    r"(?:er|eer|or|ant|ator)|[a-z]{4,16}(?:ist|ian))"
)
_WORK = re.compile(
    r"(?<!\w)(?:I(?:'m| am|’m)? (?:still |now |currently )?(?:work|working|worked) (?:at|for|with)"
    r"|[Jj]e (?:travaille|bosse) (?:actuellement |encore |maintenant )?(?:chez|pour|à la|à l.|à|au"
    r" sein de|au(?= [A-Z]{3}))"
    r"|(?:[Mm]y|[Mm]on) (?:employer|employeur|boss|entreprise|job at|boulot chez|travail chez)(?:,"
    r"| is| est)?"
    r"|(?:[Ff]irst|1st|[Ll]ast) (?:day|week) (?:at|with)|(?<!interested in )(?<!you )"
    r"[Ii]ntern(?:ing)? (?:at|with)"
    r"|\d{1,2} years (?:(?:of )?working )?(?:at|for|with)"
    r"|(?:1er|premier|dernier) jour (?:chez|à la|à|au)|en stage (?:chez|à la|a la|à|au)"
    r"|(?:ans|mois) (?:chez|que je (?:bosse|travaille) (?:chez|pour|à))"
    r"|(?:[Nn]ew|[Mm]y first) job (?:at|with)|(?:embauchée?|salariée?|recrutée?|en poste) (?:chez"
    r"|par|à)"
    r"|nouveau (?:poste|travail|job|boulot) (?:chez|à)"
    rf"|(?:[Jj]e suis|[Jj]e (?:travaille|bosse) comme) {_TRADE}(?: [a-zà-ÿ]{{2,16}}){{0,2}}"
    r" (?:chez|(?:à l.|à la |au )(?=hôpital|clinique|[A-Z]{3}))"
    rf"|I(?:(?:'m|’m| am) an?| work as an?) (?:[a-z]{{2,16}} ){{0,2}}?{_TRADE_EN} (?:at|for|with))"
    rf" ?(?:the |la |le |l[’'])?(?:hôpital |clinique )?{_PLACE}"
)
_STUDY = re.compile(
    r"(?<!\w)(?:I(?:'m| am|’m)? (?:study|studied|studying|go|went|graduated|teach) (?:at|to|from)"
    r"|[Ss]tudent at|[Gg]raduated from|[Gg]oes to|[Gg]o to|[Jj].ai étudié à|[Jj].étudie à"
    r"|étudiante? (?:à|en [a-zà-ÿ]{2,16} à)|(?:mes|my|ses) (?:études|studies) (?:à|au|at)"
    r"|diplômée? de"
    r"|(?:suis|est|scolarisée?|élève|inscrite?|entrée?|rentrée?|va)(?: en [\wà-ÿ]{1,12})?"
    r" (?:à|au|à l.|a l.)|(?:[Mm]on|[Mm]y|[Ss]on|[Ll]eur)(?= (?:école|lycée|collège|school)))"
    r" ?(?:the |la |le |l[’'])?(?P<kind>(?:école|lycée|collège|université|fac|[ÉE]cole|[Ll]ycée"
    r"|[Cc]ollège"
    r"|[Uu]niversité|school|university)(?: (?:primaire|maternelle|élémentaire))?"
    rf"(?: (?:de|du|des|d’|d'))?(?: (?:is|est)|,)? )?{_PLACE}"
)
_NAMED = re.compile(
    r"(?<!\w)(?:au|à l[’']|a l[’']|du|de l[’']|at|into|from|to)(?: the)? ?(?P<name>"
    r"(?:collège|lycée|école|université|[Cc]ollege|[Uu]niversity)(?: (?:primaire|maternelle))?"
    rf"(?: (?:de|du|des|d[’']|of))? {_FULL}"
    rf"|{_FULL} (?:(?:High|Primary|Secondary|Grammar|Elementary) School|University|College))"
)
_NO_FIRM = re.compile(
    r"(?:The|This|That|An?|My|Our|Home|Nights?|Work|Days?|Weekends?|Once|Least|Present|Last|Noon"
    r"|[A-Z][a-z]+days?|Le|La|Les|Une?|Moi(?:-même)?|Toi|Lui|Nous|Eux|Papa|Maman|Myself|Yourself|People"
    r"|Everyone|Everybody|Someone|Peanuts|Money|Pleasure|Fun|Speed|Height|Sea)"
)
_KINDS = re.compile(
    r"(?i)\b(?:school|university|college|academy|institute|école|lycée|collège|université|fac"
    r"|insa|iut|ens|hec|essec|sciences po|polytechnique|sorbonne|faculty|conservatoire)\b"
)
_ANY_SCHOOL = re.compile(r"(?i)(?:school|university|college|academy|école|lycée|collège|fac)")
_CALLED = re.compile(
    r"(?:called|named|appel\w+|prénomm\w+|name is) ?:? ?$|'s name is ", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"(?:Will|May) (?:be|have|not|never|always|get|go|come|need|do|want|turn|start|soon|also|look"
    r"|make|take|you|i|he|she|we|they|it)\b|Mark (?:my|your|the|this|his)\b|No[ëe]l\b|Grace under\b"
    r"|Rose (?:from|to)\b|Art (?:is|of)\b|Hope (?:so|that|you|this)\b|Bill (?:for|of)\b"
    r"|Chance (?:to|of)\b|Christian (?:values|faith|school)\b|Pat (?:on)\b"
    r"|Said (?:no|yes|that|he|she|it|so|to)\b"
    r"|Sue (?:the|them|for)\b"
)
"""First names that are words here."""
_SLANG = re.compile(r"girl|boy|baby|kids?|bébé|p(?:et|[’']?t)ite?", re.IGNORECASE)
_IS_CHILD = re.compile(rf"(?:{_CHILDREN})$")


def find(text: str) -> Iterator[Finding]:
    """Give the relatives, workplaces and schools named in a text."""
    for match in _AFTER.finditer(text):
        kind = "child" if _IS_CHILD.match(match["who"]) else "relative"
        name = _relative(match)
        if name is None or _is_word(match, text):
            continue
        start = match.start("name")
        yield Finding(kind, start, start + len(name), name, "likely")
        if len(name) == len(match["name"]):
            for other in re.finditer(_NAME, match["more"]):
                if is_first_name(other[0]):
                    start = match.start("more") + other.start()
                    yield Finding(kind, start, start + len(other[0]), other[0], "likely")
    for match in (*_BEFORE.finditer(text), *_MAIDEN.finditer(text)):
        whose = "who" in match.re.groupindex
        kind = "child" if whose and _IS_CHILD.match(match["who"]) else "relative"
        if not whose or is_first_name(match["name"].split()[0]):
            yield Finding(kind, match.start("name"), match.end("name"), match["name"], "likely")
    for match in _WORK.finditer(text):
        if _NO_FIRM.fullmatch(match["name"]):
            continue
        yield Finding("workplace", match.start("name"), match.end("name"), match["name"], "likely")
    for match in _NAMED.finditer(text):
        start, end = match.span("name")
        yield Finding("school", start, end, match["name"], "possible")
    for match in _STUDY.finditer(text):
        if match["kind"] or (
            _KINDS.search(match["name"]) and not _ANY_SCHOOL.fullmatch(match["name"])
        ):
            start = match.start("kind") if match["kind"] else match.start("name")
            value = text[start : match.end("name")]
            yield Finding("school", start, match.end("name"), value, "likely")


def _is_word(match: re.Match[str], text: str) -> bool:
    """Whether what looks like a first name is a word: "my son Will be there", "père Noël"."""
    start = match.start("name")
    found = _NO_NAME.match(text, start, start + 40)
    called = _CALLED.search(match[0][: start - match.start()])
    uncle = match["who"] in ("uncle", "oncle") and match["name"] == "Sam"
    return uncle or (found is not None and called is None)


def _relative(match: re.Match[str]) -> str | None:
    """Give a relative's name: first names, and at most a family's name behind them.

    "Our girl Taylor Swift", "my baby Beyoncé", "petit Papa Noël" are no relatives: who says *girl*
    or *baby* of one names them by a first name alone.
    """
    words = match["name"].split(" ")
    called = _CALLED.search(match[0][: match.start("name") - match.start()]) is not None
    if not called and not is_first_name(words[0]):
        return None
    if _SLANG.fullmatch(match["who"]) and not called:
        return words[0] if len(words) == 1 else None
    first = next((n for n, word in enumerate(words) if not is_first_name(word)), len(words))
    return " ".join(words[: max(first, 1) + 1])
