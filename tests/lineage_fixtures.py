"""A server of OpenLineage events that keeps what it was sent."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest


class LineageServer:
    """Takes events as a real one does; `status` is what it answers."""

    def __init__(self):
        self.status, self.bodies, self.headers = 201, [], []
        kept = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept.bodies.append((self.path, body.decode()))
                kept.headers.append(dict(self.headers))
                self.send_response(kept.status)
                self.end_headers()

            def log_message(self, *_):
                """Requests are looked at, not printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def events(self):
        return [json.loads(body) for _, body in self.bodies]


@pytest.fixture
def lineage_server():
    made = LineageServer()
    thread = Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()
