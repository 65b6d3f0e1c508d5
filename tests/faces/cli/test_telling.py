"""Telling in a terminal: what can be told, and a kill at any moment."""

import json
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest

import empreinte

FIRST, SECOND = "0612345678", "0798765432"


def test_what_can_be_told_is_listed(run):
    code, out, _err = run("tell")
    assert code == 0
    assert "exposure known" in out
    code, out, _err = run("tell", "exposure", "known", "--lang", "fr")
    assert "data.1.whose" in out
    assert run("tell", "tally")[2] == "There is nothing to tell.\n"
    for words in (("exposure", "none"), ("none",), ("exposure", "known", "x")):
        assert run("tell", *words)[0] == 2
    assert run("tell", "exposure", "known", "a=1", "--file", "x.toml")[0] == 2
    assert run("tell", "exposure", "known", "--file", "none.toml")[0] == 1


def test_of_a_log_answers_before_are_counted_and_what_is_said_of_the_last_is_shown(run):
    for _answer in range(2):
        field = json.loads(run("tell", "culture", "test", "--json")[1])[0]["form"]["fields"][0]
        code, _out, err = run("tell", "culture", "test", f"{field['name']}=not_known")
        assert (code, "The answer to the last question" in err) == (0, True)
    out = run("tell", "culture", "test")[1]
    assert "2 answers were given before." in out
    assert "Told on" not in out


def test_a_second_trial_over_the_first_is_said_not_to_count(run):
    first, later = (str(date.today() + timedelta(days=n)) for n in (3, 10))
    words = ("pairs=6", "outcome=posts")
    assert "It counts." in run("tell", "balance", "trial", f"first={first}", *words)[2]
    said = run("tell", "balance", "trial", f"first={later}", *words)[2]
    assert "It does not count, because it shares days with the one from" in said
    assert "which goes on as it was told" in said


def test_what_was_told_is_shown_and_forgotten(run):
    assert run("tell", "exposure", "known", "birthday=1984-04-03")[0] == 0
    assert "birthday=1984-04-03" in run("tell", "exposure")[1]
    assert run("forget", "--told", "exposure/known", "--yes")[0] == 0
    assert "1984" not in run("tell", "exposure")[1]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_telling_that_is_killed_leaves_nothing_half_told(tmp_path):
    path = tmp_path / "home" / "ledger.duckdb"

    def words(value, n=60):
        fields = [
            f"data.{i}.{f}" for i in range(1, n + 1) for f in (f"value={value}{i}", "whose=mine")
        ]
        return [sys.executable, "-m", "empreinte", "tell", "exposure", "known", *fields,
                "--ledger", str(path)]  # fmt: skip

    began = time.perf_counter()
    subprocess.run(words(FIRST), check=True, capture_output=True)
    took = time.perf_counter() - began
    dice = random.Random(20261129)
    states = set()
    for turn in range(20):
        value = (SECOND, FIRST)[turn % 2]
        process = subprocess.Popen(words(value), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(dice.uniform(0.4, 1.05) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with empreinte.open_ledger(path) as ledger:
            (entry,) = ledger.entries()
        assert entry.whole
        told = {group["value"][:10] for group in entry.fields["data"]}
        assert told in ({FIRST}, {SECOND})
        assert len(entry.fields["data"]) == 60
        states |= told
    assert states <= {FIRST, SECOND}
