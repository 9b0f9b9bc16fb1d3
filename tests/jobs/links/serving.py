"""The server of links, running on a free port of loopback."""

import threading
import time
from contextlib import contextmanager

import httpx

from jobs.links.job import server


@contextmanager
def client_of(app):
    """A client of the app, which runs in a real server on a free port."""
    running = server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    running.should_exit = True
    thread.join(10)
