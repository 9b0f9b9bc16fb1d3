"""Where a job's process runs, and with which variables."""

import os
from pathlib import Path


def without_airflow(inherited: dict[str, str]) -> dict[str, str]:
    """The variables of a job: what configures it, and none of Airflow's own secrets."""
    environment = {
        name: value
        for name, value in inherited.items()
        if not name.startswith(("AIRFLOW__", "AIRFLOW_CONN_", "AIRFLOW_VAR_"))
    }
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def project_root() -> Path:
    """The folder that holds `jobs/`."""
    configured = os.environ.get("SUNBIRD_BATCH_ROOT")
    return Path(configured) if configured else Path(__file__).resolve().parents[2]
