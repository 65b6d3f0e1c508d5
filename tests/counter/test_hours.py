"""Opening hours: midnight, the change of clocks, holidays, special days, minutes while open."""

from datetime import UTC, date, datetime

import pytest

from empreinte.counter import shop
from empreinte.counter.hours import Hours
from empreinte.errors import FormError, UsageError
from tests.counter.shops import TOLD, told


def local(hours, day):
    return [[f"{hours.local(at):%d %H:%M}" for at in span] for span in hours.day(day)]


def test_past_midnight_belongs_to_the_day_on_which_it_opens():
    hours = Hours("Fr 22:00-02:00")
    assert local(hours, date(2026, 11, 27)) == [["27 22:00", "28 02:00"]]
    assert local(hours, date(2026, 11, 28)) == []


def test_who_never_closes_is_open_each_day():
    day = date(2026, 11, 28)
    assert local(Hours("24/7"), day) == [["28 00:00", "29 00:00"]]
    assert local(Hours("Mo-Sa 00:00-24:00"), day) == [["28 00:00", "29 00:00"]]
    assert local(Hours("Mo-Sa 00:00-24:00"), date(2026, 11, 29)) == []
    assert local(Hours("Sa 20:00-24:00; Su 00:00-03:00"), day) == [["28 20:00", "29 03:00"]]
    assert local(Hours("Sa 20:00-24:00; Su 00:00-03:00"), date(2026, 11, 29)) == []


def test_minutes_are_counted_through_the_change_of_clocks():
    """On 25 October 2026 three o'clock comes twice, on 29 March two o'clock never."""
    hours = Hours("24/7")
    for day, length in ((25, 25), (26, 24)):
        start, end = hours.midnight(date(2026, 10, day)), hours.midnight(date(2026, 10, day + 1))
        assert hours.minutes(start, end) == length * 60
    start = hours.midnight(date(2026, 3, 29))
    assert hours.local(hours.after(start, 23 * 60)) == hours.local(
        hours.midnight(date(2026, 3, 30))
    )


def test_holidays_of_france_and_special_days():
    made = told(special=[
        {"first": "2026-12-24", "hours": "09:00-16:00", "why": "Christmas Eve"},
        {"first": "2026-08-03", "last": "2026-08-16", "hours": "off"},
    ])  # fmt: skip
    hours = made.all_hours
    assert local(hours, date(2026, 12, 24)) == [["24 09:00", "24 16:00"]]
    assert local(hours, date(2026, 12, 25)) == []  # a Friday
    assert local(hours, date(2026, 8, 8)) == []
    assert len(local(hours, date(2026, 8, 18))) == 2
    assert hours.after(datetime(2026, 12, 24, 14, 45, tzinfo=UTC), 30) == datetime(
        2026, 12, 26, 8, 15, tzinfo=UTC
    )


def test_a_shop_that_never_opens_gives_no_moment():
    assert Hours("off").after(datetime(2026, 1, 1, tzinfo=UTC), 1) is None


def test_a_file_tells_all_its_faults_with_their_lines(tmp_path):
    path = tmp_path / "shop.toml"
    path.write_text(
        'name = "Levain"\nhours = "mardi matin"\nsiren = "732829321"\npublic_key = "abc"\n'
        'address = "http://shop.example"\n[[products]]\nid = "a b"\nname = "Loaf"\nprice = -1\n'
    )
    with pytest.raises(FormError) as caught:
        shop.read(path)
    assert [(fault.path, fault.line) for fault in caught.value.faults] == [("products.1.price", 9)]
    path.write_text(path.read_text().replace("price = -1", "price = 4"))
    with pytest.raises(FormError) as caught:
        shop.read(path)
    found = {fault.path: fault.line for fault in caught.value.faults}
    assert found == {"siren": 3, "public_key": 4, "address": 5, "products.1.id": 7, "hours": 2}
    with pytest.raises(UsageError, match="cannot be read"):
        shop.read(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"special": [{"first": "2026-12-24", "hours": "in the morning"}]}, "special.1.hours"),
        ({"special": [{"first": "2026-12-24", "last": "2026-12-23", "hours": "off"}]},
         "special.1.hours"),
        ({"products": [TOLD["products"][0]] * 2}, "products.2.id"),
        ({"zone": "Paris"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"forget_days": 31}, "forget_days"),
        ({"same_as": "javascript:alert(1)"}, "same_as"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(more, path):
    with pytest.raises(FormError) as caught:
        told(**more)
    assert path in {fault.path for fault in caught.value.faults}
