"""`Ledger`: what one can do with an open ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from empreinte import language as tongue
from empreinte.api import finding, questions
from empreinte.api.annotating import annotate
from empreinte.api.answers import Answers
from empreinte.api.fates import unchanged
from empreinte.api.importing import import_container, import_paths
from empreinte.api.keeping import Keeping
from empreinte.api.options import chosen
from empreinte.api.telling import Telling
from empreinte.api.types import (
    AccountRow,
    ChannelChange,
    ChannelGlance,
    EvidencePage,
    Found,
    PersonRow,
    Progress,
    Proposal,
    RejectRow,
)
from empreinte.api.window import Moment, Window, period, scope_parameters, today, zone
from empreinte.errors import UsageError
from empreinte.ledger import overview, reading
from empreinte.ledger.matching import candidates, crossposts, persons
from empreinte.ledger.store import Store
from empreinte.report import Report, Scope

if TYPE_CHECKING:
    import pyarrow as pa

    from empreinte.model import ImportReport

READINGS = 8
"""Lenses whose texts are read at the same time: a slow annotator keeps no other lens waiting."""


def _silent(progress: Progress) -> None:
    """Tell nobody."""


def _question(lens: str, scope: Scope) -> tuple[Any, ...]:
    """Name a question; what falls due on a day is not what it was the day before."""
    return lens, scope, today(scope.timezone)


class Ledger(Keeping, Telling):
    """An open ledger. Use `open_ledger` to get one, and close it (or use ``with``).

    Safe to share between threads: one writes at a time, readers never wait for it. What several
    ask at the same time is worked out once.
    """

    remote = False
    owner = ""

    def __init__(self, path: str) -> None:
        self.path = path
        self._store = Store(path)
        self.finished = self._store.finished
        self._answers = Answers()
        self._readings = Answers(at_once=READINGS)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    # -- putting in

    def ingest(
        self, *paths: str | Path, progress: Callable[[Progress], None] | None = None
    ) -> list[ImportReport]:
        """Import exports: files, archives, folders.

        Parameters
        ----------
        *paths : str or Path
            What to import; a folder may hold several exports.
        progress : callable, optional
            Called now and then with a `Progress`.

        Returns
        -------
        list of ImportReport
            One for each export found. What could not be read is in them: bad input never raises.
        """
        reports = import_paths(self._store, [Path(path) for path in paths], progress or _silent)
        crossposts.refresh(self._store)
        return reports

    def follow(self, url: str, mine: bool = False) -> ImportReport:
        """Fetch a feed and import what is new in it; say it is the owner's with `mine`.

        Raises
        ------
        FetchError
            If the address cannot be fetched, or is one that must not be.
        """
        from empreinte.container import in_memory
        from empreinte.container.http import fetch

        known = overview.rows(self._store, "select * from feed where url = $url", url=url)
        earlier = known[0] if known else {"etag": None, "modified": None}
        fetched = fetch(url, etag=earlier["etag"], modified=earlier["modified"])
        if fetched.status == 304:
            report = unchanged(url)
        else:
            export = in_memory(url.partition("//")[2].replace("/", "_"), fetched.body)
            report = import_container(self._store, export, _silent, url)[0]
        with self._store.transaction() as cursor:
            cursor.execute("delete from feed where url = $url", {"url": url})
            cursor.execute(
                "insert into feed values ($url, $etag, $modified, $now, $status)",
                {
                    "url": url, "etag": fetched.etag or earlier["etag"],
                    "modified": fetched.modified or earlier["modified"],
                    "now": datetime.now(UTC).replace(tzinfo=None), "status": fetched.status,
                },
            )  # fmt: skip
        if mine and report.owner:
            self.set_mine(report.owner, True)
        crossposts.refresh(self._store)
        return report

    # -- asking

    def ask(
        self,
        lens: str,
        *,
        since: Moment = None,
        until: Moment = None,
        channels: Sequence[str] | None = None,
        timezone: str | None = None,
        language: str | None = None,
        options: Mapping[str, int | str] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Ask a lens its question.

        Parameters
        ----------
        lens : str
            Name of the lens, e.g. ``"influence"``.
        since, until : datetime, date or ISO 8601 text, optional
            Window, from `since` included to `until` excluded; a bare date is
            midnight in the owner's time zone.
        channels : sequence of str, optional
            ``"x"``, ``"x:12345"`` or ``"x:@handle"``; all of the owner's if left out.
        timezone, language : str, optional
            The owner's settings if left out.
        options : mapping of str to int, optional
            The lens's own, such as ``{"seeds": 10}``; see `empreinte.api.options`.
        progress : callable, optional
            Called now and then while texts are read that the lens needs read first.

        Raises
        ------
        UsageError
            If the lens, a channel, a date, a time zone or an option does not exist, or the window
            ends before it begins.

        Notes
        -----
        Answers are kept until the ledger changes, or the day: asking again is instant.
        """
        crossposts.refresh(self._store)  # a ledger of an earlier version has none yet
        whole = self._whole(timezone, language)
        first, last = period(since, until, whole.timezone)
        scope = msgspec.structs.replace(
            whole,
            since=first,
            until=last,
            channels=self._channels(channels),
            options=chosen(lens, options),
        )
        self._annotate(lens, progress or _silent)
        return self._kept(_question(lens, scope), lambda: self._answer(lens, scope))

    def answered(self, lens: str, *, language: str | None = None) -> Report | None:
        """Give a lens's answer over everything if it is known; never work it out."""
        scope = msgspec.structs.replace(self._whole(None, language), options=chosen(lens, None))
        return self._answers.known(self.state(), _question(lens, scope))

    def keys(self, lens: str) -> list[str]:
        """Give the keys of a lens's rows over everything that can be ticked; see `tick`.

        Raises
        ------
        UsageError
            If there is no such lens.
        LensError
            If it fails.
        """
        scope = self._whole(None, None)
        self._annotate(lens, _silent)
        return list(self._kept(
            ("keys", lens, scope), lambda: questions.keys(lens, Window(self._store, scope), scope)
        ))  # fmt: skip

    def _whole(self, timezone: str | None, language: str | None) -> Scope:
        """Make the scope of all years and channels, as the owner's settings say."""
        settings = self.settings()
        return Scope(
            timezone=zone(timezone or settings.timezone),
            language=language or settings.language or "en",
        )

    def _annotate(self, lens: str, tell: Callable[[Progress], None]) -> None:
        """Have texts read that the lens needs read, once for each state of the ledger."""
        self._readings.get(self.state(), lens, lambda: annotate(self._store, lens, tell))

    def _answer(self, lens: str, scope: Scope) -> Report:
        with tongue.speaking(scope.language):
            return questions.put(lens, Window(self._store, scope), scope)

    def _kept(self, question: tuple[Any, ...], answer: Callable[[], Any]) -> Any:
        """Give the answer kept for this state of the ledger, or find it and keep it."""
        return self._answers.get(self.state(), question, answer)

    def evidence(
        self,
        id: str,
        *,
        since: Moment = None,
        until: Moment = None,
        channels: Sequence[str] | None = None,
        timezone: str | None = None,
        language: str | None = None,
        options: Mapping[str, int | str] | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> EvidencePage:
        """Give the records behind a figure (``influence.x.followers``) or a table's row.

        Raises
        ------
        UsageError
            If there is no such figure in the report for this window, or it has no evidence.
        """
        report = self.ask(
            id.split(".")[0], since=since, until=until, channels=channels,
            timezone=timezone, language=language, options=options,
        )  # fmt: skip
        evidence = report.evidence(id)
        if evidence is None:
            raise UsageError(
                "No figure {id} in this report, or nothing behind it. --definitions lists the "
                "figures.",
                id=id,
            )
        measure, value = report.values().get(id, (None, None))
        limit, scope = min(limit, 1000), scope_parameters(report.scope)
        columns, rows, total = self._kept(
            ("evidence", id, report.scope, limit, offset),
            lambda: overview.page(
                self._store, evidence.sql, evidence.parameters, scope, limit, offset
            ),
        )
        return EvidencePage(
            id=id, title=measure.name if measure else id, measure=measure, value=value,
            columns=columns, rows=tuple(rows), total=total, limit=limit, offset=offset,
            sql=evidence.sql,
        )  # fmt: skip

    def search(self, words: str = "", *, who: str | None = None, limit: int = 50) -> Found:
        """Look for words in posts, in what people wrote to one another, and in people's names.

        Accents and case do not count; a word is found where another begins with it.

        Parameters
        ----------
        words : str
            Each must be in the text; the first eight count.
        who : str, optional
            Only what this account (``x:123``, ``x:@handle``) published or did; without words, all.
        limit : int
            How many people and how many records to give; all are counted.
        """
        account = self._account(who) if who else None
        return finding.search(self._store, words, account, min(limit, 1000))

    def sql(self, query: str, /, **parameters: Any) -> pa.Table:
        """Ask the ledger's documented views in SQL; nothing can be written this way."""
        reading.check(self._store, query)
        return self._store.query(query, parameters)

    # -- looking round

    def counts(self) -> dict[str, int]:
        """Count what the ledger holds, by kind of record."""
        return dict(self._kept(("counts",), lambda: overview.counts(self._store)))

    def glance(self) -> list[ChannelGlance]:
        """Give the owner's channels with their first and last dates and latest followers."""
        return self._kept(
            ("glance",), lambda: [ChannelGlance(**row) for row in overview.glance(self._store)]
        )

    def changes(self) -> list[ChannelChange]:
        """Give who came and went, which posts vanished, which counters moved, by channel."""
        return self._kept(
            ("changes",), lambda: [ChannelChange(**row) for row in overview.changes(self._store)]
        )

    def accounts(self, search: str = "", limit: int = 50) -> list[AccountRow]:
        """Give accounts, the owner's first; `search` looks in handles, names and addresses."""
        return [AccountRow(**row) for row in overview.accounts(self._store, search, limit)]

    def persons(self) -> list[PersonRow]:
        """Give the persons whose accounts were joined, the owner first."""
        return msgspec.convert(persons.persons(self._store), list[PersonRow])

    def proposals(self, limit: int = 50) -> list[Proposal]:
        """Give accounts that may be one person's, with the reasons, the likeliest first."""
        crossposts.refresh(self._store)
        found = self._kept(("proposals", limit), lambda: candidates.proposals(self._store, limit))
        return [msgspec.convert(row, Proposal) for row in found]

    def imports(self) -> list[ImportReport]:
        """Give the loss reports of all imports, the newest first."""
        return list(self._kept(("imports",), lambda: overview.imports(self._store)))

    def rejects(
        self, import_id: str | None = None, *, limit: int = 100, offset: int = 0
    ) -> list[RejectRow]:
        """Give the records that could not be read, each with its reason and raw text.

        Raises
        ------
        UsageError
            If there is no such import.
        """
        if import_id is not None and all(one.import_id != import_id for one in self.imports()):
            raise UsageError(
                "{id} is not one of your imports. “empreinte imports” lists them.", id=import_id
            )
        return [RejectRow(**row) for row in overview.rejects(self._store, import_id, limit, offset)]

    def state(self) -> int:
        """Give a number that grows with each change of the ledger."""
        return overview.state(self._store)

    def _channels(self, given: Sequence[str] | None) -> tuple[str, ...] | None:
        if not given:
            return None
        return tuple(dict.fromkeys(c for name in given for c in self._channel(name)))
