"""The `whatsapp` source: chats that one writes out of WhatsApp as text (*Export chat*).

Of what others wrote only how much of it there was on each day is kept: they were not asked. A chat
does not say whose telephone it is of: it is told by whom the file is named after, by what "you"
deleted, or it is asked for.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from empreinte.container import Container, is_media
from empreinte.errors import ContainerError, Fault, FormError
from empreinte.formats import labels
from empreinte.formats.digests import digest
from empreinte.forms import Choice, Field, Form
from empreinte.language import Message, _, message
from empreinte.model import SOCIAL, Account, ExportInfo, FileReport, Metric, Post, Yielded
from empreinte.plugins import Unknown
from empreinte.sources.whatsapp.lines import Line, Order, lines, order_of, parsed

NAME = "whatsapp"
VERSION = 1
SEEN = "described"
LANGUAGES = ("en", "fr")
PRESENCE = SOCIAL
TOLD = ".whatsapp.json"
"""Beside a chat: what its owner told of it."""
MAX_SENDERS = 2_000
MAX_CHATS = 200
_SHOWN = 5
_LINK = re.compile(r"https?://[^\s<>\"]+")
_MEDIA = {
    "image": "Image", "gif": "Image", "sticker": "Image", "video": "Video", "audio": "Audio",
    "document": "Document", "contact": "Document", "omitted": "Document",
}  # fmt: skip
_ENDINGS = {
    "jpg": "Image", "jpeg": "Image", "png": "Image", "webp": "Image", "gif": "Image",
    "mp4": "Video", "mov": "Video", "3gp": "Video", "opus": "Audio", "m4a": "Audio",
    "mp3": "Audio", "ogg": "Audio", "aac": "Audio",
}  # fmt: skip


def title() -> str:
    """Name the source."""
    return _("WhatsApp chats")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (_("your own messages"), _("how many messages you received each day"))


def how_to_get() -> str:
    """Say how to get a chat."""
    return _(
        "In a WhatsApp chat: ⋮ or the name of the contact, More, Export chat, Without media. Give "
        "the text or the zip as it is, with its name."
    )


class Chat(NamedTuple):
    """What a first reading of a chat tells.

    Attributes
    ----------
    other : str or None
        Whom or which group the file is named after.
    senders : dict of str to int
        Who wrote, and how many messages.
    me : str or None
        Which of them the owner is; ``""``: the owner wrote nothing.
    order : "dmy" or "mdy" or None
        Of day and month.
    last : datetime or None
        When the last message was sent.
    """

    other: str | None
    senders: dict[str, int]
    me: str | None
    order: Order | None
    last: datetime | None = None

    @property
    def id(self) -> str:
        """What stands for the chat: no name."""
        return "chat:" + digest(self.other or "", *(() if self.other else sorted(self.senders)))


def recognize(export: Container) -> Iterator[str]:
    """Give the chats of which it is known whose they are, with the folder that is theirs alone."""
    names = export.names()
    for name in islice(filter(lambda name: _is_chat(export, name), names), MAX_CHATS):
        chat = _told(export, name, _looked(export, name))
        if chat.me is not None and chat.order is not None:
            folder = name[: name.rfind("/") + 1]
            inside = [n for n in names if n.startswith(folder)]
            ours = all(n in (name, name + TOLD) or is_media(n) for n in inside)
            yield folder if ours and len(inside) > 1 else name


def _is_chat(export: Container, name: str) -> bool:
    if not name.lower().endswith(".txt"):
        return False
    head = export.head(name, 8 << 10).decode("utf-8-sig", "replace")
    written = [line for line in head.splitlines() if line.strip()][:20]
    found = [line for line in map(parsed, written) if line is not None]
    if not found or parsed(written[0]) is None:
        return False
    return any(line.sender for line in found) or _means(found[0].text) == "service"


def read(export: Container) -> Iterator[Yielded]:
    """Read the chats of a root."""
    chats = {n: _told(export, n, _looked(export, n)) for n in export.names() if _is_chat(export, n)}
    known = {n: c for n, c in chats.items() if c.me is not None and c.order is not None}
    dates = [chat.last for chat in known.values() if chat.last]
    owners = [chat.me or "me" for chat in known.values()]
    yield ExportInfo(
        observed=max(dates, default=export.modified),
        owner=(NAME, owners[0]) if owners else None,
    )
    for name, chat in known.items():
        yield Account(file=name, place=0, platform=NAME, id=chat.me or "me", is_owner=True)
        yield from _chat(export, name, chat)
    for name in export.names():
        if name.endswith(TOLD):
            yield FileReport(name=name, status="read")
        elif is_media(name):
            reason = message(
                "Pictures, sounds and videos are not read; posts tell what is attached."
            )
            yield FileReport(name=name, status="not needed", reason=reason)


def _chat(export: Container, name: str, chat: Chat) -> Iterator[Yielded]:
    assert chat.order is not None
    received: Counter[datetime] = Counter()
    alike: Counter[str] = Counter()
    others: set[str] = set()
    met = service = undated = 0
    try:
        with export.open(name) as stream:
            for place, line in lines(stream):
                met += 1
                at, means = line.at(chat.order), _means(line.text)
                if line.sender is None or means == "service":
                    service += 1
                elif at is None:
                    undated += 1
                elif line.sender == chat.me or means == "deleted_by_me":
                    content = _content(line.text)
                    said = digest(chat.other or "", at.isoformat(), *content)
                    alike[said] += 1
                    yield _post(name, place, content, at, chat, digest(said, alike[said]))
                else:
                    others.add(line.sender)
                    received[at.replace(hour=0, minute=0, second=0)] += 1
    except ContainerError as error:
        yield FileReport(name=name, status="failed", records=met, reason=error.message)
        return
    for day, n in received.items():
        yield Metric(
            file=name, place=0, platform=NAME, subject_type="account", subject_id=chat.id,
            name="messages_received_per_day", value=float(n), observed=day,
        )  # fmt: skip
    yield FileReport(
        name=name, status="read", records=met,
        reason=message(
            "Messages of other people, kept as counts by day: {n} (people: {others}); lines of "
            "WhatsApp itself: {service}; messages of a day that does not exist: {undated}. Times "
            "are as the telephone showed them, taken for UTC.",
            others=len(others), n=sum(received.values()), service=service, undated=undated,
        ),
    )  # fmt: skip


def _post(
    name: str, place: int, content: tuple[str | None, tuple[str, ...]], at: datetime, chat: Chat,
    id: str,
) -> Post:  # fmt: skip
    text, media = content
    return Post(
        file=name, place=place, platform=NAME, id=id, type="Note", author_id=chat.me or "me",
        content=text or None, published=at, visibility="direct", media=media,
        links=tuple(_LINK.findall(text or "")), deleted=at if text is None else None,
    )  # fmt: skip


def _content(written: str) -> tuple[str | None, tuple[str, ...]]:
    """Part what was written from what was attached and what WhatsApp adds; ``None``: deleted."""
    if _means(written) in ("deleted_by_me", "deleted"):
        return None, ()
    kept: list[str] = []
    media: list[str] = []
    for one in written.split("\n"):
        for mark in ("<This message was edited>", "<Ce message a été modifié>"):
            one = one.removesuffix(mark).rstrip()
        found = _words().read(one.strip()) if len(one) < 300 else None
        if found is not None and found[0] in _MEDIA:
            media.append(_MEDIA[found[0]])
        elif found is not None and found[0] == "attached":
            ending = found[1]["file"].rpartition(".")[2].strip(" >").lower()
            media.append(_ENDINGS.get(ending, "Document"))
        else:
            kept.append(one)
    return "\n".join(kept).strip(), tuple(media)


# -- whose it is


def _looked(export: Container, name: str) -> Chat:
    """Go through a chat once."""
    senders: Counter[str] = Counter()
    mine: Counter[str] = Counter()
    french = 0
    last: Line | None = None

    def seen() -> Iterator[Line]:
        nonlocal french, last
        with export.open(name) as stream:
            for _place, line in lines(stream):
                last = line
                french += _is_french(line.text)
                means = _means(line.text)
                yield line
                if line.sender is None or means == "service":
                    continue
                if line.sender in senders or len(senders) < MAX_SENDERS:
                    senders[line.sender] += 1
                if means == "deleted_by_me":
                    mine[line.sender] += 1

    order = None
    with suppress(ContainerError):  # told where it is read
        order = order_of(seen(), lambda: french > 0)
    other = _named_after(export, name)
    at = last.at(order) if last is not None and order else None
    return Chat(other, dict(senders), _me(other, senders, mine), order, at)


def _me(other: str | None, senders: Counter[str], mine: Counter[str]) -> str | None:
    if len(mine) == 1:
        return next(iter(mine))
    if other in senders and len(senders) <= 2:
        return next((one for one in senders if one != other), "")
    return None


def _named_after(export: Container, name: str) -> str | None:
    """Give whom or what the file, its folder or its archive is named after."""
    stands = [*reversed(export.place(name).split("/")), export.path.name]
    for one in stands:
        bare = re.sub(r"(?: ?\(\d+\))?(?:\.(?:txt|zip))*$", "", one)
        found = _words().read(bare)
        if found is not None and found[0] == "chat":
            return " ".join(found[1]["name"].split())
    return None


def _told(export: Container, name: str, chat: Chat) -> Chat:
    """Give the chat with what its owner told of it."""
    if name + TOLD not in export:
        return chat
    try:
        said: dict[str, Any] = json.loads(export.read(name + TOLD, 64 << 10))
    except (ContainerError, ValueError):
        return chat
    order = said.get("order")
    return chat._replace(
        me=str(said["me"]) if "me" in said else chat.me,
        order=order if order in ("dmy", "mdy") else chat.order,
    )


def unknown(export: Container, name: str) -> Unknown | None:
    """Look at a chat of which it is not known whose it is, or what order its dates have."""
    if not _is_chat(export, name):
        return None
    chat = _looked(export, name)
    if chat.me is not None and chat.order is not None:
        return None
    choices = tuple(Choice(one, one) for one in sorted(chat.senders)[:200])
    fields = (
        Field(
            name="me", label=_("Which of them you are"), kind="choice", required=chat.me is None,
            choices=(*choices, Choice("", _("none of them"))) if choices else (Choice("", "–"),),
        ),
        Field(
            name="order", label=_("How dates are written"), kind="choice",
            required=chat.order is None,
            choices=(Choice("dmy", _("day first: 31/12/2026")),
                     Choice("mdy", _("month first: 12/31/2026"))),
        ),
    )  # fmt: skip
    guess = {"me": chat.me, "order": chat.order}
    return Unknown(
        file=export.place(name), key=chat.id,
        form=Form(id="chat", series=True, title=_("A WhatsApp chat"), fields=fields),
        guess={name: value for name, value in guess.items() if value is not None},
        columns=(_("Who wrote"), _("Messages")),
        rows=tuple((one, str(n)) for one, n in Counter(chat.senders).most_common(_SHOWN)),
        why=_why(chat),
    )  # fmt: skip


def _why(chat: Chat) -> Message:
    if chat.me is None:
        return message(
            "A WhatsApp chat that does not say which of its {n} people you are. Say it: "
            "“empreinte describe” asks for it.",
            n=len(chat.senders),
        )
    return message(
        "A WhatsApp chat whose dates can be read as day/month or as month/day. Say which: "
        "“empreinte describe” asks for it."
    )


def described(what: Unknown, fields: Mapping[str, Any]) -> tuple[str, bytes]:
    """Write what was told of a chat: the name of the file beside it, and its bytes.

    Raises
    ------
    FormError
        If nobody of that name wrote in it.
    """
    told = {key: fields[key] for key in ("me", "order") if key in fields}
    if not told:
        expected = message("A name was expected.")
        raise FormError([Fault("me", "", expected)])
    return what.file + TOLD, json.dumps(told, ensure_ascii=False).encode()


# -- WhatsApp's own words


def _words() -> labels.Labels:
    return labels.load("empreinte.sources.whatsapp")


def _means(text: str) -> str | None:
    found = _words().read(text) if len(text) < 400 else None
    return found[0] if found else None


def _is_french(text: str) -> bool:
    """Tell whether a line is one that WhatsApp writes in French."""
    start = text[:60].casefold().replace("’", "'")
    return start.startswith(_FRENCH)


_FRENCH = (
    "les messages et les appels sont", "les messages et appels", "<médias omis>", "<média omis>",
    "image absente", "vidéo absente", "audio omis", "ce message a été supprimé",
    "vous avez supprimé ce message", "<pièce jointe", "appel vocal manqué", "vous avez créé",
)  # fmt: skip
