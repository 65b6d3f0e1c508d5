"""A ledger that a running server owns: the same methods, asked over loopback.

DuckDB lets one process write. The server claims its ledger in a file beside it, readable by its
owner only, that holds its address and token; a command that finds the ledger owned sends its
call there. A server that was killed leaves its claim, and its port may be anybody's since: it is
asked first to prove that it knows the token, which is not sent before.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from empreinte import errors
from empreinte.api.ledger import Ledger
from empreinte.api.types import (
    AccountRow,
    ChannelChange,
    ChannelGlance,
    EvidencePage,
    Found,
    PersonRow,
    Proposal,
    RejectRow,
    Settings,
)
from empreinte.errors import EmpreinteError, Fault, FormError, LedgerBusy, UsageError
from empreinte.forms import Entry, Form
from empreinte.forms.telling import plain
from empreinte.language import Message, message
from empreinte.model import ImportReport
from empreinte.plugins import Unknown
from empreinte.report import Report

if TYPE_CHECKING:
    import pyarrow as pa

METHODS: dict[str, Any] = {
    "ingest": list[ImportReport],
    "follow": ImportReport,
    "ask": Report,
    "evidence": EvidencePage,
    "search": Found,
    "sql": bytes,
    "counts": dict[str, int],
    "glance": list[ChannelGlance],
    "changes": list[ChannelChange],
    "accounts": list[AccountRow],
    "persons": list[PersonRow],
    "proposals": list[Proposal],
    "imports": list[ImportReport],
    "rejects": list[RejectRow],
    "state": int,
    "set_mine": None,
    "keys": list[str],
    "tick": None,
    "join": None,
    "part": None,
    "forms": list[Form],
    "tell": Entry,
    "unknown": list[Unknown],
    "describe": Entry,
    "entries": list[Entry],
    "settings": Settings,
    "save_settings": None,
    "export": list[str],
    "backup": str,
    "check": dict[str, int],
    "forget": dict[str, int],
}
"""What may be called from another process, and the type of its answer."""

PATIENCE_S = 3600.0
"""How long an answer is waited for: a large import takes its time."""
ALIVE_S = 5.0
"""How long a server may take to say that it is there."""


class Claim(msgspec.Struct, frozen=True):
    """Who serves a ledger."""

    address: str
    token: str


class WayIn(msgspec.Struct, frozen=True):
    """What opens a browser on a running dashboard.

    Attributes
    ----------
    address : str
        The address of the first visit, which holds its secret.
    page : str
        A file that leads there, which only the owner can read.
    """

    address: str
    page: str


def claim_path(path: str) -> Path:
    """Give the file beside a ledger in which its server is written."""
    return Path(f"{path}.server.json")


@contextmanager
def serve_claim(path: str, address: str, token: str) -> Generator[None]:
    """Write down that this process serves the ledger at `path`, for as long as the block runs."""
    file = claim_path(path)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(msgspec.json.encode(Claim(address, token)))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def find_claim(path: str) -> Claim | None:
    """Give who serves the ledger at `path`, ``None`` if nobody does who could prove it."""
    try:
        claim = msgspec.json.decode(claim_path(path).read_bytes(), type=Claim)
        question = secrets.token_urlsafe(16)
        status, answer = _asked(claim, "GET", f"/rpc/alive?question={question}", wait_s=ALIVE_S)
    except (OSError, ValueError):
        return None
    known = hmac.compare_digest(answer, proof(claim.token, question).encode())
    return claim if status == 200 and known else None


def proof(token: str, question: str) -> str:
    """Give what only those who know `token` can answer to `question`."""
    return hmac.digest(token.encode(), question.encode(), hashlib.sha256).hex()


def _asked(
    claim: Claim,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    wait_s: float = PATIENCE_S,
) -> tuple[int, bytes]:
    """Send a request to who claims a ledger; give status and body of the answer.

    Raises
    ------
    OSError
        If nobody answers, or not as a server does.
    """
    import http.client  # with what it imports 0.02 s, and most commands ask nobody

    address = urlsplit(claim.address)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=wait_s)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    finally:
        connection.close()


class Sent(msgspec.Struct):
    """A call as another process sends it."""

    args: list[Any] = []
    kwargs: dict[str, Any] = {}


def dispatch(ledger: Ledger, method: str, body: bytes) -> tuple[int, bytes]:
    """Answer a call from another process: HTTP status and JSON body.

    The body is ``{"args": […], "kwargs": {…}}``. Errors come back as
    ``{"error": {"type", "template", "values"}}`` with status 400, or 500 where the fault is ours.
    """
    try:
        if method not in METHODS:
            raise UsageError("{method} cannot be called.", method=method)
        result = _bound(getattr(ledger, method), body)()
        if method == "sql":
            result = _to_ipc(result)
        return 200, encode(result)
    except EmpreinteError as error:
        faults = error.faults if isinstance(error, FormError) else ()
        return 400, _error(type(error).__name__, error.message, faults)
    except Exception as error:
        logging.getLogger("empreinte").exception("%s failed", method)
        return 500, _error(
            "EmpreinteError",
            message(
                "The dashboard failed at this ({cause}): a fault of the program. The terminal "
                "where it runs says more. Please report it.",
                cause=f"{type(error).__name__}: {error}"[:200],
            ),
        )


def _bound(call: Callable[..., Any], body: bytes) -> Callable[[], Any]:
    """Take the arguments that a call was sent with, before any of it is done.

    What is wrong with them is the sender's; what goes wrong later is not.
    """
    try:
        sent = msgspec.json.decode(body or b"{}", type=Sent)
        if call.__name__ == "save_settings":
            sent.args = [msgspec.convert(one, Settings) for one in sent.args]
        given = signature(call).bind(*sent.args, **sent.kwargs)
    except (msgspec.MsgspecError, TypeError) as error:
        raise UsageError(
            "{method} cannot be called with that ({cause}).",
            method=call.__name__,
            cause=str(error)[:200],
        ) from error
    return partial(call, *given.args, **given.kwargs)


def _error(kind: str, message: Message, faults: Sequence[Fault] = ()) -> bytes:
    said = {"type": kind, "template": message.template, "values": message.values}
    return msgspec.json.encode({"error": {**said, "faults": faults}})


def encode(result: Any) -> bytes:
    """Write any answer of the facade as JSON: paths as text, times as ISO 8601."""
    return msgspec.json.encode(result, enc_hook=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _to_ipc(table: pa.Table) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


class RemoteLedger(Ledger):
    """A ledger owned by a running server.

    Raises
    ------
    LedgerBusy
        On use, if the server does not answer.
    """

    remote = True

    def __init__(self, path: str, claim: Claim) -> None:  # no store: the server has it
        self.path = path
        self.owner = claim.address
        self._claim = claim

    def close(self) -> None:
        """Nothing is open here."""

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        data = self._send(method, encode({"args": args, "kwargs": kwargs}))
        kind = METHODS[method]
        return None if kind is None else msgspec.json.decode(data, type=kind)

    def _send(self, method: str, body: bytes) -> bytes:
        headers = {
            "Authorization": f"Bearer {self._claim.token}",
            "Content-Type": "application/json",
        }
        try:
            status, data = _asked(self._claim, "POST", f"/rpc/{method}", body, headers)
        except OSError as error:
            raise LedgerBusy(
                "Your data ({path}) is held by a dashboard at {address} that no longer answers "
                "({cause}). Give the same command again.",
                path=self.path,
                address=self._claim.address,
                cause=error,
            ) from error
        if status != 200:
            raise _raised(data)
        return data

    def way_in(self) -> WayIn:
        """Ask the server for what opens a browser on its pages."""
        return msgspec.json.decode(self._send("way_in", b""), type=WayIn)

    def ingest(
        self, *paths: str | Path, progress: Callable[..., None] | None = None
    ) -> list[ImportReport]:
        """Have the server import `paths`; progress is not told on the way."""
        return self._call("ingest", *(str(Path(path).resolve()) for path in paths))

    def follow(self, url: str, mine: bool = False) -> ImportReport:
        """Have the server fetch a feed."""
        return self._call("follow", url, mine=mine)

    def ask(
        self,
        lens: str,
        *,
        since: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        channels: Sequence[str] | None = None,
        timezone: str | None = None,
        language: str | None = None,
        options: Mapping[str, int | str] | None = None,
        progress: Callable[..., None] | None = None,
    ) -> Report:
        """Ask the server's ledger; progress is not told on the way."""
        return self._call(
            "ask", lens, since=since, until=until, channels=channels, timezone=timezone,
            language=language, options=options,
        )  # fmt: skip

    def evidence(self, id: str, **scope: Any) -> EvidencePage:
        """Ask the server for the records behind a figure."""
        return self._call("evidence", id, **scope)

    def search(self, words: str = "", *, who: str | None = None, limit: int = 50) -> Found:
        """Look for words in the server's ledger."""
        return self._call("search", words, who=who, limit=limit)

    def sql(self, query: str, /, **parameters: Any) -> pa.Table:
        """Ask the server's ledger in SQL."""
        import pyarrow as pa

        with pa.ipc.open_stream(self._call("sql", query, **parameters)) as reader:
            return reader.read_all()

    def counts(self) -> dict[str, int]:
        """Count what the server's ledger holds."""
        return self._call("counts")

    def glance(self) -> list[ChannelGlance]:
        """Give the owner's channels."""
        return self._call("glance")

    def changes(self) -> list[ChannelChange]:
        """Give what has changed between archives, by channel."""
        return self._call("changes")

    def accounts(self, search: str = "", limit: int = 50) -> list[AccountRow]:
        """Give accounts, the owner's first."""
        return self._call("accounts", search, limit)

    def persons(self) -> list[PersonRow]:
        """Give the persons whose accounts were joined."""
        return self._call("persons")

    def proposals(self, limit: int = 50) -> list[Proposal]:
        """Give accounts that may be one person's."""
        return self._call("proposals", limit)

    def imports(self) -> list[ImportReport]:
        """Give the loss reports of all imports."""
        return self._call("imports")

    def rejects(
        self, import_id: str | None = None, *, limit: int = 100, offset: int = 0
    ) -> list[RejectRow]:
        """Give the records that could not be read."""
        return self._call("rejects", import_id, limit=limit, offset=offset)

    def state(self) -> int:
        """Give the number of changes of the server's ledger."""
        return self._call("state")

    def set_mine(self, channel: str, mine: bool) -> None:
        """Say whose an account is."""
        self._call("set_mine", channel, mine)

    def keys(self, lens: str) -> list[str]:
        """Give the keys of a lens's rows that can be ticked."""
        return self._call("keys", lens)

    def tick(self, *keys: str, done: bool = True) -> None:
        """Tick rows of a report off, or take the tick away."""
        self._call("tick", *keys, done=done)

    def join(self, one: str, other: str) -> None:
        """Say that two accounts are one person's."""
        self._call("join", one, other)

    def part(self, one: str, other: str) -> None:
        """Take an account out of a person."""
        self._call("part", one, other)

    def forms(self, asker: str, *, language: str | None = None) -> list[Form]:
        """Give the forms that a lens offers."""
        return self._call("forms", asker, language=language)

    def tell(
        self, asker: str, form: str, fields: Mapping[str, Any], key: str | None = None, **more: Any
    ) -> Entry:
        """Have the server keep what is told."""
        return self._call("tell", asker, form, plain(fields), key, **more)

    def unknown(self, path: str | Path, *, language: str | None = None) -> list[Unknown]:
        """Give what nobody knows at a path, as the server sees it."""
        return self._call("unknown", str(Path(path).absolute()), language=language)

    def describe(
        self,
        path: str | Path,
        fields: Mapping[str, Any],
        file: str | None = None,
        *,
        language: str | None = None,
    ) -> Entry:
        """Have the server keep what a file is."""
        where = str(Path(path).absolute())
        return self._call("describe", where, plain(fields), file, language=language)

    def entries(
        self,
        asker: str | None = None,
        form: str | None = None,
        key: str | None = None,
        *,
        by: str | None = None,
    ) -> list[Entry]:
        """Give what was told."""
        return self._call("entries", asker, form, key, by=by)

    def settings(self) -> Settings:
        """Give the owner's preferences."""
        return self._call("settings")

    def save_settings(self, settings: Settings) -> None:
        """Keep the owner's preferences."""
        self._call("save_settings", settings)

    def export(
        self,
        folder: str | Path,
        format: str = "parquet",
        anonymise: bool = False,
        dialect: str = "plain",
        language: str | None = None,
    ) -> list[Path]:
        """Have the server write its ledger out."""
        written = self._call(
            "export", str(Path(folder).resolve()), format, anonymise, dialect, language
        )
        return [Path(path) for path in written]

    def backup(self, file: str | Path, replace: bool = False) -> Path:
        """Have the server copy its ledger."""
        return Path(self._call("backup", str(Path(file).resolve()), replace))

    def check(self) -> dict[str, int]:
        """Have the server read its ledger's whole file."""
        return self._call("check")

    def forget(self, **what: Any) -> dict[str, int]:
        """Have the server erase."""
        return self._call("forget", **what)


def _raised(data: bytes) -> EmpreinteError:
    """Turn an error that came back into the exception it was."""
    try:
        said = msgspec.json.decode(data)["error"]
        if said["type"] == FormError.__name__:
            return FormError(msgspec.convert(said["faults"], tuple[Fault, ...]))
        kind = getattr(errors, said["type"])
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError):
        return LedgerBusy(
            "The server refused: {answer}", answer=data[:200].decode("utf-8", "replace")
        )
    return kind(said["template"], **said["values"])
