"""The test kit finds what is wrong with a stranger's plug-in, and nothing wrong with a good one."""

import importlib
import json
import types

import pytest

import empreinte
from empreinte.testing.demo import write_exports
from empreinte.testing.kit import check_lens, check_source
from tests.plugin import LENS, SOURCE

DIARY = "2026-06-01T08:00:00\n1|2026-05-01T08:00:00|Un|3\n2|2026-05-02T08:00:00|Deux|\n"


def module(text, **changed):
    made = types.ModuleType("made_up")
    exec(text, vars(made))
    vars(made).update(changed)
    return made


@pytest.fixture
def diary(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "diary.txt").write_text(DIARY)
    return folder


def test_nothing_is_wrong_with_the_toy_source(diary):
    single = diary / "diary.txt"
    assert check_source(module(SOURCE), [diary], alike=[(diary, single.parent)]) == []


def reading(change):
    """Give the toy source's `read` with what it yields changed."""
    made = module(SOURCE)

    def read(export):
        return change(list(made.read(export)))

    return read


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"recognize": lambda export: []}, "it is not recognised"),
        ({"recognize": lambda export: ["", ""]}, "is claimed 2 times"),
        ({"title": lambda: 1}, "title() gives no text"),
        ({"how_to_get": lambda: 1 / 0}, "how_to_get() fails"),
        ({"read": reading(lambda found: found[1:])}, "no ExportInfo"),
        ({"read": reading(lambda found: found[:1])}, "no record is read"),
        ({"read": reading(lambda found: [*found[:-2], broken(found[-2]), found[-1]])}, "no text"),
    ],
)
def test_what_is_wrong_with_a_source_is_told(diary, changed, told):
    assert told in "\n".join(check_source(module(SOURCE, **changed), [diary]))


def broken(record):
    import msgspec

    return msgspec.structs.replace(record, id="")


def test_a_source_that_a_spoilt_export_breaks_is_told(tmp_path):
    path = tmp_path / "diary.txt"
    path.write_text(DIARY)
    made = module(SOURCE, recognize=lambda export: export.names(r".*\.txt"))

    def read(export):
        export.read(export.names()[0]).decode("ascii")
        yield from made.read(export)

    told = check_source(module(SOURCE, recognize=made.recognize, read=read), [path])
    assert any("the source fails" in fault for fault in told)


WITH_FIELDS = """
import json
from datetime import datetime

from empreinte.formats.drift import Fields, Watch
from empreinte.model import Account, ExportInfo, FileReport, Post

NAME, VERSION = "fielded", 1
FIELDS = Fields("date posts", inside={"posts": Fields("date text")})


def title():
    return "A diary in JSON"


how_to_get = title


def recognize(export):
    return [name[: -len("diary.json")] for name in export.names(r"(.*/)?diary\\.json")]


def read(export):
    (name,) = export.names(r"diary\\.json")
    held = json.loads(export.read(name))
    watch = Watch(FIELDS)
    watch.see(held)
    yield ExportInfo(observed=datetime.fromisoformat(held["date"]), owner=("toy", "me"))
    yield Account(file=name, place=0, platform="toy", id="me", is_owner=True)
    for place, post in enumerate(held["posts"], 1):
        if len(post) < 3:  # strict
            yield Post(file=name, place=place, platform="toy", id=str(place), author_id="me",
                       content=post["text"], published=datetime.fromisoformat(post["date"]))
    yield FileReport(name=name, status="read", drift=watch.drift())
"""


def test_a_part_that_a_source_does_not_know_must_be_told_and_cost_nothing(tmp_path):
    day = "2026-05-01T08:00:00+00:00"
    diary = {"date": day, "posts": [{"date": day, "text": text} for text in ("Un", "Deux")]}
    (tmp_path / "diary.json").write_text(json.dumps(diary))
    tolerant = WITH_FIELDS.replace("len(post) < 3", "post")
    assert check_source(module(tolerant), [tmp_path]) == []
    blind = tolerant.replace(", drift=watch.drift()", "")
    told = [fault.partition(": ")[2] for fault in check_source(module(blind), [tmp_path])]
    assert told == [
        "an unknown part is not told as drift (diary.json: the whole)",
        "an unknown part is not told as drift (diary.json: posts.*)",
    ]
    assert check_source(module(blind), [tmp_path], spared=r"diary\.json: .*") == []
    (told,) = check_source(module(WITH_FIELDS), [tmp_path])
    assert told.endswith("an unknown part costs a record (diary.json: posts.*)")


def test_another_platforms_account_in_the_other_language_is_told(diary, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "diary.txt").write_text(DIARY.replace("Deux", "Two"))
    told = check_source(module(SOURCE), [], alike=[(diary, other)])
    assert told == ["mine and other give other records"]


@pytest.mark.slow
def test_nothing_is_wrong_with_the_toy_lens_on_a_made_up_person():
    assert check_lens(module(LENS)) == []


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """The ledger that the kit makes where none is given, made once."""
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(*write_exports(tmp_path_factory.mktemp("demo"), quick=True))
        yield ledger


@pytest.mark.slow
@pytest.mark.parametrize("name", ["influence", "network", "exposure"])
def test_nothing_is_wrong_with_ours(made_up, name):
    assert check_lens(importlib.import_module(f"empreinte.lenses.{name}"), made_up) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("answer(tables, scope):", "answer(tables, scope):\n    1 / 0"), "division by zero"),
        (("about=value.id", "about=\'nothing\'"), "it is not in the report"),
        (("text=f\"{n} posts.\"", "text=\'P.\', quiet=\'7 posts\'"), "holds numbers"),
        (("value=float(n), n=n", "value=float(n) + (scope.language == \'fr\')"), "in English and"),
        (("select * {counted}", "select * from nowhere {counted}"), "cannot be shown"),
        (("tally.all.posts", "tally posts"), "not tally.SUBJECT.posts"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_lens_is_told(change, told):
    assert change[0] in LENS
    with empreinte.open_ledger(":memory:") as ledger:
        assert told in "\n".join(check_lens(module(LENS.replace(*change)), ledger))
