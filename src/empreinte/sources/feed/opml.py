"""OPML 1.0 and 2.0 (http://opml.org/spec2.opml): a list of feeds someone follows."""

from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled, without stubs

from empreinte.language import message
from empreinte.model import RAW_LIMIT, Account, FileReport, Reject, Yielded
from empreinte.sources.feed.entries import PLATFORM, web_address

MAX_FEEDS = 100_000


def outlines(data: bytes, file: str) -> Iterator[Yielded]:
    """Yield an `Account`, met in passing, for each feed listed; mend broken XML where it can be.

    Folders are outlines without ``xmlUrl``; they are not kept.
    """
    met, seen = 0, set()
    reader = etree.iterparse(
        io.BytesIO(data), events=("end",), recover=True, resolve_entities=False, load_dtd=False,
        no_network=True, huge_tree=False,
    )  # fmt: skip
    remark = message(
        "A list of feeds; nothing was fetched. “empreinte follow” with an address fetches one."
    )
    try:
        for _event, element in reader:
            outline = {name.lower(): value for name, value in element.attrib.items()}
            is_feed = str(element.tag).lower() == "outline" and "xmlurl" in outline
            element.clear()
            if not is_feed or outline["xmlurl"] in seen:
                met += is_feed
                continue
            if met >= MAX_FEEDS:
                remark = message("More than {limit} feeds; the first ones were read.", limit=met)
                break
            seen.add(outline["xmlurl"])
            yield _feed(outline, met, file)
            met += 1
        if reader.error_log:
            remark = message(
                "Not well-formed XML ({cause}); it was read as far as it makes sense.",
                cause=reader.error_log[0].message,
            )
    except etree.XMLSyntaxError as error:
        remark = message(
            "Not well-formed XML ({cause}); it was read as far as it makes sense.", cause=error
        )
    yield FileReport(name=file, status="read", records=met, reason=remark)


def _feed(outline: dict[str, str], place: int, file: str) -> Account | Reject:
    address = web_address(outline["xmlurl"])
    if address is None:
        reason = message("{address} is no http or https address.", address=outline["xmlurl"])
        return Reject(file=file, place=place, reason=reason, raw=outline["xmlurl"][:RAW_LIMIT])
    return Account(
        file=file, place=place, platform=PLATFORM, id=address,
        name=outline.get("title") or outline.get("text") or None,
        url=web_address(outline.get("htmlurl")) or address,
        summary=outline.get("description") or None,
    )  # fmt: skip
