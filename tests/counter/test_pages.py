"""The pages: what anybody sees, what the shop sees, what neither gives away."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po

import empreinte
from empreinte.counter import log, sealing
from empreinte.counter.limits import Limit
from empreinte.counter.web import rendering
from empreinte.counter.web.app import HEADERS
from empreinte.counter.web.public import words
from empreinte.formats import icalendar
from empreinte.language import speaking
from tests.counter.shops import TOLD, Site, check

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7777*7777}}"
SECRET, PUBLIC = sealing.new_keys()
NAMES = ("Ariane Perdreau", "ariane@perdreau.example", "Perdreau")


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, public_key=PUBLIC, mail="levain@shop.example")
    yield made
    check(made.counter)
    made.book.close()


def reserved(site, **told):
    path = site.reserve({"loaf": 1}).headers["location"]
    answer = site.ask(f"{path}/send", told)
    assert answer.status == 303, answer.text
    return path


def test_no_page_runs_a_program_sets_a_cookie_or_asks_another_machine(site):
    path = reserved(site)
    for asked in ("/", "/?lang=fr", path, site.own, f"{site.own}/window", "/nothing", "/c/wrong"):
        answer = site.ask(asked)
        assert all(answer.headers[name.lower()] == value for name, value in HEADERS.items())
        assert "set-cookie" not in answer.headers
        assert set(re.findall(r"<script[^>]*>", answer.text)) <= {
            '<script type="application/ld+json">'
        }
        assert not re.search(r'(src|href|action)="(https?:)?//', answer.text)
        assert not re.search(r"\son\w+=|\sstyle=|javascript:", answer.text)
    assert "unsafe" not in rendering.CONTENT_SECURITY_POLICY
    assert rendering.CONTENT_SECURITY_POLICY.startswith("default-src 'none'")


def test_from_the_form_to_the_counter(site):
    first = site.reserve({"loaf": 2, "tart": 1})
    path = first.headers["location"]
    assert "One step more" in site.ask(path).text
    assert site.ask(f"{path}/send", {}).status == 303
    shown = site.ask(path).text
    code = site.code(path)
    assert f"{code[:3]} {code[3:]}" in shown
    assert "not ready yet" in shown
    assert "€21.00" in shown
    assert "<svg" in shown
    own = site.ask(site.own).text
    assert "To prepare (1)" in own
    assert "2 × Loaf" in own
    id = re.search(r'name="id" value="(\d+)"', own)[1]
    site.ask(f"{site.own}/move", {"id": id, "act": "prepare"})
    assert "waits for you" in site.ask(path).text
    found = site.ask(f"{site.own}/code", {"code": code.lower()[:3] + " " + code[3:]})
    assert "Collected: " in found.text
    scanned = site.ask(f"{site.own}/code", {"code": f"https://shop.example{path}"})
    assert found.text == scanned.text
    assert site.ask(f"{site.own}/move", {"id": id, "act": "collect"}).status == 303
    assert site.ask(f"{site.own}/move", {"id": id, "act": "collect"}).status == 409
    assert site.book.offers()[0].stock == 5
    event = re.search(r'name="event" value="(\d+)"', site.ask(site.own).text)[1]
    site.ask(f"{site.own}/undo", {"event": event})
    assert site.book.offers()[0].stock == 7
    assert "waits for you" in site.ask(path).text


def test_twice_the_same_form_is_one_reservation_and_a_visit_changes_nothing(site):
    told = {"token": "A" * 22, "n-loaf": 1}
    told["starts"] = int(site.book.slots()[0][0][0].timestamp())
    places = {site.ask("/reserve", told).headers["location"] for _ in range(3)}
    assert places == {"/r/" + "A" * 22}
    before = site.counter.rows("SELECT count(*) FROM event")[0][0]
    for _ in range(2):
        site.ask(places.copy().pop())
        site.ask(f"{places.copy().pop()}/cancel")
        site.ask(site.own)
    assert site.counter.rows("SELECT count(*) FROM event")[0][0] == before


def test_it_is_cancelled_in_one_click(site):
    path = reserved(site)
    assert f'action="{path}/cancel"' in site.ask(path).text
    assert site.ask(f"{path}/cancel", {}).status == 303
    assert "you owe nothing" in site.ask(path).text
    assert site.ask(f"{path}/cancel", {}).status == 303
    assert site.book.offers()[0].free == 6


def test_a_refusal_is_said_in_the_language_spoken(site):
    answer = site.reserve({"tart": 4})
    assert answer.status == 409
    assert "Tart: you asked for 4, and 3 can be reserved." in answer.text
    told = {"token": "A" * 22}
    french = site.ask("/reserve?lang=fr", told)
    assert "Rien n’a été choisi" in french.text
    assert 'lang="fr"' in site.ask("/", accept_language="de, fr;q=0.9, en;q=0.1").text


@pytest.mark.parametrize(
    "told",
    [
        {"token": "short"},
        {"token": "A" * 22, "n-loaf": "1e3"},
        {"token": "A" * 22, "n-loaf": "1", "starts": "99999999999"},
        {"token": "A" * 22, **{f"n-{n}": "1" for n in range(600)}},
        {"token": "A" * 22, "n-loaf": "x" * 70_000},
    ],
)
def test_what_is_no_form_of_ours_is_refused(site, told):
    assert 400 <= site.ask("/reserve", told).status < 500


def test_forms_of_other_sites_are_refused(site):
    assert site.ask("/reserve", {"token": "A" * 22}, sec_fetch_site="cross-site").status == 403


def test_the_counter_is_for_who_has_its_address_and_guessing_slows_down(site):
    for _ in range(5):
        assert site.ask("/c/secret-of-the-countes").status == 404
    assert site.ask("/c/secret-of-the-countes").status == 429
    assert site.ask(site.own).status == 200  # nobody is locked out by others' guesses
    site.clock.later(seconds=61)
    assert site.ask("/c/secret-of-the-countes").status == 404
    for _ in range(5):
        assert site.ask(f"{site.own}/code", {"code": "BCDFGH"}).status == 404
    assert site.ask(f"{site.own}/code", {"code": "BCDFGH"}).status == 429
    site.clock.later(seconds=61)
    assert site.ask(f"{site.own}/code", {"code": "BCDFGH"}).status == 404


def test_who_asks_too_often_waits_and_no_address_is_kept(site):
    site.desk.asked = Limit(3, 60, site.clock)
    assert [site.ask("/reserve", {}).status for _ in range(4)] == [400] * 3 + [429]
    names = list(site.desk.asked._times)
    assert all(b"192.0.2.7" not in name for name in names)
    site.clock.later(days=1)
    assert site.ask("/reserve", {}).status == 400
    assert not set(names) & set(site.desk.asked._times)  # another day, another key
    site.desk.proxied = True
    for _ in range(3):
        site.ask("/reserve", {}, x_forwarded_for="203.0.113.9, 198.51.100.1")
    assert site.ask("/reserve", {}, x_forwarded_for="1.2.3.4, 198.51.100.1").status == 429
    assert site.ask("/reserve", {}, x_forwarded_for="198.51.100.2").status == 400


def test_hostile_words_stay_words(tmp_path):
    site = Site(
        tmp_path, name=HOSTILE, street=HOSTILE, legal=HOSTILE, returns=HOSTILE,
        products=[{"id": "loaf", "name": HOSTILE, "stock": 3, "unit": HOSTILE}],
        special=[{"first": "2026-11-28", "hours": "off", "why": HOSTILE}],
        public_key=PUBLIC, secret_key=base64.b64decode(SECRET),
    )  # fmt: skip
    path = site.reserve({"loaf": 1}).headers["location"]
    site.ask(f"{path}/send", {"name": HOSTILE, "contact": "0612345678"})
    for asked in ("/", path, site.own):
        text = site.ask(asked).text
        assert "<script>" not in text
        assert "<img" not in text
        assert "60481729" not in re.sub(
            r"<style>.*?</style>|<svg.*?</svg>", "", text, flags=re.DOTALL
        )
    site.book.close()


def everywhere(site):
    """Give all bytes of the file, of its log, and of free pages in them."""
    return b"".join(file.read_bytes() for file in site.counter.path.parent.iterdir())


def test_who_has_the_disk_finds_no_name_no_contact_and_no_token(site):
    path = reserved(site, name=NAMES[0], contact=NAMES[1])
    token = path.rpartition("/")[2]
    sealed = bytes(site.book.find(token).contact)
    assert sealing.unseal(sealed, base64.b64decode(SECRET)).mail == NAMES[1]
    found = everywhere(site)
    assert sealed in found  # the search would find it
    for one in (*NAMES, token, "192.0.2.7"):
        assert one.encode() not in found
    assert NAMES[0] not in site.ask(site.own).text
    site.ask(f"{path}/cancel", {})
    site.clock.later(days=2, hours=23)
    site.book.settle()
    assert sealed in everywhere(site)
    site.clock.later(hours=2)
    site.book.settle()
    assert sealed not in everywhere(site)
    assert site.ask(path).status == 409
    assert site.counter.rows("SELECT state FROM reservation")[0][0] == "cancelled"


def test_the_shops_own_computer_shows_whom_to_write_to(tmp_path):
    site = Site(tmp_path, public_key=PUBLIC, secret_key=base64.b64decode(SECRET))
    reserved(site, name=NAMES[0], contact="06 12 34 56 78")
    own = unescape(site.ask(site.own).text)
    assert NAMES[0] in own
    assert 'href="sms:+33612345678?&body=Your%20reservation%20at%20Atelier%20Levain' in own
    reserved(site, contact="a?bcc=b@perdreau.example")
    assert "mailto:a%3Fbcc%3Db@perdreau.example?body=" in site.ask(site.own).text
    path = site.reserve({"loaf": 1}, 1).headers["location"]
    assert site.ask(f"{path}/send", {"contact": "nobody"}).status == 409
    site.book.close()


def test_without_a_key_no_contact_is_asked_for_or_taken(tmp_path):
    site = Site(tmp_path)
    path = site.reserve({"loaf": 1}).headers["location"]
    assert 'name="contact"' not in site.ask(path).text
    site.ask(f"{path}/send", {"name": NAMES[0], "contact": NAMES[1]})
    assert site.counter.rows("SELECT contact FROM reservation")[0][0] is None
    assert NAMES[0].encode() not in everywhere(site)
    site.book.close()


def test_the_confirmation_leaves_while_the_request_is_in_memory(tmp_path):
    told = []
    site = Site(
        tmp_path, public_key=PUBLIC, address="https://levain.example",
        tell=lambda *mail: told.append(mail),
    )  # fmt: skip
    path = site.reserve({"loaf": 1}).headers["location"]
    site.ask(f"{path}/send", {"contact": NAMES[1]}, host="evil.example")
    [(_shop, to, text)] = told
    assert to == NAMES[1]
    assert "It is not ready yet." in text
    assert f"https://levain.example{path}" in text
    assert "evil" not in text
    assert "Friday, November 27, 11:00–11:30" in text
    site.book.close()


def test_what_search_engines_read_is_what_the_page_says(tmp_path):
    site = Site(tmp_path, special=[{"first": "2026-12-24", "hours": "09:00-16:00"}])
    text = site.ask("/").text
    told = json.loads(re.search(r'ld\+json">(.*?)</script>', text)[1])
    assert told["@type"] == "Store"
    week = [
        (one["dayOfWeek"], one["opens"], one["closes"]) for one in told["openingHoursSpecification"]
    ]
    assert week == [
        (day, *times)
        for day in ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
        for times in (("09:00", "12:30"), ("14:00", "19:00"))
    ]
    special = {one["validFrom"]: (one["opens"], one["closes"])
               for one in told["specialOpeningHoursSpecification"]}  # fmt: skip
    closed = ("00:00", "00:00")
    assert special == {
        "2026-12-24": ("09:00", "16:00"), "2026-12-25": closed, "2027-01-01": closed,
    }  # fmt: skip
    site.book.close()


def test_the_calendar_file_is_folded_and_escaped(site):
    path = reserved(site)
    answer = site.ask(f"{path}/slot.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert b"DTSTART:20261127T100000Z\r\n" in answer.body
    assert b"LOCATION:3 rue du Four\\, 75006 Paris\r\n" in answer.body
    for line in icalendar.calendar("Test", [["SUMMARY:" + "é" * 90]]).encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def test_the_log_holds_what_happened_and_nobody(site):
    path = site.reserve({"loaf": 1}, via="K7").headers["location"]
    site.ask(f"{path}/send", {"name": NAMES[0], "contact": NAMES[1]})
    site.ask(f"{site.own}/stock", {"product": "loaf", "n": "1"})
    text = site.ask(f"{site.own}/log").text
    head, *events = map(json.loads, text.splitlines())
    assert head["format"] == log.FORMAT
    acts = ["stock"] * 3 + ["told", "hold", "send", "confirm", "sold"]
    assert [one["act"] for one in events] == acts
    assert events[3]["told"]["hours"] == TOLD["hours"]
    assert events[4]["via"] == "K7"
    assert events[4]["lines"] == [{"product": "loaf", "n": 1, "price": 450}]
    for one in (*NAMES, site.code(path), path):
        assert one not in text


def collected(site, number, slot):
    path = site.reserve({"loaf": 1}, slot).headers["location"]
    site.ask(f"{path}/send", {})
    return site.ask(f"{site.own}/move", {"id": str(number), "act": "collect"})


def test_one_customer_in_so_many_is_asked_what_brought_them(tmp_path):
    site = Site(tmp_path, ask_every=2)
    question = "what brought you?"
    collected(site, 1, 0)
    assert question not in site.ask(site.own).text
    collected(site, 2, 1)
    assert question in site.ask(site.own).text
    undone = re.search(r'name="event" value="(\d+)"', site.ask(site.own).text)[1]
    site.ask(f"{site.own}/undo", {"event": undone})
    assert question not in site.ask(site.own).text
    site.ask(f"{site.own}/move", {"id": "2", "act": "collect"})  # the same one is asked again
    assert question in site.ask(site.own).text
    assert site.ask(f"{site.own}/answer", {"id": "2", "answer": "bribe"}).status == 400
    assert site.ask(f"{site.own}/answer", {"id": "1", "answer": "post"}).status == 409
    for said in ("window", "post"):
        assert site.ask(f"{site.own}/answer", {"id": "2", "answer": said}).status == 303
        assert question not in site.ask(site.own).text
        assert site.ask(f"{site.own}/answer", {"id": "2", "answer": said}).status == 409
        if said == "window":
            done = re.search(r'name="event" value="(\d+)"', site.ask(site.own).text)[1]
            site.ask(f"{site.own}/undo", {"event": done})
    collected(site, 3, 2)
    assert question not in site.ask(site.own).text
    told = [json.loads(line) for line in site.ask(f"{site.own}/log").text.splitlines()[1:]]
    assert [one["reservation"] for one in told if one.get("told") == "ask"] == [2, 2]
    assert [one["told"] for one in told if one["act"] == "answer"] == ["window", "post"]
    check(site.counter)
    site.book.close()


def test_without_being_told_to_nobody_is_asked(site):
    for number in range(1, 5):
        collected(site, number, number)
    assert "what brought you?" not in site.ask(site.own).text
    assert 'name="postcode"' not in site.ask(site.reserve({"loaf": 1}).headers["location"]).text


def test_postcodes_leave_five_together_on_another_day_and_with_no_reservation(tmp_path):
    site = Site(tmp_path, ask_postcode=True, slot_capacity=20)

    def sent(postcode):
        path = site.reserve({"cake": 1}, 9).headers["location"]
        assert 'name="postcode"' in site.ask(path).text
        for _ in range(2):  # sent twice is counted once
            site.ask(f"{path}/send", {"postcode": postcode})

    def told():
        lines = site.ask(f"{site.own}/log").text.splitlines()
        return [one for one in map(json.loads, lines) if one.get("act") == "from"]

    for postcode in [" 49100"] * 4 + ["75011"] * 4 + ["49100", "<b>", "", "1" * 40]:
        sent(postcode)
    site.book.settle()
    assert told() == []
    site.clock.later(hours=20)
    site.book.settle()
    [one] = told()
    assert (one["told"], one["n"]) == ("49100", 5)
    assert "reservation" not in one
    kept = [tuple(row) for row in site.counter.rows("SELECT code, n FROM postcode")]
    assert kept == [("75011", 4)]
    site.clock.later(days=200)
    site.book.settle()
    assert site.counter.rows("SELECT * FROM postcode") == []
    site.book.close()


def test_what_was_refused_for_lack_is_in_the_log(site):
    assert site.reserve({"tart": 4}).status == 409
    site.counter.ask({"loaf": 1})
    site.counter.ask({"loaf": 1})
    starts = site.book.slots()[0][0][0]
    assert site.reserve({"loaf": 1}).status == 409
    assert site.reserve({"loaf": 11}).status == 409  # more than one may take: no lack
    lines = [json.loads(line) for line in site.ask(f"{site.own}/log").text.splitlines()]
    lacks = [one for one in lines if one.get("act") == "lack"]
    assert [one.get("product") for one in lacks] == ["tart", None]
    assert lacks[1]["starts"] == f"{starts:%Y-%m-%dT%H:%M:%SZ}"
    holds = [one["n"] for one in lines if one.get("act") == "hold"]
    assert holds == [1, 0]  # places that are left


def test_a_code_that_was_spoken_is_typed_and_one_of_a_link_is_not_asked_for(site):
    assert 'for="via"' in site.ask("/").text
    assert 'for="via"' not in site.ask("/?s=K7").text
    site.reserve({"loaf": 1}, via=" K7 ")
    assert site.counter.rows("SELECT via FROM reservation")[0][0] == "K7"


def test_facts_are_told_when_they_change_and_no_more(tmp_path):
    for hours in ("Tu-Sa 09:00-19:00", "Tu-Sa 09:00-19:00", "Tu-Sa 09:00-18:00"):
        site = Site(tmp_path, hours=hours)
        told = site.counter.rows("SELECT told FROM event WHERE act = 'told'")
        site.book.close()
    assert [json.loads(one[0])["hours"][-5:] for one in told] == ["19:00", "18:00"]


def test_a_file_of_the_first_version_is_taken_up(tmp_path):
    import sqlite3

    from empreinte.counter import store

    db = sqlite3.connect(tmp_path / "counter.db")
    db.executescript(f"{store.SCHEMA} PRAGMA user_version = 1;")
    db.close()
    site = Site(tmp_path, ask_every=1)
    collected(site, 1, 0)
    assert "what brought you?" in site.ask(site.own).text
    site.book.close()


HURRY = re.compile(
    r"\b(only|last|hurry|quick\w*|fast|now or|soon|left|others?|people|looking|viewing|popular|"
    r"selling|limited|miss out|countdown|remaining|offer ends|"
    r"plus que|derni\w+|vite|dépêch\w+|bientôt|restants?|reste\w*|d’autres|personnes?|regardent|"
    r"populaire|limitée?s?|urgent\w*|profitez|compte à rebours)\b",
    re.IGNORECASE,
)
CALM = ("only the shop can read them",)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_hurries_the_client(tmp_path, language):
    """One piece left, one place in the slot: the page says how many, and no more than that."""
    site = Site(tmp_path, slot_capacity=1)
    site.counter.ask({"tart": 2})
    path = site.reserve({"loaf": 1}, 1).headers["location"]
    pages = [site.ask(f"/?lang={language}").text, site.ask(f"{path}?lang={language}").text]
    site.ask(f"{path}/send", {})
    pages.append(site.ask(f"{path}?lang={language}").text)
    pages.append(site.ask(f"/reserve?lang={language}", {"token": "A" * 22, "n-tart": 2}).text)
    with speaking(language):
        one = site.book.find(path.rpartition("/")[2])
        for state in ("asked", "refused", "expired", "no_show", "ready", "cancelled"):
            pages += words(msgspec.structs.replace(one, state=state), site.book)
    for text in pages:
        bare = re.sub(r"<(style|script|svg).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
        for calm in CALM:
            bare = bare.replace(calm, "")
        assert not HURRY.search(bare), HURRY.search(bare)
        assert "refresh" not in text.lower()
    site.book.close()


def test_no_sentence_of_the_counter_hurries():
    po = Path(empreinte.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "empreinte.po"
    with po.open("rb") as file:
        messages = list(read_po(file, "fr"))
    seen = 0
    for message in messages:
        places = {place for place, _line in message.locations}
        if any(p.startswith("counter/") and p != "counter/shop.py" for p in places):
            seen += 1
            for text in (*forms(message.id), *forms(message.string)):
                for calm in CALM:
                    text = text.replace(calm, "")
                assert not HURRY.search(text), text
    assert seen > 80


def forms(text):
    return [text] if isinstance(text, str) else list(text)
