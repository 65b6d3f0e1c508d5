"""What all tests share."""

from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real exports beside the checkout; the test skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"real exports are not here: {DATA} does not exist")
    return DATA
