"""What feeds may hold, so that elements that nobody knows are told.

RSS and Atom are open to any namespace. Those listed here are known as a whole, whether or not
anything of them is read; of the others each element is told.
"""

from __future__ import annotations

from collections import Counter

_MAX_NAMES = 1_000
_SPACES = (
    "http://purl.org/dc/", "http://purl.org/rss/1.0/modules/", "http://purl.org/syndication/",
    "http://wellformedweb.org/", "http://www.itunes.com/dtds/", "http://www.google.com/schemas/",
    "http://search.yahoo.com/mrss", "https://podcastindex.org/", "http://www.georss.org/",
    "https://github.com/podcastindex-org/", "http://www.w3.org/", "http://www.opengis.net/",
    "http://rssnamespace.org/feedburner/", "http://backend.userland.com/", "http://web.resource.org/",
    "http://creativecommons.org/", "http://cyber.law.harvard.edu/", "http://webns.net/",
    "http://a9.com/-/spec/opensearch", "http://webfeeds.org/", "http://www.youtube.com/",
    "http://gdata.youtube.com/", "http://schemas.google.com/", "http://podlove.org/",
    "http://www.rawvoice.com/", "https://www.spotify.com/", "http://www.spotify.com/",
    "http://madskills.com/", "http://prismstandard.org/", "http://purl.org/atom/ns",
    "http://rssboard.org/", "http://www.rssboard.org/", "com-wordpress:", "http://www.blogger.com/",
    "http://activitystrea.ms/", "http://portablecontacts.net/",
    "http://ostatus.org/", "http://purl.org/net/", "http://schema.org/", "https://schema.org/",
    "http://xmlns.com/", "http://www.pheedo.com/",
    "http://postrank.com/", "http://tools.search.yahoo.com/", "https://source.scripting.com/",
    "http://source.scripting.com/", "http://source.smallpict.com/", "http://www.apple.com/",
    "http://phobos.apple.com/",
)  # fmt: skip
_CORE = {
    "", "http://www.w3.org/2005/atom", "http://purl.org/atom/ns#", "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2", "http://backend.userland.com/rss091",
}  # fmt: skip
"""Namespaces of the formats themselves, in lower case."""


def _names(text: str) -> set[str]:
    return set(text.lower().split())


_PERSON = _names("name uri url email homepage")
_ABOUT = _names(
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate"
    " category generator docs cloud ttl image rating textInput skipHours skipDays item items"
    " author contributor id icon logo rights subtitle updated entry tagline modified info issued"
    " published created abstract lastMod self schedule"
)
_ENTRY = _names(
    "title link description author category comments enclosure guid pubDate source content"
    " contributor id published rights summary updated issued modified created abstract image logo"
    " language expirationDate copyright rating"
)
_INSIDE: dict[str, set[str]] = {
    "rss": {"channel", "item"}, "rdf": {"channel", "item", "image", "textinput"}, "channel": _ABOUT,
    "feed": _ABOUT, "item": _ENTRY, "entry": _ENTRY, "source": _ABOUT,
    "image": _names("title url link width height description"),
    "textinput": _names("title description name link"),
    "author": _PERSON, "contributor": _PERSON, "skiphours": {"hour"}, "skipdays": {"day"},
}  # fmt: skip
_MARKUP = _names(
    "title description summary subtitle tagline content rights info copyright abstract"
)
"""Texts in which markup may stand."""
_OPEN = _MARKUP | {"items", "schedule"}


class Unknown:
    """Counts the elements of a document that no standard names, where they stand.

    An element is `enter`-ed and `leave`-d as a reader meets it.
    """

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self._open: list[str | None] = []  # None: known, or told, as a whole

    def enter(self, space: str, name: str) -> None:
        """Begin an element of a namespace."""
        parent = self._open[-1] if self._open else ""
        here: str | None = None
        if parent is not None and space.lower() in _CORE:
            here = name.lower()
            if parent and here not in _INSIDE.get(parent, ()):
                here = self._tell(f"{parent}.{name}")
            elif here in _OPEN:
                here = None
        elif parent is not None and parent and not space.lower().startswith(_SPACES):
            self._tell(f"{parent}.{name} ({space})")
        elif not parent:
            here = "rdf" if name == "RDF" else None
        self._open.append(here)

    def _tell(self, name: str) -> None:
        if name in self.found or len(self.found) < _MAX_NAMES:
            self.found[name] += 1

    def leave(self) -> None:
        """End the element begun last."""
        if self._open:
            self._open.pop()
