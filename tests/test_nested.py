"""Values deep inside a document, compared with `json` whatever the layout and the chunks."""

from __future__ import annotations

import io
import itertools
import json
from random import Random
from typing import Any

import pytest

from empreinte.errors import ContainerError
from empreinte.formats import json_tree
from empreinte.formats.json_array import Broken
from tests.rows import examples


def ask(path: json_tree.Path) -> str:
    if path[-1:] == ("x",):
        return json_tree.EACH
    if path[-1:] == ("w",):
        return json_tree.WHOLE
    return json_tree.INSIDE if path in ((), ("a",), ("a", "l"), ("a", "l", "*")) else json_tree.SKIP


def made_up(random: Random) -> dict[str, Any]:
    def record() -> dict[str, Any]:
        text = random.choice(['a"},{', "}]", "x\n", "é" * random.randint(0, 30), "\\"])
        return {"d": text, "n": [{"q": 1}, {"z": [1, {}]}] if random.random() < 0.3 else 4}

    def records() -> list[dict[str, Any]]:
        return [record() for _ in range(random.choice((0, 1, 2, 5, 40)))]

    skipped = ({"x": [1, {"}": "]"}]}, {"a": 1}, {}, [], [1], [[]], {"a": {}})
    wanted = ({"k": [1, 2]}, {}, [], {"a": ""}, 3, None, "}")
    inner = [
        {"name": "c", "junk": random.choice(skipped), "w": random.choice(wanted), "x": records()}
        for _ in range(random.randint(0, 4))
    ]
    return {"z": [[1]], "a": {"l": inner, "n": None, "t": 1.5}, "x": records(), "u": "v"}


@pytest.mark.parametrize("chunk", [7, 20, 64, 300, 1 << 20])
def test_the_walk_gives_what_a_parser_gives(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_tree, "CHUNK", chunk)
    random = Random(chunk)
    for _ in range(examples(60)):
        document = made_up(random)
        text = json.dumps(
            document, indent=random.choice((None, 1, 2)), ensure_ascii=random.random() < 0.5,
            separators=random.choice((None, (",", ":"))),
        ).encode()  # fmt: skip
        found = list(json_tree.walk(io.BytesIO(text), ask))
        lists = [*(inner["x"] for inner in document["a"]["l"]), document["x"]]
        items = [v for p, v in found if p[-1] == "x" and isinstance(v, dict)]
        assert items == list(itertools.chain.from_iterable(lists))
        assert [v.count for _, v in found if isinstance(v, json_tree.End)] == [*map(len, lists)]
        assert [v for p, v in found if p[-1] == "w"] == [i["w"] for i in document["a"]["l"]]
        with pytest.raises(ContainerError):
            list(json_tree.walk(io.BytesIO(text[: random.randrange(len(text) - 1)]), ask))


def test_a_broken_element_loses_only_itself() -> None:
    text = b'{"x": [{"a": 1}, {"a": nul}, 7, {"b": [2, {"c": 3}]}]}'
    found = [value for _, value in json_tree.walk(io.BytesIO(text), ask)]
    assert [value for value in found if isinstance(value, dict)] == [
        {"a": 1}, {"b": [2, {"c": 3}]},
    ]  # fmt: skip
    assert [value.raw for value in found if isinstance(value, Broken)] == ['{"a": nul}', "7"]
    assert found[-1] == json_tree.End(4)


def test_a_long_array_is_not_read_ahead() -> None:
    text = b'{"x": [' + b'{"a": 1},' * 2_000_000 + b'{"a": 2}]}'
    stream = io.BytesIO(text)
    for _item in itertools.islice(json_tree.walk(stream, ask), 10):
        pass
    assert stream.tell() <= 4 * json_tree.CHUNK < len(text)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b'{"x"', b'{"x": [', b"[1}", b'{"x" 3}', b'{1: 2}', b'{"x": [{"a": 1}}', b'"' * 3,
     b'{"u": ]}', b"{" * 5, b'{"w": ' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_json_is_an_error(text: bytes) -> None:
    with pytest.raises(ContainerError):
        list(json_tree.walk(io.BytesIO(text), ask))


def test_a_value_too_long_ends_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_tree, "MAX_VALUE", 1 << 21)
    text = (
        b'{"x": [{"a": 1}, {"b": "' + b"y" * (json_tree.MAX_VALUE + 3 * json_tree.CHUNK) + b'"}]}'
    )
    found = []
    with pytest.raises(ContainerError, match="longer than"):
        found.extend(json_tree.walk(io.BytesIO(text), ask))


def listed(path: json_tree.Path) -> str:
    if path == ("a", "l"):
        return json_tree.EACH
    return json_tree.INSIDE if path in ((), ("a",)) else json_tree.SKIP


def test_a_value_can_be_shown_as_it_is_written():
    text = b'{"a": {"l": [{"x": 1.50}, {"x": "\\ud83d!"},\n{"x": oh}]}, "w": {"y": [ 1e1 ]}}'
    told = []
    found = json_tree.walk(io.BytesIO(text), listed, lambda name, value: told.append((name, value)))
    shown = [
        (value, found.text()) for _path, value in found if not isinstance(value, json_tree.End)
    ]
    assert [raw for _value, raw in shown[:2]] == ['{"x": 1.50}', '{"x": "\\ud83d!"}']
    assert shown[1][0] == {"x": "\ufffd!"}
    assert told == [("x", "\ufffd!")]
    assert isinstance(shown[2][0], json_tree.Broken)
    assert shown[2][0].raw == shown[2][1] == '{"x": oh}'


def test_what_is_not_of_the_kind_asked_for_is_told():
    text = b'{"a": {"l": {"x": 1}}, "b": 7}'
    found = list(json_tree.walk(io.BytesIO(text), listed))
    assert found == [(("a", "l"), json_tree.Other('{"x": 1}}, "b": 7}'))]
    assert list(json_tree.walk(io.BytesIO(b'{"a": null}'), listed)) == []
