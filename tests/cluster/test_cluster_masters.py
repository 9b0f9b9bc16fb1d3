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


DRIVER = """
from jobs.settings import load_settings
from jobs.storage.spark import start_session
session = start_session(load_settings(), name="refresh")
print("came to", session.range(10).groupBy().sum().collect()[0][0])
session.stop()
"""


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


def as_kubelet(pod, here):
    """Starts what the pod's container would: its variables, and the image's entry with its words."""
    (container,) = pod["spec"]["containers"]
    of_pod = {"SPARK_EXECUTOR_POD_IP": "127.0.0.1", "SPARK_EXECUTOR_POD_NAME": "executor-1"}
    told = {one["name"]: one["value"] for one in container["env"] if "value" in one}
    return subprocess.Popen(
        [sys.executable, "-m", "tools.cluster_spark", *container["args"]],
        env=here | told | of_pod, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.full
def test_executor_that_kubernetes_is_asked_for_does_the_drivers_work(
    kubernetes, monkeypatch, tmp_path
):
    connection = connections()["k8s"]
    connection["host"] = f"k8s://http://127.0.0.1:{kubernetes.server_address[1]}"
    connection.pop("port", None)
    # The page's names and sizes stay; driver and executor of this test are on this machine.
    told = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    connection["extra"]["conf"] |= told | {"spark.executor.instances": "1"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    here = kept | {"PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": "127.0.0.1"}
    home = {"SUNBIRD_BATCH_HOME": str(tmp_path / "home")}
    script = tmp_path / "driver.py"
    script.write_text(DRIVER)
    driver = subprocess.Popen(
        [sys.executable, str(script)],
        env=here | home | variables_of(connection, monkeypatch),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    executor = None
    try:
        assert kubernetes.pod_asked.wait(120)
        path, pod = next((path, body) for path, body in kubernetes.asked if path.endswith("/pods"))
        executor = as_kubelet(pod, here)
        output, _ = driver.communicate(timeout=150)
    finally:
        for process in (driver, executor):
            if process is not None:
                process.kill()
                process.wait()
        driver.stdout.close()

    assert "came to 45" in output, output[-3000:]
    (container,) = pod["spec"]["containers"]
    variables = {one["name"]: one.get("value") for one in container["env"]}
    assert path == "/api/v1/namespaces/sunbird-batch/pods"
    assert container["image"] == "registry.example/sunbird-batch-spark:1.0"
    assert pod["spec"]["serviceAccountName"] == "spark"
    assert "/var/lib/sunbird-batch" in {one["mountPath"] for one in container["volumeMounts"]}
    assert container["resources"]["requests"]["memory"] == "4505Mi"
    # Python workers there find the key and the project by these.
    assert variables["SUNBIRD_BATCH_HOME"] == home["SUNBIRD_BATCH_HOME"]


def test_connections_of_the_page_are_settings_that_a_job_takes(monkeypatch):
    for connection in connections().values():
        variables = variables_of(connection, monkeypatch)
        settings = Settings(
            spark_master=variables["SUNBIRD_BATCH_SPARK_MASTER"],
            spark_conf=json.loads(variables["SUNBIRD_BATCH_SPARK_CONF"]),
        )
        assert settings.spark_conf
