"""WhatsApp's chats: the owner's own words, others as counts, what is not known asked for."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from tests.sources.reading import only, read_with

import empreinte
from empreinte.container import in_memory
from empreinte.model import Account, FileReport, Metric, Post
from empreinte.sources import whatsapp
from empreinte.sources.whatsapp.lines import order_of, parsed
from empreinte.testing import whatsapp as made
from empreinte.testing.life import FIRST_EXPORT, freelancer

PERSON = freelancer(7, FIRST_EXPORT - timedelta(days=60))


def given(text, name="_chat.txt"):
    export = in_memory(name, text.encode())
    return [one for root in whatsapp.recognize(export) for one in whatsapp.read(export.under(root))]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("layout", ["android", "ios"])
def test_the_owner_s_words_are_kept_and_the_friend_s_are_counted(tmp_path, layout, language):
    path = tmp_path / "a.txt"
    made.write_chat(path, PERSON, FIRST_EXPORT, layout=layout, language=language)
    yielded = read_with(whatsapp, path)
    said = made.said(PERSON, FIRST_EXPORT)
    posts = only(yielded, Post)
    written = [p for p in posts if p.content]
    assert [(p.content, p.published) for p in written] == [
        (p.text.strip(), made.here(p, PERSON).replace(tzinfo=UTC)) for p in said
    ]
    assert {p.visibility for p in posts} == {"direct"}
    attached = [p for p in posts if p.media]
    assert len(attached) == len(said[::5])
    assert [p.deleted is not None for p in posts].count(True) == 1
    days = Counter(made.here(p, PERSON).date() for p in said)
    metrics = only(yielded, Metric)
    assert {m.observed.date(): m.value for m in metrics} == days
    assert made.FRIEND not in str([one for one in yielded if not isinstance(one, FileReport)])
    assert "Réponse" not in str(yielded)
    (account,) = only(yielded, Account)
    assert (account.id, account.is_owner) == (PERSON.name, True)


@pytest.mark.parametrize(
    ("line", "sender", "clock"),
    [
        ("12/03/2025 09:14 - Anne: Salut", "Anne", (9, 14, 0)),
        ("12/03/2025, 09:14 - Anne: Salut", "Anne", (9, 14, 0)),
        ("12/03/2025 à 09:14 - Anne: Salut", "Anne", (9, 14, 0)),
        ("[12/03/2024 14:05:33] Anne: Salut", "Anne", (14, 5, 33)),
        ("\u200e[12/03/2024, 14:05:33] Anne: \u200eimage absente", "Anne", (14, 5, 33)),
        ("3/12/25, 12:14\u202fAM - Anne Lu: Hi: there", "Anne Lu", (0, 14, 0)),
        ("3/12/25, 9:14 p.m. - ~\u202fSurnom: Hi", "Surnom", (21, 14, 0)),
        ("12/03/2025 09:14 - Anne a quitté", None, (9, 14, 0)),
        ("2025-03-12, 09:14 - Anne: a", "Anne", (9, 14, 0)),
        ("12.03.25, 09:14 - Anne: a", "Anne", (9, 14, 0)),
    ],
)
def test_lines_of_all_styles(line, sender, clock):
    found = parsed(line)
    assert (found.sender, found.clock) == (sender, clock)


@pytest.mark.parametrize("line", ["Salut", "", "12/03/2025", "25:61", "12/03/2025 25:00 - A: b"])
def test_what_begins_no_message_goes_on_with_the_one_before(line):
    assert parsed(line) is None


def chat(times, style, half=False):
    """Write a chat with a message at each of these times."""
    for at in times:
        day = {"mdy": f"{at.month}/{at.day}/{at:%y}", "dmy": f"{at:%d/%m/%Y}"}[style]
        clock = at.strftime("%I:%M %p").lstrip("0") if half else at.strftime("%H:%M")
        yield f"{day}, {clock} - Anne: a"


def test_the_order_of_dates_is_never_guessed_wrong():
    random, known = Random(3), 0
    for _number in range(400):
        style = random.choice(["mdy", "dmy"])
        start = datetime(2025, random.randrange(1, 13), random.randrange(1, 13), 8)
        step = random.choice([timedelta(minutes=5), timedelta(days=1), timedelta(days=31)])
        times = [start + n * step for n in range(random.randrange(1, 8))]
        lines = [parsed(line) for line in chat(times, style, half=style == "mdy")]
        found = order_of(lines, is_french=lambda: False)
        assert found is None or [line.at(found).date() for line in lines] == [
            at.date() for at in times
        ]
        known += found is not None
    assert known > 200


def test_a_chat_named_after_the_other_tells_who_the_owner_is():
    text = "12/03/2025 09:14 - Anne: Salut\n13/03/2025 09:15 - Moi: Bonjour\nà toi\n"
    yielded = given(text, "Discussion WhatsApp avec Anne.txt")
    assert [(p.author_id, p.content) for p in only(yielded, Post)] == [("Moi", "Bonjour\nà toi")]
    assert [m.value for m in only(yielded, Metric)] == [1]


def test_whose_it_is_is_asked_for(tmp_path):
    path = tmp_path / "_chat.txt"
    path.write_text("13/03/2025 09:14 - Anne: Salut\n13/03/2025 09:15 - Lu: Bonjour\n", "utf-8")
    with empreinte.open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(path)
        assert sum(report.kept.values()) == 0
        assert "2 people" in str(report.files[0].reason)
        ledger.describe(path, {"me": "Lu"})
        ledger.ingest(path)
        (post,) = ledger.sql("select content, author_id from posts").to_pylist()
        assert (post["content"], post["author_id"]) == ("Bonjour", "Lu")


def test_other_texts_are_left_alone():
    for text in ("Bonjour\n", "2026-01-01 12:00 INFO - started: ok\n", "", "[a] b: c\n"):
        assert list(whatsapp.recognize(in_memory("a.txt", text.encode()))) == []


def test_importing_twice_changes_nothing(tmp_path):
    path = made.write_chat(tmp_path / "a.txt", PERSON, FIRST_EXPORT)
    longer = tmp_path / "b.txt"
    longer.write_text(path.read_text("utf-8") + "01/01/2030 10:00 - " + PERSON.name + ": Fin\n")
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(path)
        (report,) = ledger.ingest(longer)
        assert report.kept["posts"] == 1
