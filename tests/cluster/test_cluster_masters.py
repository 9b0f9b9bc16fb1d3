"""YARN and Kubernetes by the Airflow Connection of docs/production.md, and what Spark asks for."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jobs.settings import Settings
from jobs.storage.spark import session_conf
from tools.airflow_home import ROOT

PAGE = ROOT / "docs" / "production.md"


def connections():
    """The JSON of each connection on the page, by its master."""
    blocks = re.findall(r"AIRFLOW_CONN_SPARK_DEFAULT='(.+?)'\n", PAGE.read_text("utf-8"), re.DOTALL)
    told = [json.loads(block) for block in blocks]
    return {connection["host"].partition(":")[0]: connection for connection in told}


def variables_of(connection, monkeypatch):
    """What a task's job gets of a connection."""
    from orchestration.spark_connection import spark_variables

    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", json.dumps(connection))
    return spark_variables({})


def command_of(variables, make_settings):
    """What the job's session amounts to, as the words of spark-submit."""
    settings = make_settings(
        spark_master=variables["SUNBIRD_BATCH_SPARK_MASTER"],
        spark_conf=json.loads(variables["SUNBIRD_BATCH_SPARK_CONF"]),
    )
    conf = session_conf(settings, is_brief=False)
    return ["--master", settings.spark_master, *sorted(f"{k}={v}" for k, v in conf.items())]


def test_page_has_a_connection_for_each_kind_of_cluster():
    assert set(connections()) == {"spark", "yarn", "k8s"}


def test_yarn_gets_queue_and_executors_and_keeps_the_driver_beside_the_task(
    monkeypatch, make_settings
):
    command = command_of(variables_of(connections()["yarn"], monkeypatch), make_settings)

    assert command[:2] == ["--master", "yarn"]
    assert {
        "spark.yarn.queue=reports",
        "spark.executor.instances=4",
        "spark.executor.memory=8g",
        "spark.sql.session.timeZone=UTC",
    } <= set(command)
    assert not [word for word in command if word.startswith("spark.submit.deployMode=cluster")]


class Api(BaseHTTPRequestHandler):
    """As much of a Kubernetes API as a driver needs to ask for executors."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        if self.path.endswith("/pods"):
            self.server.pod_asked.set()
        self.answer(201, body)

    def do_GET(self):
        kind = self.path.rpartition("/")[2].partition("?")[0]
        if "watch=true" in self.path:
            self.send_response(200)
            self.end_headers()
            self.server.pod_asked.wait(60)
            return
        self.answer(200, {"apiVersion": "v1", "kind": f"{kind[:-1].title()}List", "items": []})

    def do_DELETE(self):
        self.answer(200, {"apiVersion": "v1", "kind": "Status", "status": "Success"})

    do_PUT = do_POST  # noqa: N815

    def answer(self, code, body):
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Nothing: the test reads what was asked."""


@pytest.fixture
def kubernetes():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.daemon_threads = True
    server.asked, server.pod_asked = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.pod_asked.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.full
def test_kubernetes_is_asked_for_the_executors_of_the_page(kubernetes, monkeypatch, tmp_path):
    connection = connections()["k8s"]
    conf = connection["extra"]["conf"]
    connection["host"] = f"k8s://http://127.0.0.1:{kubernetes.server_address[1]}"
    connection.pop("port", None)
    # The page's volumes and names stay; the driver of this test is on this machine.
    conf |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    variables = variables_of(connection, monkeypatch)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    script = tmp_path / "driver.py"
    script.write_text(
        "from jobs.settings import load_settings\n"
        "from jobs.storage.spark import start_session\n"
        "start_session(load_settings(), name='refresh').range(10).count()\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env=kept | variables | {
            "SUNBIRD_BATCH_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT),
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    came = kubernetes.pod_asked.wait(120)
    os.killpg(process.pid, 9)
    output, _ = process.communicate()

    assert came, output[-3000:]
    path, pod = next((path, body) for path, body in kubernetes.asked if path.endswith("/pods"))
    (container,) = pod["spec"]["containers"]
    variables_there = {one["name"]: one.get("value") for one in container["env"]}
    assert path == "/api/v1/namespaces/sunbird-batch/pods"
    assert container["image"] == "registry.example/sunbird-batch-spark:1.0"
    assert pod["spec"]["serviceAccountName"] == "spark"
    assert {mount["mountPath"] for mount in container["volumeMounts"]} >= {"/var/lib/sunbird-batch"}
    assert container["resources"]["requests"]["memory"] == "4505Mi"
    assert variables_there["SPARK_EXECUTOR_MEMORY"] == "4g"
    # Python workers there find the key and the project by these.
    assert variables_there["SUNBIRD_BATCH_HOME"] == str(tmp_path / "home")


def test_connections_of_the_page_are_settings_that_a_job_takes(monkeypatch):
    for connection in connections().values():
        variables = variables_of(connection, monkeypatch)
        settings = Settings(
            spark_master=variables["SUNBIRD_BATCH_SPARK_MASTER"],
            spark_conf=json.loads(variables["SUNBIRD_BATCH_SPARK_CONF"]),
        )
        assert settings.spark_conf
