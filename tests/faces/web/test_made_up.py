"""The first page before anything is there, and the made-up person that is shown meanwhile."""

import re
import sys
import time

from empreinte import api
from empreinte.faces.web import home, made_up
from empreinte.faces.web.rendering import Shown
from empreinte.report import Report, Scope, Sentence

BACK = "http://empreinte-1.localhost:9/"


def test_platforms_are_offered_by_how_many_use_them(empty):
    text = empty.visit("/").text
    names = re.findall(r"<summary><b>(.*?)</b>", text)
    assert names.index("Instagram") < names.index("LinkedIn") < names.index("Mastodon")
    assert names.index("Mastodon") < names.index("Toy archive")
    assert "hours or days" in text
    assert re.findall(r'action="(/made-up)"', text)


def test_somebody_made_up_is_shown_in_a_process_that_ends_with_ours():
    says = "import sys, time; print('http://made.localhost:9/?from=' + sys.argv[2], flush=True);"
    program = (sys.executable, "-c", says + "time.sleep(60)")
    made = made_up.MadeUp(BACK, program)
    try:
        made.start("fr")
        made.start("fr")  # twice is once
        until = time.monotonic() + 20
        while not made.address and time.monotonic() < until:
            time.sleep(0.02)
        assert made.running
        assert made.address == "http://made.localhost:9/?from=fr"
    finally:
        made.close()
    assert not made.running


def test_who_waits_for_her_is_told(empty):
    answer = empty.visit("/made-up")
    assert "No made-up person is being prepared." in answer.text
    assert "refresh" not in answer.headers


def test_her_pages_say_so_lead_back_and_take_nothing(tmp_path, serving):
    with serving(tmp_path / "hers.duckdb", shown=Shown(BACK)) as hers:
        for path in ("/", "/imports", "/settings"):
            page = hers.visit(path).text
            assert "This is a made-up person" in page
            assert f'href="{BACK}"' in page
        assert hers.post("/uploads").status == 403
    with serving(tmp_path / "own.duckdb") as own:
        assert "This is a made-up person" not in own.visit("/").text


def test_the_way_back_is_led_on_by_our_own_page_and_opens_nothing(server):
    across = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    back = server.ask("/", **across)
    assert back.headers["refresh"] == "0; url=/"
    assert back.body == b""
    assert "set-cookie" not in back.headers
    assert server.ask("/", Sec_Fetch_Site="same-origin").status == 403
    assert server.ask("/settings", **across).status == 403
    assert server.ask("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors").status == 403


def test_no_lens_has_all_the_room_of_home():
    lenses = [api.LensInfo(name=name, title=name, question="?") for name in "abc"]
    report = Report(lens="a", question="?", answer=(), scope=Scope(), sections=())
    weights = {"a": (0.9, 0.8, 0.7, 0.6, 0.5), "b": (0.4, 0.3), "c": (0.1,)}
    said = [
        (lens, report, Sentence(text=str(weight), about="x", weight=weight))
        for lens in lenses for weight in weights[lens.name]
    ]  # fmt: skip
    assert [one[2].text for one in home.chosen(said)] == ["0.9", "0.8", "0.7", "0.4", "0.1"]
