"""Members that are not JSON or CSV, taken apart as trees: XML, and repositories in a CAR file.

An element of XML is an object: ``"@name"`` an attribute, ``""`` its text, and under each name the
list of its elements, in that order. A repository is an object of lists: the records of each
collection.
"""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled, without stubs

from empreinte.sources.bluesky.car import Blocks, walk
from empreinte.testing.bluesky import car, commit
from empreinte.testing.documents import Document, Place
from empreinte.testing.life import FIRST_EXPORT


def taken_apart(name: str, body: bytes) -> Document:
    """Take a member apart as its format asks for."""
    if name.endswith(".car"):
        return Repository(body)
    if body.lstrip().startswith(b"<"):
        return Markup(body)
    return Document(name, body)


def spoilt(document: Document, place: Place, value: Any) -> bytes | None:
    """Write a member with `value` at `place`; ``None`` where its format cannot hold it."""
    try:
        return document.put(place, value)
    except (ValueError, TypeError, OverflowError):
        return None


class Markup(Document):
    """An XML document; comments and declarations are left out."""

    def __init__(self, body: bytes) -> None:
        root = etree.fromstring(body, etree.XMLParser(remove_comments=True))
        self.root = _name(root)
        self.spaces = {f"xmlns:{p}" if p else "xmlns": uri for p, uri in root.nsmap.items()}
        self.value = _element(root)

    def bytes(self, value: Any) -> bytes:
        """Write it again, with another value."""
        spaces = {f"@{name}": uri for name, uri in self.spaces.items()}
        return _written(self.root, {**spaces, **value}).encode()


def _name(element: Any) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name


def _element(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in element.attrib.items():
        short = etree.QName(name)
        space = "xml:" if short.namespace else ""
        found[f"@{space}{short.localname}"] = value
    if element.text and element.text.strip():
        found[""] = element.text
    for child in element:
        found.setdefault(_name(child), []).append(_element(child))
    return found


def _written(name: str, value: Any) -> str:
    if not isinstance(value, dict):
        return f"<{name}>{escape(str(value))}</{name}>"
    said, inside = "", ""
    for part, each in value.items():
        if (part.startswith("@") or not part) and not isinstance(each, str | int | float):
            raise TypeError("An attribute or a text of XML is no object.")
        if part.startswith("@"):
            said += f" {part[1:]}={quoteattr(str(each))}"
        elif not part:
            inside += escape(str(each))
        else:
            inside += "".join(
                _written(part, one) for one in (each if isinstance(each, list) else [each])
            )
    return f"<{name}{said}>{inside}</{name}>"


class Repository(Document):
    """A repository of Bluesky, made anew by the generator for each change."""

    def __init__(self, body: bytes) -> None:
        blocks = Blocks(io.BytesIO(body), "repo.car")
        top = blocks.record(blocks.root)
        self.who = top["did"]
        self.keys: dict[str, list[str]] = {}
        self.value = {}
        for entry in walk(blocks, top["data"]):
            collection, _slash, key = entry.key.partition("/")
            self.keys.setdefault(collection, []).append(key)
            self.value.setdefault(collection, []).append(entry.record)
        blocks.close()

    def bytes(self, value: Any) -> bytes:
        """Write it again, with other records."""
        held = {
            f"{collection}/{key}": record
            for collection, records in value.items()
            for key, record in zip(self.keys[collection], records, strict=True)
        }
        blocks: dict[bytes, bytes] = {}
        return car(commit(blocks, self.who, held, FIRST_EXPORT), blocks)
