"""Goes through ``result.json`` and hands each value to its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken
from empreinte.formats.json_tree import EACH, INSIDE, SKIP, WHOLE, End, Other, Path
from empreinte.model import Account, Drift, Reject, Yielded
from empreinte.sources.telegram import account, messages
from empreinte.sources.telegram.names import CHANNELS, PLATFORM, user

_ABOUT = ("name", "type", "id")
_LISTS = ("chats", "left_chats")
_KNOWN = 200_000
"""Accounts that are remembered as given already."""


_HOLDERS = ("contacts", "frequent_contacts", "sessions", "web_sessions")
_LEFT = frozenset(("about", "profile_pictures", "other_data"))
"""What is known and not needed, at the top and in what holds lists."""


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
        self._top = Watch(Fields())
        self._person = Watch(account.PERSON, prefix="personal_information: ")
        self._messages = Watch(messages.MESSAGE, prefix="messages: ")
        self._service = Watch(messages.SERVICE, prefix="service messages: ")
        self._lists: dict[Path, Watch] = {}
        self._asked: Path = ()

    def ask(self, path: Path) -> str:
        """Tell the walk what is wanted of each value."""
        self._asked = whole = path
        if path and path[0] in _LISTS:
            path = path[3:]
            if not path:
                return self._skipped(whole) if len(whole) == 2 and whole[1] != "list" else INSIDE
        if not path or path in [(name,) for name in _HOLDERS]:
            return INSIDE
        if path == ("messages",) or path in account.LISTS:
            return EACH
        if path == ("personal_information",) or (len(path) == 1 and path[0] in _ABOUT):
            return WHOLE
        return self._skipped(path)

    def _skipped(self, path: Path) -> str:
        if path[-1] not in _LEFT:
            self._top.unknown(".".join(path))
        return SKIP

    def bad(self, name: str, value: object) -> None:
        """Be told, by the walk, of what cannot be read in the values that are asked for."""
        path = self._asked[3:] if self._asked and self._asked[0] in _LISTS else self._asked
        if path == ("messages",):
            shown = self._chat is not None and self._chat.is_public
            self._messages.bad(name, value if shown else "…")
        elif path in account.LISTS:
            self._list(path).bad(name, value)
        else:
            self._top.bad(".".join((*path, name)).rstrip("."), value)

    def _list(self, path: Path) -> Watch:
        return self._lists.setdefault(path, Watch(account.LISTS[path], prefix=f"{path[0]}: "))

    def value(self, path: Path, value: Any, text: Callable[[], str]) -> Iterator[Yielded]:
        """Read one value of the walk, whose `text` can be asked for."""
        if path and path[0] in _LISTS:
            path = path[3:] or path
        if isinstance(value, Other):
            self._top.bad(".".join(path), value.raw)
        elif path[-1] in _ABOUT:
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
            yield from self._tried(value, self._message, text)
        else:
            watch = self._list(path)
            if isinstance(value, dict):
                watch.see(value)
            yield from self._tried(
                value,
                lambda fields, place: account.record(
                    path, fields, self.owner, self.file, place, watch.bad
                ),
                text,
            )

    def _open(self) -> Iterator[Yielded]:
        """Begin a chat: give its account."""
        chat = messages.chat_of(
            self._about, self.owner, self.file, self.observed, self._messages, self._top
        )
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
            self._person.see(value)
            yield from account.owner(value, id, self.file, self._person.bad)
        else:
            self._top.bad("personal_information", value)

    def _tried(
        self, value: Any, read: Callable[[dict[str, Any], int], Iterable[Yielded]],
        text: Callable[[], str],
    ) -> Iterator[Yielded]:  # fmt: skip
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
            raw = text() if shown else ""
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
        kind = record.get("type")
        if kind == "service":
            self._service.see(record)
            return messages.service(record, chat._replace(watch=self._service), place)
        self._messages.see(record)
        if kind != "message" and kind is not None:
            self._messages.unknown(f"type {kind}")
            if kind == "unsupported":
                return ()  # all that is there is its number
        bad = chat.teller(not chat.is_public)
        author = messages.someone(record, "from", self.file, place, bad)
        self.hidden += messages.is_hidden(author, chat)
        found = messages.message(record, author, chat, place)
        return [author, *found] if author else found

    def drift(self) -> tuple[Drift, ...]:
        """Tell of fields gone and new."""
        watches = (
            self._top, self._person, self._messages, self._service, *self._lists.values(),
        )  # fmt: skip
        return tuple(drift for watch in watches for drift in watch.drift())
