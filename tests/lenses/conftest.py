"""What tests of lenses share."""

import pytest

from empreinte.lenses.exposure import deduced


@pytest.fixture
def without_deductions(monkeypatch):
    """Have `exposure` answer without what can be deduced: that takes half its time.

    It has tests of its own.
    """
    monkeypatch.setattr(deduced, "part", lambda own: None)
