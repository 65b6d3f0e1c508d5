"""A server that proves that it knows a token, as the dashboard does, and can do nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from empreinte import api


@contextmanager
def prover(token: str, heard: list[str] | None = None) -> Iterator[str]:
    """Serve; give the address. Every header that comes in is written to `heard`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if heard is not None:
                heard.append(f"{self.requestline}\n{self.headers}")
            question = parse_qs(urlsplit(self.path).query).get("question", [""])[0]
            body = api.proof(token, question).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
