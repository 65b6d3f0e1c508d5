"""What the sections are made of: facts, claims by the harm that can be done, steps to mend."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from empreinte import asking
from empreinte.asking.claims import LEAST, STANDING
from empreinte.lenses.exposure.words import phrase
from empreinte.model import platform_name
from empreinte.report import Action, Sentence

HARM = 4
"""The greatest harm: see `kinds`."""


@dataclass(frozen=True)
class Step:
    """One thing to mend.

    Attributes
    ----------
    key : str
        Stable from one archive to the next, and telling nothing of the datum.
    what : str
        What to do, in words.
    harm : float
        Harm done if left: 0 to 4.
    effort : int
        Minutes.
    platform : str
        Whose menus to use; ``""`` where it is none's.
    action : str
        Key of a menu path: ``delete_post``, ``apps``, …
    url : str or None
        Where it is.
    of, gone : int
        How many records it is about, and how many of them a later archive holds no longer.
    since : datetime or None
        When the first of them was made; ``None`` where no date is known.
    posts : tuple of str
        Its posts as ``platform:id``, where it is about posts.
    about : tuple of (type, value) or None
        The datum, where it is about one: never shown, never part of a file.
    """

    key: str
    what: str
    harm: float
    effort: int
    platform: str = ""
    action: str = ""
    url: str | None = None
    of: int = 1
    gone: int = 0
    since: datetime | None = None
    posts: tuple[str, ...] = ()
    about: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def done(self) -> bool:
        """Whether a later archive holds none of it."""
        return self.gone >= self.of


def key(part: str, *names: str) -> str:
    """Give a key that stays from one archive to the next and tells nothing of what it is about."""
    named = "|".join(names).encode(errors="replace")
    return f"exposure-{part}-{hashlib.blake2b(named, digest_size=8).hexdigest()}"


@dataclass(frozen=True)
class Part(asking.Part):
    """A section with what it claims and what it asks to be mended."""

    steps: tuple[Step, ...] = ()


def part_of(
    id: str,
    claims: Iterable[asking.Claim],
    *,
    steps: Iterable[Step] = (),
    otherwise: str = "",
    **more: Any,
) -> Part:
    """Make a section that opens with its gravest claim, or else with a plain sentence.

    Its title, intro and that sentence, unless `otherwise` is another, are among the sentences;
    `beyond` too, why it does not keep to a period, where it does not.
    """
    plain = otherwise or phrase(f"{id}.text")
    told = Sentence(text=plain, quiet=plain, about=id)
    return Part(
        asking.section("exposure", id, **more), tuple(claims), told,
        asking.names("exposure", id).get("beyond", ""), steps=tuple(steps),
    )  # fmt: skip


def claim(
    about: str,
    told: asking.Said,
    harm: float,
    *,
    certainty: float = 1.0,
    topic: str = "",
    action: Action | None = None,
) -> asking.Claim:
    """Make a claim on how things stand; it weighs harm / 4 x certainty x one half.

    Parameters
    ----------
    about : str
        The id of a value without the lens: ``all.written``.
    harm : float
        The harm that can be done with what it tells, by those who see it: 0 to 4.
    certainty : float
        How sure it is that it is so, 0 to 1.
    topic : str
        `about` unless it is given.
    """
    weight = max(LEAST, min(1.0, harm / HARM) * certainty * STANDING)
    topic = f"exposure.{topic or about}"
    return told.claim(f"exposure.{about}", topic=topic, weight=weight, action=action)


def proven(about: str, told: asking.Said, harm: float, **more: Any) -> asking.Claim:
    """Make a claim that leads to the records behind its value; `more` as in `claim`."""
    shown = Action(kind="evidence", target=f"exposure.{about}", label=phrase("action.proof"))
    return claim(about, told, harm, action=shown, **more)


def remedy() -> Action:
    """Lead to the plan."""
    return Action(kind="section", target="mending", label=phrase("action.remedy"))


def named(platforms: Iterable[str]) -> str:
    """Name platforms as they write themselves, on one line."""
    return ", ".join(map(platform_name, platforms))
