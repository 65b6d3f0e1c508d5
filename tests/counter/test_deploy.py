"""What is in ``deploy/``: the unit is well formed and shut in, the commands in it are ours."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from empreinte.faces.cli.app import build

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_systemd_takes_the_unit_and_finds_it_shut_in(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    unit = tmp_path / "empreinte-counter.service"
    text = (DEPLOY / unit.name).read_text()
    unit.write_text(re.sub(r"/opt/empreinte/bin/empreinte", shutil.which("true") or "", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert unit.name not in done.stderr, done.stderr
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("name", ["Containerfile", "empreinte-counter.service"])
def test_what_is_started_is_a_command_of_ours(name):
    text = (DEPLOY / name).read_text()
    options = {option for p in build().commands["counter"].params for option in p.opts}
    started = re.search(r"^(CMD|ExecStart=).*", text, re.MULTILINE)[0]
    assert "serve" in started
    assert set(re.findall(r"--[a-z-]+", started)) <= options
    for copied in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE):
        assert all((DEPLOY.parent / one).exists() for one in copied.split())
