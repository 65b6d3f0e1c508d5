"""Who is answered and who is not, tried from outside on a real server."""

import hmac
import re

import pytest

from empreinte.faces.web.server import own_name

STRANGERS = (
    "evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "localhost:{port}", "0.0.0.0:{port}",
    "other.localhost:{port}", "a.{name}", "{name}.", "",
)  # fmt: skip


@pytest.mark.parametrize("host", STRANGERS)
def test_another_host_is_refused(server, host):
    host = host.format(port=server.port, name=server.keys.name)
    assert server.ask("/", Host=host, Cookie=server.cookie).status == 421


def test_the_cookie_is_for_the_name_and_the_token_for_the_address(server):
    """Cookies are shared by all ports of an address: under it none is given, and none taken."""
    address = server.keys.address
    assert server.visit("/").status == 200
    assert server.visit("/", Host=address).status == 403
    first = server.ask(f"/?token={server.visit_token}", Host=address)
    assert first.status == 403
    assert "set-cookie" not in first.headers
    bearer = f"Bearer {server.token}"
    assert server.ask("/index.json", Host=address, Authorization=bearer).status == 200


def test_the_name_is_another_each_time(server):
    names = {own_name("127.0.0.1:80") for _ in range(20)}
    assert len(names) == 20
    assert all(re.fullmatch(r"[a-z0-9-]+\.localhost:80", name) for name in names)


def test_two_hosts_are_refused(server):
    import socket

    with socket.create_connection(("127.0.0.1", server.port)) as line:
        own = f"Host: {server.keys.name}\r\n"
        line.sendall(f"GET / HTTP/1.1\r\n{own}Host: evil.example\r\n\r\n".encode())
        assert line.recv(100).split()[1] in (b"400", b"421")


def test_the_first_visit_changes_the_token_for_a_cookie(server):
    answer = server.ask(f"/settings?saved=1&token={server.visit_token}")
    assert answer.status == 303
    assert answer.headers["location"] == "/settings?saved=1"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert server.visit_token not in cookie
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_first_visit_from_a_file_is_led_on_by_our_own_page(server):
    """A strict cookie would not follow a redirect that the file began."""
    address = f"/settings?saved=1&token={server.visit_token}"
    answer = server.ask(address, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
    assert answer.status == 200
    assert answer.headers["refresh"] == "0; url=/settings?saved=1"
    assert server.visit_token not in answer.text
    assert server.cookie in answer.headers["set-cookie"]


def test_neither_secret_is_taken_in_the_others_place(server):
    first = server.ask(f"/?token={server.token}")
    assert first.status == 403
    assert "set-cookie" not in first.headers
    bearer = f"Bearer {server.visit_token}"
    assert server.ask("/rpc/counts", "POST", b"{}", Authorization=bearer).status == 403
    assert server.ask("/index.json", Authorization=bearer).status == 403
    for secret in (server.token, server.visit_token):
        assert server.ask(f"/rpc/counts?token={secret}", "POST", b"{}").status == 403


def test_the_redirect_never_leaves_the_server(server):
    answer = server.ask(f"//evil.example/?token={server.visit_token}")
    assert answer.headers["location"] == "/evil.example/"


@pytest.mark.parametrize(
    "cookie", ["", "empreinte-{port}=wrong", "empreinte-{port}={token}", "empreinte-{port}={visit}"]
)
@pytest.mark.parametrize(
    "path", ["/", "/index.json", "/lens/toy", "/settings", "/imports.json", "/?token=wrong"]
)
def test_without_the_token_nothing_is_shown(server, path, cookie):
    cookie = cookie.format(port=server.port, token=server.token, visit=server.visit_token)
    answer = server.ask(path, Cookie=cookie)
    assert answer.status == 403
    assert "Bonjour" not in answer.text
    assert "empreinte open" in answer.text


def test_a_command_shows_the_token_itself(server):
    bearer = f"Bearer {server.token}"
    assert server.ask("/rpc/counts", "POST", b"{}", Authorization=bearer).data["posts"] == 60
    assert server.ask("/index.json", Authorization=bearer).data["counts"]["posts"] == 60
    refused = server.ask("/rpc/close", "POST", b"{}", Authorization=bearer)
    assert refused.status == 400
    assert refused.data["error"]["type"] == "UsageError"


def test_it_proves_that_it_lives_and_says_nothing_more(server):
    answer = server.ask("/rpc/alive?question=who", Host=server.keys.address)
    assert answer.text == hmac.digest(server.token.encode(), b"who", "sha256").hex()
    assert server.ask("/rpc/alive").text != answer.text
    assert server.token not in answer.text


def test_the_cookie_does_not_open_what_commands_use(server):
    assert server.post("/rpc/counts", "{}").status == 403
    assert server.ask("/rpc/counts", "POST", b"{}", Authorization="Bearer no").status == 403


FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "http://127.0.0.1:1", "Sec_Fetch_Site": "same-site"},
    {"Origin": "http://other.localhost:1", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "null"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {},
)


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/settings", "/settings/forget", "/uploads"])
def test_a_foreign_post_is_refused(server, path, headers):
    before = server.ledger.state()
    answer = server.ask(path, "POST", b"what=everything&confirm=yes", Cookie=server.cookie,
                        Content_Type="application/x-www-form-urlencoded", **headers)  # fmt: skip
    assert answer.status == 403
    assert server.ledger.state() == before


@pytest.mark.parametrize("origin", ["http://{name}", "null"])
def test_our_own_forms_are_taken(server, origin):
    answer = server.post("/settings/mine", "channel=toy:41&mine=yes",
                         Origin=origin.format(name=server.keys.name))  # fmt: skip
    assert answer.status == 303


def test_other_sites_cannot_load_our_pages_as_parts_of_theirs(server):
    parts = {"Cookie": server.cookie, "Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}
    assert server.ask("/index.json", **parts).status == 403
    assert server.ask("/static/charts.js", **parts).status == 403
    assert server.ask("/", **{**parts, "Sec_Fetch_Mode": "navigate"}).status == 200


@pytest.mark.parametrize("path", ["/", "/static/style.css", "/nowhere", "/lens/none"])
def test_every_answer_carries_the_policy(server, path):
    headers = server.visit(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_refusals_carry_the_policy_too(server):
    for answer in (server.ask("/"), server.ask("/", Host="evil.example")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd"],
)
def test_static_files_are_those_of_the_package(server, path):
    assert server.visit(path).status == 404


def test_a_large_body_is_refused(server):
    bearer = f"Bearer {server.token}"
    body = b" " * (8 << 20) + b"{}"
    assert server.ask("/rpc/counts", "POST", body, Authorization=bearer).status == 413
    assert server.post("/settings", "a" * (2 << 20)).status == 400


def test_websockets_are_refused(server):
    answer = server.visit("/", Upgrade="websocket", Connection="Upgrade",
                          Sec_WebSocket_Version="13",
                          Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip
    assert answer.status in (200, 400, 403)
    assert answer.status != 101


def test_forms_lead_to_our_own_pages_only(server):
    for path, led in [
        ("/imports", "/imports"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
    ]:
        answer = server.post("/settings/language", f"language=en&next={path}")
        assert (answer.status, answer.headers["location"]) == (303, led)
