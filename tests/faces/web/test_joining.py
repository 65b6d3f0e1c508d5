"""The page where accounts are joined and parted, and what the first page tells of two archives."""

import pytest

from ..joined_ledger import fill


@pytest.fixture(scope="module")
def told(tmp_path_factory, serving):
    """A server over accounts to join: each test leaves them as they were."""
    path = tmp_path_factory.mktemp("told") / "ledger.duckdb"
    fill(path)
    with serving(path) as running:
        yield running


def test_a_proposal_is_confirmed_and_undone(told):
    text = told.visit("/accounts").text
    assert text.count('action="/accounts/join"') == 3
    assert "camille.example" in text
    assert told.visit("/accounts.json").data["persons"] == []
    form = "one=x%3A1&other=mastodon%3A1"
    answer = told.post("/accounts/join", form)
    assert (answer.status, answer.headers["location"]) == (303, "/accounts?saved=1")
    text = told.visit("/accounts?saved=1").text
    assert "Saved." in text
    assert text.count('action="/accounts/part"') == 2
    assert text.count('action="/accounts/join"') == 2
    assert told.post("/accounts/part", form).status == 303
    assert told.visit("/accounts.json").data["persons"] == []


def test_only_the_owner_s_own_page_may_join(told):
    form = "one=x%3A1&other=mastodon%3A1"
    assert told.post("/accounts/join", form, Sec_Fetch_Site="cross-site").status == 403
    assert told.post("/accounts/join", form, Origin="https://evil.example").status == 403
    assert told.post("/accounts/join", form, Cookie="").status == 403
    assert told.ask("/accounts/join", Cookie=told.cookie).status == 405
    assert told.ledger.persons() == []


def test_what_cannot_be_joined_is_said(told):
    assert told.post("/accounts/join", "one=x%3A1&other=x%3A1").status == 400
    assert told.post("/accounts/join", "one=x%3A1&other=none%3A9").status == 400
    assert told.post("/accounts/part", "one=x%3A1&other=mastodon%3A1").status == 400


def test_the_first_page_tells_what_has_changed(told):
    text = told.visit("/").text
    table = text[text.index('id="changes"') :].partition("</section>")[0]
    assert table.count('class="count">1<') == 3
    assert 'class="count">2<' in table
    assert told.visit("/index.json").data["changes"][0]["vanished"] == 1
    before = told.ledger.settings()
    told.post("/settings", "hide_numbers=yes")
    assert 'id="changes"' not in told.visit("/").text
    told.ledger.save_settings(before)
