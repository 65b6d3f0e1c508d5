"""What was watched, searched and done on YouTube: entries to records.

``watch-history``, ``search-history`` and YouTube's part of My Activity hold the same acts: each
gives the same record whichever file it comes from, so that one is kept of two.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.model import Account, Activity, Trace, Yielded
from empreinte.sources.google.entries import Entry
from empreinte.sources.google.names import (
    OWNER,
    YOUTUBE,
    channel_id,
    clip,
    on_youtube,
    post_id,
    video_id,
)
from empreinte.sources.google.said import Said, said

MAX_CHANNELS = 200_000
"""Channels that are remembered as told already; beyond, one may be told twice."""
_ACTS = {"liked": "Like", "disliked": "Dislike", "subscribed": "Follow", "saved": "Add"}
_VIEWS = {"watched", "removed"}
"""What the page says was seen; a survey, a vote, a share or a report of a video is no view."""
_TEXT = 2_000


class History:
    """Reads the entries of one file.

    Parameters
    ----------
    file : str
    own : set of str
        Ids of the owner's own channels, where they are known.
    watch : Watch
        Counts the titles about a video that have no known form.
    """

    def __init__(self, file: str, own: frozenset[str], watch: Watch) -> None:
        self.file = file
        self.own = own
        self.watch = watch
        self.told: set[str] = set()

    def records(self, entry: Entry) -> Iterator[Yielded]:
        """Give what one entry tells.

        Raises
        ------
        RecordError
            If it bears no date, or says nothing.
        """
        if not entry.title and not entry.url:
            raise RecordError("The item is empty: it names neither what was done nor where.")
        tells = said(entry)
        if entry.is_ad or tells.verb == "home_ad":
            yield self._ad(entry, tells)
        elif tells.verb == "searched":
            yield self._trace(entry, "search", tells.what, {"from": "youtube"})
        elif tells.verb in _ACTS and (self._subject(tells) is not None):
            yield from self._act(entry, tells)
        elif tells.verb in _VIEWS or (tells.verb == "listened" and video_id(tells.url)):
            yield from self._view(entry, tells)
        else:
            if tells.verb is None and video_id(tells.url):
                self.watch.bad("title", entry.title)  # a view, or something else: it is not said
            detail = {"from": "youtube", "verb": tells.verb, "url": tells.url}
            yield self._trace(
                entry, "activity", tells.what or entry.title or entry.url or "", detail
            )

    def _view(self, entry: Entry, tells: Said) -> Iterator[Yielded]:
        author = yield from self._author(entry)
        music = entry.header == "YouTube Music" or "//music." in (tells.url or "")[:20]
        named = tells.what if tells.verb != "removed" and tells.what != tells.url else None
        yield Activity(
            platform=YOUTUBE, type="View", actor_id=OWNER,
            object_id=video_id(tells.url) or post_id(tells.url), object_author=author,
            published=entry.at, content=clip(named, _TEXT) if named else None,
            url=clip(tells.url, _TEXT) if tells.url else None, via="music" if music else None,
            file=self.file, place=entry.place,
        )  # fmt: skip

    def _act(self, entry: Entry, tells: Said) -> Iterator[Yielded]:
        follows = tells.verb == "subscribed"
        subject = self._subject(tells)
        assert subject is not None  # asked before
        author = None if follows else (yield from self._author(entry))
        if follows:
            yield from self._account(subject, tells.what)
        yield Activity(
            platform=YOUTUBE, type=_ACTS[tells.verb or ""], actor_id=OWNER, object_id=subject,
            object_type="account" if follows else "post", object_author=author,
            published=entry.at, content=None if follows else clip(tells.what, _TEXT),
            url=clip(tells.url, _TEXT) if tells.url else None,
            via="playlist" if tells.verb == "saved" else None,
            file=self.file, place=entry.place,
        )  # fmt: skip

    def _subject(self, tells: Said) -> str | None:
        if tells.verb == "subscribed":
            return channel_id(tells.url)
        return video_id(tells.url) or post_id(tells.url)

    def _author(self, entry: Entry) -> Iterator[Yielded]:
        """Give who made the video; yield their account the first time."""
        for line in entry.subtitles:
            id = channel_id(line.url)
            if id is not None:
                if id in self.own:
                    return OWNER
                yield from self._account(id, line.name or "")
                return id
        return None

    def _account(self, id: str, name: str) -> Iterator[Yielded]:
        if id in self.told or id in self.own:
            return
        if len(self.told) < MAX_CHANNELS:
            self.told.add(id)
        yield Account(
            platform=YOUTUBE, id=id, name=clip(name) or None,
            handle=id if id.startswith("@") else None,
            url=f"https://www.youtube.com/{'' if id[0] == '@' or '/' in id else 'channel/'}{id}",
            file=self.file, place=0,
        )  # fmt: skip

    def _ad(self, entry: Entry, tells: Said) -> Trace:
        by = next((line for line in entry.subtitles if channel_id(line.url)), None)
        engaged = tells.verb in ("visited", "clicked") and not on_youtube(tells.url)
        detail = {
            "from": "youtube", "video": video_id(tells.url), "url": tells.url,
            "advertiser": by.name if by else None,
            "advertiser_channel": channel_id(by.url) if by else None,
        }  # fmt: skip
        label = tells.what if tells.verb != "removed" else ""
        return self._trace(entry, "ad_engagement" if engaged else "ad_impression", label, detail)

    def _trace(self, entry: Entry, kind: str, label: str, detail: dict[str, str | None]) -> Trace:
        return Trace(
            platform=YOUTUBE, account_id=OWNER, kind=kind, label=clip(label), at=entry.at,
            detail={name: clip(value) for name, value in detail.items() if value},
            file=self.file, place=entry.place,
        )  # fmt: skip
