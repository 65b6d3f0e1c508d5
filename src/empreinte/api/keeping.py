"""What is kept: the part of `Ledger` that copies, checks and erases what it holds."""

from __future__ import annotations

from pathlib import Path

from empreinte import language as tongue
from empreinte.api.answers import Answers
from empreinte.api.deciding import Deciding
from empreinte.errors import UsageError
from empreinte.ledger import erase, overview
from empreinte.ledger.check import check


class Keeping(Deciding):
    """A ledger that is exported, backed up, read through and erased from."""

    _answers: Answers

    def export(
        self,
        folder: str | Path,
        format: str = "parquet",
        anonymise: bool = False,
        dialect: str = "plain",
        language: str | None = None,
    ) -> list[Path]:
        """Write the whole ledger as Parquet, NDJSON or CSV with a datapackage.json.

        With `anonymise`, of an anonymised copy (see `ledger.sharing.anonymise`), which is written
        to ``ledger.duckdb`` in the folder too, so that the dashboard can show it. The `dialect` of
        CSV is ``"en"``, ``"fr"`` or ``"plain"``; the first two have headings in `language`.

        Raises
        ------
        UsageError
            If the format or the dialect is not known, or the folder holds a ``ledger.duckdb``.
        """
        with tongue.speaking(language or tongue.current()):
            from empreinte.ledger.sharing import export

            return export.write(self._store, Path(folder), format, anonymise, dialect)

    def backup(self, file: str | Path, replace: bool = False) -> Path:
        """Write a copy of the whole ledger to `file`, which `empreinte.api.restore` reads.

        Raises
        ------
        UsageError
            If the file is there already and it is not said to `replace` it.
        LedgerError
            If there is no room for it, or it could not be made whole.
        """
        from empreinte.ledger.sharing import backup

        return backup.backup(self._store, Path(file), replace)

    def check(self) -> dict[str, int]:
        """Read the ledger's whole file; give how many rows each table holds.

        Raises
        ------
        LedgerError
            If the file is damaged.
        """
        if self._store.path == ":memory:":
            raise UsageError("Data that is in memory only has no file to read.")
        with self._store.aside() as path:
            return check(path)

    def forget(
        self,
        *,
        import_id: str | None = None,
        channel: str | None = None,
        everything: bool = False,
        told: str | None = None,
        anyway: bool = False,
    ) -> dict[str, int]:
        """Erase an import, a channel, what was told or everything, down to the byte.

        What another import holds too stays; where that is not known, `anyway` erases it. What was
        told is named ``LENS``, ``LENS/FORM`` or ``LENS/FORM/KEY``. Gives how much was erased.

        Raises
        ------
        UsageError
            If it is not said what to forget, it is not in the ledger, or others may hold it too.
        """
        given = (import_id is not None, channel is not None, told is not None, everything)
        if sum(given) != 1:
            raise UsageError(
                "Say one thing to erase: an import, an account, what you told, or everything."
            )
        gone: dict[str, int] = {}
        if everything:
            gone = erase.forget_everything(self._store)
        elif told is not None:
            gone = erase.forget_told(self._store, *str(told).split("/", 2))
        elif channel is not None:
            for found in self._channel(channel):
                for name, n in erase.forget_channel(self._store, found).items():
                    gone[name] = gone.get(name, 0) + n
        elif import_id and import_id in [
            report.import_id for report in overview.imports(self._store)
        ]:
            gone = erase.forget_import(self._store, import_id, anyway)
        else:
            raise UsageError(
                "{id} is not one of your imports. “empreinte imports” lists them.", id=import_id
            )
        self._answers.turn(overview.state(self._store))  # none of it stays in memory
        return gone

    def _imported(self) -> list[str | None]:
        return [report.import_id for report in overview.imports(self._store)]
