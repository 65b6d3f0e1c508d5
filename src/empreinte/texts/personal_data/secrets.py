"""Keys that open accounts and services, and passwords.

Keys are known by the prefixes that their makers publish so that they can be found. A password
is known by the words before it; a plain word after them ("my password is wrong") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.texts.personal_data.findings import Finding

GATE = (
    "(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{20}|github_pat_|glpat-|xox[abprs]-|AIza|sk-|"
    "sk_live_|rk_live_|SG[.]|npm_|pypi-|hf_|eyJ|PRIVATE KEY|hooks[.]slack|[0-9]{8}:AA|"
    "(?i:passw|passp|pwd|mot de passe|mots de passe|mdp|wi-?fi|secret|api.?key|cl[ée].?api|token|"
    "code pin|pin code|digicode|jeton|(?:^|[^a-z])pw[d]?[^a-z])"
)

_KEYS = re.compile(
    r"(?<![\w-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_\w{22,255}"
    r"|glpat-[\w-]{20,64}|xox[abprs]-[0-9A-Za-z-]{10,250}|AIza[\w-]{35}|sk-[\w-]{20,200}"
    r"|[sr]k_live_[0-9A-Za-z]{16,128}|SG\.[\w-]{16,64}\.[\w-]{16,64}|npm_[0-9A-Za-z]{36}"
    r"|pypi-[\w-]{32,512}|hf_[0-9A-Za-z]{30,64}|\d{8,10}:AA[\w-]{33}"
    r"|eyJ[\w-]{10,2000}+\.eyJ[\w-]{10,4000}+\.[\w-]{10,1000}+"
    r"|https://hooks\.slack\.com/services/[\w/]{20,80})(?![\w-])"
    r"|-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----"
)
_NAMED = re.compile(
    r"(?<!\w)(?P<what>pass(?:word|wd|phrase|code)|pwd?|mots? de passe|mdp"
    r"|(?:code|cl[ée]|key|password)(?: (?:du|de la|for the))? wi-?fi|wi-?fi (?:key|password|code)"
    r"|code pin|pin code|digicode|api[ _-]?key|cl[ée] api"
    r"|(?:\w{1,20}_)?secret(?:[ _-]access)?[ _-]?key"
    r"|access[ _-]?token|jeton)"
    r"[\"']?(?: (?:provisoire|temporaire|temporary|new|nouveau|actuel))?"
    r"(?: (?:du|de|pour|for|of|to|on|sur|my|mon|the|le|la) ?[\w.-]{1,20}){0,2}"
    r"(?P<sign>\s{0,2}(?:[:=]{1,2}|\bis\b|\bwas\b|\best\b|\bétait\b|\bc.est\b)\s{0,2}|\s{1,2})"
    r"(?P<quote>[\"'«“`]?)\s?(?P<value>[^\s\"'«»“”`]{4,64})",
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
        yield Finding("secret", match.start(), match.end(), match[0], "certain")
    for match in _NAMED.finditer(text):
        value = match["value"].rstrip(".,;!?)…")
        mixed = any(not letter.isalpha() for letter in value)
        plain = value.lower() in _WORDS or value.startswith(
            ("http://", "https://", "<", "{", "***")
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
