"""An export as it comes: a folder, a zip, a .tar.gz, a single file, or several parts of one export.

Members are read as streams and never unpacked to disk. What comes in is hostile: names that
leave the archive, links, bombs and floods of members are refused with a reason, each by itself,
and the rest is read. Names are given in NFC with ``/`` between parts, whatever the system that
packed them.

`limits` bounds what is read, `names` judges names, `stores` and `zips` are the forms a container
has, `parts` joins several archives, `export` is what sources see, `discovery` tells which paths
are one export.
"""

from empreinte.container.discovery import discover
from empreinte.container.export import Container, in_memory, open_container
from empreinte.container.limits import (
    HEAD_BYTES,
    MAX_MEMBER_BYTES,
    MAX_MEMBERS,
    MAX_RATIO,
    RATIO_FLOOR,
    Meter,
)
from empreinte.container.names import is_media, why_unknown
from empreinte.container.stores import Member

__all__ = [
    "HEAD_BYTES",
    "MAX_MEMBERS",
    "MAX_MEMBER_BYTES",
    "MAX_RATIO",
    "RATIO_FLOOR",
    "Container",
    "Member",
    "Meter",
    "discover",
    "in_memory",
    "is_media",
    "open_container",
    "why_unknown",
]
