"""What the owner tells: the part of `Ledger` that offers forms and keeps what is told by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from empreinte import forms as told
from empreinte import language as tongue
from empreinte.api import questions
from empreinte.api.types import Settings
from empreinte.api.window import Window, zone
from empreinte.errors import UsageError
from empreinte.forms import Entry, Form
from empreinte.forms.form import By
from empreinte.ledger import entries
from empreinte.ledger.store import Store
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
                "{asker} has no form {form}; there is: {known}.",
                asker=asker, form=form, known=", ".join(offered) or "–",
            )  # fmt: skip
        if not isinstance(cast(object, fields), Mapping) or by not in ("owner", "lens"):
            raise UsageError("What is told are fields with their values, by the owner or a lens.")
        spoken = language or self.settings().language or "en"
        with tongue.speaking(spoken), self._store.transaction() as cursor:
            if key is None and offered[form].series:
                key = entries.next_key(cursor, asker, form)
            entry = told.entry(asker, offered[form], fields, key=key, by=by)
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
