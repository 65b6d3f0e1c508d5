"""A test of digital competence goes on where it was left, however often Empreinte is killed."""

import random
import signal
import subprocess
import sys
import time

import pytest

import empreinte

ANSWERED = """
import sys, time
import empreinte
with empreinte.open_ledger(sys.argv[1]) as ledger:
    (test,) = (form for form in ledger.forms("culture") if form.id == "test")
    (field,) = test.fields
    print("asked", flush=True)
    ledger.tell("culture", "test", {field.name: field.choices[0].key})
    print("told", flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_goes_on_after_it_was_killed_at_each_item(tmp_path):
    path, dice, asked = tmp_path / "ledger.duckdb", random.Random(20261130), []
    kept = lost = 0
    while (field := waiting(path))[1]:
        child = subprocess.Popen([sys.executable, "-c", ANSWERED, str(path)],
                                 stdout=subprocess.PIPE)  # fmt: skip
        child.stdout.readline()
        if len(asked) % 2:
            child.stdout.readline()  # It was kept: it stays.
        else:
            time.sleep(dice.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with empreinte.open_ledger(path) as ledger:
            entries = ledger.entries("culture", "test")
        assert len(entries) - len(asked) in ((1,) if len(asked) % 2 else (0, 1))
        if len(entries) == len(asked):
            lost += 1
            assert waiting(path) == field, "the same question waits"
        else:
            kept += 1
            asked.append(field[0])
    assert len(set(asked)) == len(asked) == kept
    assert 10 < kept <= 21


def waiting(path):
    """Give the name of the question that waits, and its options; none where the test is over."""
    with empreinte.open_ledger(path) as ledger:
        (test,) = (form for form in ledger.forms("culture") if form.id == "test")
    (field,) = test.fields
    return field.name, field.choices
