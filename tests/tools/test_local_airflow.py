"""The local Airflow's secrets, its lock and what it leaves behind: nothing."""

import json
import os
import stat
import subprocess
import sys

import psutil
import pytest

from tools import airflow_home, leftovers, running
from tools.follow import event, log_tail
from tools.local_airflow import spark_slots


def test_secrets_are_made_once_and_are_nobody_elses(tmp_path):
    first = airflow_home.airflow_secrets(tmp_path)

    assert airflow_home.airflow_secrets(tmp_path) == first
    assert len(first["jwt_secret"]) >= 64
    for file in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_component_is_given_the_secrets_and_the_database(tmp_path):
    told = airflow_home.variables(
        tmp_path, store_url="postgresql://o:p@127.0.0.1:5/store", port=7, runs_schedules=False
    )

    known = airflow_home.airflow_secrets(tmp_path)
    assert told["AIRFLOW__API_AUTH__JWT_SECRET"] == known["jwt_secret"]
    assert told["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == (
        "postgresql+psycopg2://o:p@127.0.0.1:5/airflow"
    )
    assert told["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:7"
    assert told["AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE"] == "False"


@pytest.mark.parametrize(
    ("gigabytes", "cores", "slots"), [(4, 8, 1), (8, 1, 1), (8, 2, 2), (64, 32, 2)]
)
def test_a_second_spark_application_runs_where_there_is_room(gigabytes, cores, slots):
    # Of eight gigabytes a machine tells a little less.
    assert spark_slots(int(gigabytes * 0.95 * 2**30), cores) == slots


def test_files_of_dags_are_read_again_where_somebody_may_edit_them(tmp_path):
    name = "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL"
    for runs_schedules in (True, False):
        told = airflow_home.variables(
            tmp_path, store_url="postgresql://h/s", port=7, runs_schedules=runs_schedules
        )
        assert (name in told) is not runs_schedules


def test_taken_port_is_said_and_another_used(monkeypatch):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("AIRFLOW__API__PORT", str(port))

        chosen, remark = airflow_home.choose_port()

    assert chosen != port
    assert remark.startswith(f"Port {port} is taken")


def test_second_start_says_where_the_first_runs(tmp_path):
    with running.only_one(tmp_path):
        running.note_running(tmp_path, "http://127.0.0.1:8080")
        with (
            pytest.raises(running.LocalAirflowError, match=r"runs already .*127\.0\.0\.1:8080"),
            running.only_one(tmp_path),
        ):
            pass


def test_stopping_where_nothing_runs_says_so(tmp_path):
    assert running.stop_running(tmp_path) == "No Airflow runs."


def test_what_a_killed_supervisor_left_is_ended_and_nothing_of_another_home(tmp_path):
    def sleeper(home):
        return subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"],
            env=os.environ | {airflow_home.MARK: str(home)},
            start_new_session=True,
        )

    ours, other = sleeper(tmp_path / "ours"), sleeper(tmp_path / "other")
    try:
        (tmp_path / "ours").mkdir()
        assert running.stop_running(tmp_path / "ours") == ("Airflow had left processes; ended: 1.")
        assert not psutil.pid_exists(ours.pid)
        assert psutil.pid_exists(other.pid)
        assert leftovers.end_processes(tmp_path / "other") == 1
    finally:
        for process in (ours, other):
            process.kill()
            process.wait()


def test_log_of_a_failed_task_is_shown_without_its_frame(tmp_path):
    folder = tmp_path / "airflow/logs/dag_id=refresh/run_id=r 1/task_id=build"
    folder.mkdir(parents=True)
    (folder / "attempt=1.log").write_text("{}\n")
    lines = [json.dumps({"event": f"line {n}", "level": "info"}) for n in range(30)]
    (folder / "attempt=2.log").write_text("\n".join(lines))

    tail = log_tail(tmp_path, "refresh", "r 1", "build", lines=2)

    assert tail.splitlines() == [
        "    | line 28",
        "    | line 29",
        f"    all of it: {folder / 'attempt=2.log'}",
    ]
    assert event("not json") == "not json"
