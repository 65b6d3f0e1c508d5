from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rows import first

from empreinte.kernels.statistics.clock import local_seconds

ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC",
         "America/Sao_Paulo", "Pacific/Apia"]  # fmt: skip


def slow(instant: int, zone: str) -> int:
    local = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone))
    return int(local.replace(tzinfo=UTC).timestamp())


@given(
    st.lists(st.integers(-(10**9), 4 * 10**9), max_size=20),
    st.sampled_from(ZONES),
)
def test_as_zoneinfo_has_it(instants, zone):
    found = local_seconds(np.array(instants, dtype=np.int64), zone)
    assert found.tolist() == [slow(instant, zone) for instant in instants]


@pytest.mark.parametrize("zone", first(2, ZONES[::-1]))
def test_to_the_second_about_the_changes_of_2011(zone):
    # Every quarter of an hour of a year in which Samoa left a day out.
    instants = np.arange(1293840000, 1293840000 + 365 * 86_400, 900)
    found = local_seconds(instants, zone)
    assert found.tolist() == [slow(instant, zone) for instant in instants.tolist()]


def test_an_unknown_zone_is_an_error():
    with pytest.raises(ZoneInfoNotFoundError):
        local_seconds(np.array([0]), "Europe/Nowhere")
