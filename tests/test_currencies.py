"""Currencies: a code, a sign or a word is of one, of several, or of none."""

import pytest

from empreinte.errors import FormError
from empreinte.forms import Field, Form, entry
from empreinte.forms.currencies import code, codes, meant


@pytest.mark.parametrize(
    ("text", "found"),
    [("EUR", "EUR"), ("chf", "CHF"), ("€", "EUR"), ("£", "GBP"), ("zł", "PLN"), ("R$", "BRL"),
     ("US$", "USD"), ("$US", "USD"), ("CA$", "CAD"), ("$CA", "CAD"), ("A$", "AUD"), ("₹", "INR"),
     ("Kč", "CZK"), ("Euro", "EUR"), ("euros", "EUR"), ("US dollars", "USD"), ("Pfund", "GBP"),
     ("dollar américain", "USD"), ("Schweizer Franken", "CHF"), ("CFPF", "XPF"), ("FRF", "FRF")],
)  # fmt: skip
def test_what_stands_for_one_currency(text, found):
    assert code(text) == found
    assert code(f" {text.upper()} ") == found


@pytest.mark.parametrize("text", ["$", "kr", "¥", "dollars", "Fr.", "FCFA", "rs", "DH"])
def test_what_stands_for_several_is_none_alone(text):
    assert len(meant(text)) > 1
    assert code(text) is None


@pytest.mark.parametrize(
    "text", ["", "XX", "XXX", "XTS", "BTC", "bitcoin", "points", "E" * 500, "12"]
)
def test_what_stands_for_none(text):
    assert meant(text) == frozenset()


def test_codes_are_those_of_today_and_of_before_the_euro():
    assert {"EUR", "USD", "XOF", "TND", "DEM", "SLE"} <= codes()
    assert not {"XXX", "XTS"} & codes()
    assert all(len(one) == 3 and one.isupper() for one in codes())


FORM = Form(id="f", title="F", fields=(Field(name="currency", label="Currency", kind="currency"),))


def test_a_form_takes_a_currency_or_says_what_it_expects():
    assert entry("a", FORM, {"currency": "€"}).fields == {"currency": "EUR"}
    for told, expected in (("XX", "such as EUR"), ("$", "several currencies"), (12, "such as EUR")):
        with pytest.raises(FormError) as caught:
            entry("a", FORM, {"currency": told})
        assert expected in str(caught.value.faults[0].expected)
        assert str(told) in str(caught.value)
