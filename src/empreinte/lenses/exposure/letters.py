"""Letters to a platform or an advertiser under the GDPR. Texts only: nothing is sent.

Articles 15 (access), 17 (erasure) and 21 (objection) of regulation (EU) 2016/679.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from empreinte.language import current, day
from empreinte.lenses.exposure.own import data

Article = Literal[15, 17, 21]


def letter(article: Article, to: Sequence[str], name: str, account: str, on: date) -> str:
    """Write a letter in the language spoken.

    Parameters
    ----------
    article : 15, 17 or 21
        To see one's data, to have them erased, to object to their use for advertising.
    to : sequence of str
        Lines of the addressee's block.
    name, account : str
        Who writes, and which account or address it is about.
    on : date
        Its date.
    """
    known = data("letters.toml")
    words = known[str(article)][current()]
    frame = known["frame"][current()]["text"]
    return frame.format(name=name, to="\n".join(to), day=day(on), account=account, **words)
