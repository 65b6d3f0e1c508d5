"""Elements cut out of a stream, compared with `json` on documents of every form."""

import io
import json
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empreinte.errors import ContainerError
from empreinte.formats import json_array as module
from empreinte.formats.json_array import Broken, document, elements
from tests.rows import examples

texts = st.text(st.sampled_from('ab{}[],:"\\/\n\t é😀\u2028=;'), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-9, 9) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(texts, values, max_size=3)
indents = st.sampled_from([None, 0, 1, 2, 4, "\t"])
chunks = st.sampled_from([1, 2, 3, 7, 16, 64, 1 << 20])


def cut(text: str | bytes, chunk: int = 1 << 20, key: str | None = None) -> list:
    data = text.encode() if isinstance(text, str) else text
    with mock.patch.object(module, "CHUNK", chunk):
        return list(elements(io.BytesIO(data), object, key))


def written(value: object, indent: object, crlf: bool, ascii: bool) -> str:
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, indent=indent, ensure_ascii=ascii, separators=separators)
    return text.replace("\n", "\r\n") if crlf else text


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(st.lists(objects, max_size=5), indents, st.booleans(), st.booleans(), chunks)
def test_arrays_of_objects(value, indent, crlf, ascii, chunk):
    assert cut(written(value, indent, crlf, ascii), chunk) == value


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(values, max_size=5), indents, st.booleans(), chunks)
def test_arrays_of_anything(value, indent, crlf, chunk):
    assert cut(written(value, indent, crlf, False), chunk) == value


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(values, max_size=4), objects, objects, indents, chunks)
def test_under_a_key(value, before, after, indent, chunk):
    before, after = ({k: v for k, v in d.items() if k != "items"} for d in (before, after))
    whole = {**before, "items": value, **after}
    assert cut(written(whole, indent, False, False), chunk, "items") == value


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(objects, max_size=4), chunks)
def test_javascript_that_assigns(value, chunk):
    text = "window.YTD.tweets.part0 = " + json.dumps(value, indent=2).replace("[\n  {", "[ {", 1)
    assert cut(text, max(chunk, 64)) == value
    assert document(text.encode(), object) == value


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(st.lists(objects, min_size=1, max_size=4), indents, st.data(), chunks)
def test_a_cut_file_gives_the_elements_before_and_says_so(value, indent, data, chunk):
    whole = json.dumps(value, indent=indent)
    text = whole[: data.draw(st.integers(1, len(whole) - 1))]
    *got, last = cut(text, chunk) or [Broken(None, "")]
    assert got == value[: len(got)]
    # All that is lost is what the cut went through; an end without "]" is told as well.
    assert isinstance(last, Broken) or (text.rstrip()[-1:] in ("[",) and not got)


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=60), chunks)
def test_any_bytes_are_read_or_broken(noise, chunk):
    for element in cut(b"[" + noise, chunk) + cut(noise, chunk) + cut(noise, chunk, "a"):
        assert element is None or isinstance(
            element, Broken | dict | list | str | int | float | bool
        )


@pytest.mark.parametrize("near", [1, 7, 4_096])
@pytest.mark.parametrize("chunk", [13, 4_096])
def test_values_before_the_key_are_stepped_over(near, chunk, monkeypatch):
    inner = {"k": [1, "]}", {"b": ['\\"', "\\\\", []]}]}
    text = json.dumps({"a": [inner] * 60, "b": {"c": inner, "d": [[]] * 90}, "k": [1, 2]}).encode()
    for name, value in {"FAR": 20, "NEAR": near, "CHUNK": chunk}.items():
        monkeypatch.setattr(module, name, value)
    assert list(elements(io.BytesIO(text), object, "k")) == [1, 2]
    assert list(elements(io.BytesIO(text[:-20]), object, "k")) == []


def test_a_key_written_twice():
    assert cut('{"items": [], "a": {"items": [9]}, "items": [1, 2]}', 4, "items") == [1, 2]


@pytest.mark.parametrize("text", ['[\n {\n  "a": 1\n },\n {\n  "a": x\n },\n {\n  "a": 3\n }\n]'])
@pytest.mark.parametrize("squeeze", [False, True])
def test_one_broken_element_stops_no_other(text, squeeze):
    one, broken, three = cut("".join(text.split()) if squeeze else text)
    assert (one, three) == ({"a": 1}, {"a": 3})
    assert isinstance(broken, Broken)
    assert "x" in broken.raw


@pytest.mark.parametrize("text", ['{"a": 1}', '"text"', "12", "nothing"])
def test_no_array_is_told(text):
    (broken,) = cut(text)
    assert isinstance(broken, Broken)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_deep_nesting(opening):
    got = cut("[" + opening * 100_000)
    assert got
    assert all(isinstance(element, Broken) for element in got)


@pytest.mark.parametrize("body", ['{"a": "%s"}', '{\n  "a": "%s"\n}', '"%s"'])
def test_an_element_that_is_too_long_is_told(body, monkeypatch):
    monkeypatch.setattr(module, "MAX_ELEMENT", 1000)
    got = cut("[\n" + body % ("x" * 5000) + "\n]", 100)
    assert isinstance(got[0], Broken)
    assert len(got[0].raw) <= 2000


@pytest.mark.parametrize("data", [b"", b"[", b"{]", b"\xff\xfe", b"[" * 100_000, b"var x = "])
def test_documents_that_are_none(data):
    with pytest.raises(ContainerError):
        document(data, object)
