"""A made-up person's messages on two channels, with the truth of which are the same."""

from __future__ import annotations

import re

import numpy as np

from empreinte.testing import phrases
from empreinte.testing.phrases import compose

from .records import post

LIMIT = 200


def _as_is(text, random):
    return text


def _dressed(text, random):
    return f"{text} https://e.example/{random.integers(1e6)} #Encre @quelqu.un@social.example"


def _reworded(text, random):
    """Change one word in ten."""
    words = text.split()
    for place in random.choice(len(words), max(1, len(words) // 10), replace=False):
        words[place] = "autrement"
    return " ".join(words)


def _cut(text, random):
    return text if len(text) <= LIMIT else text[:LIMIT].rsplit(" ", 1)[0] + "… https://e.example/"


def _typeset(text, random):
    text = text.replace("’", "'").replace("\u00a0", " ").replace("…", "...")
    return re.sub(r"([.!?]) ", r"\1\n\n", text).upper() + " 🎉"


CHANGES = (_as_is, _dressed, _reworded, _cut, _typeset)


def repeated(days: int, seed: int = 3):
    """Give posts of two channels, and the pairs of ids that are one message.

    Each day brings, on both channels, a message that is told twice (as it is, with links and
    hashtags, reworded, cut, typeset otherwise), and others that are told once: half of these are
    drawn from the very sentence the message was drawn from, with other words in it.
    """
    random = np.random.default_rng(seed)
    posts, truth, number = [], {}, 0

    def say(text, when, author):
        nonlocal number
        number += 1
        posts.append(post(number, when, author, content=text))
        return str(number)

    for day in range(days):
        templates = random.choice(phrases.POSTS, 2, replace=False)
        text = " ".join(compose((template,), random) for template in templates)
        change = CHANGES[day % len(CHANGES)]
        hour = float(random.random())
        one = say(text, day + hour, "1")
        two = say(change(text, random), day + hour + float(random.random()) * 0.9, "2")
        truth[one, two] = change.__name__
        for author in ("1", "2"):
            like = " ".join(compose((template,), random) for template in templates)
            for other in (like, compose(phrases.POSTS, random)):
                say(other, day + float(random.random()), author)
    return posts, truth
