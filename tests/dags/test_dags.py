"""What holds for every DAG, so that one DAG read is all DAGs read."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.metrics import METRIC_TABLES
from jobs.contracts.raw import RAW_TABLES

ROOT = Path(__file__).resolve().parents[2]
DAG_FILES = sorted(path.stem for path in (ROOT / "dags").glob("*.py"))
HEADINGS = ("What", "When", "Inputs", "Outputs", "If late", "If red", "Owner")
# Runs that wait for a person may wait for days.
WAIT_FOR_A_PERSON = frozenset({"certificate_approval"})

every_dag = pytest.mark.parametrize("dag_id", DAG_FILES)


def test_every_file_is_one_dag_of_the_same_name_and_none_fails_to_load(dag_bag):
    assert dag_bag.import_errors == {}
    assert sorted(dag_bag.dags) == DAG_FILES


@every_dag
def test_dag_says_what_a_person_on_call_asks(dag_bag, dag_id):
    doc = dag_bag.dags[dag_id].doc_md

    assert doc.startswith("\n# ")
    assert [h for h in HEADINGS if f"- **{h}**: " not in doc] == []
    assert f"[docs/runbooks/{dag_id}.md](sunbird-batch/run-books/{dag_id})" in doc


@every_dag
def test_dag_has_a_run_book(dag_id):
    assert (ROOT / "docs" / "runbooks" / f"{dag_id}.md").is_file()


@every_dag
def test_dag_has_a_name_and_a_description_for_people_and_tags(dag_bag, dag_id):
    dag = dag_bag.dags[dag_id]

    assert dag.dag_display_name != dag_id
    assert dag.description
    assert dag.tags


@every_dag
def test_dag_never_overlaps_itself_nor_replays_the_past(dag_bag, dag_id):
    dag = dag_bag.dags[dag_id]

    assert dag.max_active_runs == 1
    assert dag.catchup is False
    if dag_id not in WAIT_FOR_A_PERSON:
        assert dag.dagrun_timeout is not None


@every_dag
def test_task_is_owned_retried_bounded_and_its_failure_told(dag_bag, dag_id):
    from orchestration.alerts import TeamAlert

    dag = dag_bag.dags[dag_id]
    assert dag.tasks
    for task in dag.tasks:
        assert task.owner not in ("airflow", "")
        assert task.retries >= 2
        assert task.retry_exponential_backoff
        assert [type(alert) for alert in task.on_failure_callback] == [TeamAlert]
        if dag_id not in WAIT_FOR_A_PERSON:
            assert task.execution_timeout is not None
            assert task.execution_timeout < dag.dagrun_timeout


@every_dag
def test_run_that_is_late_is_told_by_the_notifier_of_failures_before_it_is_given_up(
    dag_bag, dag_id
):
    dag = dag_bag.dags[dag_id]
    if dag_id in WAIT_FOR_A_PERSON:
        assert not dag.deadline
        return

    (alert,) = dag.deadline
    assert alert.callback.path == "orchestration.alerts.TeamAlert"
    assert alert.interval < dag.dagrun_timeout


def test_lineage_leads_from_each_table_to_the_one_dag_that_makes_it_and_on_to_the_mail(dag_bag):
    made = {}
    read = {}
    for dag_id, dag in dag_bag.dags.items():
        for task in dag.tasks:
            for assets, found in ((task.outlets, made), (task.inlets, read)):
                for asset in assets:
                    found.setdefault(asset.name, set()).add(dag_id)

    several = {name for name, dags in made.items() if len(dags) > 1}
    # A form and the watch of a live platform write the same ledger.
    assert several == {"certificate_associations"}
    promised = set(METRIC_TABLES) | set(CLEAN_TABLES) | set(EXHAUST_TABLES)
    assert promised - set(made) == set()
    outside = {name for name in read if name.startswith("sunbird.")} | {"job_request"}
    assert set(read) - set(made) - outside == set()
    assert {name.removeprefix("sunbird.") for name in outside} <= set(RAW_TABLES) | {
        "telemetry", "job_request",
    }  # fmt: skip
    assert {name for name in made if name.endswith("_files")} <= set(read)


def test_only_what_starts_spark_takes_its_slot_and_the_statuses_come_first(dag_bag):
    weights = {
        f"{dag_id}.{task.task_id}": task.priority_weight
        for dag_id, dag in dag_bag.dags.items()
        for task in dag.tasks
        if task.pool == "spark"
    }

    assert {"batch_status.judge", "refresh.build"} <= set(weights)
    assert all(
        dag_bag.dags[name.split(".")[0]].get_task(name.split(".")[1]).spark for name in weights
    )
    assert max(weights, key=weights.__getitem__) == "batch_status.judge"


def test_exhaust_claims_cuts_and_checks_in_this_order_under_one_run_id(dag_bag):
    dag = dag_bag.dags["progress_exhaust"]

    claim = dag.get_task("claim")
    assert claim.downstream_task_ids == {"cut"}
    assert dag.get_task("cut").downstream_task_ids == {"check"}
    assert claim.arguments == [
        "exhaust", "progress-exhaust", "--run", "{{ run_id }}", "--step", "claim",
    ]  # fmt: skip


def test_delivery_sends_and_takes_in_what_came_back_side_by_side(dag_bag):
    tasks = dag_bag.dags["delivery"].tasks

    assert {task.task_id: task.arguments for task in tasks} == {
        "deliver": ["deliver"],
        "bounces": ["bounces"],
    }
    assert [task.downstream_task_ids for task in tasks] == [set(), set()]


def test_loading_the_dags_loads_neither_the_jobs_nor_spark(tmp_path):
    program = (
        "import sys; from airflow.dag_processing.dagbag import DagBag; bag = DagBag('dags');"
        "assert len(bag.dags) == int(sys.argv[1]), bag.import_errors;"
        "heavy = {'jobs', 'pyspark', 'pandas', 'pyarrow'} & set(sys.modules);"
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else 0)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program, str(len(DAG_FILES))],
        cwd=ROOT,
        env=os.environ | {"AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "plugins")},
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stderr[-2000:]


def test_airflow_cfg_holds_no_secret_and_no_database():
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "airflow.cfg")
    keys = [key for section in config.sections() for key in config[section]]

    # The names of what the UI hides are no secret.
    keys.remove("sensitive_var_conn_names")
    secret = ("secret", "password", "fernet", "key", "token", "conn")
    assert [key for key in keys if any(word in key for word in secret)] == []


def test_airflow_cfg_gives_a_reason_for_each_key():
    lines = (ROOT / "airflow.cfg").read_text().splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and line[0] != "#"]

    assert keys
    # The plugins stand beside the DAGs and share their reason.
    unexplained = [lines[n] for n in keys if not lines[n - 1].startswith("#")]
    assert unexplained == ["plugins_folder = $SUNBIRD_BATCH_ROOT/plugins"]
