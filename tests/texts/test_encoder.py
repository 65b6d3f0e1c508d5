"""The language model in numpy, against the slow sums it stands for, on a model of two layers."""

import itertools
import math
import struct

import numpy as np
import pytest

from empreinte.texts import encoder
from empreinte.texts.pieces import SPACE, Pieces

WIDTH, DEPTH, HEADS, INNER, PLACES, LEAST = 64, 2, 4, 96, 12, 1e-5
LETTERS = ["<s>", "</s>", "?", SPACE, "a", "b", "c", "ab", f"{SPACE}ab", f"{SPACE}c"]
LIKELY = [0.0, 0.0, 0.0, -3.0, -3.0, -3.0, -3.0, -4.0, -4.5, -4.0]
MATRICES = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH),
            "fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}  # fmt: skip


def tensors():
    """Draw a model: names to floats, and names to matrices in 4 bits (scale and steps)."""
    random = np.random.default_rng(4)
    floats = {
        "emb.pos": random.normal(0, 1, (PLACES, WIDTH)),
        "emb.type": random.normal(0, 1, WIDTH),
        "emb.ln.w": random.normal(1, 0.1, WIDTH),
        "emb.ln.b": random.normal(0, 0.1, WIDTH),
    }
    shapes = {"emb.word": (len(LETTERS), WIDTH)}
    for n, (name, shape) in itertools.product(range(DEPTH), MATRICES.items()):
        shapes[f"l{n}.{name}.w"] = shape
        floats[f"l{n}.{name}.b"] = random.normal(0, 0.1, shape[0])
    for n, name in itertools.product(range(DEPTH), ("aln", "oln")):
        floats[f"l{n}.{name}.w"] = random.normal(1, 0.1, WIDTH)
        floats[f"l{n}.{name}.b"] = random.normal(0, 0.1, WIDTH)
    four = {
        name: (random.uniform(0.02, 0.05, (rows, columns // 32)).astype(np.float16),
               random.integers(0, 16, (rows, columns // 32, 32)))
        for name, (rows, columns) in shapes.items()
    }  # fmt: skip
    return {name: of.astype(np.float32) for name, of in floats.items()}, four


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Write the model as its package does."""
    floats, four = tensors()
    blobs = {name: of.tobytes() for name, of in floats.items()}
    for name, (scale, steps) in four.items():
        low, high = np.split(steps.reshape(-1, 32).astype(np.uint8), 2, axis=1)
        scale = scale.reshape(-1, 1).view(np.uint8)
        blobs[name] = np.hstack([scale, low | high << 4]).tobytes()
    letters = [piece.encode() for piece in LETTERS]
    edges = [0, *itertools.accumulate(map(len, letters))]
    signs = struct.pack("<IBI", ord("C"), 1, ord("c")) + struct.pack("<IB", ord("\n"), 0)
    text = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, DEPTH, HEADS, INNER, len(LETTERS), PLACES, 1,
                                 LEAST, 32)  # fmt: skip
    text += struct.pack("<5iQ", len(LETTERS), 0, 1, 0, 2, edges[-1])
    text += struct.pack(f"<{len(edges)}I", *edges) + struct.pack(f"<{len(LIKELY)}f", *LIKELY)
    text += b"".join(letters) + struct.pack("<iI", 2, len(signs)) + signs
    at = len(text) + 4 + sum(23 + len(name) for name in blobs)
    listed = struct.pack("<i", len(blobs))
    for name, blob in blobs.items():
        listed += struct.pack("<H", len(name)) + name.encode()
        listed += struct.pack("<BIQQ", 0, 0, at, len(blob))
        at += len(blob)
    file = tmp_path_factory.mktemp("model") / "model.bin"
    file.write_bytes(text + listed + b"".join(blobs.values()))
    return file


def slowly(pieces):
    """Give the means after each layer for one text, a piece and a head at a time."""
    floats, four = tensors()

    def matrix(name):
        scale, steps = four[name]
        return (scale.astype(float)[..., None] * (steps - 8.0)).reshape(len(scale), -1)

    def normal(x, name):
        x = x - x.mean()
        x = x / math.sqrt((x**2).mean() + LEAST)
        return x * floats[f"{name}.w"] + floats[f"{name}.b"]

    def times(name, x):
        return matrix(f"{name}.w") @ x + floats[f"{name}.b"]

    xs = [normal(matrix("emb.word")[piece] + floats["emb.pos"][n] + floats["emb.type"], "emb.ln")
          for n, piece in enumerate(pieces)]  # fmt: skip
    means, size = [np.mean(xs, axis=0)], WIDTH // HEADS
    for n in range(DEPTH):
        query, key, value = ([times(f"l{n}.{name}", x) for x in xs] for name in "qkv")
        for at, x in enumerate(list(xs)):
            seen = np.zeros(WIDTH)
            for head in range(HEADS):
                part = slice(head * size, (head + 1) * size)
                odds = [math.exp(query[at][part] @ one[part] / math.sqrt(size)) for one in key]
                for odd, one in zip(odds, value, strict=True):
                    seen[part] += odd / sum(odds) * one[part]
            after = normal(x + times(f"l{n}.ao", seen), f"l{n}.aln")
            wide = times(f"l{n}.fi", after)
            wide = [0.5 * one * (1 + math.erf(one / math.sqrt(2))) for one in wide]
            xs[at] = normal(after + times(f"l{n}.fo", wide), f"l{n}.oln")
        means.append(np.mean(xs, axis=0))
    return np.stack(means)


def test_states_are_the_slow_sums_whatever_is_read_beside_them(path):
    model = encoder.read(path)
    texts = ["ab c", "", "CaCb", "abababababababab", "zz\nz"]
    found = model.states(texts)
    assert found.shape == (len(texts), DEPTH + 1, WIDTH)
    for text, states in zip(texts, found, strict=True):
        pieces = [0, *model.pieces.cut(text)[: PLACES - 2], 1]
        assert states == pytest.approx(slowly(pieces), abs=1e-4)
        assert model.states([text])[0] == pytest.approx(states, abs=1e-5)


def test_many_texts_are_read_some_at_a_time_and_come_back_in_their_order(path, monkeypatch):
    model = encoder.read(path)
    texts = ["ab " * (n * 5 % 7) + "abc"[n % 3] for n in range(40)]
    together = model.states(texts)
    monkeypatch.setattr(encoder, "AT_ONCE", 16)
    assert model.states(texts) == pytest.approx(together, abs=1e-5)
    assert model.states([]).shape == (0, DEPTH + 1, WIDTH)


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "x").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="E5S1"):
        encoder.read(tmp_path / "x")


def test_a_word_is_cut_into_its_likeliest_pieces():
    random = np.random.default_rng(1)
    known = {"".join(letters): (float(random.uniform(-9, -1)), n)
             for n, letters in enumerate(itertools.chain.from_iterable(
                 itertools.product("abc", repeat=length) for length in (1, 2, 3)))}  # fmt: skip
    pieces = Pieces({f"{SPACE}": (-1.0, 99), **known}, {}, 98)
    score = {n: likely for likely, n in known.values()}
    for word in ("abcabc", "ccbab", "a"):
        best = max(
            sum(known[word[a:b]][0] for a, b in itertools.pairwise(cut))
            for many in range(len(word))
            for middle in itertools.combinations(range(1, len(word)), many)
            for cut in [(0, *middle, len(word))]
            if all(b - a <= 3 for a, b in itertools.pairwise(cut))
        )
        first, *rest = pieces.cut(word)
        assert first == 99
        assert sum(score[n] for n in rest) == pytest.approx(best)


def test_spaces_count_once_and_what_is_in_no_piece_is_unknown():
    pieces = Pieces({SPACE: (-3.0, 1), f"{SPACE}a": (-1.0, 2), "a": (-2.0, 3)}, {0xE9: "a"}, 0)
    assert pieces.cut("a   a") == pieces.cut("a a") == [2, 2]
    assert pieces.cut(" a ") == [2, 1]
    assert pieces.cut("é") == [2]
    assert pieces.cut("") == pieces.cut("  ") == [1]
    assert pieces.cut("xa") == [1, 0, 3]


def test_it_is_computed_in_one_thread_and_threads_are_as_before_after_it(path, monkeypatch):
    set_to: list[int] = []
    monkeypatch.setattr(encoder, "_threads", lambda: (lambda: 7, set_to.append))
    model = encoder.read(path)
    model.states(["ab"])
    assert set_to == [1, 7]
    monkeypatch.setattr(encoder.Pieces, "cut", lambda self, text: [99])
    with pytest.raises(IndexError):
        model.states(["ab"])
    assert set_to == [1, 7, 1, 7]
