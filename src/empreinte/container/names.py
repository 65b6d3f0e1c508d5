"""Names of members: made safe and alike, and what a name alone tells."""

from __future__ import annotations

import re
import unicodedata

from empreinte.language import Message, message

_SYSTEM = re.compile(r"(?:^|/)(?:\._|(?:\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX)(?:/|$))")
_ORDINARY = re.compile(r"(?!\.{0,2}/)(?!.:)[ -\[\]-~]{1,1000}")
_DOTS = re.compile(r"/\.{0,2}(?:/|$)")
ARCHIVE = re.compile(r"\.(zip|tar|tgz|gz)$", re.IGNORECASE)
_UNFINISHED = re.compile(r"\.(crdownload|part|partial|download|opdownload)$", re.IGNORECASE)

_MEDIA = re.compile(
    r"\.(jpe?g|png|gif|webp|heic|avif|svg|ico|mp4|m4v|mov|webm|avi|mkv|mp3|m4a|ogg|opus|wav|aac"
    r"|flac|pdf|woff2?|ttf|eot|otf)$",
    re.IGNORECASE,
)
_COVERS = {"archive_browser.html", "start_here.html", "index.html", "your archive.html"}


def safe(raw: str) -> str | None:
    """Give the NFC, slash-separated relative name, or ``None`` for one that leads outside."""
    if _ORDINARY.fullmatch(raw) and not _DOTS.search(raw) and raw not in (".", ".."):
        return raw  # nearly all names: there may be 300,000
    whole = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    name = unicodedata.normalize("NFC", whole).replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    parts = name.split("/")
    if not name or name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name):
        return None
    if "\x00" in name or len(name) > 1024:
        return None
    return "/".join(part for part in parts if part not in ("", "."))


def shown(name: str) -> str:
    """Make any name fit to be kept and shown: bounded, valid Unicode."""
    return name[:1024].encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


def is_left_by_system(name: str) -> bool:
    """Tell whether the file is one that macOS or Windows puts beside the others."""
    return _SYSTEM.search(name) is not None


def is_media(name: str) -> bool:
    """Tell whether the name is that of an image, a sound, a video or a font."""
    return _MEDIA.search(name) is not None


def is_cover(name: str) -> bool:
    """Tell whether it is the page to begin with, which each part of an export has of its own."""
    return name.rpartition("/")[2].lower() in _COVERS


def why_unknown(name: str) -> Message:
    """Say why no source knows a file, as far as its name tells."""
    if _UNFINISHED.search(name):
        return message("A download that was not finished. Download it again.")
    if ARCHIVE.search(name):
        return message(
            "An archive inside the archive; it was not opened. Unpack the outer one and import "
            "this one by itself."
        )
    return message("Not recognised as an archive of a known platform. See “empreinte sources”.")
