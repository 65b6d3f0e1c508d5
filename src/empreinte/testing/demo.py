"""The exports of the made-up freelancer, a year apart, as her platforms would have made them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, START, freelancer

QUICK_START = datetime(2025, 3, 1, tzinfo=UTC)


def write_exports(folder: Path, seed: int = 7, quick: bool = False) -> list[Path]:
    """Write every export of `life.freelancer` under `folder`, oldest first.

    Each network gives one archive on each of two dates, a year apart: their rosters and counters
    differ as a life's would. What she left `elsewhere` comes last.

    Parameters
    ----------
    folder : Path
        Where to write; it is made if it is missing.
    seed : int
        Of the life; the same seed gives the same exports.
    quick : bool
        Half of the life only: what she published from `QUICK_START` on, and nothing elsewhere.

    Returns
    -------
    list of Path
        What to give to `Ledger.ingest`, in this order.
    """
    from empreinte.testing import elsewhere, feed, mastodon, wordpress, x

    person = freelancer(seed, QUICK_START if quick else START)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for at in (FIRST_EXPORT, SECOND_EXPORT):
        day = at.date().isoformat()
        answers = folder / f"mastodon-api-{day}"
        x.write_archive(folder / f"twitter-{day}.zip", person, at)
        mastodon.write_export(folder / f"mastodon-{day}.tar.gz", person, at)
        mastodon.write_api(answers, person, at)
        wordpress.write_wxr(folder / f"blog-{day}.xml", person, at)
        feed.write_rss(folder / f"newsletter-{day}.rss", person, at, channel="newsletter")
        written += [
            folder / f"twitter-{day}.zip",
            folder / f"mastodon-{day}.tar.gz",
            answers,
            folder / f"blog-{day}.xml",
            folder / f"newsletter-{day}.rss",
        ]
    if not quick:
        written += elsewhere.write_elsewhere(folder, elsewhere.with_elsewhere(person, seed))
    return written
