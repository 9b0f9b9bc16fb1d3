"""DAGs that follow each other: each starts as soon as those before it are done, and no sooner."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tools import follow
from tools.airflow_api import AirflowApi
from tools.demo import steps
from tools.follow import RunFailedError, Step, follow_all
from tools.local_airflow import LocalAirflow
from tools.progress import Progress


class Server(ThreadingHTTPServer):
    """An Airflow's answers: a run succeeds when it was looked at often enough, or fails."""

    def __init__(self, looks, failing):
        super().__init__(("127.0.0.1", 0), Handler)
        self.looks, self.failing, self.told = looks, failing, []
        self.left = dict[str, int]()


def of(dag_id):
    return {"dag_id": dag_id, "dag_run_id": f"r-{dag_id}"}


class Handler(BaseHTTPRequestHandler):
    def answer(self, told):
        data = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_PATCH(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/auth/token":
            return self.answer({"access_token": "t"})
        dag_id = self.path.split("/")[4]
        self.server.told.append(("starts", dag_id, body["conf"]))
        self.server.left[dag_id] = self.server.looks.get(dag_id, 1)
        return self.answer(of(dag_id))

    def do_GET(self):
        if "?state=" in self.path:
            return self.answer({"dag_runs": []})
        if "/taskInstances" in self.path:
            return self.answer({"task_instances": [self.task(one) for one in self.server.left]})
        return self.answer({"dag_runs": [self.run(one) for one in self.server.left]})

    def task(self, dag_id):
        state = "failed" if dag_id in self.server.failing else "running"
        return {**of(dag_id), "task_id": "t", "state": state, "try_number": 1}

    def run(self, dag_id):
        if dag_id in self.server.failing:
            return of(dag_id) | {"state": "failed"}
        self.server.left[dag_id] -= 1
        if self.server.left[dag_id] == 0:
            self.server.told.append(("is done", dag_id))
        return of(dag_id) | {"state": "success" if self.server.left[dag_id] <= 0 else "running"}

    def log_message(self, *_args):
        """Nothing."""


@pytest.fixture
def airflow(monkeypatch, tmp_path):
    """airflow(looks={dag: n}, failing={dag}) -> (LocalAirflow, what it was told)."""
    monkeypatch.setattr(follow, "PAUSE_SECONDS", 0)
    servers = []

    def start(looks=None, failing=()):
        server = Server(looks or {}, failing)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        api = AirflowApi(server.server_address[1], "admin", "p")
        return LocalAirflow(tmp_path, api), server.told

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_each_starts_when_those_before_it_are_done_and_others_run_meanwhile(airflow):
    local, told = airflow(looks={"slow": 5})
    follow_all(
        local,
        [
            Step("last", ("slow", "next")),
            Step("first"),
            Step("slow", ("first",)),
            Step("next", ("first",), {"file": "a.csv"}),
        ],
        Progress(),
    )
    assert told == [
        ("starts", "first", {}),
        ("is done", "first"),
        ("starts", "slow", {}),
        ("starts", "next", {"file": "a.csv"}),
        ("is done", "next"),
        ("is done", "slow"),
        ("starts", "last", {}),
        ("is done", "last"),
    ]


def test_what_is_done_by_hand_comes_just_before(airflow):
    local, told = airflow()
    by_hand = lambda: told.append("by hand")  # noqa: E731
    follow_all(local, [Step("a"), Step("b", ("a",), None, by_hand)], Progress())
    assert told[2:4] == ["by hand", ("starts", "b", {})]


def test_failure_ends_it_and_nothing_is_started_any_more(airflow):
    local, told = airflow(failing={"bad"}, looks={"slow": 99})
    with pytest.raises(RunFailedError, match="bad did not succeed"):
        follow_all(local, [Step("slow"), Step("bad"), Step("next", ("bad",))], Progress())
    assert "next" not in str(told)


def test_step_that_can_never_start_is_named(airflow):
    local, _ = airflow()
    with pytest.raises(RunFailedError, match="could follow: b"):
        follow_all(local, [Step("a"), Step("b", ("absent",))], Progress())


def test_demo_runs_each_dag_once_and_mails_after_all_others(make_settings):
    found = steps(make_settings(), store=None, progress=Progress())

    ids = [step.dag_id for step in found]
    assert len(ids) == len(set(ids))
    assert set(found[-1].after) == set(ids) - {"delivery"}
    for place, step in enumerate(found):
        assert set(step.after) <= set(ids[:place])
