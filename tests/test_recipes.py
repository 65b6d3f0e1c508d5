"""A stranger follows the two recipes word for word, in an empty folder and a clean environment."""

import http.client
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[1]
ADDRESS = re.compile(r"http://([\w.-]+):(\d+)(/\S*)")
NAMED_BLOCK = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def written(recipe, folder):
    """Write the files that a recipe names."""
    files = dict(NAMED_BLOCK.findall((ROOT / "docs" / recipe).read_text(encoding="utf-8")))
    assert {"pyproject.toml", "try_it.py"} <= files.keys()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class Clean:
    """An environment with Empreinte installed by pip, and what it depends on."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "venv" / "bin"
        self.home = folder
        subprocess.run([sys.executable, "-m", "venv", self.bin.parent], check=True, timeout=60)
        (site,) = (self.bin.parent / "lib").glob("python*/site-packages")
        # What we depend on is found where it is, without the network; Empreinte is not: the line
        # that leads there is followed, and the files of that kind that lie there are not.
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
        self.environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8",
            "EMPREINTE_LEDGER": str(folder / "ledger.duckdb"),
            "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",  # no network: as it is here
        }  # fmt: skip
        self.run(ROOT, "pip", "install", "--no-deps", str(ROOT))

    def run(self, where: Path, *command: str, code: int = 0) -> str:
        done = subprocess.run(
            [str(self.bin / command[0]), *command[1:]], env=self.environment,
            cwd=where, capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def serving(self, where: Path):
        """Start the dashboard; give what fetches a page of it."""
        with subprocess.Popen(
            [str(self.bin / "empreinte"), "open", "--no-browser"], env=self.environment,
            cwd=where, stdout=subprocess.PIPE, text=True,
        ) as server:  # fmt: skip
            assert server.stdout is not None
            said = ""
            while not (found := ADDRESS.search(said)):
                line = server.stdout.readline()
                assert line, said
                said += line
            try:
                yield visitor(*found.groups())
            finally:
                server.terminate()


def visitor(host: str, port: str, first: str):
    """Pay the first visit, as a browser would; give what fetches a page."""
    cookie = ""

    def page(path: str) -> str:
        nonlocal cookie
        asked = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        asked.request("GET", path, headers={"Host": f"{host}:{port}", "Cookie": cookie})
        answer = asked.getresponse()
        cookie = (answer.headers["set-cookie"] or cookie).partition(";")[0]
        text = answer.read().decode()
        asked.close()
        return text

    page(first)
    return page


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return Clean(tmp_path_factory.mktemp("clean"))


@pytest.mark.slow
def test_a_source_made_from_the_recipe_works_in_every_face(clean, tmp_path):
    folder = written("add-a-source.md", tmp_path / "diary")
    clean.run(folder, "pip", "install", "-e", ".")
    clean.run(folder, "python", "-W", "error", "try_it.py")
    assert "A diary in CSV" in clean.run(folder, "empreinte", "sources")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(elsewhere / "backup.zip", "w") as archive:
        archive.write(folder / "diary" / "diary.csv", "2026/mine/diary.csv")
    told = msgspec.json.decode(
        clean.run(elsewhere, "empreinte", "import", "--json", "backup.zip", code=1)
    )
    (report,) = told["imports"]
    assert (report["source"], report["kept"]["posts"], report["rejected"]) == ("diary", 2, 1)
    assert [file["name"] for file in report["files"]] == ["2026/mine/diary.csv"]
    posts = clean.run(elsewhere, "empreinte", "sql", "select distinct file from posts", "--json")
    assert "2026/mine/diary.csv" in posts


@pytest.mark.slow
def test_a_lens_made_from_the_recipe_works_in_every_face(clean, tmp_path):
    folder = written("add-a-lens.md", tmp_path / "days")
    clean.run(folder, "pip", "install", "-e", ".")
    clean.run(folder, "python", "-W", "error", "try_it.py")
    assert "On which days do I write?" in clean.run(folder, "empreinte", "lenses")
    clean.run(folder, "empreinte", "import", "feed.json")
    clean.run(folder, "empreinte", "mine", "feed:https://blog.example.org")
    assert msgspec.json.decode(clean.run(folder, "empreinte", "days", "--json"))["lens"] == "days"
    with clean.serving(folder) as page:
        assert "On which days do I write?" in page("/")
        assert "Posts at weekends" in page("/lens/days")
