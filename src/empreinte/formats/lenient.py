"""Reading what can be read of a JSON record that is not of the form expected of it.

msgspec decodes a record whole or not at all: a counter of ``1.5`` or half an emoji in one text
would cost all the others. A record that fails is read here once more, field by field, and only
those that cannot be read are left out, each told. Nothing else pays for it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

Bad = Callable[[str, object], None]
"""Is told of each field that cannot be read: its name (``entities.hashtags``) and what it holds, as
a `Kept` where that is kept all the same, but for some letters."""

FAILS = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
"""What msgspec raises of JSON that it cannot decode."""

_DIGITS = 19
"""Of a number; longer ones stay texts, which no field of numbers takes."""


class Kept(str):
    """A text that is kept, but for letters that cannot be read: U+FFFD stands for them."""

    __slots__ = ()


class _Lost:
    """Stands for a value that could not be read."""


LOST = _Lost()


def mend(raw: bytes, type: Any, bad: Bad) -> Any:
    """Read a JSON value as `type`, without the fields that cannot be read.

    Where a field is null its default stands: nothing was told. A bad item costs a list that item. A
    lone surrogate is shown as U+FFFD: the rest of a text is kept, and its field is told.

    Parameters
    ----------
    raw : bytes
        The text of the value.
    type : type
        A `msgspec.Struct`, or any other that `msgspec.convert` takes.
    bad : function of str and object
        Told of each field left out, if the value is given.

    Returns
    -------
    object or LOST
        `LOST` where it is no JSON, no object where one is expected, or lacks a field it cannot be
        without.

    >>> class Post(msgspec.Struct):
    ...     id: str
    ...     likes: int | None = None
    ...     tags: list[str] | None = None
    >>> mend(b'{"id": "1", "likes": "many", "tags": ["a", 2]}', Post, print)
    likes many
    tags 2
    Post(id='1', likes=None, tags=['a'])
    >>> mend(b'{"id": 1, "likes": 2}', Post, print) is LOST
    True
    """
    told: list[tuple[str, object]] = []

    def note(name: str, value: object) -> None:
        told.append((name, value))

    try:
        read = _as(_whole(plain(raw), "", note), type, "", note)
    except (ValueError, RecursionError):
        return LOST
    for name, value in told if read is not LOST else ():
        bad(name, value)
    return read


def plain(raw: bytes) -> Any:
    """Decode JSON that msgspec refuses: half a pair of surrogates, a bare line break in a text.

    Numbers out of range are given as they are written.

    Raises
    ------
    ValueError, RecursionError
        If it is no JSON all the same.
    """
    return json.loads(
        raw.decode("utf-8", "replace"), strict=False, parse_constant=str,
        parse_int=lambda text: int(text) if len(text) <= _DIGITS else text,
        parse_float=lambda text: number if math.isfinite(number := float(text)) else text,
    )  # fmt: skip


def _whole(value: Any, path: str, bad: Bad) -> Any:
    """Give a value whose texts can all be kept; tell of those that were not."""
    if isinstance(value, str):
        if value.isascii():
            return value
        kept = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if kept != value:
            bad(path, Kept(kept))
        return kept
    if isinstance(value, list):
        return [_whole(item, path, bad) for item in value]
    if isinstance(value, dict):
        return {
            _whole(key, path, bad): _whole(inner, _below(path, key), bad)
            for key, inner in value.items()
        }
    return value


def _as(value: Any, type: Any, path: str, bad: Bad) -> Any:
    """Convert a value; `LOST` where nothing of it can be read, which is then told."""
    try:
        return msgspec.convert(value, type)
    except msgspec.ValidationError:
        pass
    form = _form(type, value)
    if form is msgspec.Raw:
        return msgspec.Raw(msgspec.json.encode(value))
    kind, inner = get_origin(form) or form, get_args(form)
    if isinstance(value, dict) and kind is dict:
        read = {key: _as(each, inner[1], _below(path, key), bad) for key, each in value.items()}
        return {key: each for key, each in read.items() if each is not LOST}
    if isinstance(value, dict) and kind is not None:
        read = _struct(value, kind, path, bad)
    elif isinstance(value, list) and kind is not None:
        items = [_as(each, inner[0], path, bad) for each in value]
        return kind(item for item in items if item is not LOST)
    else:
        read = LOST
    if read is LOST:
        bad(path, value)
    return read


def _struct(value: dict[str, Any], form: Any, path: str, bad: Bad) -> Any:
    read: dict[str, Any] = {}
    for field in msgspec.structs.fields(form):
        here = value.get(field.encode_name)
        if here is not None or field.required:
            read[field.name] = _as(here, field.type, _below(path, field.encode_name), bad)
        if field.required and read.get(field.name, LOST) is LOST:
            return LOST
    return form(**{name: each for name, each in read.items() if each is not LOST})


def _form(type: Any, value: Any) -> Any:
    """Give the member of a union that is of the kind of `value`, ``None`` where none is."""
    if get_origin(type) is Annotated:
        type = get_args(type)[0]
    if get_origin(type) in (Union, UnionType):
        found = (form for each in get_args(type) if (form := _form(each, value)) is not None)
        return next(found, None)
    kind = get_origin(type) or type
    if kind is msgspec.Raw:
        return kind
    if isinstance(value, dict):
        structs = isinstance(kind, msgspec.StructMeta) and not kind.__struct_config__.array_like
        return type if structs or (kind is dict and get_args(type)) else None
    repeats = kind is list or (kind is tuple and get_args(type)[1:] == (...,))
    return type if isinstance(value, list) and repeats and get_args(type) else None


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
