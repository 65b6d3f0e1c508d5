"""The tables of YouTube's part of a Takeout, told by their columns.

English columns as published copies of 2021 to 2025 hold them, in either case (``Channel Id``,
``Channel ID``); French ones are known of subscriptions and playlists, and put together after them
for the rest (``labels.toml``). Older playlists have a few lines on the playlist before the header.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.csv_rows import Row
from empreinte.formats.drift import Fields
from empreinte.formats.labels import Labels, load

HEAD = 8 << 10

TABLES: dict[str, Fields] = {
    "live_chats": Fields(
        "live_chat_id channel_id live_chat_created video_id live_chat_text", "price"
    ),
    "comments": Fields(
        "comment_id channel_id comment_created comment_text",
        "price parent_id post_id video_id top_level_id",
    ),
    "songs": Fields("video_id song_title", "album_title artist"),
    "videos": Fields(
        "video_id video_title video_privacy",
        "video_duration video_language video_category video_description channel_id tag "
        "video_title_language video_description_language video_state video_created "
        "video_published",
    ),
    "playlist_items": Fields("video_id added"),
    "playlists": Fields(
        "playlist_id playlist_title",
        "playlist_created playlist_updated playlist_visibility playlist_order "
        "playlist_new_first playlist_title_language playlist_description channel_id",
    ),
    "channel": Fields(
        "channel_id channel_title channel_visibility", "channel_country channel_url tag"
    ),
    "handles": Fields("channel_id channel_handle"),
    "subscriptions": Fields("channel_id channel_title", "channel_url"),
}
"""What each kind of table holds, the most telling first: the first that fits is it."""


def words() -> Labels:
    """Give the words of YouTube's tables."""
    return load("empreinte.sources.google.youtube")


def meaning(column: str) -> str:
    """Give what a column means, its own name where that is not known."""
    read = words().read(column)
    return read[0] if read and read[0] != "videos_of" else column


def kind_of(columns: Iterable[str]) -> str | None:
    """Tell which table has these columns."""
    found = {meaning(column) for column in columns}
    for kind, fields in TABLES.items():
        if fields.needed <= found:
            return kind
    return None


def header(export: Container, name: str) -> tuple[str | None, list[str]]:
    """Give the kind of a table and the columns of its header, as they are written.

    Raises
    ------
    ContainerError
        If the file cannot be read.
    """
    head = export.head(name, HEAD).decode("utf-8-sig", "replace").splitlines()
    try:
        for cells in csv.reader(head[:20]):
            columns = [cell.strip() for cell in cells]
            kind = kind_of(columns)
            if kind == "playlists" and any("video" in line.lower() for line in head[1:8]):
                continue  # an old playlist: this is what stands before its own header
            if kind is not None:
                return kind, columns
    except csv.Error as error:
        raise ContainerError(
            "{name} is not a table that can be read ({cause}).", name=name, cause=error
        ) from error
    return None, []


class Cells(dict[str, str]):
    """One row by what its columns mean; `place` is its index and `cells` its text."""

    __slots__ = ("cells", "place")

    place: int
    cells: list[str]

    @property
    def raw(self) -> str:
        """The row as it was written, as far as is kept of it."""
        return ",".join(self.cells)[:2000]

    def many(self, meaning: str) -> list[str]:
        """Give the cells of columns that differ by a number alone (``Tag 1``, ``Tag 2``)."""
        return [value for name, value in self.items() if name.startswith(f"{meaning} ") and value]


def names_of(columns: Iterable[str]) -> list[str]:
    """Give the name of each column in `Cells`: its meaning."""
    names = map(meaning, columns)
    return [f"{name} {n}" if name in ("tag", "artist") else name for n, name in enumerate(names)]


def cells(row: Row, names: Iterable[str]) -> Cells:
    """Give a row by the names of its columns."""
    found = Cells(zip(names, row.cells, strict=False))
    found.place, found.cells = row.place, row.cells
    return found
