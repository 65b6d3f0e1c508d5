"""The exports of the made-up freelancer, a year apart, as her platforms would have made them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, START, ZONE, freelancer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from empreinte.api import Ledger
    from empreinte.model import ImportReport

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


def introduce(ledger: Ledger, reports: Iterable[ImportReport], language: str | None = None) -> None:
    """Tell a ledger what its owner would: which accounts are hers, where she lives."""
    import msgspec

    for owner in sorted({report.owner for report in reports if report.owner}):
        ledger.set_mine(owner, True)  # her feed too, which does not say whose it is
    settings = ledger.settings()
    ledger.save_settings(msgspec.structs.replace(settings, timezone=ZONE, language=language))


def make_ledger(folder: Path, language: str | None = None) -> Path:
    """Make up a person's ledger under `folder`, as ``empreinte demo`` does; give its path."""
    from empreinte import api

    path = folder / "demo.duckdb"
    with api.open_ledger(path) as ledger:
        introduce(ledger, ledger.ingest(*write_exports(folder)), language)
    return path
