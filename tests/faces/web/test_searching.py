"""The page that finds posts and people: all is escaped, and numbers can be hidden."""

from urllib.parse import quote


def test_what_is_found_leads_to_where_it_is_from(server):
    (record, *_) = server.visit("/search.json?q=bonjour").data["records"]
    text = server.visit("/search?q=bonjour").text
    assert f"<code>{record['file']}</code>" in text
    assert "<mark>" in text
    assert 'href="/search"' in server.visit("/about").text


def test_what_is_asked_is_escaped(server):
    text = server.visit(f"/search?q={quote('<script>alert(1)</script> zzz')}").text
    assert "<script>alert" not in text
    assert "Nothing found." in text


def test_numbers_can_be_hidden(server):
    assert "Posts and interactions: " in server.visit("/search?q=bonjour").text
    before = server.ledger.settings()
    try:
        server.post("/settings", "language=en&hide_numbers=yes")
        assert "Posts and interactions: " not in server.visit("/search?q=bonjour").text
    finally:
        server.ledger.save_settings(before)
