"""A whole test of digital competence by keyboard alone, on a narrow screen, in both languages."""

import pytest

from .test_browser import Tab, tab

__all__ = ["tab"]
pytestmark = [
    pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300),
    pytest.mark.usefixtures("all_lenses"),
]  # fmt: skip
TEST = "/lens/culture/tell/test"
MOST = 21


def press_until(one: Tab, key: str, found: str) -> None:
    """Press a key until an expression on the page is true."""
    for _ in range(25):
        one.page.keyboard.press(key)
        if one.page.evaluate(found):
            return
    raise AssertionError(f"{key} never made it true: {found}")


def faults(one: Tab) -> list[str]:
    """What axe finds in light and in dark, and what sticks out."""
    found = one.overflow()
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        found += one.axe()
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_whole_test_by_keyboard_alone(empty, tab, language):
    one = tab(empty, locale=language, viewport={"width": 320, "height": 740})
    one.open(TEST)
    for turn in range(MOST + 1):
        asked = one.page.inner_text("form.telling")
        if one.page.locator("form.telling [name=again]").count():
            break
        if turn == 0:
            assert faults(one) == [], turn
        # Long answers are radio buttons, short ones a list.
        press_until(one, "Tab", "document.activeElement.matches('form.telling :is(input, select)')")
        for _ in range(1 + turn % 4):
            one.page.keyboard.press("ArrowDown")
        press_until(one, "Tab", "document.activeElement.closest('form.telling button') !== null")
        with one.page.expect_navigation():
            one.page.keyboard.press("Enter")
        one.page.wait_for_selector(".notice")
        one.settle()
        assert asked != one.page.inner_text("form.telling"), "another question follows"
        assert len(empty.ledger.entries("culture", "test")) == turn + 1
    assert 10 < turn <= MOST
    assert faults(one) == []
    one.open("/lens/culture")
    one.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    assert faults(one) == []
