"""Files of graphs as other programs write them, with networkx, scipy and csv as the oracles."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import scipy.io
import scipy.sparse

from empreinte.errors import UsageError
from empreinte.kernels.graphs.files import Named, read


def edges(named: Named) -> list[tuple]:
    graph = named.graph
    weights = graph.weights.tolist() if graph.weights is not None else [None] * graph.m
    ends = zip(graph.sources().tolist(), graph.targets.tolist(), weights, strict=True)
    return sorted((str(named.names[u]), str(named.names[v]), w) for u, v, w in ends)


def written(path: Path, text: str | bytes, **options) -> list[tuple]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return edges(read(path, **options))


@pytest.mark.parametrize(
    ("text", "weight", "expected"),
    [
        ('"Anne Martin","Bob Noir"\n"Bob Noir","Zoé"\n', None,
         [("Anne Martin", "Bob Noir", None), ("Bob Noir", "Zoé", None)]),
        ("Anne Martin\tBob Noir\nBob Noir\tZoé\n", None,
         [("Anne Martin", "Bob Noir", None), ("Bob Noir", "Zoé", None)]),
        ('"Anne Martin" "Bob Noir"\n"Bob Noir"  Zoé\n', None,
         [("Anne Martin", "Bob Noir", None), ("Bob Noir", "Zoé", None)]),
        ("'Anne Martin';'Bob; Noir'\n'Bob; Noir';'Zoé'\n", None,
         [("Anne Martin", "Bob; Noir", None), ("Bob; Noir", "Zoé", None)]),
        ('"Martin, Anne","Noir ""B"" Bob",2\n"Zoé\nLu","Martin, Anne",3\n', 2,
         [("Martin, Anne", 'Noir "B" Bob', 2), ("Zoé\nLu", "Martin, Anne", 3)]),
        ("1;2;0,5\n2;3;0,25\n", 2, [("1", "2", 0.5), ("2", "3", 0.25)]),
        ("1\t2\t0,5\n2\t3\t4\n", 2, [("1", "2", 0.5), ("2", "3", 4)]),
        ("1 2 0,5\n2 3 0,25\n", 2, [("1", "2", 0.5), ("2", "3", 0.25)]),
        ('1,2,"0,5"\n2,3,"0,25"\n', 2, [("1", "2", 0.5), ("2", "3", 0.25)]),
        ("a;b;1,5e1\nb;c;-0,25\n", 2, [("a", "b", 15), ("b", "c", -0.25)]),
        ("1,2,,5,9\n2,3,8,7,9\n", 3, [("1", "2", 5), ("2", "3", 7)]),
        ("1;2;;;5\n2;3;;4;7\n", 4, [("1", "2", 5), ("2", "3", 7)]),
        ("1\t2\t\t5\n2\t3\tx\t7\n", 3, [("1", "2", 5), ("2", "3", 7)]),
        ("a,b,,5\nb,c,x,7\n", 3, [("a", "b", 5), ("b", "c", 7)]),
        ('1,2,"x,y",5\n2,3,z,7\n', 3, [("1", "2", 5), ("2", "3", 7)]),
        ("Poids;Source;Cible\n0,5;Zoé;Bob\n", "poids", [("Zoé", "Bob", 0.5)]),
        ("user_a user_b\n1 2\n2 3\n", None, [("1", "2", None), ("2", "3", None)]),
        ("Source,Target\n#climat,#paris\n#paris,#eau\n", None,
         [("#climat", "#paris", None), ("#paris", "#eau", None)]),
        ("4 3\n0 1\n1 2\n2 3\n", None, [("0", "1", None), ("1", "2", None), ("2", "3", None)]),
        ("3 2\n1 2\n2 3\n", None, [("1", "2", None), ("2", "3", None)]),
        ("4 2\n0 1 0.5\n1 2 0.25\n", 2, [("0", "1", 0.5), ("1", "2", 0.25)]),
        ("3 2\nanne bob\nbob zoé\n", None, [("anne", "bob", None), ("bob", "zoé", None)]),
        ("1 2\r2 3\r", None, [("1", "2", None), ("2", "3", None)]),
        ("anne bob\rbob zoé\r", None, [("anne", "bob", None), ("bob", "zoé", None)]),
        ("1 2\r\n2 3\n3 4\r", None, [("1", "2", None), ("2", "3", None), ("3", "4", None)]),
        ("Ren\xe9 Ana\nRen\xe8 Bob\n".encode("latin-1"), None,
         [("Renè", "Bob", None), ("René", "Ana", None)]),
        ("\ufeffSource\tTarget\nZoé\tBob\n".encode("utf-16-le"), None, [("Zoé", "Bob", None)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_edge_lists(tmp_path, ending, text, weight, expected) -> None:
    assert written(tmp_path / f"e.{ending}", text, weight=weight) == expected


GEPHI = "Source,Target,Type,Id,Label,timeset,Weight\n"


def test_gephis_own_table_of_edges(tmp_path) -> None:
    path = tmp_path / "edges.csv"
    text = GEPHI + 'a,"b, c",Directed,0,,,1.5\na,d,Undirected,1,,,2.0\n'
    expected = [("a", "b, c", 1.5), ("a", "d", 2.0), ("d", "a", 2.0)]
    assert written(path, text) == expected
    assert written(path, text, weight="Weight") == expected
    assert written(path, GEPHI + "1,2,Directed,0,,,1.5\n", weight=6) == [("1", "2", 1.5)]


def test_counted_nodes_are_there_though_no_edge_names_them(tmp_path) -> None:
    (tmp_path / "e.txt").write_text("6 2\n0 1 0.5\n1 2 0.25\n")
    assert read(tmp_path / "e.txt", weight=2).graph.n == 6
    (tmp_path / "e.txt").write_text("6 4\n1 2\n2 3\n3 4\n4 6\n")
    found = read(tmp_path / "e.txt")
    assert (found.graph.n, found.names.tolist()) == (6, [1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize(
    ("name", "text", "weight", "words"),
    [
        ("n.csv", "Id,Label,timeset\n1,Anne,\n2,Bob,\n", None, "table of nodes"),
        ("e.csv", GEPHI + "a,b,Directed,0,,,\n", None, "line 2"),
        ("e.csv", "a,b,x\nb,c,y\n", 2, "could not convert"),
        ("e.csv", "a;b;0,5\nb;c;0.25\n", 2, "point for a comma"),
        ("e.csv", "a;b;1.234,5\nb;c;2.345,5\n", 2, "could not convert"),
        ("e.csv", 'a,b\n"c,d\n', None, "unexpected end"),
        ("e.csv", "a,b\n,c\n", None, "empty name"),
        ("e.csv", "Source,Target\na,b\n", "poids", "no column"),
        ("e.txt", "Anne Martin Bob Noir\nBob Noir Zoé\n", None, "unequal numbers"),
        ("e.txt", "Zoé Bob\n".encode() + b"Ren\xe9 Ana\n", None, "not UTF-8"),
        ("e.txt", "3000000000 2\na b\nb c\n", None, "counts 3000000000 nodes"),
        ("e.txt", "9 5\n0 1 0.5\n1 2 0.25\n", 2, "counts 5 edges"),
        ("e.txt", '<graphml xmlns="x"/>', None, "it is XML"),
        ("e.txt", "digraph G {\n a -> b;\n}\n", None, "DOT"),
        ("e.dot", "/* made */ strict graph {\n a -- b;\n}\n", None, "DOT"),
        ("e.net", "*Vertices 2\n1 \"a\"\n*Arcs\n1 2\n", None, "Pajek"),
        ("m.mtx", "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n", None, "array"),
        ("m.mtx", "%%MatrixMarket matrix coordinate real general\n2 3 1\n1 2 1\n", None, "3 col"),
        ("m.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 9\n1 2 1\n", None, "9 ent"),
        ("m.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 3 1\n", None, "1 to 2"),
        ("m.mtx", "%%MatrixMarket matrix coordinate real general\n9999999999 9999999999 0\n", None,
         "at most"),
        ("m.mtx", "%%MatrixMarket matrix coordinate real general\n", None, "no line of sizes"),
        ("m.mtx", "1 2\n", None, "banner"),
        ("g.gml", "graph [ node [ id 1 ] edge [ source 1 ] ]", None, "no target"),
        ("g.gml", "graph [ node [ id 1 ", None, "end is missing"),
        ("g.gml", "graph [ " + "x [ " * 500, None, "deep"),
        ("g.gml", 'graph [ node [ id 1 label "a', None, "not closed"),
        ("g.gml", "hello", None, "no graph"),
        ("g.json", "[[1, 2]]", None, "no object"),
        ("g.json", '{"nodes": []}', None, "no list"),
        ("g.json", '{"nodes": [{"id": 1}], "links": [{"source": 1}]}', None, "no target"),
        ("g.json", '{"nodes": [{"name": "a"}], "links": [{"source": 0, "target": 7}]}', None,
         "node 7 of 1"),
        ("g.json", '{"nodes": [{"id": {}}], "links": []}', None, "no name"),
        ("g.json", '{"nodes": [1], "links": [{"source": 1, "target": 1, "weight": [1]}]}', None,
         "no weight"),
        ("g.json", '{"a":' * 100_000, None, "cannot be read"),
        ("g.gexf", "<gexf><graph><edges><edge source='a' target='b'><attvalues>"
         "<attvalue for='weight' value='much'/></attvalues></edge></edges></graph></gexf>", None,
         "float"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_right_is_refused_with_the_reason(
    tmp_path, name, text, weight, words
) -> None:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError, match=words):
        read(path, weight=weight)


def made_up(seed: int, directed: bool, weighted: bool) -> nx.Graph:
    """Make a graph of names that are hard to write."""
    rng = np.random.default_rng(seed)
    names = ["Anne Martin", "Zoé, Lu", 'Bob "B" Noir', "d;e", "#f", "7", "é à ü", "x&y"]
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(names)
    for u, v in rng.integers(0, len(names), (12, 2)):
        graph.add_edge(names[u], names[v])
        if weighted:
            graph.edges[names[u], names[v]]["weight"] = float(rng.integers(1, 99)) / 4
    return graph


def expected(graph: nx.Graph) -> list[tuple]:
    both = graph if graph.is_directed() else graph.to_directed()
    return sorted((str(u), str(v), d.get("weight")) for u, v, d in both.edges(data=True))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_what_networkx_writes(tmp_path, seed, directed, weighted) -> None:
    graph = made_up(seed, directed, weighted)
    ways = {"undirected": not directed, "weight": 2 if weighted else None}
    for delimiter, ending in ((",", "csv"), (";", "csv"), ("\t", "tsv")):
        text = io.StringIO()
        rows = csv.writer(text, delimiter=delimiter)
        rows.writerow(["Source", "Target", "Weight"][: 2 + weighted])
        for u, v, told in graph.edges(data=True):
            rows.writerow([u, v, *told.values()])
        assert written(tmp_path / f"e.{ending}", text.getvalue(), **ways) == expected(graph)
    nx.write_gml(graph, tmp_path / "g.gml")
    found = read(tmp_path / "g.gml")
    labels = dict(zip(found.names, found.labels or (), strict=False))
    assert sorted((labels[u], labels[v], w) for u, v, w in edges(found)) == expected(graph)
    for name in ("links", "edges"):
        (tmp_path / "g.json").write_text(json.dumps(nx.node_link_data(graph, edges=name)))
        assert edges(read(tmp_path / "g.json")) == expected(graph)
    (tmp_path / "c.json").write_text(json.dumps(nx.cytoscape_data(graph)))
    assert edges(read(tmp_path / "c.json")) == expected(graph)
    for ending, write in (("graphml", nx.write_graphml), ("gexf", nx.write_gexf)):
        write(graph, tmp_path / f"g.{ending}")
        got = edges(read(tmp_path / f"g.{ending}"))
        assert [e[:2] for e in got] == [e[:2] for e in expected(graph)]
        assert not weighted or got == expected(graph)
    plain = nx.convert_node_labels_to_integers(graph)
    nx.write_edgelist(plain, tmp_path / "e.edgelist")
    got = edges(read(tmp_path / "e.edgelist", undirected=not directed))
    assert [e[:2] for e in got] == [e[:2] for e in expected(plain)]
    nx.write_weighted_edgelist(plain, tmp_path / "w.edgelist")
    if weighted:
        assert edges(read(tmp_path / "w.edgelist", **ways)) == expected(plain)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("field", ["real", "integer", "pattern"])
@pytest.mark.parametrize("symmetric", [True, False])
def test_what_scipy_writes_as_matrix_market(tmp_path, seed, field, symmetric) -> None:
    rng = np.random.default_rng(seed)
    dense = rng.integers(0, 4, (9, 9)) * (rng.random((9, 9)) < 0.3)
    dense = dense + dense.T if symmetric else dense
    matrix = scipy.sparse.coo_array(dense / 4 if field == "real" else dense)
    path = tmp_path / "m.mtx"
    scipy.io.mmwrite(path, matrix, field=field, comment="a comment\nof two lines")
    back = scipy.io.mmread(path, spmatrix=False).toarray()
    found = read(path)
    assert found.graph.n == 9
    weights = 1.0 if found.graph.weights is None else found.graph.weights
    got = np.zeros((9, 9))
    np.add.at(got, (found.graph.sources(), found.graph.targets), weights)
    assert np.allclose(got, back)
    assert (found.graph.weights is None) == (field == "pattern")


@pytest.mark.parametrize(
    ("declared", "attributes", "inside", "weight"),
    [
        ("", "", '<attvalue for="weight" value="4.0"/>', 4.0),
        ('<attribute id="0" title="Weight" type="double"/>', "", '<attvalue for="0" value="4"/>',
         4),
        ('<attribute id="0" title="weight" type="double"><default>3</default></attribute>', "", "",
         3),
        ('<attribute id="0" title="weight" type="double"/>', 'weight="2"',
         '<attvalue for="0" value="4"/>', 2),
        ('<attribute id="weight" title="age" type="double"/>', "",
         '<attvalue for="weight" value="4"/>', None),
        ("", "", "", None),
    ],
)  # fmt: skip
def test_weights_of_gexf(tmp_path, declared, attributes, inside, weight) -> None:
    text = (
        '<gexf xmlns="http://www.gexf.net/1.2draft"><graph defaultedgetype="directed">'
        f'<attributes class="edge">{declared}</attributes><nodes><node id="a"/></nodes><edges>'
        f'<edge source="a" target="b" {attributes}><attvalues>{inside}</attvalues></edge>'
        "</edges></graph></gexf>"
    )
    assert written(tmp_path / "g.gexf", text) == [("a", "b", weight)]


@pytest.mark.parametrize(
    ("keys", "inside", "weight"),
    [
        ('<key id="w" for="edge" attr.name="weight"/>', '<data key="w">4</data>', 4),
        ('<key id="w" for="node" attr.name="weight"/>', '<data key="w">4</data>', 4),
        ('<key id="w" for="all" attr.name="Weight"/>', '<data key="w">4</data>', 4),
        ('<key id="n" for="node" attr.name="weight"/><key id="e" for="edge" attr.name="weight"/>',
         '<data key="n">9</data><data key="e">4</data>', 4),
        ('<key id="n" for="node" attr.name="weight"/><key id="e" for="edge" attr.name="weight"/>',
         '<data key="e">4</data><data key="n">9</data>', 4),
        ('<key id="w" for="edge" attr.name="weight"><default>2</default></key>', "", 2),
        ('<key id="w" for="node" attr.name="weight"><default>2</default></key>', "", None),
        ('<key id="weight" for="node" attr.name="age"/>', '<data key="weight">4</data>', None),
        ("", '<data key="weight">4</data>', 4),
    ],
)  # fmt: skip
def test_keys_of_graphml(tmp_path, keys, inside, weight) -> None:
    text = (
        f'<graphml>{keys}<graph edgedefault="directed"><node id="a"/>'
        f'<edge source="a" target="b">{inside}</edge></graph></graphml>'
    )
    assert written(tmp_path / "g.graphml", text) == [("a", "b", weight)]


def test_json_of_d3_and_sigma(tmp_path) -> None:
    d3 = {"nodes": [{"name": "Zoé"}, {"name": "Bob"}], "links": [
        {"source": 0, "target": 1, "value": 3}]}  # fmt: skip
    assert written(tmp_path / "d.json", json.dumps(d3)) == [("Zoé", "Bob", 3)]
    sigma = {
        "options": {"type": "undirected"},
        "nodes": [{"key": "a", "attributes": {"label": "Zoé"}}, {"key": "b"}],
        "edges": [{"source": "a", "target": "b", "attributes": {"weight": 2.5}}],
    }
    assert written(tmp_path / "s.json", json.dumps(sigma)) == [("a", "b", 2.5), ("b", "a", 2.5)]
    assert read(tmp_path / "s.json").labels == ["Zoé", "b"]


def test_gml_of_other_programs(tmp_path) -> None:
    gml = (
        'Creator "Gephi"\n# made by hand\ngraph\n[\n  directed 1\n  node\n  [\n    id 1\n'
        '    label "Zo&#233;"\n    graphics [ x 1.0 fill "#f00" ]\n  ]\n  node [ id 2 ]\n'
        "  edge [ source 1 target 2 value 2.5 ]\n]\n"
    )
    assert written(tmp_path / "g.gml", gml) == [("1", "2", 2.5)]
    assert read(tmp_path / "g.gml").labels == ["Zoé", "2"]
    assert written(tmp_path / "g.txt", gml) == [("1", "2", 2.5)]
    old = gml.replace("Zo&#233;", "Zo\xe9").encode("latin-1")
    written(tmp_path / "l.gml", old)
    assert read(tmp_path / "l.gml").labels == ["Zoé", "2"]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("Quelle;Ziel;Gewicht\na;b;2,5\n", {}, [("a", "b", 2.5)]),
        ("Origen;Destino;Peso\na;b;2,5\n", {}, [("a", "b", 2.5)]),
        ("wer,wen,Stärke\na,b,2\nb,c,3\n", {}, [("a", "b", None), ("b", "c", None)]),
        ("wer,wen,Stärke\na,b,2\nb,c,3\n", {"weight": 2}, [("a", "b", 2), ("b", "c", 3)]),
        ("wer;wen;Stärke\na;b;2,5\nb;c;3,5\n", {}, [("a", "b", None), ("b", "c", None)]),
        ("a,b,x\nb,c,y\nc,d,z\n", {}, [("a", "b", None), ("b", "c", None), ("c", "d", None)]),
        ("a,b,1\nb,c,2\nc,d,3\n", {"weight": 2}, [("a", "b", 1), ("b", "c", 2), ("c", "d", 3)]),
        ("3 3 2\n1 2\n2 3\n", {}, [("1", "2", None), ("2", "3", None)]),
        ("4 4 2\n0 1\n1 2\n", {}, [("0", "1", None), ("1", "2", None)]),
        ("René,Zoé €\n".encode("cp1252"), {}, [("René", "Zoé €", None)]),
        ("‘René’,Zoé™\n".encode("cp1252"), {}, [("‘René’", "Zoé™", None)]),
        ("Ren\xe9,Zo\x81\n".encode("latin-1"), {}, [("René", "Zo\x81", None)]),
    ],
)  # fmt: skip
def test_titles_counts_and_letters_of_other_countries(tmp_path, text, options, expected):
    assert written(tmp_path / "edges.csv", text, **options) == expected


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.txt", "a -> b\nb -> c\n", "arrow"),
        ("a.txt", "a -- b\n", "arrow"),
        ("a.txt", "a → b 2\n", "arrow"),
        ("a.csv", ";a;b\na;0;1\nb;1;0\n", "matrix"),
        ("a.csv", ",0,1,2\n0,0,1,0\n1,0,0,1\n2,1,0,0\n", "matrix"),
        ("a.csv", '"","x y","z"\n"x y",0,1\n"z",1,0\n', "matrix"),
        ("a.txt", "3 3 4\n1 2\n2 3\n", "counts 4 edges"),
        ("a.gdf", "nodedef>name VARCHAR\na\nedgedef>node1 VARCHAR,node2 VARCHAR\na,a\n", "GDF"),
        ("a.csv", "nodedef> name VARCHAR,label VARCHAR\na,A\n", "GDF"),
        ("a.mtx", "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 2 1\n2 1 1\n",
         "twice"),
        ("a.json", '{"nodes": ["a", "b"], "links": [{"source": "a", "target": "b"}], "edges": '
         '[{"source": "b", "target": "a"}]}', "links and edges"),
    ],
)  # fmt: skip
def test_what_would_be_misread_is_refused(tmp_path, name, text, reason):
    with pytest.raises(UsageError, match=reason):
        written(tmp_path / name, text)


def test_an_empty_list_of_links_beside_edges(tmp_path):
    text = '{"directed": true, "nodes": [], "links": [], "edges": [{"source": "a", "target": "b"}]}'
    assert written(tmp_path / "a.json", text) == [("a", "b", None)]


def test_a_symmetric_matrix_of_the_upper_half(tmp_path):
    head = "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 3\n"
    found = written(tmp_path / "a.mtx", head + "1 2\n3 2\n3 3\n")
    assert [(u, v) for u, v, _ in found] == [
        ("1", "2"), ("2", "1"), ("2", "3"), ("3", "2"), ("3", "3"),
    ]  # fmt: skip
