"""A stranger's plug-in, installed for the length of a test as pip would: a source and a lens."""

import importlib
import sys
from contextlib import contextmanager
from textwrap import dedent

from empreinte import plugins

SOURCE = '''
"""Reads toy exports: a file diary.txt, a line a post, "id|date|text|likes"."""

from datetime import datetime, timezone

from empreinte.errors import ContainerError
from empreinte.language import message
from empreinte.model import Account, ExportInfo, FileReport, Metric, Post, Reject

NAME = "toy"
VERSION = 1


def title():
    return "Toy diary"


def how_to_get():
    return "Write it yourself."


def recognize(export):
    for name in export.names(r"(.*/)?diary\\.txt"):
        yield name[: -len("diary.txt")]


def read(export):
    (name,) = export.names(r"diary\\.txt")
    lines = export.read(name).decode().splitlines()
    observed = datetime.fromisoformat(lines[0]).replace(tzinfo=timezone.utc)
    yield ExportInfo(observed=observed, owner=("toy", "me"))
    yield Account(file=name, place=0, platform="toy", id="me", handle="moi", is_owner=True,
                  whole=True)
    for place, line in enumerate(lines[1:], 1):
        if line == "BUG":
            raise ZeroDivisionError("a bug")
        if line == "DAMAGE":
            raise ContainerError("{name} is damaged.", name=name)
        try:
            id, date, text, likes = line.split("|")
            at = datetime.fromisoformat(date).replace(tzinfo=timezone.utc)
        except ValueError as error:
            reason = message("Not a line of a diary ({cause}).", cause=error)
            yield Reject(file=name, place=place, reason=reason, raw=line)
            continue
        yield Post(file=name, place=place, platform="toy", id=id, author_id="me", content=text,
                   published=at)
        if likes:
            yield Metric(file=name, place=place, platform="toy", subject_id=id, name="likes",
                         value=float(likes), observed=observed)
    yield FileReport(name=name, status="read")
'''

LENS = '''
"""Counts posts."""

from empreinte.language import _
from empreinte.report import Evidence, Measure, Report, Section, Sentence, Value

NAME = "tally"


def question():
    return _("How many?")


def answer(tables, scope):
    counted = "from posts where mine and in_scope"
    n = tables.sql(f"select count(*) as n {counted}").to_pylist()[0]["n"]
    value = Value(id="tally.all.posts", value=float(n), n=n,
                  evidence=Evidence(f"select * {counted} order by published"))
    posts = Measure(id="posts", name="Posts", kind="integer", values=(value,))
    return Report(lens=NAME, question=question(), scope=scope,
                  answer=(Sentence(text=f"{n} posts.", about=value.id),),
                  sections=(Section(id="all", title="All", measures=(posts,)),))
'''


@contextmanager
def registered(folder, modules, points):
    """Install modules in `folder`, and `points`: names by group, each with its module's name."""
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(dedent(text))
    info = folder / f"toy_{folder.name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: toy-{folder.name}\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text("".join(
        f"[{group}]\n" + "".join(f"{name} = {module}\n" for name, module in named.items())
        for group, named in points.items()
    ))  # fmt: skip
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    plugins._registered.cache_clear()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        plugins._registered.cache_clear()
        for module in modules:
            sys.modules.pop(module, None)


def installed(folder):
    """Install the toy plug-in in `folder` and on sys.path."""
    return registered(
        folder,
        {"toy_diary": SOURCE, "toy_tally": LENS},
        {"empreinte.sources": {"toy": "toy_diary"}, "empreinte.lenses": {"tally": "toy_tally"}},
    )
