"""Every DAG on the cluster of compose.yaml: Spark's two workers, S3, STARTTLS, logins and roles."""

import email
import email.policy
import http.client
import json
import subprocess
import sys
import threading
import time
from contextlib import closing
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet

from jobs.samples.requests import SAMPLE_REQUESTS
from jobs.settings import load_settings
from jobs.storage.bucket import client
from jobs.storage.store import open_store
from tools.airflow_api import AirflowApi, AirflowApiError
from tools.airflow_home import ROOT
from tools.demo import ask, steps
from tools.follow import Step, follow_all
from tools.progress import Progress

DAG_IDS = {path.stem for path in (ROOT / "dags").glob("*.py")}
FORM = {"action": "new-signature", "issuer": "scert", "signatory": "R. Sharma", "dry_run": True}
PAGE = "/sunbird-batch/"
PASSWORD = "correct horse battery"
ADD_USER = """
import sys
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
login, role, password = sys.argv[1:]
with get_application_builder() as builder:
    manager = builder.sm
    mail = f"{login}@example.org"
    manager.add_user(login, login, "of the desk", mail, manager.find_role(role), password)
"""
NEW_KEY = """
from airflow.models import Connection
from airflow.utils.session import create_session
with create_session() as session:
    session.add(Connection(conn_id="kept", conn_type="http", password="a password"))
"""
READ = """
from airflow.models import Connection
from airflow.utils.session import create_session
with create_session() as session:
    found = session.query(Connection).filter_by(conn_id="kept").one()
    print(found.password, found.is_encrypted)
"""


def person_answers(api, stopped):
    """Says Later to whatever asks a person, until told to stop."""
    path = "/api/v2/dags/certificate_approval/dagRuns/~/hitlDetails?response_received=false"
    while not stopped.is_set():
        for detail in api.request("GET", path).get("hitl_details", []):
            task = detail["task_instance"]
            api.request(
                "PATCH",
                f"/api/v2/dags/{task['dag_id']}/dagRuns/{quote(task['dag_run_id'])}"
                f"/taskInstances/{task['task_id']}/{task['map_index']}/hitlDetails",
                {"chosen_options": ["Later"], "params_input": {}},
            )
        time.sleep(1)


def run_all(cluster, settings, store):
    added = "certificate issuer add scert --tenant north --name SCERT --by asha --reason asked"
    command = ("python", "-m", "jobs", *added.split())
    assert cluster.run("airflow-scheduler", *command).returncode == 0
    every = [
        *steps(settings, store, Progress()),
        Step("certificate_association", (), FORM),
        Step("certificate_approval", ("missed_certificates",)),
        Step("retention", ("delivery",)),
    ]
    assert {step.dag_id for step in every} == DAG_IDS
    stopped = threading.Event()
    api = AirflowApi(cluster.api.port, cluster.api.login, cluster.api.password)
    person = threading.Thread(target=person_answers, args=(api, stopped))
    person.start()
    try:
        follow_all(cluster, every, Progress())
    finally:
        stopped.set()
        person.join()


@pytest.mark.full
@pytest.mark.timeout(2400)
def test_every_dag_does_its_work_on_the_cluster(whole_cluster, fetch):
    cluster = whole_cluster
    cluster.wait_until_ready(Progress())
    made = cluster.run("airflow-scheduler", "python", "-m", "jobs", "samples", "--learners", "600")
    assert made.returncode == 0, made.stderr
    settings = load_settings()
    assert settings.platform_key is not None
    url = settings.store_url.get_secret_value()
    with open_store(settings) as store:
        asked = ask(settings, store)
        run_all(cluster, settings, store)

    requests_are_answered(fetch, url, asked)
    mails_came_by_starttls_and_login(cluster, fetch, url)
    files_are_in_the_bucket(settings, fetch, url)
    spark_ran_on_both_workers(cluster)
    help_desk_sees_its_own_dags(cluster)
    hardened_twelve_of_twelve(cluster)
    key_of_connections_can_be_turned(cluster)
    backup_of_the_running_cluster_passes_its_drill(cluster)


def requests_are_answered(fetch, url, asked):
    rows = fetch(url, "SELECT request_id, status FROM job_request")
    assert {request for request, _ in rows} == set(asked)
    assert len(asked) == len(SAMPLE_REQUESTS)
    assert {status for _, status in rows} <= {"SUCCESS", "FAILED"}
    assert [status for _, status in rows].count("SUCCESS") >= 3


def mails_came_by_starttls_and_login(cluster, fetch, url):
    # The catcher takes nothing without both; what the store calls sent is there, and no more.
    sent = fetch(url, "SELECT count(*) FROM operations.delivery WHERE status = 'sent'")[0][0]
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (cluster.home / "mailbox").glob("*.eml")
    ]
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == sent > 0
    assert any(
        part.get_filename("").endswith(".zip") for mail in mails for part in mail.iter_attachments()
    )


def files_are_in_the_bucket(settings, fetch, url):
    s3 = client(settings.s3_endpoint_url, settings.s3_region)
    listed = s3.list_objects_v2(Bucket="sunbird-batch", Prefix="files/")["Contents"]
    keys = {one["Key"].removeprefix("files/") for one in listed}
    files = {key for (key,) in fetch(url, "SELECT object_key FROM operations.exhaust_file")}
    assert files
    assert files <= keys


def spark_ran_on_both_workers(cluster):
    master = cluster.places.ports["8180"]
    with closing(http.client.HTTPConnection("127.0.0.1", master, timeout=10)) as connection:
        connection.request("GET", "/json/")
        told = json.load(connection.getresponse())
    names = {one["name"] for one in told["completedapps"]}
    assert {"refresh", "usage", "missed-certificates", "collection-summary"} <= names
    for name in ("spark-worker-1", "spark-worker-2"):
        work = cluster.home / "spark" / name
        assert list(work.glob("app-*/*/stderr")), name


def person(cluster, login, role):
    made = cluster.run("setup", "python", "-c", ADD_USER, login, role, PASSWORD)
    assert made.returncode == 0, made.stderr
    return AirflowApi(cluster.api.port, login, PASSWORD)


def help_desk_sees_its_own_dags(cluster):
    asha = person(cluster, "asha", "Help desk")

    assert set(asha.dag_ids()) == {
        "progress_exhaust", "response_exhaust", "userinfo_exhaust", "delivery", "batch_status",
        "refresh",
    }  # fmt: skip
    assert asha.trigger("delivery")
    for dag_id in ("refresh", "retention"):
        with pytest.raises(AirflowApiError, match="403"):
            asha.trigger(dag_id)
    nobody = AirflowApi(cluster.api.port, "asha", "a guess")
    with pytest.raises(AirflowApiError, match="401"):
        nobody.dag_ids()
    ravi = person(cluster, "ravi", "Textbook desk")
    assert [seen(cluster, PAGE, who) for who in (None, asha, cluster.api)] == [401, 200, 200]
    assert [seen(cluster, f"{PAGE}messages", who) for who in (ravi, asha)] == [403, 200]
    assert seen(cluster, "/api/v2/plugins", asha) == 200


def seen(cluster, path, api):
    """What the page in Airflow answers."""
    token = {} if api is None else {"Authorization": f"Bearer {api.sign_in()}"}
    with closing(http.client.HTTPConnection("127.0.0.1", cluster.api.port, timeout=60)) as there:
        there.request("GET", path, headers=token)
        return there.getresponse().status


def hardened_twelve_of_twelve(cluster):
    ended = cluster.run("airflow-scheduler", "python", "-m", "tools.cluster_hardening")
    assert ended.stdout.splitlines()[-1] == "12 of 12", ended.stdout + ended.stderr


def key_of_connections_can_be_turned(cluster):
    before = cluster.services["setup"].environment["AIRFLOW__CORE__FERNET_KEY"]
    new = Fernet.generate_key().decode()
    assert cluster.run("setup", "python", "-c", NEW_KEY).returncode == 0
    turned = cluster.run(
        "setup", "python", "-m", "airflow", "rotate-fernet-key",
        AIRFLOW__CORE__FERNET_KEY=f"{new},{before}",
    )  # fmt: skip
    assert turned.returncode == 0, turned.stderr

    read = cluster.run("setup", "python", "-c", READ, AIRFLOW__CORE__FERNET_KEY=new)

    assert read.stdout.split("\n")[-2] == "a password True", read.stdout + read.stderr


def backup_of_the_running_cluster_passes_its_drill(cluster):
    folder = cluster.home / "backups" / "first"
    ended = cluster.run(
        "airflow-scheduler", "python", "-m", "tools.cluster_backup", "make", str(folder)
    )
    assert ended.returncode == 0, ended.stderr
    assert "Drill: restored and compared" in ended.stdout
    assert (folder / "airflow.dump").stat().st_size > 10_000


@pytest.mark.full
def test_spark_refuses_who_has_not_the_clusters_secret(spark_cluster, tmp_path):
    code = (
        "from pyspark.sql import SparkSession\n"
        "import sys\n"
        f"spark = SparkSession.builder.master({spark_cluster.settings['SUNBIRD_BATCH_SPARK_MASTER']!r})"
        ".getOrCreate()\n"
        "print('came in', spark.range(10).count())\n"
    )
    script = tmp_path / "stranger.py"
    script.write_text(code)

    def came_in(**settings):
        ended = subprocess.run(
            ["timeout", "60", sys.executable, str(script)],
            env=spark_cluster.running.environment("spark-worker-1") | settings,
            capture_output=True, text=True,
        )  # fmt: skip
        return "came in 10" in ended.stdout

    empty = tmp_path / "conf"
    empty.mkdir()
    assert not came_in(SPARK_CONF_DIR=str(empty))
    # The door for submissions by HTTP would ask for no secret.
    assert "REST server" not in spark_cluster.running.log_of("spark-master").read_text()
    assert came_in(PYSPARK_PYTHON=sys.executable)
