"""Whether a part works, as docker asks it: yes for what works, and why not for what does not."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.airflow_home import ROOT
from tools.cluster_health import main

MASTER = {
    "status": "ALIVE",
    "workers": [{"id": "w1", "state": "ALIVE"}, {"id": "w2", "state": "DEAD"}],
}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        told = self.server.pages.get(self.path, self.server.pages.get("any"))
        self.send_response(500 if told is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def server(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.pages = {}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    port = str(server.server_address[1])
    monkeypatch.setenv("SPARK_MASTER_HOST", "127.0.0.1")
    monkeypatch.setenv("SPARK_MASTER_WEBUI_PORT", port)
    monkeypatch.setenv("SPARK_WORKER_WEBUI_PORT", port)
    monkeypatch.delenv("SPARK_LOCAL_IP", raising=False)
    address = f"http://127.0.0.1:{port}/execution/"
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", address)
    server.address = f"http://127.0.0.1:{port}/"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("part", "page", "told"),
    [
        ("spark-master", MASTER, ""),
        ("spark-master", MASTER | {"status": "STANDBY"}, "not the leader"),
        ("spark-worker", MASTER | {"id": "w1"}, ""),
        ("spark-worker", MASTER | {"id": "w2"}, "knows this worker as DEAD"),
        ("spark-worker", MASTER | {"id": "w3"}, "knows this worker as UNKNOWN"),
        ("scheduler", {"scheduler": {"status": "healthy"}}, ""),
        ("scheduler", {"scheduler": {"status": "unhealthy"}}, "scheduler is unhealthy"),
        ("triggerer", {"scheduler": {"status": "healthy"}}, "triggerer is not known yet"),
    ],
)
def test_part_is_well_or_says_why_not(server, capsys, part, page, told):
    server.pages["any"] = page

    assert main([part]) == (1 if told else 0)
    assert told in capsys.readouterr().err


def test_address_that_answers_is_well_and_one_that_fails_is_not(server, capsys):
    assert main([server.address]) == 1
    assert "answers 500" in capsys.readouterr().err
    server.pages["any"] = {}
    assert main([server.address]) == 0


def test_part_that_does_not_answer_is_told_in_one_line(monkeypatch):
    ended = subprocess.run(
        [sys.executable, "-m", "tools.cluster_health", "http://127.0.0.1:1/"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip

    assert ended.returncode == 1
    assert "refused" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
