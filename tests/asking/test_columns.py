"""Columns as arrays: what is missing stays missing, slices and empty columns included."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from empreinte.asking.columns import categories, integers, numbers, truths


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([1, None, 3]), [1, np.nan, 3]),
        (pa.array([1.5, 2.5]), [1.5, 2.5]),
        (pa.array([True, None, False]), [1, np.nan, 0]),
        (pa.array([], pa.int32()), []),
        (pa.array([None, None], pa.float64()), [np.nan, np.nan]),
        (pa.array([2**62]), [2.0**62]),
        (pa.array(range(10))[7:9], [7, 8]),
        (pa.array([None, 1, None, 2])[1:3], [1, np.nan]),
    ],
)
def test_numbers(values, expected):
    assert numbers(pa.chunked_array([values])).tolist() == pytest.approx(expected, nan_ok=True)


def test_chunks_are_one_column():
    parts = pa.chunked_array([pa.array([1, None]), pa.array([], pa.int64()), pa.array([3])])
    assert numbers(parts).tolist() == pytest.approx([1, np.nan, 3], nan_ok=True)
    assert numbers(pa.chunked_array([], pa.int64())).size == 0


def test_what_is_given_can_be_changed():
    column = pa.chunked_array([pa.array([1.0, 2.0])])
    found = numbers(column)
    found[0] = 9
    assert column.to_pylist() == [1.0, 2.0]


def test_times_are_microseconds():
    column = pa.chunked_array([pa.array([datetime(1970, 1, 1, 0, 0, 1)], pa.timestamp("us"))])
    assert numbers(column.cast("int64")).tolist() == [1_000_000]


def test_categories_are_numbered_as_they_come():
    names, codes = categories(pa.chunked_array([pa.array(["b", "a"]), pa.array(["b"])]))
    assert (names, codes.tolist()) == (["b", "a"], [0, 1, 0])
    names, codes = categories(pa.chunked_array([], pa.string()))
    assert (names, codes.size) == ([], 0)


def test_whole_numbers_and_truths_are_taken_as_they_are():
    column = pa.chunked_array([[3, 1], [2]])
    assert integers(column).tolist() == [3, 1, 2]
    assert truths(pa.chunked_array([[True, None], [False]])).tolist() == [True, False, False]
