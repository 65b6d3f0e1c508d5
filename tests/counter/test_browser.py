"""The counter in Chromium, scripts switched off: many tabs for three pieces, axe, keyboard."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from empreinte.counter import sealing
from tests.counter.shops import Site
from tests.counter.test_filling import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TABS = int(os.environ.get("EMPREINTE_TABS", "8"))
"""At once for three pieces; the variable EMPREINTE_TABS asks for more."""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


@pytest.fixture
def site(tmp_path):
    """The application of a shop of which three tarts are left, on a real server."""
    import uvicorn

    _secret, public = sealing.new_keys()
    made = Site(tmp_path, datetime(2026, 11, 27, 9, 0, tzinfo=UTC),
                public_key=public, slot_capacity=100, ask_every=1, ask_postcode=True,
                others=[{"name": "Levain Lyon", "postcode": "69002"}])  # fmt: skip
    listener = socket.create_server(("127.0.0.1", 0))
    made.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(made.app, ws="none", log_level="error", lifespan="on"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield made
    server.should_exit = True
    thread.join(10)
    listener.close()
    made.book.close()


@pytest.fixture
def window(chromium):
    """A window without scripts that remembers what it asked for and what went wrong."""
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 700}, locale="en"
    )
    context.asked, context.troubles = [], []
    context.on("request", lambda one: context.asked.append(one.url))
    # A refusal is a page with the status 409, which the browser tells on its console.
    context.on(
        "console", lambda one: context.troubles.append(one.text) if "409" not in one.text else None
    )
    yield context
    assert context.cookies() == []
    assert context.troubles == []
    hosts = {urlsplit(url).netloc for url in context.asked if not url.startswith("data:")}
    assert len(hosts) <= 1
    context.close()


def choose(page, site, n=1):
    page.goto(f"{site.address}/")
    page.select_option("#n-tart", str(n))
    page.select_option("#starts", index=1)


@pytest.mark.slow
def test_many_tabs_for_three_pieces_give_three_codes(window, site):
    """All have seen that three can be reserved before the first of them is sent."""
    tabs = [window.new_page() for _ in range(TABS)]
    for tab in tabs:
        choose(tab, site)
    for tab in tabs:
        tab.click("form button")
    got = [tab for tab in tabs if "One step more" in tab.inner_text("h1")]
    assert len(got) == 3
    codes = set()
    for tab in got:
        tab.click("text=Send the reservation")
        codes.add(tab.inner_text(".code"))
    assert len(codes) == 3
    assert site.book.offers()[1].free == 0
    others = {tab.inner_text(".notice") for tab in tabs if tab not in got}
    assert others == {"Tart: you asked for 1, and 0 can be reserved."}
    got[0].click("text=Cancel this reservation")
    assert got[0].inner_text("h1") == "Cancelled"
    assert site.book.offers()[1].free == 1


def test_from_end_to_end_by_keyboard_alone(window, site):
    page = window.new_page()
    page.goto(f"{site.address}/?lang=fr")

    def to(name):
        for _ in range(60):
            page.keyboard.press("Tab")
            if name in page.evaluate(
                "(({id, innerText}) => [id, innerText])(document.activeElement)"
            ):
                return
        raise AssertionError(f"{name} cannot be reached")

    to("n-loaf")
    page.keyboard.press("ArrowDown")
    to("starts")
    page.keyboard.press("ArrowDown")
    to("Réserver")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/**")
    to("Envoyer la réservation")
    page.keyboard.press("Enter")
    page.wait_for_selector(".code")
    assert page.inner_text("h1") == "Réservée"
    to("Annuler cette réservation")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('Annulée')")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, site, tmp_path, scheme):
    """With scripts, for axe alone; the pages have none."""
    context = chromium.new_context(
        viewport={"width": 320, "height": 700}, locale="en", color_scheme=scheme
    )
    page = context.new_page()
    choose(page, site)
    page.click("form button")
    held = page.url
    pages = [f"{site.address}/", f"{site.address}/?lang=fr", held]
    page.click("text=Send the reservation")
    pages += [page.url, f"{site.address}{site.own}", f"{site.address}{site.own}/window",
              f"{site.address}/nothing"]  # fmt: skip
    # What is asked of a customer, on the counter page, and the page that fills in the file.
    site.counter.move(held.rpartition("/")[2].partition("?")[0], "collect")
    filling = tmp_path / "filling.toml"
    filling.write_text('name = "Levain"\nhours = "24/7"\n')
    faulty = Page(filling).ask({"name": "Levain", "hours": "mornings", "siren": "1"}).text
    for address in (*pages, faulty):
        if address == faulty:
            page.set_content(faulty)
        else:
            page.goto(address)
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        wrong = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
        assert wrong == [], address[:80]
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address[:80]
    assert "what brought you?" in page.goto(f"{site.address}{site.own}").text()
    small = page.goto(f"{site.address}{site.own}") and page.evaluate(
        "[...document.querySelectorAll('button, input:not([type=hidden])')]"
        ".filter((one) => one.getBoundingClientRect().height < 48).map((one) => one.outerHTML)"
    )
    assert small == []  # for gloves
    context.close()


def test_the_nearest_to_where_one_is_and_the_position_stays_here(chromium, site):
    paris, lyon = {"latitude": 48.86, "longitude": 2.35}, {"latitude": 45.75, "longitude": 4.83}
    context = chromium.new_context(locale="en", geolocation=lyon)
    page = context.new_page()
    page.goto(f"{site.address}/")
    asked, troubles = [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: troubles.append(one.text))
    shops = page.locator("#shops > li")
    before = shops.all_inner_texts()
    page.click("#here")  # nobody allows it yet
    page.wait_for_selector("#no-position", state="visible")
    assert shops.all_inner_texts() == before
    context.grant_permissions(["geolocation"])
    for where, first in (
        (lyon, "Levain Lyon · less than"),
        (paris, "Atelier Levain · less than 5"),
    ):
        context.set_geolocation(where)
        page.click("#here")
        shops.first.filter(has_text=first).wait_for()
        assert "· about 39" in shops.last.inner_text()
    assert asked == []
    assert troubles == []
    context.close()
