"""A cluster of the tests' own: its home, its services, and the settings of its scheduler here."""

import os
from types import SimpleNamespace

import psycopg
import pytest

from jobs.settings import PREFIX
from tools.cluster import SPARK, local_cluster, spark_settings
from tools.progress import Progress

# Runs are started by the test, and the small Sunbird's certificates were attached long ago.
TOLD = {
    "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
    f"{PREFIX}CERTIFICATE_BASELINE_ON": "2020-01-01",
}


@pytest.fixture
def no_settings(monkeypatch):
    """Nothing of who runs the tests reaches the cluster."""
    for name in list(os.environ):
        if name.startswith((PREFIX, "AIRFLOW", "AWS_", "SPARK_")):
            monkeypatch.delenv(name)


@pytest.fixture
def whole_cluster(own_home, no_settings, monkeypatch):
    """Every service of compose.yaml; the test itself sees what the scheduler sees."""
    with local_cluster(own_home, Progress(), scheduler=TOLD) as cluster:
        told = cluster.services["airflow-scheduler"].environment
        for name, value in told.items():
            if name.startswith((PREFIX, "AWS_")):
                monkeypatch.setenv(name, value)
        yield cluster


@pytest.fixture
def spark_cluster(own_home, no_settings):
    """Spark's master and two workers; `settings` send a command's Spark to them."""
    with local_cluster(own_home, Progress(), parts=SPARK) as cluster:
        yield SimpleNamespace(running=cluster, home=own_home, settings=spark_settings(cluster))


@pytest.fixture
def fetch():
    """fetch(url, query, *values) -> rows."""

    def rows(url, query, *values):
        with psycopg.connect(url) as connection:
            return connection.execute(query, values).fetchall()

    return rows
