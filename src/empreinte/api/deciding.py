"""What the owner decides: the part of `Ledger` that keeps whose accounts are whose, and more."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from empreinte.api.types import Settings
from empreinte.api.window import zone
from empreinte.errors import UsageError
from empreinte.ledger import overview
from empreinte.ledger.matching import persons
from empreinte.ledger.settings import changed, remember
from empreinte.ledger.store import Store

KEY_LENGTH = 120


class Deciding:
    """A ledger whose owner says what is theirs, what is one person's, what is done."""

    _store: Store

    def set_mine(self, channel: str, mine: bool) -> None:
        """Say that an account is the owner's, or is not, whatever the export says.

        Raises
        ------
        UsageError
            If the ledger knows no such account.
        """
        for found in self._channel(channel):
            platform, _, account = found.partition(":")
            with self._store.transaction() as cursor:
                key = {"p": platform, "a": account}
                cursor.execute("delete from ownership where platform = $p and id = $a", key)
                cursor.execute("insert into ownership values ($p, $a, $m)", {**key, "m": mine})
                changed(cursor)

    def tick(self, *keys: str, done: bool = True) -> None:
        """Tick rows of a report off, or with `done` false take the tick away.

        Parameters
        ----------
        *keys : str
            Keys of `empreinte.report.Tick`, in any order; one that is ticked already stays so.

        Raises
        ------
        UsageError
            If a key is empty or longer than any that a lens gives.
        """
        for key in keys:
            known = isinstance(key, str)  # pyright: ignore[reportUnnecessaryIsInstance]
            if not known or not 0 < len(key) <= KEY_LENGTH:
                raise UsageError("“{key}” is not the key of a row. Reports give them.", key=key)
        with self._store.transaction() as cursor:
            for key in dict.fromkeys(keys):
                cursor.execute("delete from tick where key = $key", {"key": key})
                if done:
                    now = datetime.now(UTC).replace(tzinfo=None)
                    cursor.execute("insert into tick values ($k, $now)", {"k": key, "now": now})
            changed(cursor)

    def join(self, one: str, other: str) -> None:
        """Say that two accounts are one person's; `part` undoes it.

        Raises
        ------
        UsageError
            If the ledger knows no such account, or several, or they are one account.
        """
        persons.join(self._store, self._account(one), self._account(other))

    def part(self, one: str, other: str) -> None:
        """Take the account `other` out of the person of `one`; all else stays joined.

        Raises
        ------
        UsageError
            If the ledger knows no such account, or they are not joined.
        """
        persons.part(self._store, self._account(one), self._account(other))

    def settings(self) -> Settings:
        """Give the owner's preferences."""
        found = self._store.setting("owner")
        return msgspec.json.decode(found, type=Settings) if found else Settings()

    def save_settings(self, settings: Settings) -> None:
        """Keep the owner's preferences.

        Raises
        ------
        UsageError
            If the time zone does not exist.
        """
        zone(settings.timezone)
        with self._store.transaction() as cursor:
            remember(cursor, "owner", msgspec.json.encode(settings).decode())

    def _account(self, given: str) -> str:
        found = self._channel(given)
        if len(found) > 1:
            raise UsageError(
                "{channel} stands for several accounts: {known}. Give one of them.",
                channel=given,
                known=", ".join(found[:5]),
            )
        return found[0]

    def _channel(self, given: str) -> list[str]:
        found = overview.resolve_channel(self._store, given)
        if not found:
            raise UsageError(
                "{channel} is not an account in your data. Write it as platform, platform:id or "
                "platform:@username; “empreinte ledger” lists them.",
                channel=given,
            )
        return found
