"""Section 5: old accounts and open doors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from empreinte.asking import Claim, collect
from empreinte.lenses.exposure.held import login, network
from empreinte.lenses.exposure.own import Own, traces
from empreinte.lenses.exposure.parts import Part, Step, claim, key, named, part_of, proven, remedy
from empreinte.lenses.exposure.words import fact, listed, phrase, said
from empreinte.model import platform_name
from empreinte.report import Evidence, Measure, Table

Row = dict[str, Any]

YEAR = "interval 1 year"
APPS = 100
"""Apps that have a step of their own, those unused for longest."""
# Archives are of different dates: each platform is told by its own latest, where it is known.
_LATEST = """(
        select coalesce(max(i.observed) filter (where i.owner_platform = {row}.platform),
                        max(i.observed)) from imports i)"""
_SLEEPING = f"""
    select m.channel, m.platform, m.handle, m.url, max(a.published) as last,
           m.import_id, m.file, m.place
    from mine m
    join acts a on a.platform = m.platform and a.actor_id = m.account_id
    where m.in_scope
    group by m.channel, m.platform, m.handle, m.url, m.import_id, m.file, m.place
    having max(a.published) < {_LATEST.format(row="m")} - {YEAR}
    order by last, m.channel
"""
_UNUSED = f"""
    select platform, label, max("at") as last, count(*) as n, max(gone) as gone,
           bool_and(gone is not null) as left_out
    from {traces("app")} t
    group by platform, label
    having max("at") < {_LATEST.format(row="t")} - {YEAR}
    order by last, platform, label
"""
_APPS = f"select * from ({_UNUSED}) where not left_out order by last, platform, label"
_LOGINS = f"""
    select platform, label, "at", gone, json_extract_string(detail, '$.country') as country
    from {traces("login")} order by "at"
"""
_KNOWN = f"""
    select (select count(*) from mine where in_scope) as accounts,
           count(*) filter (where kind = 'app') as apps,
           count(*) filter (where kind = 'login') as logins
    from {traces("app", "login")}
"""
_HANDLES = """
    select lower(handle) as handle, list(platform order by platform) as platforms,
           string_agg(distinct name, ' / ' order by name) as names
    from mine where handle is not null and length(handle) > 2 and in_scope
    group by lower(handle)
    having count(distinct platform) > 1 and count(distinct lower(name)) > 1 order by 1
"""
FEW, ENOUGH, MOST = 2, 20, 0.2
"""A network, or a country, met at most `FEW` times among at least `ENOUGH` logins is unusual,
unless more than a share of `MOST` of the logins are from such."""


@dataclass(frozen=True)
class Open:
    """What was found, those included that a later export holds no longer."""

    sleeping: list[Row]
    every_app: list[Row]
    every_login: list[Row]
    handles: list[Row]

    @property
    def apps(self) -> list[Row]:
        return [row for row in self.every_app if not row["left_out"]]

    @property
    def logins(self) -> list[Row]:
        return [row for row in self.every_login if row["gone"] is None]


def part(own: Own) -> Part:
    """Tell which accounts and apps sleep, which logins are unusual, which names are joined."""
    found = Open(own.rows(_SLEEPING), own.rows(_UNUSED), _unusual(own), own.rows(_HANDLES))
    return part_of(
        "doors", _claims(found), steps=_steps(own, found), measures=_measures(own, found),
        tables=_tables(own, found),
    )  # fmt: skip


def _measures(own: Own, found: Open) -> tuple[Measure, ...]:
    (known,) = own.rows(_KNOWN)
    given = (
        ("accounts", found.sleeping, known["accounts"], Evidence(_SLEEPING)),
        ("apps", found.apps, known["apps"], Evidence(_APPS)),
        ("logins", found.logins, known["logins"], None),
        ("handles", found.handles, known["accounts"], None),
    )
    return collect(
        fact(f"doors-{id}", len(rows) if of else None, n=of, evidence=evidence)
        for id, rows, of, evidence in given
    )


def _unusual(own: Own) -> list[Row]:
    by_platform: dict[str, list[Row]] = defaultdict(list)
    for row in own.rows(_LOGINS):
        by_platform[row["platform"]].append(row)
    unusual = []
    for logins in by_platform.values():
        nets, lands = _rare(logins, _network), _rare(logins, lambda row: row["country"])
        for row in logins:
            if row["country"] in lands:
                unusual.append(row | {"why": phrase("doors.country")})
            elif _network(row) in nets:
                unusual.append(row | {"why": phrase("doors.network")})
    return unusual


def _network(row: Row) -> str:
    return network(row["label"])


def _rare(logins: list[Row], of: Callable[[Row], str | None]) -> set[str]:
    """Give what is seldom met; nothing where most are, as on a telephone that roams."""
    met = Counter(name for row in logins if (name := of(row)))
    rare = {name for name, n in met.items() if n <= FEW}
    if met.total() < ENOUGH or sum(met[name] for name in rare) > MOST * met.total():
        return set()
    return rare


def _named(row: Row) -> str:
    platform = platform_name(row["platform"])
    return f"{platform} ({row['handle']})" if row["handle"] else platform


def _date(value: datetime | None) -> str | None:
    return value and value.date().isoformat()


def _tables(own: Own, found: Open) -> tuple[Table, ...]:
    return (
        *listed("doors-sleeping", [(_named(row), _date(row["last"])) for row in found.sleeping]),
        *listed("doors-unused", [
            (own.safe(row["label"]), platform_name(row["platform"]), _date(row["last"]))
            for row in found.apps[:200]
        ]),
        *listed("doors-unusual", [
            (platform_name(row["platform"]), _date(row["at"]), login(own, row["label"]),
             row["country"], row["why"])
            for row in found.logins[-100:]
        ]),
        *listed("doors-joined", [
            (row["handle"], named(row["platforms"]), row["names"]) for row in found.handles
        ]),
    )  # fmt: skip


def _claims(found: Open) -> Iterator[Claim]:
    if found.sleeping:
        first = found.sleeping[0]
        told = said("doors.sleeping", n=len(found.sleeping), account=_named(first),
                    day=first["last"])  # fmt: skip
        yield proven("all.doors-accounts", told, 1.5)
    if found.apps:
        yield proven("all.doors-apps", said("doors.apps", n=len(found.apps)), 1)
    for row in found.handles[:1]:
        told = said("doors.handle", handle=row["handle"], platforms=named(row["platforms"]))
        yield claim("all.doors-handles", told, 1.2, action=remedy())


def _steps(own: Own, found: Open) -> Iterator[Step]:
    for row in found.sleeping:
        yield Step(
            key=key("door-account", row["channel"]),
            what=phrase("step.account", account=_named(row)),
            harm=1.5, effort=10, platform=row["platform"], action="close", url=row["url"],
        )  # fmt: skip
    for row in found.every_app[:APPS]:
        yield Step(
            key=key("door-app", row["platform"], row["label"]),
            what=phrase("step.app", app=own.safe(row["label"])), harm=1.0, effort=2,
            platform=row["platform"], action="apps", gone=int(row["left_out"]), since=row["last"],
        )  # fmt: skip
    for platform in sorted({row["platform"] for row in found.every_login}):
        here = [row for row in found.every_login if row["platform"] == platform]
        dates = (row["at"] for row in here if row["gone"] is None and row["at"])
        yield Step(
            key=key("door-logins", platform), what=phrase("step.logins"), harm=2.0, effort=5,
            platform=platform, action="sessions", of=len(here),
            gone=sum(row["gone"] is not None for row in here), since=min(dates, default=None),
        )  # fmt: skip
    for row in found.handles:
        yield Step(
            key=key("door-handle", row["handle"]),
            what=phrase("step.handle", handle=row["handle"]), harm=1.2, effort=10,
        )  # fmt: skip
