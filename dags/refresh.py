"""
# Refresh: Sunbird's tables, cleaned, and the exhaust tables made of them

- **What**: One Spark application turns raw tables into clean snapshots and computes `progress`
  and `responses`.
- **When**: Every 30 minutes. A table that is still fresh is left alone; with nothing due the run is
  skipped.
- **Inputs**: The raw tables of the lake, as the catalogue file lists them.
- **Outputs**: `batches`, `enrolments`, `learners`, `collections`, `activity`, `attempts`,
  `contents`, `textbooks`, `frameworks`, `consents`, `platform_settings`, `progress`, `responses`.
  Each becomes visible as a whole, by one row in `operations.snapshot`; bad rows are counted in
  `operations.quarantine`.
- **If late**: Exhausts go on from the last snapshot and say how old it is; above 60 minutes they
  warn.
- **If red**: The last snapshot stays in use. What to do: docs/runbooks/refresh.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import RAW_REFRESHED, REFRESHED
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="refresh",
    dag_display_name="Refresh: clean tables and progress, by Spark",
    description="Turns Sunbird's raw tables into clean snapshots and computes progress",
    doc_md=page_of(__doc__),
    schedule="*/30 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=late_after(timedelta(minutes=50)),
    default_args=TASK_DEFAULTS,
    tags=["lake", "spark"],
):
    build = JobOperator(
        task_id="build",
        arguments=["refresh", "--due"],
        spark=True,
        outlets=REFRESHED,
        priority_weight=50,
        execution_timeout=timedelta(minutes=50),
        inlets=RAW_REFRESHED,
    )
