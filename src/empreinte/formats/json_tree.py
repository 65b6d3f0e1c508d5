"""Values deep inside a large JSON document, one at a time, in constant memory.

`json_array` reads an array at the top of a document; here arrays lie at any depth and a
document may be a gigabyte. What is not asked for is stepped over.

Elements are decoded a buffer at a time. Where they stand on lines of their own it is cut where one
seems to end and the piece put in brackets: a wrong cut, in a string or in an inner object, cannot
make valid JSON, so what decodes was cut rightly (some 250 MB/s, as fast as decoding the whole).
Elsewhere it is cut at the commas that `marks.Marks` finds (some 120 MB/s). Where neither
decodes, elements are cut one by one (some 50 MB/s), and a broken one is given as `Broken`. What is
stepped over passes at some 130 MB/s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Any

import msgspec

from empreinte.errors import ContainerError
from empreinte.formats.byte_order import unmarked
from empreinte.formats.json_array import BLOCK, KEPT, Broken
from empreinte.formats.lenient import FAILS, LOST, Bad, mend
from empreinte.formats.marks import Marks
from empreinte.language import message

CHUNK = 1 << 20
MAX_VALUE = 16 << 20
"""Bytes of one value."""

Path = tuple[str, ...]
"""Keys from the top of the document; an element of an array stands under ``"*"``."""

INSIDE, EACH, WHOLE, SKIP = "inside", "each", "whole", "skip"
"""What may be asked of a value: to go into it, its elements, itself, nothing."""

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+'
_TOKEN = re.compile(rb"\s*+(" + _STRING + rb'(?P<end>"?)|[\[\]{},:]|[^\s\[\]{},:"]++)', re.DOTALL)
_FLAT = rb'(?:[^"\[\]{}]++|' + _STRING + rb'")*+'
_RUN = re.compile(
    rb'(?:[^"\[\]{}]++|' + _STRING + rb'"|\{' + _FLAT + rb"\}|\[" + _FLAT + rb"\])*+", re.DOTALL
)
"""What can be stepped over at once: no bracket but those of flat objects and arrays."""
_COMMA = re.compile(_STRING + rb'(?P<end>"?)|[\[\]{},]', re.DOTALL)


class End(msgspec.Struct, frozen=True):
    """Comes after the elements of an array: how many there were, broken ones too."""

    count: int


class Other(msgspec.Struct, frozen=True):
    """Stands for a value that is not of the kind asked for (null is none): the start of its text.

    An array or object was asked for, to go into it, and something else stands there.
    """

    raw: str


class Walk(Iterator[tuple[Path, Any]]):
    """The values of a document, see `walk`."""

    def __init__(self, reader: _Reader) -> None:
        self._reader, self._found = reader, reader.document()

    def __iter__(self) -> Iterator[tuple[Path, Any]]:
        return self._found

    def __next__(self) -> tuple[Path, Any]:
        return next(self._found)

    def text(self) -> str:
        """Give the start of the text of the value given last."""
        return self._reader.text()


def walk(stream: IO[bytes], ask: Callable[[Path], str], bad: Bad | None = None) -> Walk:
    """Give the values of a document that are asked for, in order, each with its path.

    Parameters
    ----------
    stream : binary stream
    ask : function of a path
        What is wanted of the value there: `INSIDE`, `EACH` (its elements, objects, then an `End`),
        `WHOLE` or `SKIP`.
    bad : function of str and object, optional
        Told of texts in a value that no text can hold (see `lenient.mend`). Without it such a value
        is `Broken`.

    Returns
    -------
    Walk over pairs of a path and a value, `Broken`, `End` or `Other`

    Raises
    ------
    ContainerError
        If the document is no JSON, was cut, or holds a value of more than `MAX_VALUE` bytes.
    """
    return Walk(_Reader(stream, ask, bad))


class _Reader:
    def __init__(self, stream: IO[bytes], ask: Callable[[Path], str], bad: Bad | None) -> None:
        self.stream, self.ask, self.bad = stream, ask, bad
        self.array, self.place = b"", -1
        self.buffer, self.at, self.block = b"", 0, BLOCK
        self.many = msgspec.json.Decoder(list[dict[str, Any]])
        self.fill()
        self.buffer = unmarked(self.buffer)

    def fill(self) -> bool:
        """Drop what was read, add a chunk; tell whether there was one."""
        self.buffer, self.at = self.buffer[self.at :], 0
        if len(self.buffer) > MAX_VALUE:
            raise ContainerError(
                "A value is longer than {limit} bytes; what follows it in the file was not read.",
                limit=MAX_VALUE,
            )
        chunk = self.stream.read(CHUNK)
        self.buffer += chunk
        return bool(chunk)

    def token(self) -> bytes:
        """Take the next token: a mark, a string, a number or a word."""
        while True:
            found = _TOKEN.match(self.buffer, self.at)
            if found and found["end"] != b"" and found.end() < len(self.buffer):
                break
            if not self.fill():
                found = _TOKEN.match(self.buffer, self.at)
                if found is None or found["end"] == b"":
                    raise self.cut()
                break
        self.at = found.end()
        return found[1]

    def peek(self) -> bytes:
        """Give the first byte of the next token."""
        while True:
            while self.at < len(self.buffer):
                first = self.buffer[self.at : self.at + 1]
                if not first.isspace():
                    return first
                self.at += 1
            if not self.fill():
                raise self.cut()

    def cut(self) -> ContainerError:
        return ContainerError("The file ends in the middle: it was cut. Ask for the archive again.")

    def wrong(self, met: bytes) -> ContainerError:
        shown = met[:20].decode("utf-8", "replace")
        return ContainerError(
            "Not the JSON expected (at {text}). The file may have been cut or edited.", text=shown
        )

    def text(self) -> str:
        """Give the start of the text of the value given last."""
        here: bytes | memoryview = self.array
        if self.place >= 0:
            here = memoryview(msgspec.json.decode(self.array, type=list[msgspec.Raw])[self.place])
        return bytes(here[:KEPT]).decode("utf-8", "replace")

    def document(self) -> Iterator[tuple[Path, Any]]:
        yield from self.value(())
        self.finish()

    def finish(self) -> None:
        """See that nothing stands behind the document."""
        while not (rest := self.buffer[self.at :].strip()):
            self.at = len(self.buffer)
            if not self.fill():
                return
        raise self.wrong(rest)

    # -- values

    def value(self, path: Path) -> Iterator[tuple[Path, Any]]:
        wish, first = self.ask(path), self.peek()
        if wish == WHOLE:
            yield path, self.read(self.raw(), Any)
        elif wish == EACH and first == b"[":
            self.token()
            yield from self.elements(path)
        elif wish == INSIDE and first == b"{":
            self.token()
            yield from self.members(path)
        elif wish == INSIDE and first == b"[":
            self.token()
            while self.peek() != b"]":
                yield from self.value((*path, "*"))
                self.separator(b"]")
            self.token()
        elif wish == SKIP or first == b"n":
            self.raw(keep=False)
        else:
            start = self.buffer[self.at : self.at + KEPT]
            self.raw(keep=False)
            yield path, Other(start.decode("utf-8", "replace"))

    def members(self, path: Path) -> Iterator[tuple[Path, Any]]:
        while (key := self.token()) != b"}":
            if key[:1] != b'"':
                raise self.wrong(key)
            colon = self.token()
            if colon != b":":
                raise self.wrong(colon)
            yield from self.value((*path, _text(key)))
            self.separator(b"}")

    def separator(self, closing: bytes) -> None:
        """Take a comma, or see that the object or array closes."""
        if self.peek() != closing:
            mark = self.token()
            if mark != b",":
                raise self.wrong(mark)

    def raw(self, keep: bool = True) -> bytes:
        """Take one value; give its text if it is to be kept."""
        if self.peek() not in b"[{":
            token = self.token()
            if token in b"]},:":
                raise self.wrong(token)
            return token
        depth, at = 1, self.at + 1
        while True:
            run = _RUN.match(self.buffer, at)
            at = run.end() if run else at
            mark = self.buffer[at : at + 1]
            if mark in (b"", b'"'):  # the buffer ends, in a string or not
                if not keep:
                    self.at = at
                at -= self.at
                if not self.fill():
                    raise self.cut()
                continue
            at += 1
            depth += 1 if mark in b"[{" else -1
            if not depth:
                raw = self.buffer[self.at : at] if keep else b""
                self.at = at
                return raw

    # -- elements of an array

    def elements(self, path: Path) -> Iterator[tuple[Path, Any]]:
        """Give what stands up to the array's own ``]``."""
        count, layout, self.block = 0, self.layout(), BLOCK // 128
        while True:
            batch = self.by_lines(*layout) if layout else self.by_marks()
            if batch is None:
                for item in self.slowly():
                    yield path, item
                    count += 1
            else:
                count += len(batch)
                for self.place, item in enumerate(batch):
                    yield path, item
            if self.peek() == b"]":
                self.token()
                yield path, End(count)
                return

    def layout(self) -> tuple[bytes, re.Pattern[bytes]] | None:
        """Tell how elements of this array seem to end, and the array; ``None`` if not on lines."""
        self.peek()
        before = self.buffer[max(0, self.at - 200) : self.at]
        line = before.rfind(b"\n")
        if line < 0 or not before[line:].isspace():
            return None
        indent = before[line + 1 :]
        outer = rb"\}\s*+\n[ \t]{0,%d}\]" % max(0, len(indent) - 1)
        return b"\n" + indent + b"},", re.compile(outer)

    def by_lines(self, separator: bytes, closing: re.Pattern[bytes]) -> list[dict[str, Any]] | None:
        """Decode all elements that the buffer holds; ``None`` where no cut gives JSON."""
        if len(self.buffer) - self.at < CHUNK // 2:
            self.fill()
        found = closing.search(self.buffer, self.at)
        ends = [found.start() + 1] if found else []
        last = self.buffer.rfind(separator, self.at)
        if last >= 0 and not found:
            ends.append(last + len(separator) - 1)
        return next((items for end in ends if (items := self.batch(end)) is not None), None)

    def by_marks(self) -> list[dict[str, Any]] | None:
        """Decode the elements of a block, cut at the commas outside brackets and strings.

        The first blocks of an array are small: most arrays are, and what follows one is not its.
        """
        while True:
            self.block = min(4 * self.block, BLOCK)
            if len(self.buffer) - self.at < self.block:
                self.fill()
            commas, end = Marks().read(self.buffer[self.at : self.at + self.block], self.at)
            end = commas[-1] if commas and end is None else end
            if end is not None:
                return self.batch(end)
            if self.block == BLOCK:
                return None

    def batch(self, end: int) -> list[dict[str, Any]] | None:
        """Decode the elements before `end`; ``None`` where it is no end or one is broken."""
        array = b"[" + self.buffer[self.at : end] + b"]"
        try:
            items = self.many.decode(array)
        except FAILS:
            return None
        self.array = array
        self.at = end
        if self.peek() == b",":
            self.at += 1
        return items

    def slowly(self) -> Iterator[dict[str, Any] | Broken]:
        """Cut elements one by one, to the end of the array or of what the buffer held."""
        enough = len(self.buffer) - self.at
        while enough > 0 and self.peek() != b"]":
            raw = self.element()
            enough -= len(raw) + 1
            if raw.strip():
                yield self.read(raw.strip(), dict[str, Any])

    def read(self, raw: bytes, type: Any) -> Any:
        """Decode one value, as well as can be."""
        self.array, self.place = raw, -1
        try:
            return msgspec.json.decode(raw, type=type)
        except FAILS as error:
            read = LOST if self.bad is None else mend(raw, type, self.bad)
            return self.broken(raw, error) if read is LOST else read

    def element(self) -> bytes:
        """Take what stands before the next comma of the array, or before its end."""
        depth, at = 0, self.at
        while True:
            found = _COMMA.search(self.buffer, at)
            if found is None or found["end"] == b"":
                at = (found.start() if found else len(self.buffer)) - self.at
                if not self.fill():
                    raise self.cut()
                continue
            mark, at = found[0], found.end()
            if mark in (b"{", b"["):
                depth += 1
            elif not depth and mark in (b",", b"]", b"}"):
                raw = self.buffer[self.at : found.start()]
                self.at = at if mark == b"," else found.start()
                if mark == b"}":
                    raise self.wrong(mark)
                return raw
            elif mark in (b"}", b"]"):
                depth -= 1

    def broken(self, raw: bytes, cause: object) -> Broken:
        return Broken(
            message(
                "Not an item of the expected form ({cause}); its text is kept as it is.",
                cause=cause,
            ),
            raw[:KEPT].decode("utf-8", "replace"),
        )


def _text(key: bytes) -> str:
    try:
        return msgspec.json.decode(key, type=str)
    except FAILS:
        return key[1:-1].decode("utf-8", "replace")
