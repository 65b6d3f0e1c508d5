"""Fetching a feed over HTTP, the one thing that goes out, and only when asked to.

An address that a stranger wrote may point into the reader's own network. So: ``http`` and
``https`` only; every address that a name resolves to is checked; the connection is made to the
very address that was checked, never resolved again; redirects are few and each is checked alike.
No cookie is kept, no password sent, and both time and size are bounded.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec

from empreinte.errors import FetchError

if TYPE_CHECKING:
    from typing_extensions import Buffer

LIMIT = 32 << 20
TIMEOUT_S = 20.0
MAX_REDIRECTS = 5
USER_AGENT = "Empreinte/0.1"

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 64 << 10
# What Python's is_global takes for global, or took in some release, and is not ours to reach:
# shared address space (RFC 6598), IPv4 inside IPv6 (RFC 4291, 6052, 3056, 4380), 0/8, benchmarks.
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
        "fec0::/10",
    )
)  # fmt: skip

Address = IPv4Address | IPv6Address
Allow = Callable[[Address], bool]


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What a server answered.

    Attributes
    ----------
    url : str
        The address that answered, after redirects.
    status : int
        200, or 304: nothing new since `etag` or `modified`, and `body` is empty.
    etag, modified : str or None
        ``ETag`` and ``Last-Modified``, to be given with the next request.
    """

    url: str
    status: int
    body: bytes
    etag: str | None = None
    modified: str | None = None


def fetch(
    url: str,
    etag: str | None = None,
    modified: str | None = None,
    *,
    limit: int = LIMIT,
    timeout: float = TIMEOUT_S,
    allow: Allow | None = None,
) -> Fetched:
    """Fetch `url`, or learn that it has not changed.

    Parameters
    ----------
    etag, modified : str, optional
        What the server said the last time (RFC 9110, sections 13.1.2 and 13.1.3).
    limit : int
        Bytes of the body, unpacked.
    timeout : float
        Seconds for everything, redirects included.
    allow : callable, optional
        Says of an address that would be refused whether it may be reached all the same.

    Raises
    ------
    FetchError
        If the address is not one to fetch, cannot be reached, or answers with too much or with
        an error.
    """
    deadline = time.monotonic() + timeout
    headers = {
        "User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Connection": "close",
        "Accept": "application/feed+json, application/atom+xml, application/rss+xml, */*;q=0.5",
    }  # fmt: skip
    if etag is not None:
        headers["If-None-Match"] = _one_line(etag)
    if modified is not None:
        headers["If-Modified-Since"] = _one_line(modified)
    for _hop in range(MAX_REDIRECTS + 1):
        parts = _checked(url)
        try:
            answer = _ask(parts, headers, limit, deadline, allow)
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            raise _unreached(url, error) from error
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise FetchError(
        "{url} was redirected more than {limit} times. Give the feed's final address.",
        url=url,
        limit=MAX_REDIRECTS,
    )


def _unreached(url: str, error: Exception) -> FetchError:
    """Say in plain words why there is no answer, and what to do."""
    if isinstance(error, socket.gaierror):
        return FetchError(
            "There is no site at this address: {url}. Check it, and the connection.", url=url
        )
    if isinstance(error, ConnectionRefusedError):
        return FetchError(
            "Nothing answers at {url}. Check the address, or try again later.", url=url
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return FetchError(
            "{url} cannot prove that it is that site ({cause}). Check the address; if it is "
            "right, its owner has to renew its certificate.",
            url=url,
            cause=error.verify_message,
        )
    return FetchError(
        "{url} cannot be fetched ({cause}). Check the address and the connection.",
        url=url,
        cause=error,
    )


def _one_line(value: str) -> str:
    """A header cannot hold line breaks, nor be written outside Latin-1."""
    return (
        "".join(c for c in value if c.isprintable()).encode("latin-1", "ignore").decode("latin-1")
    )


def _checked(url: str) -> SplitResult:
    """Take an address apart, or say why it is not one to fetch."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError("{url} is no address ({cause}).", url=url, cause=error) from error
    if parts.scheme not in ("http", "https"):
        raise FetchError(
            "{url} does not begin with http:// or https://. Give the feed's whole address.", url=url
        )
    odd = any(char <= " " or char in "\\\x7f" for char in url)
    if not parts.hostname or odd or port == 0 or "%" in parts.hostname:
        raise FetchError("{url} is no address of a site.", url=url)
    if "@" in parts.netloc:
        raise FetchError(
            "{url} holds a username or a password; they are never sent. Give it without.", url=url
        )
    return parts


def is_public(address: Address) -> bool:
    """Tell whether an address is one on the open Internet.

    Loopback, private, shared (RFC 6598), link-local, multicast, reserved and unspecified
    addresses are not, nor are IPv6 addresses that stand for an IPv4 one.
    """
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
        or address.is_loopback or address.is_link_local or address.is_private
    )  # fmt: skip


def _resolve(parts: SplitResult, allow: Allow | None) -> list[tuple[int, Address]]:
    """Resolve the host once; one address that is not public refuses the whole name."""
    assert parts.hostname is not None  # _checked looked
    host = (
        parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    )
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found: list[tuple[int, Address]] = []
    for family, _type, _proto, _name, where in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        address = ip_address(str(where[0]).partition("%")[0])
        if not (is_public(address) or (allow is not None and allow(address))):
            raise FetchError(
                "{host} leads to {address}, which is not on the open Internet; it was not fetched.",
                host=parts.hostname,
                address=address,
            )
        found.append((family, address))
    return found


class _Timed(io.RawIOBase):
    """What a socket receives, each time waited for no longer than is left until a deadline."""

    def __init__(self, plug: socket.socket, deadline: float) -> None:
        self._plug, self._deadline = plug, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        self._plug.settimeout(_left(self._deadline))
        return self._plug.recv_into(buffer)


class _Line:
    """As much of a socket as `http.client` asks for.

    It reads lines and chunks by as many reads as they take, and a timeout of the socket bounds
    each of them alone: a server that drips would be listened to for hours. Here the deadline
    holds for all that comes, whatever part of the answer it is.
    """

    def __init__(self, plug: socket.socket, deadline: float) -> None:
        self._plug, self._deadline = plug, deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Timed(self._plug, self._deadline), _CHUNK)

    def sendall(self, data: bytes) -> None:
        self._plug.settimeout(_left(self._deadline))
        self._plug.sendall(data)

    def close(self) -> None:
        """Leave the socket to who opened it: answers are read after the connection is closed."""


def _connect(parts: SplitResult, deadline: float, allow: Allow | None) -> socket.socket:
    """Connect to an address that was checked; TLS is verified against the host's name."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    failure: OSError = OSError("the name has no address")
    for family, address in _resolve(parts, allow):
        plug = socket.socket(family, socket.SOCK_STREAM)
        try:
            plug.settimeout(_left(deadline))
            plug.connect((str(address), port))
            if parts.scheme == "https":
                context = ssl.create_default_context()
                plug = context.wrap_socket(plug, server_hostname=parts.hostname)
        except OSError as error:
            plug.close()
            failure = error
            continue
        return plug
    raise failure


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _ask(
    parts: SplitResult, headers: dict[str, str], limit: int, deadline: float, allow: Allow | None
) -> Fetched | str:
    """Make one request; give what was fetched, or where it is redirected to."""
    with _connect(parts, deadline, allow) as plug:
        connection = http.client.HTTPConnection(parts.hostname or "")
        connection.sock = _Line(plug, deadline)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        port = f":{parts.port}" if parts.port else ""
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        connection.request("GET", _quoted(path), headers={"Host": f"{host}{port}", **headers})
        with connection.getresponse() as answer:
            location = answer.headers.get("Location")
            if answer.status in _REDIRECTS and location:
                return location
            if answer.status not in (200, 304):
                raise FetchError(
                    "{url} answers with status {status} ({reason}). Check the address.",
                    url=parts.geturl(),
                    status=answer.status,
                    reason=answer.reason,
                )
            body = b"" if answer.status == 304 else _body(answer, limit)
            return Fetched(
                url=parts.geturl(), status=answer.status, body=body,
                etag=answer.headers.get("ETag"), modified=answer.headers.get("Last-Modified"),
            )  # fmt: skip


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/%?&=+,;:@!$'()*~-._#[]")


def _body(answer: http.client.HTTPResponse, limit: int) -> bytes:
    """Read the body, unpacked, piece by piece so that its size does not run away."""
    encoding = (answer.headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise FetchError(
            "The server packs its answer as {encoding}; gzip is read.", encoding=encoding
        )
    unpack = zlib.decompressobj(31) if encoding.endswith("gzip") else None
    pieces: list[bytes] = []
    size = 0
    while data := answer.read(_CHUNK):
        if unpack is not None:
            data = unpack.decompress(data, limit - size + 1)
        size += len(data)
        if size > limit:
            raise FetchError(
                "The answer is longer than {limit} bytes; it was not read further.", limit=limit
            )
        pieces.append(data)
    if answer.length or (unpack is not None and not unpack.eof):  # cut short
        raise http.client.IncompleteRead(b"".join(pieces)[:0])
    return b"".join(pieces)
