"""Section 5: old accounts and open doors."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from empreinte.language import _, day, ngettext, number
from empreinte.lenses.exposure.held import OWN, login, network
from empreinte.lenses.exposure.parts import Part, Step, safe
from empreinte.plugins import Tables
from empreinte.report import Column, Evidence, Figure, Scope, Section, Sentence, Table

YEAR = "interval 1 year"
_LATEST = "(select max(observed) from imports)"
_MINE = "($channels is null or list_contains($channels, channel))"
_SLEEPING = f"""
    select m.channel, m.platform, m.handle, m.url, max(a.published) as last,
           m.import_id, m.file, m.place
    from mine m
    left join acts a on a.platform = m.platform and a.actor_id = m.account_id
    where ($channels is null or list_contains($channels, m.channel))
    group by all
    having max(a.published) < {_LATEST} - {YEAR}
    order by last
"""
_APPS = f"""
    select platform, label, max("at") as last, count(*) as n from traces
    where {OWN} and kind = 'app' and coalesce(json_extract_string(detail, '$.event'), '') = ''
    group by platform, label
    having max("at") < {_LATEST} - {YEAR}
    order by last
"""
FEW, ENOUGH, MOST = 2, 20, 0.2
"""A network met at most `FEW` times among at least `ENOUGH` logins is unusual, unless more than a
share of `MOST` of the logins are."""


def part(tables: Tables, scope: Scope) -> Part:
    """Tell which accounts and apps sleep, which logins are unusual, which names are joined."""
    sleeping = tables.sql(_SLEEPING).to_pylist()
    apps = tables.sql(_APPS).to_pylist()
    logins = _unusual(tables)
    handles = _handles(tables)
    found = (
        ("accounts", _("Accounts that sleep"), len(sleeping),
         _("Your accounts without an act of yours in the year before your latest export."),
         Evidence(_SLEEPING)),
        ("apps", _("Apps not used for a year"), len(apps),
         _("Connected apps whose last known use is a year before your latest export or more."),
         Evidence(_APPS)),
        ("logins", _("Unusual logins"), len(logins),
         _("Logins from a network met twice at most, where twenty logins or more are known."),
         None),
        ("handles", _("Handles that join a pseudonym to a name"), len(handles),
         _("A handle that several of your accounts share, under different names."), None),
    )  # fmt: skip
    figures = tuple(
        Figure(
            id=f"exposure.all.doors-{key}", name=name, value=n, kind="integer", n=n,
            definition=definition, evidence=evidence,
        )
        for key, name, n, definition, evidence in found
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
                tuple(_steps(scope, sleeping, apps, logins, handles)))  # fmt: skip


def _unusual(tables: Tables) -> list[dict[str, Any]]:
    rows = tables.sql(
        "select platform, label, \"at\", json_extract_string(detail, '$.country') as country "
        f"from traces where {OWN} and kind = 'login' order by \"at\""
    ).to_pylist()
    by_platform: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_platform[row["platform"]].append(row)
    unusual = []
    for logins in by_platform.values():
        met = Counter(network(row["label"]) for row in logins)
        rare = [row for row in logins if met[network(row["label"])] <= FEW]
        # Where most are rare, as on a telephone that roams, none tells anything.
        if len(logins) >= ENOUGH and len(rare) <= MOST * len(logins):
            unusual += rare
    return unusual


def _handles(tables: Tables) -> list[dict[str, Any]]:
    return tables.sql(
        "select lower(handle) as handle, string_agg(platform, ', ' order by platform) as"
        " platforms, "
        "string_agg(distinct name, ' / ' order by name) as names "
        f"from mine where handle is not null and length(handle) > 2 and {_MINE} "
        "group by lower(handle) "
        "having count(distinct platform) > 1 and count(distinct lower(name)) > 1 order by 1"
    ).to_pylist()


def _named(row: dict[str, Any]) -> str:
    return f"{row['platform']}: {row['handle']}" if row["handle"] else row["platform"]


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
        rows=tuple((safe(scope, r["label"]), r["platform"], _date(r["last"])) for r in rows[:200]),
    )


def _table_logins(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    return Table(
        id="exposure.all.doors-unusual",
        title=_("Logins from networks seldom met"),
        columns=(
            Column(key="platform", label=_("Platform")),
            Column(key="at", label=_("Date"), kind="date"),
            Column(key="from", label=_("From")),
            Column(key="country", label=_("Country")),
        ),
        rows=tuple(
            (r["platform"], _date(r["at"]), login(scope, r["label"]), r["country"])
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
        rows=tuple((r["handle"], r["platforms"], r["names"]) for r in rows),
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
            handle=handles[0]["handle"], platforms=handles[0]["platforms"]
        )
        sentences.append(Sentence(text=text, quiet=text, figure="exposure.all.doors-handles"))
    return tuple(sentences)


def _steps(scope: Scope, sleeping, apps, logins, handles):
    for row in sleeping:
        yield Step(
            key=f"door-account-{row['channel']}",
            what=_("Close the account {account}, or give it a new password").format(
                account=_named(row)
            ),
            harm=1.5, effort=10, platform=row["platform"], action="close", url=row["url"],
        )  # fmt: skip
    for platform in sorted({row["platform"] for row in apps}):
        n = sum(row["platform"] == platform for row in apps)
        yield Step(
            key=f"door-apps-{platform}",
            what=ngettext(
                "Take access from {n} app not used for a year",
                "Take access from {n} apps not used for a year", n,
            ).format(n=number(n)),
            harm=1.5, effort=2 + n // 5, platform=platform, action="apps",
        )  # fmt: skip
    for platform in sorted({row["platform"] for row in logins}):
        yield Step(
            key=f"door-logins-{platform}",
            what=_("Look through unusual logins; close those sessions that are not yours"),
            harm=2.0, effort=5, platform=platform, action="sessions",
        )  # fmt: skip
    for row in handles:
        yield Step(
            key=f"door-handle-{row['handle']}",
            what=_("Give one of these accounts another handle: {handle}").format(
                handle=row["handle"]
            ),
            harm=1.2, effort=10,
        )  # fmt: skip
