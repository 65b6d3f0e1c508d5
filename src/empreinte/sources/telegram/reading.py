"""Goes through ``result.json`` and hands each value to its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.formats.json_array import Broken
from empreinte.formats.json_tree import EACH, INSIDE, SKIP, WHOLE, End, Path
from empreinte.model import Account, Drift, Reject, Yielded
from empreinte.sources.telegram import account, messages
from empreinte.sources.telegram.names import CHANNELS, PLATFORM, user

_ABOUT = ("name", "type", "id")
_LISTS = ("chats", "left_chats")
_KNOWN = 200_000
"""Accounts that are remembered as given already."""


def ask(path: Path) -> str:
    """Tell the walk what is wanted of each value."""
    if path and path[0] in _LISTS:
        path = path[3:]
        if not path:
            return INSIDE
    if not path or path in (("contacts",), ("frequent_contacts",), ("sessions",)):
        return INSIDE
    if path == ("web_sessions",):
        return INSIDE
    if path == ("messages",) or path in account.LISTS:
        return EACH
    return WHOLE if path[-1] in _ABOUT or path == ("personal_information",) else SKIP


class Reading:
    """What was met of a document so far.

    Attributes
    ----------
    met : int
        Records, read or not.
    hidden : int
        Messages of chats that are not known to be public whose words were left out.
    """

    def __init__(self, owner: str | None, file: str, observed: datetime) -> None:
        self.owner, self.file, self.observed = owner, file, observed
        self.met = self.hidden = 0
        self.told = False
        self._about: dict[str, Any] = {}
        self._chat: messages.Chat | None = None
        self._place = 0
        self._known: set[str] = set()
        self._messages = Watch(messages.MESSAGE, prefix="messages: ")
        self._lists: dict[Path, Watch] = {}

    def value(self, path: Path, value: Any) -> Iterator[Yielded]:
        """Read one value of the walk."""
        if path[0] in _LISTS:
            path = path[3:]
        if path[-1] in _ABOUT:
            self._about[path[-1]] = None if isinstance(value, Broken) else value
        elif isinstance(value, End):
            if path == ("messages",) and not self._chat:
                yield from self._open()  # a chat without a message
            self._about, self._chat, self._place = {}, None, 0
        elif path == ("personal_information",):
            yield from self._personal(value)
        elif path == ("messages",):
            if not self._chat:
                yield from self._open()
            yield from self._tried(value, self._message)
        else:
            watch = self._lists.setdefault(path, Watch(account.LISTS[path], prefix=f"{path[0]}: "))
            if isinstance(value, dict):
                watch.see(value)
            yield from self._tried(
                value,
                lambda fields, place: account.record(path, fields, self.owner, self.file, place),
            )

    def _open(self) -> Iterator[Yielded]:
        """Begin a chat: give its account."""
        chat = messages.chat_of(self._about, self.owner, self.file, self.observed)
        self._chat, self._place = chat, 0
        is_owner = chat.id == self.owner
        if is_owner and self.told:
            return  # saved messages: the owner was given already
        self.told = self.told or is_owner
        self._known.add(chat.id)
        yield Account(
            platform=PLATFORM, id=chat.id, name=chat.name, is_owner=is_owner,
            whole=is_owner or chat.kind in CHANNELS, file=self.file, place=0,
        )  # fmt: skip

    def _personal(self, value: Any) -> Iterator[Yielded]:
        if isinstance(value, dict) and (id := user(value.get("user_id"))):
            self.told = True
            yield from account.owner(value, id, self.file)

    def _tried(
        self, value: Any, read: Callable[[dict[str, Any], int], Iterable[Yielded]]
    ) -> Iterator[Yielded]:
        """Read one record of a list; a broken one loses only itself."""
        place = self._place
        self._place += 1
        self.met += 1
        # The words of others in private are not kept, broken or not.
        shown = self._chat is None or self._chat.is_public
        if isinstance(value, Broken):
            raw = value.raw if shown else ""
            yield Reject(file=self.file, place=place, reason=value.reason, raw=raw)
            return
        try:
            found = list(read(value, place))
        except RecordError as error:
            raw = str(value)[:2000] if shown else ""
            yield Reject(file=self.file, place=place, reason=error.message, raw=raw)
            return
        for item in found:
            if not isinstance(item, Account):
                yield item
            elif item.id not in self._known:
                if len(self._known) < _KNOWN:
                    self._known.add(item.id)
                yield item

    def _message(self, record: dict[str, Any], place: int) -> Iterable[Yielded]:
        chat = self._chat
        assert chat is not None
        if record.get("type") == "service":
            return messages.service(record, chat, place)
        self._messages.see(record)
        author = messages.someone(record.get("from_id"), record.get("from"), self.file, place)
        self.hidden += messages.is_hidden(author, chat)
        found = messages.message(record, author, chat, place)
        return [author, *found] if author else found

    def drift(self) -> tuple[Drift, ...]:
        """Tell of fields gone and new."""
        watches = (self._messages, *self._lists.values())
        return tuple(drift for watch in watches for drift in watch.drift())
