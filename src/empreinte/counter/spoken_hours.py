"""Opening hours as people write them, in French or English, into OpenStreetMap's syntax.

Days are whole names: “mar” is a Tuesday in French and a month to OpenStreetMap. What is not wholly
understood is not guessed.
"""

from __future__ import annotations

import re
import unicodedata

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMED = {
    name: day
    for names in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lundis mardis mercredis jeudis vendredis samedis dimanches",
    )
    for name, day in zip(names.split(), DAYS, strict=True)
} | {"everyday": "Mo-Su", "holidays": "PH"}
_SAME = (
    (r"\b(tous les jours|chaque jour|every day|daily|all days)\b", "everyday"),
    (r"\b(jours? feries?|(public|bank) holidays?)\b", "holidays"),
    (r"\b(ferme(es|e|s)?|closed|off)\b", "off"),
    (r"\b(jusqu'a|jusqu’a|au|a|to|till|until)\b|[–—]", "-"),
    (r"\b(et|and|puis)\b|&", ","),
    (r"\b(du|de|from|le|les|la|on|the)\b", " "),
)
_TIME = r"(?:\d{1,2} ?(?:(?::\d{2})? ?[ap]m|h(?: ?\d{2})?|:\d{2}))"
_DAY = rf"(?:{'|'.join(sorted(_NAMED, key=len, reverse=True))})"
_RULE = re.compile(
    rf"(?P<days>{_DAY}(?: ?[-,] ?{_DAY})*) ?:? ?"
    rf"(?P<times>off|{_TIME} ?- ?{_TIME}(?: ?, ?{_TIME} ?- ?{_TIME})*)"
)


def written(text: str) -> str | None:
    """Write hours in OpenStreetMap's syntax; ``None`` where they are not words that are known.

    >>> written("du mardi au samedi de 9h à 12h30 et de 14 h à 19 h ; jours fériés : fermé")
    'Tu-Sa 09:00-12:30,14:00-19:00; PH off'
    >>> written("Monday and Friday 9am to 5:30 pm"), written("Tu-Sa 09:00-19:00")
    ('Mo,Fr 09:00-17:30', None)
    """
    rules = [_rule(_plain(rule)) for rule in re.split(r"[;\n]", text) if rule.strip()]
    return "; ".join(rule for rule in rules if rule) if rules and all(rules) else None


def times(text: str) -> str | None:
    """Write the hours of one day, without its name; ``None`` where they are not known words.

    >>> times("de 9h à 16h"), times("fermé"), times("09:00-16:00"), times("le matin")
    ('09:00-16:00', 'off', '09:00-16:00', None)
    """
    rule = _rule("monday " + _plain(text))
    return rule and rule.removeprefix("Mo ")


def _plain(text: str) -> str:
    """Write without accents and case, with one word for what is said in several."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    for pattern, same in _SAME:
        bare = re.sub(pattern, same, bare)
    return " ".join(bare.split())


def _rule(plain: str) -> str | None:
    found = _RULE.fullmatch(plain)
    if found is None:
        return None
    days = re.sub(_DAY, lambda one: _NAMED[one[0]], found["days"]).replace(" ", "")
    if re.search(r"-\w+-|PH-|-PH|Mo-Su[-,]", days):
        return None
    if found["times"] == "off":
        return f"{days} off"
    moments = [_moment(one) for one in re.findall(_TIME, found["times"])]
    pairs = list(zip(moments[::2], moments[1::2], strict=True))
    if any(opens is None or closes is None or opens == closes for opens, closes in pairs):
        return None
    return f"{days} " + ",".join(f"{opens}-{closes}" for opens, closes in pairs)


def _moment(text: str) -> str | None:
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if text.endswith("m"):  # am, pm
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * text.endswith("pm")
    return f"{hour:02}:{minute:02}" if hour * 60 + minute <= 24 * 60 and minute < 60 else None
