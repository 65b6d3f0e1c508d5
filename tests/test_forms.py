"""Forms: what is told as text or typed is one entry, or every fault of it by name and line."""

import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empreinte.errors import FormError, UsageError
from empreinte.forms import Choice, Field, Form, entry, files
from empreinte.forms.form import GROUPS_LIMIT
from empreinte.forms.telling import IN_GROUP, SIZE, VALUES
from empreinte.language import speaking

INNER = (
    Field(name="name", label="Name", required=True, longest=30),
    Field(name="price", label="Price", kind="number", unit="€", least=0, most=9_999),
)
FIELDS = (
    Field(name="title", label="Title", longest=40),
    Field(name="words", label="Words", kind="long_text"),
    Field(name="budget", label="Budget", kind="number", unit="€"),
    Field(name="people", label="People", kind="integer", least=1, most=50),
    Field(name="start", label="Start", kind="date", least="2020-01-01", most="2030-12-31"),
    Field(name="tone", label="Tone", kind="choice", choices=(Choice("warm", "Chaleureux"),
                                                             Choice("dry", "Sec"))),
    Field(name="places", label="Places", kind="choices", choices=(Choice("x", "X"),
                                                                  Choice("blog", "Un blogue"))),
    Field(name="paid", label="Paid", kind="yes_no"),
    Field(name="candidates", label="Candidates", kind="groups", fields=INNER, most=20),
)  # fmt: skip
FORM = Form(id="brief", title="Brief", fields=FIELDS)


def told(**fields):
    return entry("lens", FORM, fields).fields


def faults(fields, form=FORM):
    with pytest.raises(FormError) as caught:
        entry("lens", form, fields)
    return {fault.path: fault for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("1234.5", 1234.5, 1234.5), ("1234,5", 1234.5, 1234.5), ("1 234,5", 1234.5, 1234.5),
        ("1\u202f234,5\u00a0€", 1234.5, 1234.5), ("1,234.5", 1234.5, 1234.5),
        ("1.234,5", 1234.5, 1234.5), ("1,234", 1234, 1.234), ("1.234", 1.234, 1.234),
        ("1.234.567", 1234567, 1234567), ("1,234,567", 1234567, 1234567), ("€12", 12, 12),
        ("−3", -3, -3), ("0,5", 0.5, 0.5), ("-0", 0, 0), ("1’234", 1234, 1234),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, english, french):
    with speaking("en"):
        assert told(budget=text) == {"budget": english}
    with speaking("fr"):
        assert told(budget=text) == {"budget": french}


@pytest.mark.parametrize(
    "text", ["abc", "1 2", "06 12 34 56 78", "1e5", "12²", "½", "٣", "nan", "inf", "--1", "1.2.3",
             "1,2,3", "1,23.4", ".", ",", "-", "1_000", "0x10", "9" * 16, "9" * 5000, True,
             float("nan"), float("inf"), 10**400, ["1", "2"], {"a": 1}, date(2026, 1, 1), 1e300],
)  # fmt: skip
def test_what_is_no_number_is_told(text):
    for language in ("en", "fr"):
        with speaking(language):
            assert list(faults({"budget": text})) == ["budget"]


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("2026-04-03", "2026-04-03", "2026-04-03"), ("03/04/2026", None, "2026-04-03"),
        ("03/03/2026", "2026-03-03", "2026-03-03"), ("13/04/2026", "2026-04-13", "2026-04-13"),
        ("04/13/2026", "2026-04-13", None), ("3.4.2026", None, "2026-04-03"),
        ("1er mars 2026", "2026-03-01", "2026-03-01"), ("3 févr. 2026", "2026-02-03", "2026-02-03"),
        ("March 3rd, 2026", "2026-03-03", "2026-03-03"), ("31/02/2026", None, None),
        (date(2026, 4, 3), "2026-04-03", "2026-04-03"), ("2019-12-31", None, None),
        ("03/04/26", None, None), ("hier", None, None), (20260403, None, None),
        ("2026-04-03T10:00:00", None, None), ("9" * 10_000, None, None),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(text, english, french):
    for language, expected in (("en", english), ("fr", french)):
        with speaking(language):
            if expected is None:
                assert list(faults({"start": text})) == ["start"]
            else:
                assert told(start=text) == {"start": expected}


def test_choices_are_taken_by_key_or_label():
    assert told(tone="chaleureux ", places="un BLOGUE; x", paid="oui") == {
        "tone": "warm", "places": ["x", "blog"], "paid": True,
    }  # fmt: skip
    assert told(places=["blog", ""], paid=False) == {"places": ["blog"], "paid": False}
    assert set(faults({"tone": "x", "places": "x, y", "paid": "peut-être"})) == {
        "tone", "places", "paid",
    }  # fmt: skip
    assert list(faults({"places": ","})) == list(faults({"places": {"x": True}})) == ["places"]
    assert set(faults({"tone": 1, "places": 3, "paid": 1})) == {"tone", "places", "paid"}


def test_texts_are_bounded_and_hold_no_controls():
    assert told(title="  é ", words="a\r\nb") == {"title": "é", "words": "a\nb"}
    assert told(title="=cmd()<script>") == {"title": "=cmd()<script>"}
    for bad in ("a" * 41, "a\nb", "a\x00", "\x1b[31m", "\udcff", 12, 1.5, True):
        assert list(faults({"title": bad})) == ["title"]
    assert list(faults({"words": "a" * 5_001})) == ["words"]


def test_what_is_blank_says_nothing():
    empty = {
        "title": "", "people": " ", "start": None, "places": [],
        "candidates": [{}, {"name": ""}], "candidates.3.price": " ",
    }  # fmt: skip
    assert told(**empty) == {}


def test_groups_are_counted_as_they_were_told_and_closed_up():
    flat = {"candidates.9.name": "Bo", "candidates.2.name": "Anna", "candidates.2.price": "1,5"}
    typed = {"candidates": [{"name": "Anna", "price": 1.5}, {}, {"name": "Bo"}]}
    dotted = {"candidates": {"9": {"name": "Bo"}, "2": {"name": "Anna", "price": 1.5}}}
    assert told(**flat) == told(**typed) == told(**dotted)
    wrong = {"candidates": [{}, {"price": "x"}, "Bo", {"nom": "Bo", "name": "Bo"}]}
    assert list(faults(wrong)) == [
        "candidates.2.name", "candidates.2.price", "candidates.3", "candidates.4.nom",
    ]  # fmt: skip
    for name in ("candidates.x.name", "candidates.0.name", "candidates.1", "candidates.1.",
                 "title.1.x", "candidate", "candidates.10000.name", ""):  # fmt: skip
        assert list(faults({name: "a"})) == [name]
    assert list(faults({"candidates": "Anna"})) == ["candidates"]
    assert list(faults({"candidates": [{"name": "a"}] * 21})) == ["candidates.21"]


def test_what_must_be_told_is_asked_for():
    form = Form(id="f", title="F", fields=(
        Field(name="a", label="A", required=True),
        Field(name="g", label="G", kind="groups", required=True, fields=INNER),
    ))  # fmt: skip
    assert list(faults({"a": " "}, form)) == ["a", "g"]


def test_what_is_without_end_is_bounded():
    deep = {}
    for _ in range(10_000):
        deep = {"candidates": [deep]}
    assert list(faults(deep)) == ["candidates.1.candidates", "candidates.1.name"]
    many = faults({f"field{n}": "x" for n in range(20_000)})
    assert len(many) == VALUES + 1
    assert len(faults({"candidates": [{f"f{n}": "x" for n in range(20_000)}]})) == IN_GROUP + 2
    long = Field(name="t", label="T", kind="long_text", longest=20_000)
    large = Form(id="f", title="F", fields=(
        Field(name="a", label="A"),
        Field(name="g", label="G", kind="groups", fields=(long,), most=GROUPS_LIMIT),
    ))  # fmt: skip
    groups = [{"t": "é" * 20_000} for _ in range(SIZE // 40_000 + 1)]
    assert list(faults({"a": "x", "g": groups}, large)) == ["g"]
    assert len(str(faults({"title": "x" * 10_000})["title"])) < 400


def test_a_key_is_for_a_series():
    series = Form(id="prices", title="P", fields=FIELDS, series=True)
    assert entry("lens", series, {}, key="2026-04").key == "2026-04"
    for key in (None, "", "a" * 121, "a\nb", 3):
        with pytest.raises(UsageError):
            entry("lens", series, {}, key=key)
    with pytest.raises(UsageError):
        entry("lens", FORM, {}, key="1")


def test_an_entry_is_held_to_its_hash():
    import msgspec

    one = entry("lens", FORM, {"budget": "12", "title": "a"})
    same = entry("lens", FORM, {"title": "a", "budget": 12})
    assert one.whole
    assert one.hash == same.hash
    assert not msgspec.structs.replace(one, fields={"budget": 13.0}).whole


@pytest.mark.parametrize(
    "field",
    [
        {"name": "A"}, {"name": "a.b"}, {"kind": "choice"}, {"choices": (Choice("a", "A"),)},
        {"kind": "groups"}, {"fields": INNER}, {"longest": 10**6}, {"least": "a"},
        {"kind": "date", "least": 3}, {"kind": "date", "least": "hier"},
        {"kind": "groups", "fields": (FIELDS[-1],)}, {"kind": "groups", "fields": (*INNER, *INNER)},
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_told_is_its_authors_mistake(field):
    with pytest.raises(ValueError, match=r"\w"):
        Field(**{"name": "a", "label": "A", **field})


NAMES = st.sampled_from([f.name for f in FIELDS] + ["name", "candidates.1.name", "1"]) | st.text(
    max_size=9
)
LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
    | st.sampled_from(["1 234,5", "2026-04-03", "x", "warm", "oui", ","])
)  # fmt: skip

# -- broken forms, by the thousand

RIGHT = {
    "title": '"Un titre"', "words": '"""\nDes mots,\n\nplusieurs [lignes] = oui\n"""',
    "budget": '"1 234,5"', "people": "12", "start": "2026-04-03", "tone": '"warm"',
    "places": '[\n  "x",  # ici\n  "blog",\n]', "paid": "true",
}  # fmt: skip
WRONG = {
    "title": ['"' + "a" * 41 + '"', "12", '"a\\nb"', "[1, 2]"],
    "words": ["false", '"\\u0000"', "{a = 1}"],
    "budget": ['"abc"', "true", "nan", "1e30", '"1 2"', "2026-04-03", "[\n1,\n2\n]"],
    "people": ["0", "51", "1.5", '"beaucoup"', "99999999999999999999999"],
    "start": ["2019-01-01", "12", '"31/02/2026"', "2026-04-03T10:00:00"],
    "tone": ['"tiède"', "3", '["warm", "dry"]'],
    "places": ['["x", "y"]', "3", '"x;z"'],
    "paid": ['"peut-être"', "1", "[true, false]"],
}
WRONG_INNER = {"name": ["true", '"' + "a" * 31 + '"'], "price": ['"x"', "-1", "10000", "inf"]}


@st.composite
def files_with_faults(draw):
    """Give a TOML file with the lines of the fields that are wrong in it."""
    names = draw(st.lists(st.sampled_from(sorted(RIGHT)), unique=True))
    lines, wrong = [], {}

    def add(path, name, right, faulty):
        value = draw(st.sampled_from(faulty)) if draw(st.booleans()) else right
        if value != right:
            wrong[path] = len(lines) + 1
        lines.extend(f"{name} = {value}".split("\n"))
        lines.extend([""] * draw(st.integers(0, 2)))

    for name in names:
        add(name, name, RIGHT[name], WRONG[name])
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.text(string.ascii_lowercase, min_size=3, max_size=8))
        if name not in (*RIGHT, "candidates") and name not in wrong:
            wrong[name] = len(lines) + 1
            lines.append(f'{name} = "[[x]]"')
    groups = draw(st.integers(0, 4))
    if draw(st.booleans()):
        for n in range(1, groups + 1):
            lines.append("[[candidates]]  # un groupe")
            add(f"candidates.{n}.name", "name", '"Anna"', WRONG_INNER["name"])
            add(f"candidates.{n}.price", "price", "12.5", WRONG_INNER["price"])
    elif groups:
        lines.append("candidates = [")
        for n in range(1, groups + 1):
            price = draw(st.sampled_from(["3", '"x"']))
            if price != "3":
                wrong[f"candidates.{n}.price"] = len(lines) + 1
            lines.append(f'  {{name = "Anna [{n}]", price = {price}}},')
        lines.append("]")
    return "\n".join(lines) + "\n", wrong


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=1000, deadline=None)
@given(files_with_faults())
def test_every_fault_of_a_file_names_its_field_and_its_line(made):
    text, wrong = made
    data = text.encode()
    try:
        entry("lens", FORM, files.parse(data, "brief.toml"))
        found = {}
    except FormError as error:
        found = {fault.path: fault.line for fault in files.located(error, data).faults}
    assert found == wrong


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(
    st.dictionaries(
        NAMES, LEAF | st.lists(LEAF | st.dictionaries(NAMES, LEAF), max_size=4)
        | st.dictionaries(NAMES, LEAF | st.lists(LEAF, max_size=3), max_size=4), max_size=5,
    )
)  # fmt: skip
def test_whatever_is_told_is_an_entry_or_names_its_faults(anything):
    try:
        made = entry("lens", FORM, anything)
        faulty = ()
    except FormError as error:
        made, faulty = None, error.faults
    if made is not None:
        assert entry("lens", FORM, made.fields).fields == made.fields
    else:
        heads = {name.partition(".")[0][:200] for name in anything}
        assert {fault.path.partition(".")[0] for fault in faulty} <= heads != set()
        assert all(map(str, faulty))


@pytest.mark.parametrize(
    "data", [b"a = ", b"\xff", b"a = 1\na = 2", b"x = " + b"[" * 5000, b"a = " + b"9" * 5000,
             b"#" * (64 << 10) + b"##", b"\n" * 2001],
)  # fmt: skip
def test_what_is_no_file_of_a_form_is_refused(data):
    with pytest.raises(UsageError, match=r"b\.toml"):
        files.parse(data, "b.toml")


def test_lines_of_a_large_file_are_found_in_time():
    import time

    for line in (b'  "b",\n', b'  "[{]}",\n', b'  {name = "b"},\n'):
        data = b"words = [\n" + line * 1990 + b"]\nzz = 1\n"
        began = time.process_time()
        with pytest.raises(FormError) as caught:
            entry("lens", FORM, files.parse(data, "b.toml"))
        found = {fault.path: fault.line for fault in files.located(caught.value, data).faults}
        assert found["words"] == 1
        assert found["zz"] == (1993 if b"]" not in line else 1)
        assert time.process_time() - began < 10


def test_a_series_alone_is_numbered():
    assert Form(id="log", title="L", fields=FIELDS, series=True, numbered=True).numbered
    with pytest.raises(ValueError, match="a series alone"):
        Form(id="log", title="L", fields=FIELDS, numbered=True)


@pytest.mark.parametrize(
    ("takes", "text", "number"),
    [
        ("€", "12,50 €", 12.5), ("€", "12,50 EUR", 12.5), ("€", "€12.50", 12.5),
        ("€", "12 euros", 12), ("€", "1 234 €", 1234), ("years", "3 ans", 3),
        ("years", "1 year", 1), ("h", "2 hours", 2), ("h", "2,5h", 2.5),
    ],
)  # fmt: skip
def test_a_number_may_have_the_unit_that_its_field_names(takes, text, number):
    form = Form(id="one", title="One", fields=(
        Field(name="wage", label="Wage", kind="number", takes=takes),
    ))  # fmt: skip
    assert entry("lens", form, {"wage": text}).fields == {"wage": number}
    for other in ("12 $", "12 km", "12 € €", "€", "ans"):
        assert faults({"wage": other}, form), other


def test_of_many_choices_the_nearest_are_named():
    many = tuple(Choice(f"{n}.1-k{m}", "") for n in range(1, 10) for m in range(1, 10))
    form = Form(id="one", title="One", fields=(
        Field(name="item", label="Item", kind="choice", choices=many),
    ))  # fmt: skip
    with pytest.raises(FormError) as refused:
        entry("lens", form, {"item": "1.1-k12"})
    assert "1.1-k1, " in str(refused.value)
    assert str(refused.value).count("-k") < 8
