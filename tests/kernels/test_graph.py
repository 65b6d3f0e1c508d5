import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.toy_graphs import edge_lists, graph_of
from tests.rows import examples

from empreinte.errors import UsageError
from empreinte.kernels.diffusion import probabilities
from empreinte.kernels.graphs import graph as graph_module
from empreinte.kernels.graphs import sorting
from empreinte.kernels.graphs.graph import Graph


@pytest.fixture(scope="module", params=["at once", "by loops"], autouse=True)
def either_way(request):
    """Run every test with edges sorted at once, and by the loops that sort many."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "by loops":
            patch.setattr(sorting, "FEW", -1)
        yield


def rows(graph):
    return [graph.targets[graph.indptr[u] : graph.indptr[u + 1]].tolist() for u in range(graph.n)]


def slow_rows(n, edges):
    return [[v for s, v in edges if s == u] for u in range(n)]


def same(one, two):
    assert one.indptr.tolist() == two.indptr.tolist()
    assert one.targets.tolist() == two.targets.tolist()
    assert (one.weights is None) == (two.weights is None)
    if one.weights is not None:
        assert one.weights.tolist() == two.weights.tolist()


@given(edge_lists())
@settings(deadline=None, max_examples=examples(100))
def test_rows_are_the_edges_in_their_order(drawn):
    n, edges = drawn
    graph = graph_of(n, edges)
    assert (graph.n, graph.m) == (n, len(edges))
    assert rows(graph) == slow_rows(n, edges)
    assert graph.out_degrees().tolist() == [sum(s == u for s, _ in edges) for u in range(n)]
    assert graph.in_degrees().tolist() == [sum(t == u for _, t in edges) for u in range(n)]
    assert graph.sources().tolist() == sorted(s for s, _ in edges)


@given(edge_lists(), st.integers(0, 9))
@settings(deadline=None, max_examples=examples(100))
def test_turned_round_every_edge_comes_back(drawn, salt):
    n, edges = drawn
    weights = [(i * 7 + salt) % 13 for i in range(len(edges))]
    graph = graph_of(n, edges, weights)
    back = graph.transposed()
    assert rows(back) == [[s for s in range(n) for a, b in edges if (a, b) == (s, v)]
                          for v in range(n)]  # fmt: skip
    found = sorted(zip(back.targets, back.sources(), back.weights, strict=True))
    assert found == sorted((s, t, w) for (s, t), w in zip(edges, weights, strict=True))


def test_threads_and_batches_change_nothing():
    rng = np.random.default_rng(1)
    sources, targets = rng.integers(0, 5_000, (2, 300_000))
    weights = rng.random(300_000)
    one = Graph.from_edges(sources, targets, weights, 5_000)
    for threads in (2, 3):
        same(one, Graph.from_edges(sources, targets, weights, 5_000, threads=threads))
        same(one.transposed(), one.transposed(threads=threads))
        cut = np.array_split(np.arange(300_000), 7)
        same(one, Graph.from_batches(
            lambda i, cut=cut: (sources[cut[i]], targets[cut[i]], weights[cut[i]]),
            7, 5_000, weighted=True, threads=threads,
        ))  # fmt: skip
    order = np.lexsort((np.arange(300_000), sources))
    assert one.targets.tolist() == targets[order].tolist()


@pytest.mark.parametrize("n", [3, 900, 5_000, 100_000])
def test_sorting_in_little_memory_changes_nothing(monkeypatch, n):
    rng = np.random.default_rng(2)
    sources = (n * rng.random(50_000) ** 4).astype(int)
    targets, weights = rng.integers(0, n, 50_000), rng.random(50_000)
    one = Graph.from_edges(sources, targets, weights, n)
    order = np.argsort(sources, kind="stable")
    assert one.targets.tolist() == targets[order].tolist()
    assert one.weights.tolist() == weights[order].astype(np.float32).tolist()
    monkeypatch.setattr(sorting, "ROOM", 100)
    monkeypatch.setattr(graph_module, "BATCH", 7_000)
    for threads in (1, 3):
        same(one, Graph.from_edges(sources, targets, weights, n, threads=threads))
        same(Graph(one.indptr, one.targets), Graph.from_edges(sources, targets, n=n))
        back = one.transposed(threads).transposed(threads)
        assert back.indptr.tolist() == one.indptr.tolist()
        key = np.lexsort((one.weights, one.targets, one.sources()))
        assert back.targets.tolist() == one.targets[key].tolist()


@pytest.mark.parametrize("ending", ["npz", "arrow"])
@given(drawn=edge_lists(), weighted=st.booleans())
@settings(deadline=None, max_examples=examples(40))
def test_what_is_saved_is_loaded(tmp_path_factory, ending, drawn, weighted):
    n, edges = drawn
    graph = graph_of(n, edges, list(range(len(edges))) if weighted else None)
    path = tmp_path_factory.mktemp("graph") / f"graph.{ending}"
    graph.save(path)
    loaded = Graph.load(path)
    same(graph, loaded)
    loaded.targets[:] = 0  # of the copy in memory, not of the file
    same(graph, Graph.load(path))


def test_numpy_and_arrow_read_it_too(tmp_path):
    import pyarrow as pa

    graph = Graph.from_edges([0, 0, 2], [1, 2, 1], [0.5, 1, 0.25])
    graph.save(tmp_path / "graph.npz")
    with np.load(tmp_path / "graph.npz") as arrays:
        same(graph, Graph(**arrays))
    graph.save(tmp_path / "graph.arrow")
    with pa.memory_map(str(tmp_path / "graph.arrow")) as file:
        column = pa.ipc.open_file(file).read_all()["edges"].to_pylist()
    assert column == [
        [{"target": 1, "weight": 0.5}, {"target": 2, "weight": 1.0}],
        [],
        [{"target": 1, "weight": 0.25}],
    ]


def test_mapped_arrays_are_aligned_and_are_the_file(tmp_path):
    Graph.from_edges([0, 0, 2], [1, 2, 1], [0.5, 1, 0.25]).save(tmp_path / "graph.npz")
    for array in vars(Graph.load(tmp_path / "graph.npz")).values():
        assert array.ctypes.data % 64 == 0
        assert isinstance(array.base, np.memmap)


def test_a_compressed_file_of_numpy_is_refused_with_what_to_do(tmp_path):
    graph = Graph.from_edges([0], [1])
    np.savez_compressed(tmp_path / "c.npz", indptr=graph.indptr, targets=graph.targets)
    with pytest.raises(UsageError, match="numpy"):
        Graph.load(tmp_path / "c.npz")


@pytest.mark.parametrize("ending", ["npz", "arrow"])
def test_a_damaged_file_is_an_error_and_never_a_crash(tmp_path, ending):
    whole = tmp_path / f"whole.{ending}"
    rng = np.random.default_rng(2)
    graph = Graph.from_edges(*rng.integers(0, 50, (2, 300)), rng.random(300))
    graph.save(whole)
    data = whole.read_bytes()
    broken = tmp_path / f"broken.{ending}"
    refused, times = 0, examples(300)
    for i in range(times):
        spoilt = bytearray(data)
        if i % 3:
            for place in rng.integers(0, len(data), 3):
                spoilt[place] = rng.integers(0, 256)
        else:
            del spoilt[int(rng.integers(0, len(data))) :]
        broken.write_bytes(spoilt)
        try:
            loaded = Graph.load(broken)
        except UsageError:
            refused += 1
            continue
        assert loaded.m == 0 or 0 <= loaded.targets.min() <= loaded.targets.max() < loaded.n
        assert (np.diff(loaded.indptr) >= 0).all()
    assert refused > times / 3


def test_other_files_are_refused(tmp_path):
    (tmp_path / "edges.txt").write_text("0 1\n")
    with pytest.raises(UsageError, match=r"graphs\.files"):
        Graph.load(tmp_path / "edges.txt")
    with pytest.raises(UsageError, match=r"\.npz or \.arrow"):
        Graph.from_edges([0], [1]).save(tmp_path / "edges.txt")
    with pytest.raises(UsageError, match="missing"):
        Graph.load(tmp_path / "missing.npz")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0, 1], [1]), "one row each"),
        (([0.5], [1]), "whole numbers"),
        (([-1], [1]), "from 0"),
        (([0], [5], None, 3), "0 to n - 1"),
        (([0], [2**31]), "at most"),
        (([0], [1], [np.nan]), "finite"),
        (([0], [1], [1.0, 2.0]), "one an edge"),
    ],
)
def test_what_is_no_graph_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        Graph.from_edges(*arguments)


def test_arrays_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="from_edges"):
        Graph(np.array([0, 1]), np.array([0]))
    with pytest.raises(ValueError, match="from 0"):
        Graph(np.array([0, 2]), np.array([0], dtype=np.int32))
    with pytest.raises(ValueError, match="outside"):
        Graph(np.array([0, 1]), np.array([-1], dtype=np.int32)).checked()
    with pytest.raises(ValueError, match="goes down"):
        Graph(np.array([0, 2, 1, 2]), np.array([0, 0], dtype=np.int32)).checked()


@given(edge_lists())
@settings(deadline=None, max_examples=examples(100))
def test_probabilities_follow_their_rules(drawn):
    n, edges = drawn
    graph = graph_of(n, edges)
    degrees = graph.in_degrees()
    weighted = probabilities.of_edges(graph, "weighted")
    assert weighted.tolist() == [np.float32(1 / degrees[v]) for v in graph.targets]
    three = probabilities.of_edges(graph, "trivalency", seed=3)
    assert set(three.tolist()) <= {float(np.float32(p)) for p in (0.1, 0.01, 0.001)}
    pairs = list(zip(graph.sources().tolist(), graph.targets.tolist(), strict=True))
    by_pair = dict(zip(pairs, three.tolist(), strict=True))
    assert [by_pair[pair] for pair in pairs] == three.tolist()
    shuffled = graph_of(n, edges[::-1])
    again = probabilities.of_edges(shuffled, "trivalency", seed=3)
    pairs = zip(shuffled.sources().tolist(), shuffled.targets.tolist(), strict=True)
    assert [by_pair[pair] for pair in pairs] == again.tolist()


def test_the_three_values_come_equally_often():
    rng = np.random.default_rng(4)
    graph = Graph.from_edges(*rng.integers(0, 3_000, (2, 90_000)))
    _, counts = np.unique(probabilities.trivalency(graph), return_counts=True)
    assert counts == pytest.approx([30_000] * 3, rel=0.03)


@pytest.mark.parametrize(
    ("rule", "words"),
    [("uniform", "no rule"), (1.5, "no probability"), ("given", "no weights"),
     ([0.5, 0.5], "one an edge"), ([float("nan")], "between 0 and 1"), ([-0.5], "between 0 and 1")],
)  # fmt: skip
def test_what_is_no_probability_is_refused(rule, words):
    with pytest.raises(ValueError, match=words):
        probabilities.of_edges(Graph.from_edges([0], [1]), rule)
