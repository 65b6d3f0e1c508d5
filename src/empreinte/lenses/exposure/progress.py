"""What of the plan is done: by the owner's tick, or by a later archive that holds it no longer.

Nothing of the plan is stored. The ledger remembers what an export held that a later one, which
covers it, did not: posts that vanished or were deleted, traces of superseded files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from empreinte.lenses.exposure import known, written
from empreinte.lenses.exposure.own import SENT, Own
from empreinte.lenses.exposure.parts import Step
from empreinte.lenses.exposure.scanning import Datum, Found, texts
from empreinte.texts import personal_data

MOST = 100_000
"""Posts gone that are looked through, the latest."""

_LEFT = f"""{SENT} and
    (deleted is not null or (platform, id) in (select (platform, id) from vanished))"""
_GONE = f"""
    select * from ({texts(_LEFT)})
    where regexp_matches(words, $gate)
    order by published desc, platform, id limit {MOST}
"""
# The export before the latest, by platform: what was made since then the latest brought first.
_BEFORE = """
    select i.owner_platform as platform, max(i.observed) as before
    from imports i
    join (select owner_platform, max(observed) as latest from imports group by owner_platform) l
      on l.owner_platform = i.owner_platform
    where cast(i.observed as date) < cast(l.latest as date)
    group by i.owner_platform
"""


@dataclass(frozen=True)
class Progress:
    """The plan's steps, and what became of each.

    Attributes
    ----------
    steps : list of Step
        With what later archives lack counted in `Step.gone`.
    ticked : dict of str to datetime
        When the owner ticked each key off.
    before : dict of str to datetime
        Date of the export before the latest, by platform; without one nothing is new.
    still : dict of str to datetime
        Keys ticked off of which a later export still holds a post: the date of that export.
    """

    steps: list[Step]
    ticked: dict[str, datetime]
    before: dict[str, datetime]
    still: dict[str, datetime]

    def done(self, step: Step) -> bool:
        """Whether a step is done, by the owner's word or the next archive's."""
        return step.done or step.key in self.ticked

    def new(self, step: Step) -> bool:
        """Whether all that a step is about was made after the export before the latest."""
        before = self.before.get(step.platform)
        return before is not None and step.since is not None and step.since > before

    def news(self, steps: Iterable[Step]) -> int:
        """Count those among steps that are new."""
        return sum(self.new(step) for step in steps)


def look(own: Own, steps: list[Step]) -> Progress:
    """Compare the steps with what has gone and with what was ticked off."""
    places = _places(own, {post for step in steps for post in step.posts})
    counted = [_counted(step, places) for step in steps]
    known = {step.about for step in steps if step.about}
    counted += [step for step in _gone(own) if step.about not in known]
    ticks = {row["key"]: row["at"] for row in own.rows("select * from ticks")}
    before = {row["platform"]: row["before"] for row in own.rows(_BEFORE)}
    still: dict[str, datetime] = {}
    for step in counted:
        seen = [places[post][0] for post in step.posts if post in places and not places[post][1]]
        if step.key in ticks and seen and max(seen) > ticks[step.key]:
            still[step.key] = max(seen)
    return Progress(counted, ticks, before, still)


def _places(own: Own, posts: Iterable[str]) -> dict[str, tuple[datetime, bool]]:
    """Give when each post was last seen in an export, and whether it has gone."""
    rows = own.rows(
        "select p.platform || ':' || p.id as key, p.seen, "
        "p.deleted is not null or v.id is not null as gone "
        "from posts p join (select unnest($posts) as key) k on k.key = p.platform || ':' || p.id "
        "left join vanished v on v.platform = p.platform and v.id = p.id",
        posts=sorted(posts),
    )
    return {row["key"]: (row["seen"], row["gone"]) for row in rows}


def _counted(step: Step, places: dict[str, tuple[datetime, bool]]) -> Step:
    if not step.posts:
        return step
    gone = sum(places.get(post, (None, False))[1] for post in step.posts)
    return replace(step, of=len(step.posts), gone=gone)


def _gone(own: Own) -> Iterable[Step]:
    """Give the steps that the posts gone would ask for."""
    data: dict[tuple[str, str], Datum] = {}
    for batch in own.tables.sql(_GONE, gate=personal_data.GATE).to_batches(max_chunksize=2_000):
        for row in batch.to_pylist():
            day = row["published"].date() if row["published"] else None
            for finding in personal_data.scan(row["words"], written=day):
                key = (finding.type, finding.value)
                data.setdefault(key, Datum(*key, finding.certainty)).add(finding, row)
    ordered = sorted(data.values(), key=lambda datum: -datum.weight)
    told = known.sort(known.look(own), ordered)
    for step in written.steps(own, Found(told.data, 0, 0)):
        yield replace(step, of=len(step.posts), gone=len(step.posts))
