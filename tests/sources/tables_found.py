"""What tests of tables as they are exported share: a sample of each, and what is read of one."""

from datetime import date

from empreinte.sources import table
from empreinte.testing import tables as made

SAMPLES = tuple(made.samples())
BEGIN = date(2026, 8, 20)


def given(export):
    """Give what is read of a container."""
    return [one for root in table.recognize(export) for one in table.read(export.under(root))]


def of(yielded, kind):
    return [one for one in yielded if isinstance(one, kind)]
