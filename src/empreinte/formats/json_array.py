"""Elements of a long JSON array, typed, one batch at a time, in constant memory.

Exports hold arrays of a gigabyte. Elements are cut out of the stream and decoded by msgspec;
one that is broken is given as `Broken` and the next ones are read on.

Two ways of cutting. Pretty-printed files (X's) put each element's closing brace alone on a line
at one indentation: since a raw line break cannot stand inside a JSON string, cutting there is
safe, and a whole buffer is decoded at once (some 400 MB/s). Everything else is cut by counting
brackets outside strings, all marks of a block at once (some 200 MB/s; see `Marks`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Protocol, TypeVar

import msgspec

from empreinte.errors import ContainerError
from empreinte.formats.byte_order import unmarked
from empreinte.formats.lenient import FAILS, LOST, Bad, mend
from empreinte.formats.marks import Marks
from empreinte.language import Message, message

T = TypeVar("T")

CHUNK = 2 << 20
BLOCK = 512 << 10
"""Bytes whose marks are looked at together: they take some twenty times as much memory."""
LOOKED_AT = 32 << 20
"""Bytes that a `Looker` sees closely; beyond, one chunk in eight and what is new to it: looking
at each of X's tweets takes a quarter of the time of their import."""
NEAR = 8 << 10
"""Bytes that are looked at first for the end of a value; then twice as many, up to a block."""
FAR = 200
"""Marks inside a value that is stepped over, from which on it is left with `Marks`: a tenth of the
time of one mark after the other, where there are many."""
KEPT = 2000
"""Bytes that are kept of the text of a broken element."""
MAX_ELEMENT = 16 << 20
"""Bytes of one element; the longest real one seen (an article with data URIs) took 6 MB."""

_PRETTY = re.compile(rb"\[[ \t]*(?:\{[ \t]*\r?\n(?=[ \t])|\r?\n([ \t]*)\{[ \t]*\r?\n(?=\1[ \t]))")
"""Where the first brace stands on the bracket's own line (X's ``[ {``), elements close at the
margin; where it stands on a line of its own, at that line's indentation (group 1). What is inside
must stand further in, or an inner object would close at the same place."""
_START = re.compile(rb'["\[\]{},]')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+("?)|[\[\]{},]', re.DOTALL)
"""A whole string, or one that the buffer cuts short (group 1 is then empty), or a mark."""


class Broken(msgspec.Struct, frozen=True):
    """An element that could not be decoded: why, and the start of its text."""

    reason: Message
    raw: str


class Looker(Protocol):
    """Sees the elements a second time (see `empreinte.formats.drift.Watch`)."""

    def look(self, array: bytes, closely: bool) -> None: ...


class Elements(Iterator[T | Broken]):
    """The elements of an array, see `elements`."""

    def __init__(self, reader: _Reader, found: Iterator[T | Broken]) -> None:
        self._reader, self._found = reader, found

    def __iter__(self) -> Iterator[T | Broken]:
        return self._found

    def __next__(self) -> T | Broken:
        return next(self._found)

    def text(self, place: int) -> str:
        """Give the start of the text of the element given last, which is the one at `place`."""
        return self._reader.text(place)


def elements(
    stream: IO[bytes],
    type: type[T],
    key: str | None = None,
    lookers: Sequence[Looker] = (),
    bad: Bad | None = None,
    beside: Callable[[str], None] | None = None,
) -> Elements[T]:
    """Decode the elements of the array in `stream` as `type`, in order.

    Parameters
    ----------
    stream : binary stream
        JSON, or JavaScript that assigns it (``window.YTD.tweets.part0 = [ … ]``): what stands
        before the first ``=`` is cut off, never evaluated.
    type : type
        What msgspec decodes an element to; unknown fields are ignored.
    key : str, optional
        If given, the document is an object and the arrays meant are those under this key at its
        top level (all of them, if the key is written twice).
    lookers : sequence of Looker
        Each sees the text of all elements; closely, that of the first `LOOKED_AT` bytes and then
        of one chunk in eight.
    bad : function of str and object, optional
        Told of single fields that cannot be read; the element is then given without them (see
        `lenient.mend`). Without it such an element is `Broken`.
    beside : function of str, optional
        Told of the other keys of the object, where a key is given.

    Returns
    -------
    Elements of type or Broken
        `Broken` where an element does not decode, where the file ends in the middle of one
        (the file was cut), and where it holds no array at all.
    """
    reader = _Reader(stream, type, lookers, bad)
    reader.beside = beside
    return Elements(reader, reader.top() if key is None else reader.under(key))


def document(data: bytes, type: type[T], bad: Bad | None = None) -> T:
    """Decode a whole small JSON (or assigned JavaScript) document; `bad` as for `elements`.

    Raises
    ------
    ContainerError
        If it is not JSON or does not have the expected form.
    """
    body = _after_assignment(unmarked(data)).rstrip().removesuffix(b";")
    try:
        return msgspec.json.decode(body, type=type)
    except FAILS as error:
        read: Any = LOST if bad is None else mend(body, type, bad)
        if read is not LOST:
            return read
        raise ContainerError(
            "Not the JSON expected ({cause}). The file may have been cut or edited.", cause=error
        ) from error


def _after_assignment(data: bytes) -> bytes:
    start = re.match(rb"\s*[\[{]", data)
    if start:
        return data
    _, equals, rest = data.partition(b"=")
    return rest if equals else data


class _Reader:
    """Holds the window of the stream that is being cut."""

    def __init__(
        self, stream: IO[bytes], type: type, lookers: Sequence[Looker], bad: Bad | None
    ) -> None:
        self.stream = stream
        self.type = type
        self.one = msgspec.json.Decoder(type)
        self.many = msgspec.json.Decoder(list[type])
        self.lookers = lookers
        self.bad = bad
        self.beside: Callable[[str], None] | None = None
        self.buffer = b""
        self.taken = 0
        self.ended = False
        self.first, self.given = 0, 0
        self.array = b""
        self.texts: list[msgspec.Raw] = []

    def fill(self) -> bool:
        """Add a chunk to the buffer; tell whether there was one."""
        if self.ended:
            return False
        chunk = self.stream.read(CHUNK)
        self.ended = not chunk
        self.buffer += chunk
        self.taken += len(chunk)
        return bool(chunk)

    def batch(self, array: bytes) -> list[Any] | None:
        """Decode elements, keep their text, show them to those who look; ``None`` if it fails."""
        try:
            items = self.many.decode(array)
        except FAILS:
            return None
        self.hold(array, len(items))
        self.look(array)
        return items

    def hold(self, array: bytes, count: int) -> None:
        """Keep the text of the elements that are given next."""
        self.array, self.texts = array, []
        self.first, self.given = self.given, self.given + count

    def text(self, place: int) -> str:
        """Give the start of the text of an element of those given last."""
        if not self.texts:
            try:
                self.texts = msgspec.json.decode(self.array, type=list[msgspec.Raw])
            except FAILS:
                self.texts = [msgspec.Raw(self.array[1:-1])]
        here = memoryview(self.texts[place - self.first])[:KEPT]
        return bytes(here).decode("utf-8", "replace")

    def look(self, array: bytes) -> None:
        """Show the elements of `array`, which did decode, to those who look."""
        closely = self.taken <= LOOKED_AT or not self.taken // CHUNK % 8
        for one in self.lookers:
            one.look(array, closely)

    def decode(self, raw: bytes) -> Sequence[object]:
        """Decode the text of one element, or what was taken for one."""
        array = b"[" + raw + b"]"
        items = self.batch(array)
        if items:
            return items
        self.hold(array, 1)
        read = LOST if self.bad is None else mend(raw, self.type, self.bad)
        if read is not LOST:
            self.look(array)
            return (read,)
        try:
            return (self.one.decode(raw),)
        except FAILS as error:
            return (self.broken(raw, error),)

    def too_long(self) -> Broken:
        self.hold(b"", 1)
        return self.broken(self.buffer[:KEPT], "longer than 16 MiB")

    def broken(self, raw: bytes, cause: object) -> Broken:
        return Broken(
            message(
                "Not an item of the expected form ({cause}); its text is kept as it is.",
                cause=cause,
            ),
            raw[:KEPT].decode("utf-8", "replace"),
        )

    # -- where the array begins

    def top(self) -> Iterator:
        self.fill()
        self.buffer = _after_assignment(unmarked(self.buffer)).lstrip()
        if not self.buffer.startswith(b"["):
            if self.buffer:
                yield Broken(
                    message("An array was expected, the file begins otherwise; it was not read."),
                    self.buffer[:KEPT].decode("utf-8", "replace"),
                )
            return
        pretty = _PRETTY.match(self.buffer)
        if pretty:
            yield from self.by_lines(pretty[1] or b"")
        else:
            self.buffer = self.buffer[1:]
            yield from self.by_brackets()

    def under(self, key: str) -> Iterator:
        """Find ``"key": [`` at depth 1; step over everything else."""
        self.fill()
        wanted = f'"{key}"'.encode()
        depth, at, named, idle, inside = 0, 0, False, 0, 0
        while True:
            if inside > FAR:
                self.buffer, at, inside = self.buffer[at:], 0, 0
                if not self.leave(depth - 1):
                    return
                depth = 1
            # A class of bytes is searched ten times as fast as an alternation.
            start = _START.search(self.buffer, at)
            token = _TOKEN.match(self.buffer, start.start()) if start else None
            if token is None or token[1] == b"":
                # Keep the string that is cut short; drop what was stepped over.
                idle = 0 if token else idle + len(self.buffer)
                self.buffer = self.buffer[token.start() :] if token else b""
                at = 0
                if max(len(self.buffer), idle) > MAX_ELEMENT or not self.fill():
                    return
                # A long string is looked at anew each time: twice as much of it, not a chunk more.
                while token and len(self.buffer) < 2 * len(token[0]) and self.fill():
                    pass
                continue
            text, at = token[0], token.end()
            if named and text == b"[":
                self.buffer = self.buffer[at:]
                yield from self.by_brackets()
                at, named = 0, False
                continue
            named = False
            if text in (b"{", b"["):
                depth += 1
            elif text in (b"}", b"]"):
                depth -= 1
            elif depth == 1 and text == wanted:
                named = True
            elif depth == 1 and text[:1] == b'"' and self.beside is not None:
                self.buffer, at = self.buffer[at:], 0
                self.tell_key(text)
            inside = inside + 1 if depth > 1 else 0

    def tell_key(self, text: bytes) -> None:
        """Tell of a string before the buffer, if it is a key."""
        while not (rest := self.buffer.lstrip()) and self.fill():
            pass
        if rest.startswith(b":") and self.beside is not None:
            self.beside(text[1:-1][:KEPT].decode("utf-8", "replace"))

    def leave(self, levels: int) -> bool:
        """Drop the rest of `levels` brackets that are open; tell whether they are closed."""
        marks, size = Marks(levels - 1), NEAR
        while True:
            block, size = self.buffer[:size], min(2 * size, BLOCK)
            end = marks.closing(block)
            self.buffer = self.buffer[len(block) if end is None else end + 1 :]
            if end is not None:
                return True
            if not self.buffer and not self.fill():
                return False

    # -- cutting pretty-printed files

    def by_lines(self, indent: bytes) -> Iterator:
        r"""Cut at ``\n<indent>},``; decode all that the buffer holds in one go."""
        newline = b"\r\n" if b"\r\n" in self.buffer[:200] else b"\n"
        closing = newline + indent + b"}"
        separator = closing + b","
        self.buffer = self.buffer[self.buffer.index(b"[") + 1 :]
        searched = 0
        while True:
            end = self.buffer.rfind(separator, searched)
            if end >= 0:
                cut = end + len(closing)
                yield from self.span(self.buffer[:cut], closing)
                self.buffer = self.buffer[cut + 1 :]
                searched = 0
            else:
                searched = max(0, len(self.buffer) - len(separator))
            if len(self.buffer) > MAX_ELEMENT:
                yield self.too_long()
                skipped = self.skip_to(separator)
                searched = 0
                if not skipped:
                    return
            elif not self.fill():
                break
        yield from self.last(closing)

    def skip_to(self, separator: bytes) -> bool:
        """Drop an element that is too long; tell whether another follows."""
        while True:
            at = self.buffer.find(separator)
            if at >= 0:
                self.buffer = self.buffer[at + len(separator) :]
                return True
            self.buffer = self.buffer[-len(separator) :]
            if not self.fill():
                return False

    def span(self, span: bytes, closing: bytes) -> Iterator:
        items = self.batch(b"[" + span + b"]")
        if items is not None:
            yield from items
            return
        # One of them is broken: find out which.
        separator = closing + b","
        pieces = span.split(separator)
        for piece in pieces[:-1]:
            yield from self.decode(piece + closing)
        yield from self.decode(pieces[-1])

    def last(self, closing: bytes) -> Iterator:
        """Give what stands after the last separator, whatever its layout, and the bracket."""
        end = self.buffer.rfind(closing)
        if end >= 0 and self.buffer[end + len(closing) :].strip().rstrip(b";").rstrip() == b"]":
            yield from self.span(self.buffer[: end + len(closing)], closing)
        else:
            yield from self.by_brackets()

    def cut_short(self, rest: bytes) -> Broken:
        return Broken(
            message("The file ends in the middle: it was cut. Ask for the archive again."),
            rest[:KEPT].decode("utf-8", "replace"),
        )

    # -- cutting anything else

    def by_brackets(self) -> Iterator:
        """Cut at commas outside strings and brackets, up to the array's own ``]``."""
        marks, seen = Marks(), 0
        while True:
            block = self.buffer[seen : seen + BLOCK]
            commas, end = marks.read(block, seen)
            if end is not None:
                yield from self.between(end, commas)
                self.buffer = self.buffer[end + 1 :]
                return
            seen += len(block)
            if commas:
                yield from self.between(commas[-1], commas[:-1])
                self.buffer = self.buffer[commas[-1] + 1 :]
                seen -= commas[-1] + 1
            elif len(self.buffer) > MAX_ELEMENT:
                yield self.too_long()
                return
            if seen == len(self.buffer) and not self.fill():  # its own ``]`` was not met
                yield self.cut_short(self.buffer)
                return

    def between(self, end: int, commas: list[int]) -> Iterator:
        """Give the elements before `end`, which stand between `commas`."""
        items = self.batch(b"[" + self.buffer[:end] + b"]")
        if items is not None:
            yield from items
            return
        # One of them is broken: find out which.
        start = 0
        for comma in (*commas, end):
            raw = self.buffer[start:comma].strip()
            start = comma + 1
            if raw:
                yield from self.decode(raw)
