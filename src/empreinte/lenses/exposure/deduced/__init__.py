"""Section 3: what a stranger could deduce: home, work, hours, absences, family, answers.

What is certain enough is told, masked; what is not says why. Strangers read public posts; what
platforms hold besides is told apart. Only the owner's accounts are looked at.
"""

from __future__ import annotations

from itertools import chain

from empreinte.asking import collect
from empreinte.lenses.exposure.deduced import absences, alone, birthday, hours, places, said
from empreinte.lenses.exposure.deduced.piece import TRAITS
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.parts import Part, part_of


def part(own: Own) -> Part | None:
    """Deduce what can be; ``None`` where no account is the owner's."""
    if not own.rows("select channel from mine order by channel limit 1"):
        return None
    both = [places.lived(own, "posts"), places.lived(own, "held")]
    texts = said.read(own)
    born = birthday.find(own, texts)
    pieces = [
        places.piece(own, both), absences.piece(own, both), hours.piece(own),
        birthday.piece(own, texts, born), said.piece(own, texts),
        said.answers(own, texts, born.keys if born and born.sure else [], born and born.written),
    ]  # fmt: skip
    traits = sorted(
        chain.from_iterable(piece.traits for piece in pieces), key=lambda t: TRAITS.index(t.name)
    )
    pieces.append(alone.piece(own, tuple(traits)))
    tables = tuple(chain.from_iterable(piece.tables for piece in pieces))
    return part_of(
        "deduced", chain.from_iterable(piece.claims for piece in pieces),
        lead=tables[0].id if tables else "",
        measures=collect(chain.from_iterable(piece.facts for piece in pieces)),
        charts=tuple(chain.from_iterable(piece.charts for piece in pieces)), tables=tables,
    )  # fmt: skip
