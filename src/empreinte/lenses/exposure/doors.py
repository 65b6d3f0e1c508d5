"""Section 5: old accounts and open doors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from empreinte.language import _, day, ngettext, number
from empreinte.lenses.exposure.held import login, network
from empreinte.lenses.exposure.owned import every
from empreinte.lenses.exposure.parts import Part, Step, key, named, safe
from empreinte.model import platform_name
from empreinte.plugins import Tables
from empreinte.report import Column, Evidence, Figure, Scope, Section, Sentence, Table

YEAR = "interval 1 year"
APPS = 100
"""Apps that have a step of their own, those unused for longest."""
_MINE = "($channels is null or list_contains($channels, channel))"
# Archives are of different dates: each platform is told by its own latest, where it is known.
_LATEST = """(
        select coalesce(max(i.observed) filter (where i.owner_platform = {row}.platform),
                        max(i.observed)) from imports i)"""
_SLEEPING = f"""
    select m.channel, m.platform, m.handle, m.url, max(a.published) as last,
           m.import_id, m.file, m.place
    from mine m
    join acts a on a.platform = m.platform and a.actor_id = m.account_id
    where ($channels is null or list_contains($channels, m.channel))
    group by m.channel, m.platform, m.handle, m.url, m.import_id, m.file, m.place
    having max(a.published) < {_LATEST.format(row="m")} - {YEAR}
    order by last
"""
_UNUSED = f"""
    select platform, label, max("at") as last, count(*) as n, max(gone) as gone,
           bool_and(gone is not null) as left_out
    from {every("app")} t where kind = 'app'
    group by platform, label
    having max("at") < {_LATEST.format(row="t")} - {YEAR}
    order by last
"""
_APPS = f"select * from ({_UNUSED}) where not left_out order by last"
_KNOWN = f"""
    select (select count(*) from mine where {_MINE}) as accounts,
           count(*) filter (where kind = 'app') as apps,
           count(*) filter (where kind = 'login') as logins
    from {every("app", "login")}
"""
FEW, ENOUGH, MOST = 2, 20, 0.2
"""A network, or a country, met at most `FEW` times among at least `ENOUGH` logins is unusual,
unless more than a share of `MOST` of the logins are from such."""


def part(tables: Tables, scope: Scope) -> Part:
    """Tell which accounts and apps sleep, which logins are unusual, which names are joined."""
    sleeping = tables.sql(_SLEEPING).to_pylist()
    every_app = tables.sql(_UNUSED).to_pylist()
    apps = [row for row in every_app if not row["left_out"]]
    every_login = _unusual(tables)
    logins = [row for row in every_login if row["gone"] is None]
    handles = _handles(tables)
    (known,) = tables.sql(_KNOWN).to_pylist()
    found = (
        ("accounts", _("Accounts that sleep"), len(sleeping), known["accounts"],
         _("Your accounts without an act of yours in the year before their latest export."),
         Evidence(_SLEEPING)),
        ("apps", _("Apps not used for a year"), len(apps), known["apps"],
         _("Connected apps whose last known date is a year or more before the latest export."),
         Evidence(_APPS)),
        ("logins", _("Unusual logins"), len(logins), known["logins"],
         _("Logins from a network or a country met twice at most, of twenty logins or more."),
         None),
        ("handles", _("Handles that join a pseudonym to a name"), len(handles), known["accounts"],
         _("A handle that several of your accounts share, under different names."), None),
    )  # fmt: skip
    figures = tuple(
        Figure(
            id=f"exposure.all.doors-{id}", name=name, value=n if of else None, kind="integer",
            n=of, why_missing=None if of else _("No export so far tells. Import one that does."),
            definition=definition, evidence=evidence,
        )
        for id, name, n, of, definition, evidence in found
    )  # fmt: skip
    tables_ = (_table_sleeping(sleeping), _table_apps(scope, apps),
               _table_logins(scope, logins), _table_handles(handles))  # fmt: skip
    section = Section(
        id="doors",
        title=_("Old accounts and open doors"),
        figures=figures,
        tables=tuple(table for table in tables_ if table.rows),
    )
    return Part(section, _sentences(sleeping, apps, handles),
                tuple(_steps(scope, sleeping, every_app, every_login, handles)))  # fmt: skip


def _unusual(tables: Tables) -> list[dict[str, Any]]:
    rows = tables.sql(
        "select platform, label, \"at\", gone, json_extract_string(detail, '$.country') as country "
        f'from {every("login")} order by "at"'
    ).to_pylist()
    by_platform: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_platform[row["platform"]].append(row)
    unusual = []
    for logins in by_platform.values():
        nets, lands = _rare(logins, _network), _rare(logins, lambda row: row["country"])
        for row in logins:
            if row["country"] in lands:
                unusual.append(row | {"why": _("country")})
            elif _network(row) in nets:
                unusual.append(row | {"why": _("network")})
    return unusual


def _network(row: dict[str, Any]) -> str:
    return network(row["label"])


def _rare(logins: list[dict[str, Any]], of: Callable[[dict[str, Any]], str | None]) -> set[str]:
    """Give what is seldom met; nothing where most are, as on a telephone that roams."""
    met = Counter(name for row in logins if (name := of(row)))
    rare = {name for name, n in met.items() if n <= FEW}
    if met.total() < ENOUGH or sum(met[name] for name in rare) > MOST * met.total():
        return set()
    return rare


def _handles(tables: Tables) -> list[dict[str, Any]]:
    return tables.sql(
        "select lower(handle) as handle, list(platform order by platform) as platforms, "
        "string_agg(distinct name, ' / ' order by name) as names "
        f"from mine where handle is not null and length(handle) > 2 and {_MINE} "
        "group by lower(handle) "
        "having count(distinct platform) > 1 and count(distinct lower(name)) > 1 order by 1"
    ).to_pylist()


def _named(row: dict[str, Any]) -> str:
    platform = platform_name(row["platform"])
    return f"{platform} ({row['handle']})" if row["handle"] else platform


def _date(value: Any) -> str | None:
    return value and value.date().isoformat()


def _table_sleeping(rows: list[dict[str, Any]]) -> Table:
    return Table(
        id="exposure.all.doors-sleeping",
        title=_("Accounts that sleep"),
        columns=(
            Column(key="account", label=_("Account")),
            Column(key="last", label=_("Last act"), kind="date"),
        ),
        rows=tuple((_named(r), _date(r["last"])) for r in rows),
    )


def _table_apps(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    return Table(
        id="exposure.all.doors-unused",
        title=_("Apps not used for a year"),
        columns=(
            Column(key="app", label=_("App")),
            Column(key="platform", label=_("Platform")),
            Column(key="last", label=_("Last use"), kind="date"),
        ),
        rows=tuple(
            (safe(scope, r["label"]), platform_name(r["platform"]), _date(r["last"]))
            for r in rows[:200]
        ),
    )


def _table_logins(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    return Table(
        id="exposure.all.doors-unusual",
        title=_("Logins from networks or countries seldom met"),
        columns=(
            Column(key="platform", label=_("Platform")),
            Column(key="at", label=_("Date"), kind="date"),
            Column(key="from", label=_("Where")),
            Column(key="country", label=_("Country")),
            Column(key="why", label=_("Seldom met")),
        ),
        rows=tuple(
            (
                platform_name(r["platform"]),
                _date(r["at"]),
                login(scope, r["label"]),
                r["country"],
                r["why"],
            )
            for r in rows[-100:]
        ),
        reading=_("Most are you, elsewhere or on another line: look for those that are not."),
    )


def _table_handles(rows: list[dict[str, Any]]) -> Table:
    return Table(
        id="exposure.all.doors-joined",
        title=_("Handles that join a pseudonym to a name"),
        columns=(
            Column(key="handle", label=_("Handle")),
            Column(key="platforms", label=_("Where")),
            Column(key="names", label=_("Names")),
        ),
        rows=tuple((r["handle"], named(r["platforms"]), r["names"]) for r in rows),
    )


def _sentences(sleeping, apps, handles) -> tuple[Sentence, ...]:
    sentences = []
    if sleeping:
        first = sleeping[0]
        text = ngettext(
            "{n} account of yours sleeps; the oldest, {account}, since {day}.",
            "{n} accounts of yours sleep; the oldest, {account}, since {day}.",
            len(sleeping),
        ).format(
            n=number(len(sleeping)), account=_named(first),
            day=day(first["last"]),
        )  # fmt: skip
        quiet = _("Accounts of yours sleep; the oldest: {account}.").format(account=_named(first))
        sentences.append(Sentence(text=text, quiet=quiet, figure="exposure.all.doors-accounts"))
    if apps:
        text = ngettext(
            "{n} app that you have not used for a year still has access.",
            "{n} apps that you have not used for a year still have access.",
            len(apps),
        ).format(n=number(len(apps)))
        quiet = _("Apps that you no longer use still have access.")
        sentences.append(Sentence(text=text, quiet=quiet, figure="exposure.all.doors-apps"))
    if handles:
        text = _("The handle {handle} joins accounts under different names ({platforms}).").format(
            handle=handles[0]["handle"], platforms=named(handles[0]["platforms"])
        )
        sentences.append(Sentence(text=text, quiet=text, figure="exposure.all.doors-handles"))
    return tuple(sentences)


def _steps(scope: Scope, sleeping, apps, logins, handles) -> Iterator[Step]:
    for row in sleeping:
        yield Step(
            key=key("door-account", row["channel"]),
            what=_("Close the account {account}, or give it a new password").format(
                account=_named(row)
            ),
            harm=1.5, effort=10, platform=row["platform"], action="close", url=row["url"],
        )  # fmt: skip
    for row in apps[:APPS]:
        yield Step(
            key=key("door-app", row["platform"], row["label"]),
            what=_("Take access from an app not used for a year: {app}").format(
                app=safe(scope, row["label"])
            ),
            harm=1.0, effort=2, platform=row["platform"], action="apps",
            gone=int(row["left_out"]), since=row["last"],
        )  # fmt: skip
    for platform in sorted({row["platform"] for row in logins}):
        here = [row for row in logins if row["platform"] == platform]
        yield Step(
            key=key("door-logins", platform),
            what=_("Look through unusual logins; close those sessions that are not yours"),
            harm=2.0, effort=5, platform=platform, action="sessions", of=len(here),
            gone=sum(row["gone"] is not None for row in here),
            since=min((row["at"] for row in here if row["gone"] is None and row["at"]),
                      default=None),
        )  # fmt: skip
    for row in handles:
        yield Step(
            key=key("door-handle", row["handle"]),
            what=_("Give one of these accounts another handle: {handle}").format(
                handle=row["handle"]
            ),
            harm=1.2, effort=10,
        )  # fmt: skip
