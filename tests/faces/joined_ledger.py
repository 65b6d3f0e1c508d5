"""A ledger with three accounts that may be one person's, made without any source."""

from datetime import UTC, datetime

from empreinte.ledger.ingest import Import, intake
from empreinte.ledger.store import Store
from empreinte.model import Account, ExportInfo, Metric, Post, Roster

SITE = "https://camille.example"


def fill(path):
    """Write two exports of one account, and two accounts that give the same link."""
    store = Store(str(path))
    for year, ids, members in ((2025, "123", "ab"), (2026, "13", "bcd")):
        observed = datetime(year, 6, 1, tzinfo=UTC)
        records = [
            Account(file="a", place=0, platform=platform, id="1", handle=handle, whole=True,
                    is_owner=platform == "x", summary=f"<script>{SITE}/ et autres")
            for platform, handle in (("x", "cam"), ("mastodon", "camille"), ("bluesky", "cams"))
        ] + [
            Post(file="t", place=int(id), platform="x", id=id, author_id="1", content=f"Mot {id}",
                 published=datetime(2024, 1, int(id), tzinfo=UTC)) for id in ids
        ] + [
            Metric(file="t", place=0, platform="x", subject_id="1", name="likes",
                   value=year - 2020.0, observed=observed),
            Roster(file="f", place=0, platform="x", account_id="1", name="followers",
                   observed=observed, members=tuple(members)),
        ]  # fmt: skip
        what = Import(
            import_id=f"i{year}", source="toy", source_version=1, path=f"{year}.zip", root="",
            observed=observed,
        )  # fmt: skip
        info = ExportInfo(observed=observed, owner=("x", "1"))
        with intake(store, what) as taken:
            taken.add((info, *records))
            taken.finish()
            taken.keep([])
    store.close()
