r"""The arrays of a long document, each as a stream of its own.

Google writes ``Records.json`` and ``Timeline.json`` over many lines, by indentation. A raw line
break cannot stand inside a JSON string, so a key at the margin's indentation is one of the
document's own, and its array ends at the first bracket that stands there again: both are found
by looking for bytes, at the speed of memory. `elements` then decodes whole buffers.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO

from empreinte.formats.byte_order import unmarked

_CHUNK = 1 << 20
_MARGIN = re.compile(rb'\s*\{[ \t]*(\r?\n)([ \t]{1,16})"')
_REACH = 256
"""Bytes between a key and the line after its bracket, at most."""
_MOST_KEYS = 1_000


def array(stream: IO[bytes], key: str) -> Array | None:
    """Give the array under `key` at the document's top level as a stream that begins with ``[``.

    Parameters
    ----------
    stream : binary stream
        At the beginning of the document.

    Returns
    -------
    Array or None
        ``None`` where the document is not written by indentation, or the key was not met; it may
        be there in another form.
    """
    head = stream.read(_CHUNK)
    margin = _MARGIN.match(unmarked(head))
    if margin is None:
        return None
    line, indent = margin[1], margin[2]
    opening = re.compile(
        re.escape(line + indent + f'"{key}"'.encode())
        + rb"[ \t]{0,8}:[ \t]{0,8}\[[ \t]{0,8}(\{?)[ \t]{0,8}(\r?\n)"
    )
    window, keys = head, _Keys(line + indent)
    while (found := opening.search(window)) is None:
        chunk = stream.read(_CHUNK)
        if not chunk:
            return None
        keys.look(window)
        window = window[-_REACH:] + chunk
    keys.look(window[: found.end()])
    inside = window[found.start(2) :]
    if found[1]:
        # "[{" on one line: the braces that close stand at the key's own indentation.
        closing = line + indent + b"}"
        begin = b"[" + line + indent + b"{"
        return Array(begin, inside, stream, closing + b"]", closing + line + b"]", keys)
    end = line + indent + b"]"
    return Array(b"[", inside, stream, end, end, keys)


class _Keys:
    """The keys at the margin of a document, at most `_MOST_KEYS`."""

    def __init__(self, margin: bytes) -> None:
        self._key = re.compile(re.escape(margin) + rb'"([^"\\\n]{1,100})"[ \t]{0,8}:')
        self.found: dict[bytes, None] = {}

    def look(self, window: bytes) -> None:
        if len(self.found) < _MOST_KEYS:
            self.found.update(dict.fromkeys(self._key.findall(window)))


class Array(io.RawIOBase):
    """What stands from an opening bracket to the mark that ends it."""

    def __init__(
        self, begin: bytes, inside: bytes, rest: IO[bytes], mark: bytes, end: bytes, keys: _Keys
    ) -> None:
        self._ready = begin
        self._window = inside
        self._rest = rest
        self._mark = mark
        self._end = end
        self._keys = keys
        self._done = False

    def readable(self) -> bool:
        return True

    def _fill(self) -> None:
        at = self._window.find(self._mark)
        if at >= 0:
            self._ready += self._window[:at] + self._end
            self._window, self._done = self._window[at:], True
            return
        keep = len(self._mark) - 1
        self._ready += self._window[:-keep]
        self._window = self._window[-keep:]
        chunk = self._rest.read(_CHUNK)
        if chunk:
            self._window += chunk
        else:
            self._ready += self._window  # cut short: whoever reads the elements tells
            self._window, self._done = b"", True

    def margin_keys(self) -> Iterator[str]:
        """Give the keys of the document, once the array has been read."""
        window = self._window
        while window:
            self._keys.look(window)
            chunk = self._rest.read(_CHUNK)
            window = window[-_REACH:] + chunk if chunk else b""
        for name in self._keys.found:
            yield name.decode("utf-8", "replace")

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes; nothing only at the end."""
        while not self._done and (size < 0 or len(self._ready) < size):
            self._fill()
        if size < 0:
            size = len(self._ready)
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
