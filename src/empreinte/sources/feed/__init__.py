"""Feeds: RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom, CDF, JSON Feed, and OPML lists of feeds.

A feed is a channel (`Account`); its entries are posts on it. Documents are recognised by what
they hold, never by their name alone. The formats: https://www.rssboard.org/rss-specification,
RFC 4287 (Atom), https://www.jsonfeed.org/version/1.1/, http://opml.org/spec2.opml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from empreinte.container import Container, is_media
from empreinte.errors import ContainerError
from empreinte.language import _
from empreinte.model import FileReport, Yielded
from empreinte.sources.feed.sniff import HEAD, form_of

NAME = "feed"
VERSION = 2
SEEN = "real"
LANGUAGES = ()

MAX_BYTES = 16 << 20
"""The longest feed that is read; podcasts of twenty years take about 10 MB."""

_NAMES = r".*\.(xml|rss|rss2|rdf|atom|cdf|json|opml|feed|rss\.xml|ashx|php|txt)"


def title() -> str:
    """Give the name of the format, translated."""
    return _("Feed (RSS, Atom, JSON Feed) or list of feeds (OPML)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("authors"), _("tags and categories"), _("lists of feeds"),
    )  # fmt: skip


def how_to_get() -> str:
    """Tell how to get one, translated."""
    return _(
        "Most blogs, podcasts and newspapers have a feed: look for “RSS” at the foot of the page, "
        "or run “empreinte follow” with its address. A feed reader exports its list of feeds as "
        "an OPML file."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the files that are feeds or lists of feeds, going by their first kilobytes.

    A WordPress export is RSS too: its own source reads it.
    """
    single = len(export.members) == 1
    for name in export.names() if single else export.names(_NAMES):
        if not is_media(name) and form_of(export.head(name, HEAD)) is not None:
            yield name


def read(export: Container) -> Iterable[Yielded]:
    """Read every feed under the container's root."""
    from empreinte.sources.feed.document import read_document

    for member in export.members:
        try:
            form = form_of(export.head(member.name, HEAD))
            if form is None:
                continue
            data = export.read(member.name, MAX_BYTES)
        except ContainerError as error:
            yield FileReport(name=member.name, status="failed", reason=error.message)
            continue
        yield from read_document(data, form, member.name, member.modified or export.modified)
