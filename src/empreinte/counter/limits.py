"""How often one may ask, in memory alone and without keeping whose address it is."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from empreinte.counter.store import utc_now

ADDRESSES = 20_000
"""Addresses remembered at most; who comes first is forgotten first."""


class Limit:
    """At most so many in a time.

    Parameters
    ----------
    most : int
    seconds : float
    clock : callable
        Gives the moment it is.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], datetime] = utc_now) -> None:
        self.most, self.seconds, self.clock = most, seconds, clock
        self._times: dict[Any, deque[float]] = {}
        self._key = secrets.token_bytes(32)
        self._day = date.min

    def passed(self, address: str = "") -> bool:
        """Whether `address` has asked too often already."""
        times = self._of(address)
        return len(times) >= self.most

    def count(self, address: str = "") -> None:
        """Count one."""
        self._of(address).append(self.clock().timestamp())

    def _of(self, address: str) -> deque[float]:
        now = self.clock()
        if now.date() != self._day:  # yesterday's hashes fit nothing any more
            self._day, self._key = now.date(), secrets.token_bytes(32)
            self._times.clear()
        name = hashlib.blake2b(_network(address).encode(), key=self._key).digest()
        times = self._times.setdefault(name, deque())
        while times and not 0 <= now.timestamp() - times[0] < self.seconds:
            times.popleft()
        if len(self._times) > ADDRESSES:
            self._times.pop(next(iter(self._times)))
        return times


def _network(address: str) -> str:
    """Give the network of an IPv6 address, which is one household's, and others as they are.

    >>> _network("2001:db8:1:2:3:4:5:6"), _network("192.0.2.1")
    ('2001:db8:1:2::/64', '192.0.2.1')
    """
    try:
        told = ipaddress.ip_address(address)
    except ValueError:
        return address
    if told.version == 4:
        return address
    return str(ipaddress.ip_network((told, 64), strict=False))
