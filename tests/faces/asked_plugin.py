"""A stranger's lens with options, ticks, files and a network, installed for a test's length."""

import importlib
import sys
from contextlib import contextmanager

from empreinte import plugins

LENS = """
from empreinte.language import message
from empreinte.report import (
    Column, Evidence, Measure, File, Link, Network, Node, Option, Report, Section, Sentence, Table,
    Tick, Value,
)

NAME = "plan"
OPTIONS = (
    Option(name="seeds", label=message("How many"), help=message("How many to start from."),
           default=5, least=1, most=100),
    Option(name="reveal", label=message("In full"), help=message("Show it in full.")),
)
ASKED = []


def question():
    return "What is to be done?"


def answer(tables, scope):
    ASKED.append(scope.options)
    done = set(tables.sql("select key from ticks").column("key").to_pylist())
    seeds = scope.option("seeds", 5)
    secret = "mona@example.org" if scope.option("reveal") else "m…"
    value = Value(id="plan.all.seeds", value=float(seeds),
                  evidence=Evidence("select $n as n, $secret as text",
                                    {"n": seeds, "secret": secret}))
    measure = Measure(id="seeds", name="Seeds", kind="integer", values=(value,))
    keys = ("plan-one", "plan-two")
    table = Table(
        id="plan.steps", title="Steps", named=1,
        columns=(Column(key="n", label="Order", kind="integer"),
                 Column(key="step", label="Step")),
        rows=((1, "Write to " + secret), (2, "Wait"), (3, "It is over")),
        ticks=(*(Tick(key, key in done) for key in keys), Tick("plan-end", True, False)),
    )
    network = Network(
        id="plan.web", title="Who knows whom", reading="Two people know each other.",
        nodes=(Node(label="Ada", x=0.0, y=0.0, size=2.0, group=0),
               Node(label="Alan", x=1.0, y=1.0, size=1.0)),
        links=(Link(source=0, target=1, first=20000, last=20010),), groups=("Friends",),
        size=Column(key="n", label="Posts", kind="integer"),
        weight=Column(key="w", label="Replies", kind="integer"), table="plan.steps",
    )
    files = (
        File(name="letter.txt", title="A letter", media_type="text/plain", text="To " + secret),
        File(name="../../.evil é.txt", title="Elsewhere", media_type="text/plain", text="é"),
    )
    return Report(
        lens=NAME, question=question(), scope=scope,
        answer=(Sentence(text=f"{seeds} to start from.", about=value.id, quiet="A few."),),
        sections=(Section(id="all", title="All", measures=(measure,), networks=(network,),
                          tables=(table,), files=files),),
    )
"""


@contextmanager
def installed(folder):
    """Install the lens in `folder` and on sys.path."""
    folder.mkdir(exist_ok=True)
    (folder / "toy_plan.py").write_text(LENS)
    info = folder / "toy_plan-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-plan\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[empreinte.lenses]\nplan = toy_plan\n")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    plugins._registered.cache_clear()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        plugins._registered.cache_clear()
        sys.modules.pop("toy_plan", None)
