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


@pytest.fixture(scope="session")
def cases(data: Path) -> Path:
    """The folder of small made-up cases beside the real exports."""
    folder = data.parent / "cases"
    if not folder.is_dir():
        pytest.skip(f"cases are not here: {folder} does not exist")
    return folder
