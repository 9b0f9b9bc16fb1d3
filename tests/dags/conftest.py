"""An Airflow of the tests' own: its folder, no database, no network."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Airflow reads these once, when it is first imported, and makes its folders then.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-of-tests-")
os.environ["AIRFLOW_CONFIG"] = str(ROOT / "airflow.cfg")
os.environ["SUNBIRD_BATCH_ROOT"] = str(ROOT)


def pytest_unconfigure():
    shutil.rmtree(os.environ["AIRFLOW_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def dag_bag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(ROOT / "dags")
