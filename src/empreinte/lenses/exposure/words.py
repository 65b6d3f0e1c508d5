"""What this lens counts, lists and says, in the language spoken."""

from __future__ import annotations

from functools import partial

from empreinte import asking

fact = partial(asking.measured, "exposure")
listed = partial(asking.listed, "exposure")
said = partial(asking.said, "exposure")
phrase = partial(asking.phrase, "exposure")
names = partial(asking.names, "exposure")
