"""Channels have names that people use, and ids of their own where a platform has several."""

from tests.lenses.toy import Bound, Toy

from empreinte.asking.channels import channels
from empreinte.report import Scope


def test_accounts_of_one_platform_are_told_apart():
    toy = Toy().account("1", handle="camille").account("2", handle=None, name="Camille B.")
    toy.account("9", platform="mastodon").account("8", platform="reddit", mine=False)
    tables = Bound(toy, Scope())
    found = [(one.key, one.tag, one.label) for one in channels(tables)]
    assert found == [
        ("mastodon:9", "mastodon", "Mastodon"),
        ("x:1", "x-1", "X (@camille)"),
        ("x:2", "x-2", "X (Camille B.)"),
    ]
    (alone,) = channels(tables, among={"x:2"})
    assert (alone.tag, alone.label) == ("x", "X")
