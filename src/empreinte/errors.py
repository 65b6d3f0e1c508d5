"""What can go wrong, as one tree.

::

    EmpreinteError
    ├── ContainerError      an export cannot be opened, or passes a limit
    │   └── UnclearError    it does not tell something that must then be asked for
    ├── SourceError         a source, a stranger's perhaps, fails
    ├── AnnotatorError      an annotator gives what does not fit the texts
    ├── RecordError         one record cannot be read (kept as a Reject, never stops a file)
    ├── FetchError          a feed cannot be fetched, or must not be
    ├── LedgerError         the store cannot be opened, read or written
    │   └── LedgerBusy      another process has it open
    ├── LensError           a question cannot be asked
    ├── CounterError        what is asked of a shop's counter cannot be done
    │   └── LackError       for lack of pieces, or of a place in a slot
    └── UsageError          the command line or the call asks for what does not exist
        └── FormError       what was told does not fit the form; every fault of it

Every message holds the value met, what was expected and the next step. Messages are templates
(`empreinte.language.Message`), translated when they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from empreinte.language import Message, _, message


class EmpreinteError(Exception):
    """Base of all errors that Empreinte raises on purpose.

    Parameters
    ----------
    template : str
        English sentence with ``{name}`` places.
    **values : object
        What goes into the places.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.message: Message = message(template, **values)
        super().__init__(template)

    def __str__(self) -> str:
        return str(self.message)


class ContainerError(EmpreinteError):
    """An export cannot be opened, is not what its name says, or passes a limit."""


class UnclearError(ContainerError):
    """An export does not tell something, so that it must be asked for: guessed, it may be wrong."""


class SourceError(EmpreinteError):
    """A source fails: a fault of the source, not of what it is given."""


class AnnotatorError(EmpreinteError):
    """An annotator gives what does not fit the texts that it was given."""


class RecordError(EmpreinteError):
    """One record cannot be read; its reader turns it into a `model.Reject`."""


class FetchError(EmpreinteError):
    """An address cannot be fetched, or is one that must not be fetched."""


class LedgerError(EmpreinteError):
    """The ledger cannot be opened, read or written."""


class LedgerBusy(LedgerError):
    """Another process has the ledger open."""


class LensError(EmpreinteError):
    """A question cannot be asked of this ledger."""


class CounterError(EmpreinteError):
    """What is asked of a shop's counter cannot be done: sold, full, closed, too late."""


class LackError(CounterError):
    """A request is refused for lack of pieces of a product, or of a place in a slot.

    Attributes
    ----------
    product : str or None
        Of what there are too few; ``None`` where the slot is full.
    """

    product: str | None = None


class UsageError(EmpreinteError):
    """A call asks for something that does not exist: a lens, a figure, an import."""


class Fault(msgspec.Struct, frozen=True):
    """One value that does not fit the field it was told for.

    Attributes
    ----------
    path : str
        The field, ``candidates.2.price``; groups are counted from 1.
    value : str
        What was told, cut; ``""`` for nothing.
    expected : Message
        What was expected, as a sentence.
    line : int or None
        Line of the file it stands in, from 1.
    """

    path: str
    value: str
    expected: Message
    line: int | None = None

    def __str__(self) -> str:
        where = self.path
        if self.line is not None:
            where = _("line {line}, {field}").format(line=self.line, field=self.path)
        if not self.value:
            return _("{field}: {expected}").format(field=where, expected=self.expected)
        return _("{field}: {expected} Told: “{value}”.").format(
            field=where, expected=self.expected, value=self.value
        )


class FormError(UsageError):
    """What was told does not fit its form.

    Attributes
    ----------
    faults : tuple of Fault
        All of them, in the order of the form.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("")
        self.message = message(
            "Values that cannot be kept: {n}. Nothing was kept.", n=len(self.faults)
        )

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.faults)])
