"""Namesakes: which texts that hold a name speak of the owner, by words that they confirm once.

Words that stand beside the name are offered; the owner says which go with them and which with
somebody else. A text with words of one side alone is of that side. The others are weighed by all
words that stood in those (naive Bayes on which words are there); what does not tip clearly is
left untold.

References
----------
McCallum & Nigam (1998), A comparison of event models for naive Bayes text classification (the
multivariate Bernoulli model, of which only words that are there are weighed).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set

import msgspec

from empreinte.forms import Choice, Field, Form
from empreinte.language import _
from empreinte.lenses.reputation.own import Own
from empreinte.lenses.reputation.watch import Name, fold, hashed

CONTEXT = "context"
FEWEST = 8
"""Texts that hold a name from which on namesakes are asked about."""
OFFERED = 16
"""Words that are offered for a name."""
TIPS = math.log(9)
"""Logarithm of the odds from which on a text is given to a side."""
STRONGEST = 2.5
"""Logarithm of the odds that one word gives at most."""
LONGEST = 2_000
"""Characters of a text that are looked at."""
_WORD = re.compile(r"[^\W\d_]{3,24}")
_COMMON = frozenset(
    re.findall(r"\w+", """
    les des une aux par sur pas que qui quoi dans pour avec sans sous mais donc est sont ete etre
    avoir fait faire comme plus moins tres tout tous toute toutes cette ces son ses leur leurs notre
    nos votre vos mon mes ton tes elle elles ils nous vous lui moi toi bien aussi alors encore quand
    meme entre chez vers apres avant depuis ici cela ceux celle peut deux trois rien avait etait
    jamais toujours voir merci bonjour http https www com
    the and for with from that this these those his her their our your are was were been being have
    has had not but you she they them its who what when where which will would can could should all
    any some more most very just about into over than then there here also only out how why did does
    two three one new get got via said says see
    """)
)  # fmt: skip


def words(text: str, name: Name) -> frozenset[str]:
    """Give the words of a text that may tell whom it speaks of; those of the name tell nothing."""
    return frozenset(_WORD.findall(fold(text[:LONGEST]))) - _COMMON - name.words


def offered(texts: Sequence[Set[str]], most: int = OFFERED) -> list[str]:
    """Choose words so that as many texts as may be hold one of them: each adds the most new ones.

    >>> offered([{"but", "match"}, {"but"}, {"but", "ligue"}, {"affiche", "encre"}, {"affiche"}], 2)
    ['but', 'affiche']
    """
    left = list(texts)
    chosen: list[str] = []
    while left and len(chosen) < most:
        counts = Counter(word for text in left for word in text)
        if not counts:
            break
        word, n = min(counts.items(), key=lambda one: (-one[1], one[0]))
        if n < 2:
            break
        chosen.append(word)
        left = [text for text in left if word not in text]
    return chosen


def sort_out(texts: Sequence[Set[str]], yes: Set[str], no: Set[str]) -> list[int]:
    """Tell whom texts speak of.

    Parameters
    ----------
    texts : sequence of set of str
        Words of each.
    yes, no : set of str
        Hashes of words that go with the owner, and with somebody else.

    Returns
    -------
    list of int
        1 the owner, -1 somebody else, 0 it cannot be told.
    """
    told = {
        word: (key in yes) - (key in no)
        for word in frozenset().union(*texts) if (key := hashed(word)) in yes or key in no
    }  # fmt: skip
    sides = [{told[word] for word in text if word in told} - {0} for text in texts]
    first = [next(iter(side)) if len(side) == 1 else 0 for side in sides]
    counts = {1: Counter[str](), -1: Counter[str]()}
    for text, side in zip(texts, first, strict=True):
        if side:
            counts[side].update(text)
    n = {side: first.count(side) for side in (1, -1)}
    if not (n[1] and n[-1]):
        return first
    weight = {
        word: max(-STRONGEST, min(STRONGEST, math.log(
            (counts[1][word] + 0.5) / (n[1] + 1) * (n[-1] + 1) / (counts[-1][word] + 0.5))))
        for word in counts[1].keys() | counts[-1].keys()
        if counts[1][word] + counts[-1][word] > 1
    }  # fmt: skip
    return [side or _tips(text, weight) for text, side in zip(texts, first, strict=True)]


def _tips(text: Set[str], weight: dict[str, float]) -> int:
    total = sum(weight.get(word, 0.0) for word in text)
    return (total >= TIPS) - (total <= -TIPS)


def form(
    asked: Sequence[tuple[Name, Sequence[str]]], told: dict[str, list[str]]
) -> tuple[Form, ...]:
    """Ask, for each name and the texts that hold it, which words go with whom; none if none is."""
    fields = [field for name, texts in asked for field in _fields(name, texts, told)]
    if not fields:
        return ()
    return (
        Form(
            id=CONTEXT, title=_("You, or a namesake?"), fields=tuple(fields),
            help=_("These words stand beside the name in what others wrote. Say once which go with "
                   "you and which with somebody else; leave out those that say nothing."),
        ),
    )  # fmt: skip


def _fields(name: Name, texts: Sequence[str], told: dict[str, list[str]]) -> Iterator[Field]:
    found = [words(text, name) for text in texts]
    known = {key for side in "yn" for key in told.get(f"{name.key}_{side}", ())}
    before = sorted(word for word in frozenset().union(*found) if hashed(word) in known)
    choices = tuple(
        Choice(hashed(word), word) for word in dict.fromkeys((*before, *offered(found)))
    )
    if not choices:
        return
    yield Field(
        name=f"{name.key}_y", kind="choices", choices=choices,
        label=_("{name}: words that go with you").format(name=name.name),
    )  # fmt: skip
    yield Field(
        name=f"{name.key}_n", kind="choices", choices=choices,
        label=_("{name}: words that go with somebody else").format(name=name.name),
    )  # fmt: skip


def look(own: Own) -> dict[str, list[str]]:
    """Read what was told: hashes of words by field."""
    rows = own.rows(
        "select fields from entries where asker = 'reputation' and form = $form and key = '' "
        "and teller = 'owner'",
        form=CONTEXT,
    )
    return msgspec.json.decode(rows[0]["fields"]) if rows else {}
