import gzip
import warnings

import igraph
import networkx as nx
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.toy_graphs import edge_lists, graph_of
from tests.rows import examples

from empreinte.errors import UsageError
from empreinte.kernels.graphs import files
from empreinte.kernels.graphs.files import opened, read, write
from empreinte.kernels.graphs.graph import Graph

GRAPH = Graph.from_edges([0, 0, 1, 1, 4], [1, 1, 0, 1, 0], [0.1, 2, 3.5, 1e-3, 7], 6)
NAMES = ["Zoé & co", "a<b>", '"quoted"', "d", "e\u202ff", "lonely"]
COLUMNS = {
    "label": ["Z", "A", "Q", "D", "E", "L"],
    "community": np.array([0, 0, 1, 1, 2, 2]),
    "rank": np.array([0.5, 0.25, 0.125, 0.0625, 0.03, 0.01]),
    "owner": np.array([True, False, False, False, False, False]),
}


def named_edges(named):
    """Give the edges by name, with weights, sorted."""
    graph = named.graph
    weights = graph.weights if graph.weights is not None else np.full(graph.m, np.nan)
    return sorted(
        (named.names[u], named.names[v], None if np.isnan(w) else float(w))
        for u, v, w in zip(graph.sources().tolist(), graph.targets.tolist(), weights, strict=True)
    )


WRITTEN = sorted(
    (NAMES[u], NAMES[v], float(w))
    for u, v, w in zip(GRAPH.sources(), GRAPH.targets, GRAPH.weights, strict=True)
)


@pytest.mark.parametrize("ending", ["graphml", "gexf", "parquet"])
def test_what_is_written_is_read(tmp_path, ending):
    path = tmp_path / f"graph.{ending}"
    write(GRAPH, path, NAMES, COLUMNS)
    back = read(path)
    assert named_edges(back) == WRITTEN
    assert set(back.names) == set(NAMES)
    if ending != "parquet":
        assert list(back.names) == NAMES
        assert back.labels == COLUMNS["label"]


def test_networkx_reads_it(tmp_path):
    write(GRAPH, tmp_path / "g.graphml", NAMES, COLUMNS)
    write(GRAPH, tmp_path / "g.gexf", NAMES, COLUMNS)
    for graph in (nx.read_graphml(tmp_path / "g.graphml"), nx.read_gexf(tmp_path / "g.gexf")):
        assert graph.is_directed()
        edges = sorted((u, v, np.float32(w)) for u, v, w in graph.edges(data="weight"))
        assert edges == WRITTEN
        assert list(graph) == NAMES
        for number, data in enumerate(graph.nodes.values()):
            for name, values in COLUMNS.items():
                assert data[name] == values[number]
    write(GRAPH, tmp_path / "g.parquet", NAMES)
    frame = pq.read_table(tmp_path / "g.parquet").to_pandas()
    graph = nx.from_pandas_edgelist(
        frame, edge_attr="weight", create_using=nx.MultiDiGraph, source="source", target="target"
    )
    assert sorted((u, v, w) for u, v, w in graph.edges(data="weight")) == WRITTEN


def test_igraph_reads_it(tmp_path):
    write(GRAPH, tmp_path / "g.graphml", NAMES, COLUMNS)
    graph = igraph.Graph.Read_GraphML(str(tmp_path / "g.graphml"))
    assert graph.is_directed()
    # igraph leaves an ampersand as it is written in an attribute.
    assert [name.replace("&#38;", "&") for name in graph.vs["id"]] == NAMES
    assert graph.vs["label"] == COLUMNS["label"]
    assert graph.vs["community"] == COLUMNS["community"].tolist()
    found = sorted((NAMES[e.source], NAMES[e.target], np.float32(e["weight"])) for e in graph.es)
    assert found == WRITTEN
    write(GRAPH, tmp_path / "g.parquet", NAMES)
    frame = pq.read_table(tmp_path / "g.parquet").to_pandas()
    graph = igraph.Graph.DataFrame(frame, directed=True, use_vids=False)
    assert sorted((graph.vs[e.source]["name"], graph.vs[e.target]["name"], e["weight"])
                  for e in graph.es) == WRITTEN  # fmt: skip


def test_what_networkx_and_igraph_write_is_read(tmp_path):
    graph = nx.DiGraph([("a", "b", {"weight": 0.5}), ("b", "é", {"weight": 2.0})])
    graph.add_node("lonely")
    plain = nx.Graph([(0, 1), (1, 2), (2, 2)])
    many = nx.MultiDiGraph([("a", "b"), ("a", "b"), ("b", "b")])
    for ending, save in (("graphml", nx.write_graphml), ("gexf", nx.write_gexf)):
        save(graph, tmp_path / f"d.{ending}")
        found = read(tmp_path / f"d.{ending}")
        assert named_edges(found) == [("a", "b", 0.5), ("b", "é", 2.0)]
        assert list(found.names) == ["a", "b", "é", "lonely"]
        save(plain, tmp_path / f"u.{ending}")
        both = [("0", "1"), ("1", "0"), ("1", "2"), ("2", "1"), ("2", "2")]
        assert [edge[:2] for edge in named_edges(read(tmp_path / f"u.{ending}"))] == both
        save(many, tmp_path / f"m.{ending}")
        edges = [edge[:2] for edge in named_edges(read(tmp_path / f"m.{ending}"))]
        assert edges == [("a", "b"), ("a", "b"), ("b", "b")]
    other = igraph.Graph([(0, 1), (1, 2)], directed=True)
    other.vs["label"] = ["x", "y", "z"]
    other.es["weight"] = [0.25, 4]
    other.write_graphml(str(tmp_path / "i.graphml"))
    found = read(tmp_path / "i.graphml")
    assert found.labels == ["x", "y", "z"]
    assert found.graph.weights.tolist() == [0.25, 4]


@given(edge_lists(), st.booleans())
@settings(deadline=None, max_examples=examples(40))
def test_any_graph_comes_back(tmp_path_factory, drawn, weighted):
    n, edges = drawn
    graph = graph_of(n, edges, [i / 8 for i in range(len(edges))] if weighted else None)
    folder = tmp_path_factory.mktemp("files")
    for ending in ("graphml", "gexf", "parquet"):
        write(graph, folder / f"g.{ending}")
        back = read(folder / f"g.{ending}")
        assert [int(name) for name in back.names] == list(range(n))
        assert back.graph.indptr.tolist() == graph.indptr.tolist()
        assert back.graph.targets.tolist() == graph.targets.tolist()
        if edges:
            assert (back.graph.weights is None) == (graph.weights is None)
            assert not weighted or back.graph.weights.tolist() == graph.weights.tolist()


TEXTS = {
    "spaces": "# made by hand\n3 9\n3  12\n9 3\n\n",
    "tabs": "3\t9\n3\t12\n9\t3",
    "commas": "FROM_NODE,TO_NODE,TRUST\n3,9,1\r\n3,12,2\r\n9,3,3\r\n",
    "semicolons": "% konect\n3;9\n3;12\n9;3\n",
    "marked": "\ufeff3 9\n3 12\n9 3\n",
    "more columns": "3 9 1082040961 x\n3 12 0 y\n9 3 0 z\n",
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("packed", [False, True])
def test_edge_lists_of_every_kind(tmp_path, kind, packed):
    path = tmp_path / ("edges.txt.gz" if packed else "edges.txt")
    data = TEXTS[kind].encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    found = read(path)
    assert found.names.tolist() == [3, 9, 12]
    assert [edge[:2] for edge in named_edges(found)] == [(3, 9), (3, 12), (9, 3)]
    both = read(path, undirected=True)
    assert [edge[:2] for edge in named_edges(both)] == [
        (3, 9), (3, 9), (3, 12), (9, 3), (9, 3), (12, 3)]  # fmt: skip


def test_a_first_line_of_counts_is_no_edge(tmp_path):
    path = tmp_path / "edges.txt"
    path.write_text("5 6\n0 1\n1 2\n2 0\n0 2\n2 1\n1 0\n")
    found = read(path)
    assert (found.graph.n, found.graph.m) == (5, 6)
    path.write_text("5 6\n0 1\n1 2\n2 0\n0 2\n2 1\n1 7\n")
    assert (read(path).graph.n, read(path).graph.m) == (6, 7)
    path.write_text("5 2 0\n0 1 3\n1 4 1\n")  # an edge with a weight counts nothing
    assert [read(path, weight=column).graph.m for column in (None, 2)] == [3, 3]


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**18), 10**18),
            st.integers(0, 50),
            st.one_of(st.integers(-99, 99), st.floats(-1e6, 1e6, allow_subnormal=False)),
        ),
        min_size=1,
        max_size=30,
    )
)
@settings(deadline=None)
def test_numbers_are_read_as_python_reads_them(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("text") / "edges.txt"
    path.write_text("".join(f"{u} {v} {w!r}\n" for u, v, w in rows))
    found = read(path, weight=2)
    expected = sorted((u, v, np.float32(w)) for u, v, w in rows)
    got = named_edges(found)
    assert [edge[:2] for edge in got] == [edge[:2] for edge in expected]
    assert found.names.tolist() == sorted({x for u, v, _ in rows for x in (u, v)})
    for one, two in zip(sorted(w for *_, w in got), sorted(w for *_, w in expected), strict=True):
        assert one == pytest.approx(two, rel=2e-7, abs=1e-12)


def test_names_that_are_texts(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("source,target,weight\nzoé,bob,0.5\n123,zoé,1e-2\n")
    found = read(path, weight=2)
    assert list(found.names) == ["zoé", "bob", "123"]
    assert [e[:2] for e in named_edges(found)] == [("123", "zoé"), ("zoé", "bob")]
    assert found.graph.weights.tolist() == [np.float32(0.5), np.float32(0.01)]
    path.write_text("99999999999999999999 1\n1 2\n")
    assert list(read(path).names) == ["99999999999999999999", "1", "2"]


def test_pieces_of_a_file_fit_together(tmp_path, monkeypatch):
    monkeypatch.setattr(files.text, "CHUNK", 7)
    rng = np.random.default_rng(1)
    edges = rng.integers(0, 4_000, (3_000, 2))
    path = tmp_path / "edges.txt"
    path.write_text("\n".join(f"{u}\t{v}" for u, v in edges))
    found = read(path)
    assert [e[:2] for e in named_edges(found)] == sorted(map(tuple, edges.tolist()))


def test_metis(tmp_path):
    path = tmp_path / "g.graph"
    # The example of the manual, figure 3: weights of nodes (two) and of edges.
    path.write_text(
        "% a comment\n4 4 011 2\n1 0 2 1 3 2\n0 1 1 1 4 3\n% inside\n2 2 1 2 4 5\n0 0 2 3 3 5\n"
    )
    found = read(path)
    assert found.names.tolist() == [1, 2, 3, 4]
    assert named_edges(found) == [(1, 2, 1), (1, 3, 2), (2, 1, 1), (2, 4, 3), (3, 1, 2),
                                  (3, 4, 5), (4, 2, 3), (4, 3, 5)]  # fmt: skip
    path.write_text("3 1\n2\n1\n\n")
    assert named_edges(read(path)) == [(1, 2, None), (2, 1, None)]
    for text, words in [
        ("3 1\n2\n1\n", "2 of 3"), ("2 1\n2\n3\n", "not 1 to 2"), ("2 5\n2\n1\n", "5 edges"),
        ("x\n", "invalid"), ("", "first line"), ("2 1 7\n2\n1\n", "format"),
        ("1 0\nnan\n", "not 1"),
    ]:  # fmt: skip
        path.write_text(text)
        with pytest.raises(UsageError, match=words):
            read(path)


def test_parquet_columns(tmp_path):
    import pyarrow as pa

    path = tmp_path / "t.parquet"
    table = pa.table({"who": ["a", "b"], "whom": ["b", "c"], "times": [3, 4]})
    pq.write_table(table, path)
    found = read(path, source="who", target="whom", weight="times")
    assert named_edges(found) == [("a", "b", 3.0), ("b", "c", 4.0)]
    assert len(named_edges(read(path, source="who", target="whom", undirected=True))) == 4
    with pytest.raises(UsageError, match="say which"):
        read(path)
    pq.write_table(pa.table({"src": [10, None], "dst": [7, 7]}), path)
    with pytest.raises(UsageError, match="no source"):
        read(path)
    pq.write_table(pa.table({"src": [10**12, 3], "dst": [7, 7]}), path)
    assert read(path).names.tolist() == [3, 7, 10**12]


BOMB = """<?xml version="1.0"?><!DOCTYPE graphml [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>
<graphml><graph edgedefault="directed"><node id="&b;"/></graph></graphml>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE graphml [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<graphml><graph edgedefault="directed"><node id="n">&a;</node></graph></graphml>"""


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("b.graphml", BOMB, "entities"),
        ("b.gexf", OUTSIDE, "entities"),
        ("b.graphml", "<a>" * 200, "deep"),
        ("b.graphml", "<graphml><graph><edge source='a'/></graph></graphml>", "no target"),
        ("b.graphml", "<graphml><graph><node/></graph></graphml>", "no id"),
        ("b.graphml", "<graphml><graph><hyperedge/></graph></graphml>", "hyperedges"),
        ("b.gexf", "<gexf><graph><edges><edge source='a' target='b' weight='x'/>", "float"),
        ("b.gexf", "<gexf><graph>", "no element found"),
        ("b.gexf", "<node id='" + "x" * 20_000 + "'/>", "longer"),
        ("b.txt", "1 2\n3\n", "line 2 has 1 column"),
        ("b.txt", "x" * 3_000_000, "longer"),
        ("b.parquet", "PAR1 no", "cannot be read"),
        ("b.txt.gz", b"\x1f\x8b\x08 no", "cannot be read"),
    ],
)
def test_hostile_files_are_refused(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError, match=words):
        read(path)


def test_a_bomb_stops_early(tmp_path, monkeypatch):
    monkeypatch.setattr(opened, "RATIO_FLOOR", 1 << 20)
    path = tmp_path / "bomb.txt.gz"
    path.write_bytes(gzip.compress(b"1 2\n" * 1_000_000))
    with pytest.raises(UsageError, match="unpacks"):
        read(path)


def test_a_long_tag_does_not_fill_the_memory(tmp_path):
    path = tmp_path / "long.gexf"
    with path.open("wb") as file:
        file.write(b"<gexf><graph mode='")
        for _ in range(40):
            file.write(b"x" * 1_000_000)
        file.write(b"'/></gexf>")
    with pytest.raises(UsageError, match="element is longer"):
        read(path)


@pytest.mark.parametrize("ending", ["graphml", "gexf", "parquet", "txt", "graph", "txt.gz"])
def test_a_damaged_file_is_an_error_and_never_a_crash(tmp_path, ending):
    whole = tmp_path / f"whole.{ending}"
    if ending == "graph":
        whole.write_text("4 4 001\n2 1 3 2\n1 1 4 3\n1 2 4 5\n2 3 3 5\n")
    elif ending.startswith("txt"):
        data = "".join(f"{i % 37} {i * i % 41} 0.{i}\n" for i in range(300)).encode()
        whole.write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
    else:
        write(GRAPH, whole, NAMES, COLUMNS)
    data = whole.read_bytes()
    broken = tmp_path / f"broken.{ending}"
    rng = np.random.default_rng(3)
    kept, times = 0, examples(150)
    for i in range(times):
        spoilt = bytearray(data)
        if i % 3:
            for place in rng.integers(0, len(data), 3):
                spoilt[place] = rng.integers(0, 256)
        else:
            del spoilt[int(rng.integers(0, len(data))) :]
        broken.write_bytes(spoilt)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                found = read(broken, weight=2 if "txt" in ending else None)
        except UsageError:
            continue
        kept += 1
        found.graph.checked()
        assert len(found.names) == found.graph.n
    assert kept < times


def test_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\.graphml, \.gexf or \.parquet"):
        write(GRAPH, tmp_path / "g.net")
    with pytest.raises(UsageError, match="no format"):
        read(tmp_path / "g.net", "pajek")
    with pytest.raises(UsageError, match="there is no such file"):
        read(tmp_path / "missing.txt")
    for ending in ("graphml", "gexf", "parquet"):
        with pytest.raises(ValueError, match="same name"):
            write(GRAPH, tmp_path / f"g.{ending}", ["a"] * 6)
    with pytest.raises(ValueError, match="one a node"):
        write(GRAPH, tmp_path / "g.gexf", ["a"])
    with pytest.raises(ValueError, match="one a node"):
        write(GRAPH, tmp_path / "g.gexf", columns={"label": ["a"]})
    with pytest.raises(ValueError, match="column 1"):
        read(tmp_path / "x.txt", weight=1)
    write(GRAPH, tmp_path / "c.graphml", columns={"label": ["\x00\x1b"] * 6})
    assert read(tmp_path / "c.graphml").labels == ["\ufffd\ufffd"] * 6


COUNTS = {
    "NetHEPT.txt.gz": (15_233, 58_891), "wiki-Vote.txt.gz": (7_115, 103_689),
    "facebook_combined.txt.gz": (4_039, 88_234), "email-Eu-core.txt.gz": (1_005, 25_571),
    "polblogs.graph.gz": (1_490, 2 * 16_715), "jazz.graph.gz": (198, 2 * 2_742),
    "soc-sign-bitcoinotc.csv.gz": (5_881, 35_592), "CollegeMsg.txt.gz": (1_899, 59_835),
}  # fmt: skip


@pytest.mark.real_data
@pytest.mark.parametrize("name", COUNTS)
def test_known_graphs_have_their_counts(data, name):
    graph = read(data / "graphs" / name).graph
    assert (graph.n, graph.m) == COUNTS[name]


@pytest.mark.real_data
def test_a_known_graph_has_its_distinct_pairs(data):
    graph = read(data / "graphs" / "NetHEPT.txt.gz").graph
    pairs = zip(graph.sources().tolist(), graph.targets.tolist(), strict=True)
    assert len(set(pairs)) == 32_235
