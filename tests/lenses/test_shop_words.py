"""What the lens of a shop never says: that one post brought anybody."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

import empreinte

ONE_POST = re.compile(
    r"\b(this|that|each|the|your) posts? (brought|made|sold|caused)|posts? bring|"
    r"\b(ce(tte)?|la|votre|chaque) publication (a|ont) (amené|apporté|vendu|fait)",
    re.IGNORECASE,
)


def test_no_sentence_says_that_a_post_brought_anybody():
    po = Path(empreinte.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "empreinte.po"
    with po.open("rb") as file:
        messages = [
            one for one in read_po(file, "fr")
            if any(place.startswith("lenses/shop/") for place, _line in one.locations)
        ]  # fmt: skip
    asks = "what do my posts bring to it?"
    texts = [
        text for one in messages for side in (one.id, one.string)
        for text in ([side] if isinstance(side, str) else side) if asks not in text
    ]  # fmt: skip
    assert len(texts) > 200
    assert [text for text in texts if ONE_POST.search(text)] == []
    assert ONE_POST.search("This post brought 41 customers")
