"""What the owner tells: the part of `Ledger` that offers forms and keeps what is told by them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from empreinte import forms as told
from empreinte import language as tongue
from empreinte.api import describing, questions
from empreinte.api.types import Settings
from empreinte.api.window import Window, zone
from empreinte.errors import UsageError
from empreinte.forms import Entry, Form
from empreinte.forms.form import By
from empreinte.ledger import entries
from empreinte.ledger.store import Store
from empreinte.plugins import Unknown
from empreinte.report import Scope


class Telling:
    """A ledger that can be told something."""

    _store: Store

    def settings(self) -> Settings:
        """Give the owner's preferences."""
        raise NotImplementedError

    def forms(self, asker: str, *, language: str | None = None) -> list[Form]:
        """Give the forms that a lens offers in this state of the ledger; most offer none.

        Raises
        ------
        UsageError
            If there is no such lens.
        LensError
            If it fails.
        """
        settings = self.settings()
        scope = Scope(
            timezone=zone(settings.timezone), language=language or settings.language or "en"
        )
        with tongue.speaking(scope.language):
            return questions.forms(asker, Window(self._store, scope), scope)

    def tell(
        self,
        asker: str,
        form: str,
        fields: Mapping[str, Any],
        key: str | None = None,
        *,
        by: By = "owner",
        language: str | None = None,
    ) -> Entry:
        """Keep what is told by a form; it takes the place of what was told by it, or under its key.

        Parameters
        ----------
        asker : str
            The lens that offers the form.
        form : str
            Its id.
        fields : mapping
            What is told, see `empreinte.forms.entry`.
        key : str, optional
            Which of a series; the next number if left out.
        by : str
            ``"lens"`` for what a lens foretells: it cannot be told anew.
        language : str, optional
            In which numbers and dates are written; the owner's setting if left out.

        Raises
        ------
        FormError
            If anything does not fit the form; nothing was kept.
        UsageError
            If there is no such lens or form, or the key is not one.
        """
        offered = {one.id: one for one in self.forms(asker, language=language)}
        if form not in offered:
            raise UsageError(
                "{asker} has no form {form} now: a form appears once there is something to ask. "
                "Forms now: {known}.",
                asker=asker, form=form, known=", ".join(offered) or "–",
            )  # fmt: skip
        if not isinstance(cast(object, fields), Mapping) or by not in ("owner", "lens"):
            raise UsageError("What is told are fields with their values, by you or by a question.")
        spoken = language or self.settings().language or "en"
        with tongue.speaking(spoken), self._store.transaction() as cursor:
            if offered[form].numbered and key is not None:
                raise UsageError("{form} is numbered: it takes no key.", form=form)
            if key is None and offered[form].series:
                key = entries.next_key(cursor, asker, form)
            entry = told.entry(asker, offered[form], fields, key=key, by=by)
            entries.keep(cursor, entry)
        return entry

    def unknown(self, path: str | Path, *, language: str | None = None) -> list[Unknown]:
        """Give the files at a path that no source knows and of which something can be said.

        Raises
        ------
        UsageError
            If there is nothing at that path.
        ContainerError
            If it cannot be opened.
        """
        with tongue.speaking(language or self.settings().language or "en"):
            return [what for _source, what in describing.at(Path(path))]

    def describe(
        self,
        path: str | Path,
        fields: Mapping[str, Any],
        file: str | None = None,
        *,
        language: str | None = None,
    ) -> Entry:
        """Keep what a file is that no source knows: it, and files like it, are then imported.

        Parameters
        ----------
        path : str or Path
            The file, or the archive or folder that holds it.
        fields : mapping
            What is told, by the form that `unknown` gives; its guess holds for the rest.
        file : str, optional
            Which file, where there are several.

        Raises
        ------
        FormError
            If what is told does not fit; nothing was kept.
        UsageError
            If no such file is there, or several are.
        """
        with tongue.speaking(language or self.settings().language or "en"):
            found = [one for one in describing.at(Path(path)) if file in (None, one[1].file)]
            if len(found) != 1:
                raise UsageError(
                    "One file to be described was expected at {path}; there is: {known}.",
                    path=path, known=", ".join(what.file for _, what in found) or "–",
                )  # fmt: skip
            source, what = found[0]
            entry = describing.told(what, source, fields)
            with self._store.transaction() as cursor:
                entries.keep(cursor, entry)
        return entry

    def entries(
        self,
        asker: str | None = None,
        form: str | None = None,
        key: str | None = None,
        *,
        by: str | None = None,
    ) -> list[Entry]:
        """Give what was told, the oldest first: all of it, or by a lens, a form, a key."""
        return entries.entries(self._store, asker, form, key, by)
