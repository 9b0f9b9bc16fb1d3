"""Spark on two workers makes the same bytes as on one machine, also when a worker dies half way."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import psutil
import psycopg
import pytest

from jobs.samples.job import run_samples
from jobs.settings import Settings
from jobs.storage.postgres import using
from tools.airflow_home import ROOT
from tools.cluster_bytes import tables_of
from tools.cluster_health import asked

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
# Every Spark job, in the order in which each finds what it reads.
JOBS = (
    ("refresh",),
    ("batch-status",),
    ("certificate", "watch"),
    ("missed-certificates",),
    ("collection-summary",),
    ("group-activity",),
    ("usage", "--day", YESTERDAY),
    ("textbooks", "reports"),
)
# The small Sunbird's certificates were attached long ago.
BASELINE = {"SUNBIRD_BATCH_CERTIFICATE_BASELINE_ON": "2020-01-01"}
# When something was written, by which run, in which turn and where: never the same twice.
OF_THE_RUN = (
    "_at", "data_as_of", "snapshot_id", "run_id", "version_id", "verdict_id", "_token", "path",
    "snapshots", "change_id", "judged_for", "parts",
)  # fmt: skip
# The same in files: when a row was counted or first seen, and the hash in the name of a folder.
TODAY = datetime.now(UTC).date().isoformat().encode()
OF_THE_MOMENT = re.compile(rb'"timestamp":\d+|' + TODAY + rb"T[0-9:.]+")
HASH_IN_NAME = re.compile(r"/[0-9a-f]{16}/")
# What Spark jobs publish in the store beside the metrics; a chained log is never the same twice.
PUBLISHED = (
    "batch_status", "batch_status_change", "enrolment_repair", "event_day", "gate_verdict",
    "missed_certificate", "quarantine",
)  # fmt: skip
COLUMNS = """
SELECT table_schema || '.' || table_name, string_agg(quote_ident(column_name), ', ')
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE (table_schema = 'metrics' OR table_schema = 'operations' AND table_name = ANY(%s))
  AND table_type = 'BASE TABLE' AND column_name !~ %s
GROUP BY 1 ORDER BY 1
"""


def run_job(home, arguments, settings, *, started=None):
    ended = subprocess.Popen(
        [sys.executable, "-m", "jobs", *arguments],
        env=dict(os.environ) | BASELINE | settings | {"SUNBIRD_BATCH_HOME": str(home)},
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if started:
        started(ended)
    output, _ = ended.communicate()
    assert ended.returncode == 0, output[-3000:]
    return output


def files_of(home):
    folder = home / "objects"
    return {
        HASH_IN_NAME.sub("/", str(file.relative_to(folder))): hashlib.sha256(
            OF_THE_MOMENT.sub(b"", file.read_bytes())
        ).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def rows_of(home):
    found = {}
    with using(home) as url, psycopg.connect(url) as connection:
        pattern = "|".join(f"{name}$" for name in OF_THE_RUN)
        for table, columns in connection.execute(COLUMNS, [list(PUBLISHED), pattern]).fetchall():
            rows = connection.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608
            found[table] = sorted(map(str, rows))
    return found


def copied(lake, home):
    shutil.copytree(lake, home, dirs_exist_ok=True)
    # The copy is closed as its source is: the account that runs the store must get through.
    home.chmod(0o755)
    return home


@pytest.fixture(scope="module")
def small_sunbird(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    run_samples(Settings(home=folder), learners=400, as_of=datetime.now(UTC))
    return folder


def same(one, other):
    differ = sorted(str(key) for key in {*one, *other} if one.get(key) != other.get(key))
    assert differ == []
    assert one


@pytest.mark.full
@pytest.mark.timeout(2400)
def test_each_job_on_two_workers_makes_the_bytes_that_it_makes_here(
    spark_cluster, small_sunbird, tmp_path
):
    here = copied(small_sunbird, spark_cluster.home.parent / "here")
    copied(small_sunbird, spark_cluster.home)
    local = {"SUNBIRD_BATCH_SPARK_MASTER": "local[2]"}

    for arguments in JOBS:
        run_job(here, arguments, local)
        run_job(spark_cluster.home, arguments, spark_cluster.settings)

    same(tables_of(here), tables_of(spark_cluster.home))
    same(rows_of(here), rows_of(spark_cluster.home))
    same(files_of(here), files_of(spark_cluster.home))


def kill_when_busy(cluster, killed):
    """Ends one worker and its executor, as a machine that is lost, once tasks have run on it."""
    port = cluster.places.ports["8180"]
    process = psutil.Process(cluster.processes["spark-worker-1"].pid)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        apps = asked(f"http://127.0.0.1:{port}/json/")["activeapps"]
        executors = process.children(recursive=True)
        if apps and any(child.cpu_times().user > 3 for child in executors):
            for one in [process, *executors]:
                one.send_signal(signal.SIGKILL)
            killed.append(len(executors))
            return
        time.sleep(0.2)


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_worker_that_dies_half_way_loses_nothing(spark_cluster, small_sunbird):
    cluster = spark_cluster.running
    here = copied(small_sunbird, spark_cluster.home.parent / "here")
    copied(small_sunbird, spark_cluster.home)
    run_job(here, ("refresh",), {"SUNBIRD_BATCH_SPARK_MASTER": "local[2]"})
    killed, outcome = [], {}

    def murderer(_):
        thread = threading.Thread(target=kill_when_busy, args=(cluster, killed))
        outcome["thread"] = thread
        thread.start()

    run_job(spark_cluster.home, ("refresh",), spark_cluster.settings, started=murderer)
    outcome["thread"].join()

    assert killed, "the job was over before its worker could be ended"
    assert cluster.processes["spark-worker-1"].poll() == -signal.SIGKILL
    same(tables_of(here), tables_of(spark_cluster.home))
    same(rows_of(here), rows_of(spark_cluster.home))
