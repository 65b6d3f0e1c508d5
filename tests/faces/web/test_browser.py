"""The pages in Chromium: seen, pressed, dropped on, read by a screen reader's rules."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from tests.rows import some

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PAGES = ("/", "/lens/toy", "/evidence/toy.toy.likes", "/imports", "/rejects", "/settings", "/about",
         "/lens/exposure/tell/known")  # fmt: skip
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SETTLED = """
document.readyState === "complete"
&& ![...document.querySelectorAll("figure.chart .drawing:not(:has(svg))")]
     .some((one) => one.checkVisibility())
&& !document.querySelector(".working")
"""
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => one.open = true)"
REACHABLE = "a[href], button, input:not([type=hidden]), select, summary"
POLICY_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
window.alert = (said) => window.violations.push(`alert ${said}`);
"""


def signed_in(chromium, running, **given):
    """Make a context of Chromium that holds the cookie of a first visit."""
    context = chromium.new_context(**{"locale": "en", **given})
    name, _, value = running.cookie.partition("=")
    context.add_cookies(
        [{"name": name, "value": value, "url": running.address, "httpOnly": True,
          "sameSite": "Strict"}]
    )  # fmt: skip
    return context


class Tab:
    """A page of Chromium that remembers all that went wrong and all that was asked for."""

    def __init__(self, chromium, running, **given) -> None:
        self.running = running
        screen = {"width": 1280, "height": 900}
        self.context = signed_in(chromium, running, **{"viewport": screen, **given})
        self.context.add_init_script(POLICY_WATCH)
        self.page = self.context.new_page()
        self.troubles: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.context.on("request", lambda request: self.asked.append(request.url))

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def open(self, path: str = "/") -> None:
        """Go to a page and wait until its charts and answers are there."""
        self.page.goto(self.running.address + path)
        self.settle()

    def settle(self) -> None:
        """Wait until all that is not folded away is there, drawn as for paper: out of sight too."""
        self.until("document.readyState === 'complete'")
        self.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        self.until(SETTLED)

    def until(self, expression: str) -> None:
        """Wait until `expression` is true, asking through the debugger (no eval in the page)."""
        patient = time.monotonic() + 60
        while not self.page.evaluate(expression):
            assert time.monotonic() < patient, f"never true: {expression}"
            self.page.wait_for_timeout(20)

    def axe(self) -> list[str]:
        """Run axe through the debugger, which the page's policy does not bind."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {[node['html'] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]

    def overflow(self) -> list[str]:
        """Give what sticks out of the window to the right."""
        return self.page.evaluate(
            """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("main *, header *, footer *")]
              .filter((one) => one.getBoundingClientRect().right > innerWidth + 1
                               && !one.closest(".scroll, .hidden"))
              .map((one) => one.outerHTML.slice(0, 90))"""
        )

    def unreached(self) -> int:
        """Count what can be pressed or filled in and that the tabulator never comes to."""
        wanted = self.page.evaluate(
            f"""(() => {{ window.reached = new Set(); document.activeElement.blur();
              addEventListener("focusin", ({{target}}) =>
                target.matches?.("{REACHABLE}") && window.reached.add(target));
              return [...document.querySelectorAll("{REACHABLE}")]
                .filter((one) => one.checkVisibility()).length; }})()"""
        )
        pressed = reached = 0
        while reached < wanted and pressed < wanted + 40:
            for _ in range(max(wanted - reached, 4)):
                self.page.keyboard.press("Tab")
                pressed += 1
            reached = self.page.evaluate("window.reached.size")
        return wanted - reached

    def close(self) -> None:
        """Check that nothing went wrong and that nothing was asked of another machine."""
        if not self.page.is_closed():
            assert self.page.evaluate("window.violations") == []
        self.context.close()
        assert self.troubles == []
        hosts = {urlsplit(url).netloc for url in self.asked if not url.startswith("data:")}
        assert hosts <= {self.running.keys.name}


@pytest.fixture
def tab(chromium, request):
    """Make tabs: ``tab(running, color_scheme="dark")``; each is checked at the end."""
    opened: list[Tab] = []

    def opening(running, **given) -> Tab:
        one = Tab(chromium, running, **given)
        opened.append(one)
        return one

    yield opening
    for one in opened:
        one.close()


def drop(tab: Tab, *paths: Path) -> None:
    """Let files go over the page as a file manager does."""
    files = [(path.name, base64.b64encode(path.read_bytes()).decode()) for path in paths]
    transfer = tab.page.evaluate_handle(
        """(files) => {
          const transfer = new DataTransfer();
          for (const [name, text] of files) {
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            transfer.items.add(new File([bytes], name));
          }
          return transfer;
        }""",
        files,
    )
    tab.page.dispatch_event("#drop", "dragover", {"dataTransfer": transfer})
    assert "over" in (tab.page.get_attribute("#drop", "class") or "")
    tab.page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})


def test_first_visit_then_import_by_drop(empty, tab, archive):
    one = tab(empty)
    one.context.clear_cookies()
    one.page.goto(empty.first_visit)
    one.settle()
    assert "token" not in one.page.url
    assert one.page.evaluate("document.cookie") == ""  # HttpOnly
    assert one.page.get_by_text("Which platforms do you use?").is_visible()
    drop(one, archive(), archive("second", count=70, broken=0))
    one.page.wait_for_selector(".brought")
    assert "mona.toy.json" in one.page.inner_text(".brought")
    assert one.page.inner_text("h1") == "What has changed, and what matters now"
    one.page.wait_for_selector(".answer p a[href^='/lens/toy#']")
    one.settle()
    assert one.axe() == []
    assert empty.ledger.counts()["posts"] == 70


def test_import_by_keyboard(empty, tab, archive):
    one = tab(empty)
    one.open("/")
    for _ in range(20):
        one.page.keyboard.press("Tab")
        if one.page.evaluate("document.activeElement.id") == "files":
            break
    assert one.page.evaluate("document.activeElement.id") == "files"
    assert one.page.evaluate("document.hasFocus()")
    export = archive()
    # Listening from before, and one more turn to the browser and back: it must have taken the
    # wish to be asked before the key comes, or no chooser is told of.
    one.page.on("filechooser", lambda chooser: chooser.set_files(export))
    one.page.evaluate("0")
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector(".brought")
    assert empty.ledger.counts()["posts"] == 60


def test_a_visit_without_the_token_says_what_to_do(chromium, server):
    page = chromium.new_context(locale="fr").new_page()
    answer = page.goto(server.address + "/lens/toy")
    assert answer.status == 403
    assert "empreinte open" in page.inner_text("main")
    page.context.close()


@pytest.mark.parametrize(
    ("language", "scheme", "width", "pages"),
    [
        ("fr", "dark", 320, ("/", "/lens/toy")),
        pytest.param("en", "light", 1280, PAGES, marks=pytest.mark.slow),
        pytest.param("en", "dark", 320, PAGES, marks=pytest.mark.slow),
        pytest.param("fr", "light", 320, PAGES, marks=pytest.mark.slow),
        pytest.param("fr", "dark", 1280, PAGES, marks=pytest.mark.slow),
    ],
)
def test_every_page_is_accessible(server, tab, language, scheme, width, pages):
    """Nothing is wrong for axe, nothing sticks out, and the keyboard reaches everything."""
    screen = {"width": width, "height": 740}
    one = tab(server, locale=language, color_scheme=scheme, viewport=screen)
    for path in pages:
        one.open(path)
        assert one.page.evaluate("document.documentElement.lang") == language
        one.page.evaluate(OPEN_ALL)
        assert (path, one.axe()) == (path, [])
        assert (path, one.overflow()) == (path, [])
        assert (path, one.unreached()) == (path, 0)


def test_charts_are_drawn_in_the_page_s_colours(server, tab):
    one = tab(server, color_scheme="light")
    one.open("/lens/toy")
    line = "figure#toy\\.months svg path[stroke]"
    accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    strokes = f"[...document.querySelectorAll('{line}')].map((p) => p.getAttribute('stroke'))"
    strokes = strokes.replace("\\", "\\\\")
    light = one.page.evaluate(accent)
    assert light in one.page.evaluate(strokes)
    one.page.emulate_media(color_scheme="dark")
    one.until(f"{strokes}.includes({accent})")
    assert one.page.evaluate(accent) != light
    name = one.page.locator("#toy\\.months .drawing").get_attribute("aria-label") or ""
    assert name.startswith("Likes received, month by month. The last month stands at")


def test_from_the_answer_to_the_figure_to_its_records(server, tab):
    one = tab(server, locale="fr")  # in the language that was asked above: answers are known
    one.open("/")
    one.page.locator(".answer p a[href^='/lens/toy#']").click()
    one.settle()
    assert one.page.url.endswith("/lens/toy#toy.toy.likes")
    texts = one.page.locator("#toy\\.months svg text").all_text_contents()
    assert any(month in text for text in texts for month in ("janv", "avril", "juil", "févr"))
    one.page.locator("#toy\\.toy\\.likes a").click()
    one.settle()
    assert one.page.locator(".records > li").count() == 25
    assert "mona.toy.json" in one.page.locator(".origin").first.inner_text()
    one.page.locator("[rel=next]").click()
    one.settle()
    assert one.page.locator(".records").get_attribute("start") == "26"
    one.page.get_by_text("Retour au chiffre").click()
    one.settle()
    assert one.page.url.endswith("#toy.toy.likes")


def test_language_and_hidden_numbers(empty, tab, archive):
    empty.ledger.ingest(archive())
    one = tab(empty)
    one.open("/lens/toy")
    one.page.get_by_role("button", name="Français").click()
    one.settle()
    assert one.page.url.endswith("/lens/toy")
    assert one.page.inner_text("h1").startswith("Jusqu’où")
    one.open("/settings")
    one.page.get_by_label("Cacher les compteurs").check()
    one.page.get_by_role("button", name="Enregistrer").click()
    one.page.wait_for_selector(".notice")
    one.open("/lens/toy")
    assert one.page.locator(".grid").count() == 0
    axis = one.page.locator("#toy\\.months svg .role-axis-label text").all_text_contents()
    assert not any(text.strip().isdigit() and len(text) < 4 for text in axis)
    assert "constance" in one.page.inner_text(".answer")


@pytest.mark.parametrize("script", [True, False])
def test_rows_are_ticked_with_the_keyboard(empty, chromium, archive, script):
    """With a script the page stays where it is and keeps the focus; without one it comes back."""
    empty.ledger.ingest(archive())
    context = signed_in(chromium, empty, java_script_enabled=script)
    page = context.new_page()
    page.goto(empty.address + "/lens/toy")
    box = page.get_by_role("checkbox", name="Done: Ask for the archive")
    assert box.get_attribute("aria-checked") == "false"
    box.focus()
    page.keyboard.press("Space")
    page.locator("#tick-toy-archive[aria-checked=true]").wait_for()
    assert page.url.endswith("/lens/toy" if script else "/lens/toy#toy.plan")
    if script:
        for now in ("false", "true"):
            # The focus comes back a moment after the button.
            page.wait_for_function("document.activeElement.id === 'tick-toy-archive'")
            page.keyboard.press("Space")
            page.locator(f"#tick-toy-archive[aria-checked={now}]").wait_for()
    done = empty.ledger.ask("toy").sections[-1].tables[0].ticks
    assert [tick.done for tick in done] == [True, False, True]
    context.close()


def test_a_file_is_downloaded(server, tab):
    one = tab(server)
    one.open("/lens/toy?reveal=1")
    one.page.evaluate(OPEN_ALL)
    with one.page.expect_download() as waiting:
        one.page.get_by_role("link", name="A letter to the toy maker").click()
    assert waiting.value.suggested_filename == "letter-toy.txt"
    assert "mona@toy.example" in Path(waiting.value.path()).read_text(encoding="utf-8")


def test_the_window_and_options_are_asked_with_the_form(server, tab):
    one = tab(server)
    one.open("/lens/toy")
    one.page.locator(".scope summary").click()
    one.page.fill("#since", "2026-01-01")
    one.page.get_by_label("How many to draw").fill("40")
    one.page.get_by_label("In full").check()
    one.page.get_by_role("button", name="Update").click()
    one.settle()
    assert "since=2026-01-01" in one.page.url
    assert one.page.locator("#toy\\.top tbody tr").count() == 12
    assert "nodes=40" in one.page.url
    assert one.page.get_by_text("mona@toy.example").count() == 3
    assert one.page.get_by_label("In full").is_checked()


def test_the_skip_link_and_the_focus_are_seen(server, tab):
    one = tab(server)
    one.open("/lens/toy")
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.className") == "skip"
    one.until("document.activeElement.getBoundingClientRect().top >= 0")
    assert one.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    one.page.keyboard.press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "main"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_first_page_of_all_lenses_is_accessible(hostile, all_lenses, tab, language):
    one = tab(hostile, viewport={"width": 320, "height": 740}, locale=language)
    one.open("/")
    assert one.page.locator("a[href='/lens/network']").count() >= 1
    one.page.evaluate(OPEN_ALL)
    assert one.page.locator("img, iframe, main svg[onload]").count() == 0
    assert one.axe() == []
    assert one.overflow() == []
    assert one.unreached() == 0


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "fr"])
def test_hostile_text_does_nothing(hostile, tab, language):
    """Nor does it stick out of a telephone."""
    one = tab(hostile, viewport={"width": 320, "height": 740}, locale=language)
    for path in some((*PAGES, "/lens/influence")):
        one.open(path)
        one.page.evaluate(OPEN_ALL)
        assert one.page.locator("img, iframe, main svg[onload]").count() == 0
        assert (path, one.overflow()) == (path, [])
    one.open("/lens/toy")
    for bar in one.page.locator("#toy\\.names svg .mark-rect path").all()[:2]:
        bar.dispatch_event("click")
    assert urlsplit(one.page.url).path == "/lens/toy"


@pytest.fixture(scope="module")
def freelancer(tmp_path_factory, serving):
    """A server over a made-up person's X archive, for the built-in lens."""
    from empreinte.testing import life, x

    folder = tmp_path_factory.mktemp("freelancer")
    person = life.freelancer()
    with serving(folder / "ledger.duckdb") as running:
        written = x.write_archive(folder / "x.zip", person, person.published[-1].at)
        running.ledger.ingest(*(written if isinstance(written, list) else [written]))
        yield running


@pytest.mark.slow
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fr", "light")])
def test_a_real_report(freelancer, tab, language, scheme):
    """The built-in lens: every chart drawn, nothing wrong for axe, nothing too wide."""
    one = tab(freelancer, locale=language, color_scheme=scheme)
    one.open("/lens/influence")
    assert one.page.locator(".drawing svg").count() >= 6
    assert one.page.locator(".drawing[data-failed]").count() == 0
    assert one.axe() == []
    one.page.set_viewport_size({"width": 360, "height": 740})
    one.settle()
    one.until("document.documentElement.scrollWidth <= innerWidth")  # drawn again


def test_a_page_prints_without_what_one_presses(server, tab):
    one = tab(server)
    one.open("/lens/toy")
    one.page.emulate_media(media="print")
    assert not one.page.locator(".tongue").is_visible()
    assert one.page.locator(".answer").is_visible()
    assert one.page.pdf().startswith(b"%PDF")


def test_the_policy_is_kept_by_the_browser(server, tab):
    """What the other tests rest on: a violation would be seen."""
    one = tab(server)
    one.open("/about")
    one.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))"
    )
    assert one.page.evaluate("window.violations")[0].startswith("script-src")
    one.page.evaluate("window.violations = []")
    one.troubles.clear()
