"""Looking through everything the owner published or sent, page by page.

The ledger passes over the texts that cannot hold anything (`GATE` of
`empreinte.texts.personal_data`) and gives the others in pages of bounded size; what is kept of them
is one `Datum` for each thing found, however often it was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from empreinte.lenses.exposure import kinds
from empreinte.lenses.exposure.own import PICTURED, SENT, WORDS, Own
from empreinte.texts import personal_data

SEEN_BY = {"public": 1.0, "unlisted": 0.6, "": 0.6, "followers": 0.5, "direct": 0.25,
           "private": 0.1, "draft": 0.1}  # fmt: skip
"""Weight of who sees it; ``""`` is not known."""

SURE = {"certain": 1.0, "likely": 0.7, "possible": 0.4}
"""Weight of a certainty."""

KEPT, PLACES = 50_000, 200
"""Different data kept, and places kept of each; beyond these they are counted only."""

_PAGE = 16_000_000
_STANDING = f"{SENT} and deleted is null"
_SILENT = f"""md5_number_lower(words) in (
    select text from nothing_in where annotator = '{personal_data.NAME}'
    and version = {personal_data.VERSION})"""
"""Condition on texts: they have been read, and hold nothing."""


def texts(where: str) -> str:
    """Give a subquery for what posts say, and apart from it what their pictures are said to show.

    `where` is a condition on ``posts``.
    """
    return " union all ".join(
        f"select platform, id, {words} as words, published, url, visibility, file, place, "
        f"{pictured} as pictured from posts where {where}"
        for words, pictured in ((WORDS, False), (PICTURED, True))
    )


@dataclass
class Datum:
    """One thing found, wherever it stands.

    Attributes
    ----------
    times : int
        How often it was written.
    first, last : datetime or None
        When it was first and last written; ``None`` where no date is known.
    visibility : str
        The widest of its places; ``""`` is not known.
    posts : list of str
        Its places as ``platform:id``, at most `PLACES`.
    url, file, place, start, end, pictured
        Of the widest seen of its places; the last tells that it is the description of a picture.
    """

    type: str
    value: str
    certainty: str
    times: int = 0
    first: datetime | None = None
    last: datetime | None = None
    visibility: str = "draft"
    platforms: set[str] = field(default_factory=set)
    posts: list[str] = field(default_factory=list)
    url: str | None = None
    file: str = ""
    place: int = 0
    start: int = 0
    end: int = 0
    pictured: bool = False

    @property
    def weight(self) -> float:
        """Harm x who sees it x certainty: 0 to 4."""
        harm = kinds.kind(self.type).harm
        return harm * SEEN_BY.get(self.visibility, 0.6) * SURE[self.certainty]

    def add(self, finding: personal_data.Finding, row: dict[str, Any]) -> None:
        """Count one more place."""
        seen = row["visibility"] or ""
        if self.times == 0 or SEEN_BY.get(seen, 0.6) > SEEN_BY.get(self.visibility, 0.6):
            self.visibility, self.url = seen, row["url"]
            self.file, self.place = row["file"], row["place"]
            self.start, self.end, self.pictured = finding.start, finding.end, row["pictured"]
        self.times += 1
        self.platforms.add(row["platform"])
        if personal_data.RANK[finding.certainty] > personal_data.RANK[self.certainty]:
            self.certainty = finding.certainty
        when = row["published"]
        if when is not None:
            self.first = min(self.first or when, when)
            self.last = max(self.last or when, when)
        key = f"{row['platform']}:{row['id']}"
        if row["id"] and len(self.posts) < PLACES and key not in self.posts[-1:]:
            self.posts.append(key)


@dataclass
class Found:
    """All that was found: data, how many posts were looked through, what was counted out."""

    data: list[Datum]
    posts: int
    left_out: int


def look(own: Own) -> Found:
    """Look through the owner's posts and the descriptions of their accounts."""
    (size,) = own.rows(
        f"select count(*) as posts, "
        f"coalesce(sum(length({WORDS}) + length({PICTURED})), 0) as letters from posts "
        f"where {_STANDING}"
    )
    data: dict[tuple[str, str], Datum] = {}
    left_out = 0
    for row in _rows(own, int(size["letters"])):
        among = row.get("families")
        day = row["published"].date() if row["published"] else None
        findings = personal_data.scan(row["words"], among and map(int, among.split()), day)
        for finding in findings:
            key = (finding.type, finding.value)
            if key not in data:
                if len(data) >= KEPT:
                    left_out += 1
                    continue
                data[key] = Datum(*key, finding.certainty)
            data[key].add(finding, row)
    ordered = sorted(data.values(), key=lambda d: (-d.weight, d.type, d.value))
    return Found(ordered, int(size["posts"]), left_out)


def _rows(own: Own, letters: int) -> Iterator[dict[str, Any]]:
    yield from own.rows(
        "select platform, '' as id, coalesce(summary, '') as words, published, url, "
        "'public' as visibility, file, place, false as pictured from mine where in_scope"
    )
    # Which families to look for is found by the database too, on the few texts that it gives.
    matched = ", ".join(
        f"case when regexp_matches(words, $family{place}) then '{place}' end"
        for place in range(len(personal_data.GATES))
    )
    gates = {f"family{place}": gate for place, gate in enumerate(personal_data.GATES)}
    pages = letters // _PAGE + 1
    for page in range(pages):
        part = "" if pages == 1 else "and hash(id) % $pages = $page"
        found = own.tables.sql(
            f"select *, concat_ws(' ', {matched}) as families from ({texts(_STANDING)}) "
            f"where regexp_matches(words, $gate) and not {_SILENT} {part}",
            gate=personal_data.GATE, **gates,
            **({} if pages == 1 else {"pages": pages, "page": page}),
        )  # fmt: skip
        for batch in found.to_batches(max_chunksize=2_000):
            yield from batch.to_pylist()
