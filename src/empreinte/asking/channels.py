"""Whose question it is: the owner's channels within its scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from empreinte.model import platform_name
from empreinte.plugins import Tables

WHOLE = "all"
"""The middle of the ids of values that are of no channel alone."""


@dataclass(frozen=True)
class Channel:
    """One of the owner's channels.

    Attributes
    ----------
    key : str
        ``platform:account id``.
    tag : str
        The middle of its values' ids: the platform, numbered where it has several accounts.
    label : str
        What people call it: ``X``, or ``X (@camille)`` where there are several of a platform.
    """

    key: str
    platform: str
    account_id: str
    tag: str
    label: str


def channels(tables: Tables, among: Container[str] | None = None) -> tuple[Channel, ...]:
    """Give the owner's channels in scope, in a stable order; those `among` given keys if any."""
    rows = tables.sql(
        "select channel, platform, account_id, handle, name from mine where in_scope "
        "order by platform, account_id"
    ).to_pylist()
    rows = [row for row in rows if among is None or row["channel"] in among]
    accounts = Counter(row["platform"] for row in rows)
    met: Counter[str] = Counter()
    found: list[Channel] = []
    for row in rows:
        platform = row["platform"]
        met[platform] += 1
        known = f"@{row['handle']}" if row["handle"] else row["name"] or row["account_id"]
        tag = f"{platform}-{met[platform]}" if accounts[platform] > 1 else platform
        label = platform_name(platform)
        if accounts[platform] > 1:
            label = f"{label} ({known})"
        found.append(Channel(row["channel"], platform, row["account_id"], tag, label))
    return tuple(found)
