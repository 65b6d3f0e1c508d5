"""Keys that open accounts and services, and passwords.

Keys are known by the prefixes that their makers publish so that they can be found. A password
is known by the words before it; a plain word after them ("my password is wrong") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.texts.personal_data.findings import Certainty, Finding
from empreinte.texts.personal_data.mails import opens

GATE = (
    "(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{20}|github_pat_|gl(?:pat|dt|rt|ft|soat)-|"
    "xox[abeprs]|xapp-|AIza|ya29[.]|GOCSPX-|sk-|gsk_|xai-|pplx-|r8_|[rs]k_live_|whsec_|SG[.]|"
    "npm_|pypi-|hf_|eyJ|PRIVATE KEY|PuTTY-User-Key|AGE-SECRET-KEY|hooks[.]|/webhooks/|webhook[.]|"
    "[0-9]{8}:AA|do[op]_v1_|HRKU-|shp(?:at|ca|pa|ss)_|sq0|dapi|dckr_pat_|gl(?:sa|c)_|lin_api_|ntn_|"
    "secret_|figd_|pat[0-9A-Za-z]{14}|nfp_|sbp_|pscale_|PMAK-|key-|-us[0-9]|AccountKey|SK[0-9a-f]{32}|"
    "EAA|[MNO][0-9A-Za-z]{23}|://[^/ ]*:[^/ ]+@|[0-9A-Za-z]:[^ :]+@|"
    "(?i:passw|passp|pwd|mot de passe|mots de passe|mdp|wi-?fi|secret|api.?key|cl[ée].?api|token|"
    "code|digicode|jeton|identifiants?|login|pin (?:de|du|for|of)|"
    "(?:^|[^a-z])pin[^a-z]|(?:^|[^a-z])pw[d]?[^a-z])"
)

# By the prefixes that makers publish: gitleaks' and detect-secrets' lists name the same ones.
_KEYS = re.compile(
    r"(?<![\w/-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_\w{22,255}"
    r"|gl(?:pat|dt|rt|ft|soat)-[\w-]{20,64}|xox[abeprs](?:\.xox[abprs])?-(?=[A-Za-z-]{0,60}\d)[0-9A-Za-z-]{10,250}"
    r"|xapp-\d-[0-9A-Za-z-]{20,250}|AIza[\w-]{35}|ya29\.[\w-]{20,400}|GOCSPX-[\w-]{20,64}"
    r"|sk-(?:proj|svcacct|admin|None)-[\w-]{20,250}|sk-ant-[a-z]{3,8}\d\d-[\w-]{20,250}"
    r"|sk-or-v1-[0-9a-f]{32,64}|sk-(?=[0-9A-Za-z]{0,60}\d)(?=[0-9A-Za-z]{0,60}[A-Z])[0-9A-Za-z]{20,64}"
    r"|sk-(?=[a-f]{0,60}\d)[0-9a-f]{32,64}"
    r"|gsk_[0-9A-Za-z]{40,64}|xai-[0-9A-Za-z]{40,100}|pplx-[0-9A-Za-z]{40,64}|r8_[0-9A-Za-z]{37,40}"
    r"|[sr]k_live_[0-9A-Za-z]{16,128}|whsec_[0-9A-Za-z+/=]{24,64}"
    r"|SG\.[\w-]{16,64}\.[\w-]{16,64}|npm_[0-9A-Za-z]{36}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}"
    r"|pypi-[\w-]{32,512}|hf_[0-9A-Za-z]{30,64}|\d{8,10}:AA[\w-]{33}|do[op]_v1_[0-9a-f]{64}"
    r"|HRKU-[\w-]{36,64}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|sq0[a-z]{3}-[\w-]{22,43}|dapi[0-9a-f]{32}"
    r"|dckr_(?:pat|oat)_[\w-]{20,64}|gl(?:sa|c)_[\w+/=]{32,200}|lin_api_[0-9A-Za-z]{40}"
    r"|ntn_[0-9A-Za-z]{40,60}|secret_[0-9A-Za-z]{43}|figd_[\w-]{40,64}|nfp_[0-9A-Za-z]{36,40}"
    r"|pat[0-9A-Za-z]{14}\.[0-9a-f]{64}|sbp_[0-9a-f]{40}|pscale_\w{2,6}_[\w.-]{32,64}"
    r"|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|SK[0-9a-f]{32}|EAA[0-9A-Za-z]{80,400}"
    r"|AccountKey=[0-9A-Za-z+/]{80,100}={0,2}|[MNO][0-9A-Za-z]{23,25}\.[\w-]{6}\.[\w-]{27,40}"
    r"|eyJ[\w-]{10,2000}+\.eyJ[\w-]{10,4000}+\.[\w-]{10,1000}+"
    r"|AGE-SECRET-KEY-1[0-9A-Z]{40,80}"
    r"|https://(?:hooks\.slack\.com/(?:services|workflows)/[\w/]{20,80}"
    r"|(?:\w{1,10}\.)?discord(?:app)?\.com/api/webhooks/\d{10,25}/[\w-]{30,100}"
    r"|[\w.-]{1,60}\.webhook\.office\.com/[\w@/.-]{30,300}"
    r"|outlook\.office(?:365)?\.com/webhook/[\w@/.-]{30,300}"
    r"|hooks\.zapier\.com/hooks/catch/\d{1,12}/\w{4,20}|hook\.[\w.]{1,20}make\.com/\w{20,64}"
    r"|maker\.ifttt\.com/[\w/]{1,60}/with/key/[\w-]{20,64}))(?![\w-])"
    r"|-----BEGIN (?:[A-Z0-9]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----"
    r"|---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----|PuTTY-User-Key-File-\d: [\w-]{3,30}"
)
_URL = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://[^\s:/@?#]{0,60}:(?P<value>[^\s/@?#]{1,100}+)@(?=[\w\[])",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?<![\w.@/:+-])[\w.+-]{1,40}:(?P<value>[\w.+%'-]{3,64}+)@[\w.-]{3,100}")
_PLACEHOLDERS = re.compile(
    r"(?i)(?:pass(?:word|wd)?|pwd|mdp|mot_?de_?passe|secret|token|x{3,}|\*{2,}|\.{3,}|<.*>|\{.*\}|\$.*"
    r"|%\w+%?|(?:your|votre)[_-]?(?:own[_-])?(?:api|access|secret|pass\w*|pwd|mdp|key|cle|clé"
    r"|token|mot|jeton).*|(?:insert|put|paste|add)[_-].*|(?:os\.|process\.)?(?:env|getenv)\W.*)"
)
_SAME = re.compile(r"([xX0*.])\1{7}")
"""What stands for any key."""
_DOOR = re.compile(
    r"(?<!\w)(?:digicode|interphone|codes? (?:(?:de|du|d.|à) ?)?(?:la |l.|mon |ma |notre )?"
    r"(?:porte|portail|entrée|immeuble|hall|alarme|coffre|cadenas|garage|bo[iî]te à clés?"
    r"|tél[ée]phone|portable|carte(?: bleue| bancaire)?|cb|sim|pin)|code pin"
    r"|(?:door|gate|entry|alarm|garage|building|lock ?box|safe|locker|phone|keypad|pin|access)"
    r" (?:code|pin)|pin (?:number|code)|(?:my|mon|le) pin|pin(?= (?:de|du|for|of) )"
    r"|key ?pad|(?:alarm|alarme|portail|porte|door|gate|garage)\s?:\s?code)s?"
    r"(?: (?:de|du|of|for|to|on|my|the|ma|mon|la|le)"
    r"(?: (?:ma|mon|la|le|my|the))? ?[\w.'’-]{1,20}){0,3}"
    r"\s{0,2}(?:[:=]|\bis\b|\best\b|,? ?\bc.est\b|\bétait\b|\bwas\b)?"
    r"(?: (?:le|the|toujours|still))?\s{0,2}[\"'«“]?\s?"
    r"(?P<value>#?(?=[0-9A-Z*#]{0,9}\d)[0-9A-Za-z*#]{3,10}+)(?![\w€%]|[.,:]\d| (?:ans|years|min))",
    re.IGNORECASE,
)
_AS = re.compile(
    r"(?<!\w)(?:utilise|mis|mets|mettre|choisi|tape[rz]?|use|used|using|set|type|entered?)"
    r" [\"'«“]?\s?"
    r"(?P<value>[^\s\"'«»“”]{4,64})[\"'»”]? (?:comme|as|pour|for) (?:mon |le |my |the )?"
    r"(?:mot de passe|mdp|password|passcode|passphrase)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<!\w)(?P<what>pass(?:word|wd|phrase|code)|pwd?|mots? de passe|mdp"
    r"|(?:code|cl[ée]|key|password)(?: (?:du|de la|for the))? wi-?fi|wi-?fi (?:key|password|code)"
    r"|code pin|pin code|digicode|api[ _-]?key|cl[ée] api"
    r"|(?:\w{1,20}_)?secret(?:[ _-]access)?[ _-]?key"
    r"|access[ _-]?token|jeton)"
    r"[\"']?(?: (?:provisoire|temporaire|temporary|new|nouveau|actuel))?"
    r"(?: (?:du|de|pour|for|of|to|on|sur|my|mon|the|le|la)(?: (?:the|our|my|la|le|mon|ma|notre))?"
    r" ?[\w.-]{1,20}){0,2}"
    r"(?P<sign>,?\s{0,2}(?:[:=]{1,2}|\bis\b|\bwas\b|\best\b|\bétait\b|\bc.est\b)\s{0,2}|\s{1,2})"
    r"(?P<quote>[\"'«“`]?)\s?(?P<value>[^\s\"'«»“”`]{4,64})",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<!\w)(?:log ?in|user(?:name)?|id|identifiant|compte|account)\s?[:=]\s?"
    r"\S{2,40}[\s,;/|-]{1,4}"
    r"(?:and |et )?pass\s?[:=]\s?(?P<value>(?=\D{0,40}\d|[^\s]{0,40}[!&#%$*?_@+])[^\s,;]{4,64})",
    re.IGNORECASE,
)
_JUMBLED = re.compile(r"(?=.*[^\W\d_])(?=.*(?:\d|[!&#%$*?_@+]))[^\s/:,]{6,64}")
# A plain word after a colon is one if the line ends there.
_END = re.compile(r"\s{0,3}(?:$|[\n\r,;/|)])")
_WORDS = frozenset(
    [
        "password",
        "incorrect",
        "wrong",
        "expired",
        "required",
        "oublié",
        "perdu",
        "invalide",
        "incorrecte",
        "trop",
        "toujours",
        "here",
        "there",
        "this",
        "that",
        "mine",
        "reset",
        "changed",
        "stored",
        "hashed",
        "yours",
        "true",
        "false",
        "null",
        "obligatoire",
        "requis",
        "manquant",
        "missing",
        "invalid",
        "same",
        "idem",
        "none",
    ]
)


def find(text: str) -> Iterator[Finding]:
    """Give the keys and passwords of a text."""
    for match in _KEYS.finditer(text):
        if _SAME.search(match[0]):
            continue
        yield Finding("secret", match.start(), match.end(), match[0], "certain")
    yield from _logins(text)
    for match in _DOOR.finditer(text):
        yield _told("password", match, "likely")
    for match in _PAIR.finditer(text):
        yield _told("password", match, "likely")
    for match in _AS.finditer(text):
        if any(not letter.isalpha() for letter in match["value"]):
            yield _told("password", match, "likely")
    for match in _NAMED.finditer(text):
        value = match["value"].rstrip(".,;!?)…")
        mixed = any(not letter.isalpha() for letter in value)
        plain = (
            value.lower() in _WORDS
            or value.startswith(("http://", "https://", "<", "{", "***"))
            or (mixed and _PLACEHOLDERS.fullmatch(value) is not None)
        )
        alone = match["sign"].strip() in (":", "=") and _END.match(text, match.end())
        if len(value) < 4 or plain or not (mixed or match["quote"] or alone):
            continue
        # Without a sign between, only what is no word, no number and no time can be one.
        if match["sign"].isspace() and not (match["quote"] or _JUMBLED.fullmatch(value)):
            continue
        kind = "secret" if re.search(r"api|secret|token|jeton", match["what"], re.I) else "password"
        start = match.start("value")
        sure = "likely" if mixed or match["quote"] else "possible"
        yield Finding(kind, start, start + len(value), value, sure)


def _logins(text: str) -> Iterator[Finding]:
    """Give the passwords of ``scheme://user:password@host`` and of ``user:password@host``."""
    if "@" not in text:
        return
    for match in _URL.finditer(text):
        if not _PLACEHOLDERS.fullmatch(match["value"]):
            yield _told("password", match, "certain")
    for match in _LOGIN.finditer(text):
        if opens(text, match.start("value"), match.end()):
            yield _told("password", match, "likely")


def _told(kind: str, match: re.Match[str], certainty: Certainty) -> Finding:
    start, end = match.span("value")
    return Finding(kind, start, end, match["value"], certainty)
