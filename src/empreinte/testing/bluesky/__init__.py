"""Bluesky's exports of a made-up person: the repository, API answers, recorded events.

A repository is a CAR v1 of a signed commit (version 3; the signature is bytes that look like
one), a Merkle search tree and records. With `history` it also holds what repositories held to
2023: past commits with their trees, and records that were deleted since, which nobody must read.
"""

from empreinte.testing.bluesky.network import write_api, write_jetstream
from empreinte.testing.bluesky.records import CHANNEL, did, full_handle, held, post_uri, tid
from empreinte.testing.bluesky.repository import car, commit, height, tree, write_repository

__all__ = [
    "CHANNEL", "car", "commit", "did", "full_handle", "height", "held", "post_uri", "tid",
    "tree", "write_api", "write_jetstream", "write_repository",
]  # fmt: skip
