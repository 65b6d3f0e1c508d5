"""Letters to a platform or an advertiser under the GDPR. Texts only: nothing is sent.

Articles 15 (access), 17 (erasure) and 21 (objection) of regulation (EU) 2016/679; an answer is due
within one month (article 12, paragraph 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from empreinte.language import _, day

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
    subject, asks = _words(article)
    parts = (
        "\n".join((name, _("[your address]"))), "\n".join(to), day(on),
        _("Subject: {subject}").format(subject=subject), _("Madam, Sir,"), asks,
        _("This is about: {account}.").format(account=account),
        _(
            "An answer is due within one month (article 12, paragraph 3). Without one I shall "
            "turn to the supervisory authority (in France: the CNIL)."
        ),
        _("Yours faithfully,"), name,
    )  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _words(article: Article) -> tuple[str, str]:
    return {
        15: (
            _("access to my personal data (article 15 of the GDPR)"),
            _(
                "Under article 15 of the General Data Protection Regulation, I ask for a copy of "
                "all personal data that you hold of me, with the purposes of their use, where you "
                "have them from, to whom you gave them, how long you keep them, and what you "
                "deduced of me."
            ),
        ),
        17: (
            _("erasure of my personal data (article 17 of the GDPR)"),
            _(
                "Under article 17 of the General Data Protection Regulation, I ask you to erase "
                "the personal data that you hold of me, and to tell those to whom you gave them "
                "(article 19). Should you keep some, please name each and the law that bids you to."
            ),
        ),
        21: (
            _("objection to direct marketing (article 21 of the GDPR)"),
            _(
                "Under article 21 of the General Data Protection Regulation, I object to the use "
                "of my personal data for direct marketing, profiling for it included. Please take "
                "me off your lists and those that you handed to advertising platforms."
            ),
        ),
    }[article]
