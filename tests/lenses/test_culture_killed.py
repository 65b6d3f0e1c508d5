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


QUESTIONS = 12


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_goes_on_after_it_was_killed_at_each_item(tmp_path):
    path, dice, asked, after = tmp_path / "ledger.duckdb", random.Random(20261130), [], False
    while len(asked) < QUESTIONS:
        name, choices = waiting(path)
        assert choices
        assert name not in asked
        child = subprocess.Popen([sys.executable, "-c", ANSWERED, str(path)],
                                 stdout=subprocess.PIPE)  # fmt: skip
        child.stdout.readline()
        if after:
            child.stdout.readline()  # It was kept: it stays.
        else:
            time.sleep(dice.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with empreinte.open_ledger(path) as ledger:
            kept = len(ledger.entries("culture", "test")) - len(asked)
        assert kept in ((1,) if after else (0, 1))
        if kept:
            asked.append(name)
        else:
            assert waiting(path) == (name, choices), "the same question waits"
        after = not after


def waiting(path):
    """Give the name of the question that waits, and its options; none where the test is over."""
    with empreinte.open_ledger(path) as ledger:
        (test,) = (form for form in ledger.forms("culture") if form.id == "test")
    (field,) = test.fields
    return field.name, field.choices
