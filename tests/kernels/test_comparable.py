"""Categories that stand on one channel alone cannot be told from it."""

import numpy as np

from empreinte.kernels.statistics.comparable import comparable


def test_a_category_alone_on_its_channel_is_set_aside_with_its_few_companions():
    codes = [0] * 60 + [1] * 50 + [2] * 40 + [3] * 3
    channel = np.array([0] * 110 + [1] * 43)
    answers = np.array([5.0] * 60 + [2.0] * 50 + [7.0] * 40 + [0.0] * 3)
    found = comparable(np.array(codes), 4, channel, answers, 30, 10)
    assert found.apart == {2, 3}
    assert found.members == ((60, 300.0), (50, 100.0), (40, 280.0), (3, 0.0))
    assert np.bincount(found.codes).tolist() == [103, 50]


def test_a_category_on_two_channels_joins_them():
    codes = [0] * 40 + [1] * 40 + [1] * 40 + [2] * 40
    channel = np.array([0] * 80 + [1] * 80)
    found = comparable(np.array(codes), 3, channel, np.ones(160), 30, 10)
    assert found.apart == frozenset()


def test_a_small_category_among_others_stays():
    codes = [0] * 60 + [1] * 50 + [2] * 5
    found = comparable(np.array(codes), 3, np.zeros(115, dtype=int), np.ones(115), 30, 10)
    assert found.apart == frozenset()
