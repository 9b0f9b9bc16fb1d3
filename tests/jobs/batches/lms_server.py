"""A real HTTP server in place of the LMS: it takes, fails, hangs, answers late or twice."""

import json
import threading
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class LmsServer(ThreadingHTTPServer):
    """`behaviour` is how it answers from now on; `taken` is what it was told and has taken."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = "takes"
        self.next_answers = deque()
        self.refused_ids = set()
        self.requests = []
        self.taken = {}
        self.released = threading.Event()
        self.guard = threading.Lock()
        self.open_now = self.most_open = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """A client that has given up is part of the test."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LmsServer

    def do_POST(self):
        with self.counted():
            self.answer(self.read_body())

    do_PATCH = do_POST  # noqa: N815 -- the server looks for this name

    @contextmanager
    def counted(self):
        with self.server.guard:
            self.server.open_now += 1
            self.server.most_open = max(self.server.most_open, self.server.open_now)
        try:
            yield
        finally:
            with self.server.guard:
                self.server.open_now -= 1

    def read_body(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.guard:
            self.server.requests.append((self.command, self.path, dict(self.headers), body))
            queued = self.server.next_answers
            self.behaviour = queued.popleft() if queued else self.server.behaviour
        return body

    def answer(self, body):
        if self.behaviour == "hangs":
            self.server.released.wait(30)
            self.close_connection = True
        elif self.behaviour == "drips":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.released.wait(0.05):
                self.wfile.write(b"X")
                self.wfile.flush()
        elif self.behaviour == "late":
            self.server.released.wait(0.3)
            self.write(200, self.take(body))
        elif self.behaviour == "twice":
            said = self.take(body)
            self.write(200, said)
            self.write(503, b"{}")
        elif self.behaviour == "takes":
            self.write(200, self.take(body))
        elif isinstance(self.behaviour, bytes):
            self.write(200, self.behaviour)
        else:
            self.write(int(self.behaviour), b"{}")

    def take(self, body):
        if self.command == "PATCH":
            with self.server.guard:
                self.server.taken[self.path] = json.loads(body)["request"]["content"]["batches"]
            return b'{"responseCode": "OK"}'
        lines = [json.loads(line) for line in body.splitlines()]
        items = []
        with self.server.guard:
            for action, document in zip(lines[::2], lines[1::2], strict=True):
                batch_id = action["update"]["_id"]
                is_refused = batch_id in self.server.refused_ids
                if not is_refused:
                    self.server.taken[batch_id] = document["doc"]["status"]
                items.append({"update": {"_id": batch_id, "status": 404 if is_refused else 200}})
        return json.dumps({"errors": bool(self.server.refused_ids), "items": items}).encode()

    def write(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Tests read `requests`."""


@contextmanager
def running():
    server = LmsServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
