"""What the owner tells: forms, what was told by them, and how it is read.

Some questions need more than archives: a brief, a price, whose address that is. A lens then offers
a `Form`; what is told by it becomes an `Entry`, the same whichever face took it, or a
`empreinte.errors.FormError` that names every field at fault.
"""

from __future__ import annotations

from empreinte.forms.form import Choice, Entry, Field, Form
from empreinte.forms.telling import entry, over

__all__ = ["Choice", "Entry", "Field", "Form", "entry", "over"]
