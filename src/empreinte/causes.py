"""What the system says when it does not do what it was asked, in plain words.

The system speaks English, or its own language, whatever language the reader speaks. Here its usual
refusals are messages: an error that is given as a value of a `Message` becomes one of them, and is
translated with the message when it is shown.
"""

from __future__ import annotations

import errno
import os


def later(text: str) -> str:
    """Mark a text for translation without translating it yet (gettext's no-op)."""
    return text


_USED = later("another program uses it")
_CUT_OFF = later("the connection was cut off")
_NO_WAY = later("there is no way there; the network may be down")
_TOO_MANY_OPEN = later("too many files are open at the same time")
_ABSENT = later("the device is not there")
_NO_ADDRESS = later("this computer has no such address")

_BY_NAME = {
    "ENOENT": later("there is no such file or folder"),
    "EEXIST": later("a file or folder of that name is there already"),
    "EACCES": later("you do not have the right to"),
    "EPERM": later("the system does not allow it"),
    "EROFS": later("the disk is read-only"),
    "ENOSPC": later("the disk is full"),
    "EDQUOT": later("your share of the disk is full"),
    "EFBIG": later("the file would be too large"),
    "EISDIR": later("it is a folder, where a file was expected"),
    "ENOTDIR": later("it is a file, where a folder was expected"),
    "ENOTEMPTY": later("the folder is not empty"),
    "ENAMETOOLONG": later("the name is too long"),
    "ELOOP": later("its links lead round in a circle"),
    "EXDEV": later("it is on another disk"),
    "EBUSY": _USED,
    "ETXTBSY": _USED,
    "EADDRINUSE": _USED,
    "EMFILE": _TOO_MANY_OPEN,
    "ENFILE": _TOO_MANY_OPEN,
    "EIO": later("the disk could not be read or written, and may be damaged"),
    "ENODEV": _ABSENT,
    "ENXIO": _ABSENT,
    "ENOMEM": later("there is too little memory"),
    "EPIPE": _CUT_OFF,
    "ECONNRESET": _CUT_OFF,
    "ECONNABORTED": _CUT_OFF,
    "ECONNREFUSED": later("nothing answers there"),
    "ETIMEDOUT": later("no answer came in time"),
    "ENETUNREACH": _NO_WAY,
    "ENETDOWN": _NO_WAY,
    "EHOSTUNREACH": _NO_WAY,
    "EADDRNOTAVAIL": _NO_ADDRESS,
    "EAFNOSUPPORT": _NO_ADDRESS,
}
"""What is said of each of the system's errors; not every system has all."""
CAUSES = {getattr(errno, name): said for name, said in _BY_NAME.items() if hasattr(errno, name)}
"""The same by their numbers."""
_NO_NAME = later("the network knows no such name")
_KINDS: dict[str, str] = {
    "gaierror": _NO_NAME,
    "herror": _NO_NAME,
    "TimeoutError": CAUSES[errno.ETIMEDOUT],
    "RemoteDisconnected": _CUT_OFF,
    "OutOfMemoryException": CAUSES[errno.ENOMEM],
    "MemoryError": CAUSES[errno.ENOMEM],
}
"""What is said of errors that have no number, or one of their own, by the name of their class."""
_WORDS = {os.strerror(number): said for number, said in CAUSES.items()}
"""The system's own words, as libraries repeat them."""


def told(error: BaseException) -> str:
    """Give what an error says: a message where it is the system that refused, else its own words.

    >>> told(OSError(28, "No space left on device"))
    'the disk is full'
    >>> told(ValueError())
    'ValueError'
    """
    kind = type(error).__name__
    if kind in _KINDS:
        return _KINDS[kind]
    # The errors of ssl have a number that is not the system's.
    if isinstance(error, OSError) and type(error).__module__ != "ssl" and error.errno in CAUSES:
        return CAUSES[error.errno]
    return plain(str(error)) or kind


def plain(words: str) -> str:
    """Give the message for the system's words in what a library says, else its first line.

    >>> plain("IO Error: Could not write file: No space left on device")
    'the disk is full'
    """
    found = (said for system, said in _WORDS.items() if system in words)
    return next(found, words.partition("\n")[0])
