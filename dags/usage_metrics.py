"""
# Usage: what a day's telemetry comes to, in tables that add up

- **What**: Lands the telemetry that arrived, makes the events of the day anew, and of earlier days
  that got late ones; counts scans, downloads, plays and sessions of each tenant, credited by who
  adopted the textbook, and both download ratios. One Spark application for all of it.
- **When**: Every night at 02:00, for yesterday. By hand for another day, or for a range of days:
  each is counted with the tenants, textbooks and adoptions of its own day.
- **Inputs**: The folders of `telemetry`, `organisation`, `textbooks` as last refreshed,
  `operations.textbook_adoption`, `events` of the days before.
- **Outputs**: `usage_daily`, `usage_daily_by_state`, `scans_by_code_daily`,
  `certificate_download_ratio_daily`, `report_download_ratio_daily`, a day in the place of what was
  there; `portal_dashboards/<slug>/daily_metrics.csv` and `.json`. The XCom `result` says how many.
- **If late**: Portals and analysts see the day before. The next run makes up for it.
- **If red**: The days that were published stay as they were. What to do:
  docs/runbooks/usage_metrics.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG, Param
from orchestration.alerts import late_after
from orchestration.assets import (
    BATCHES,
    COLLECTIONS,
    ENROLMENTS,
    LEARNERS,
    RAW_ORGANISATIONS,
    RAW_TELEMETRY,
    TEXTBOOK_ADOPTION,
    TEXTBOOKS,
    USAGE,
)
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

A_DAY = {"type": ["null", "string"], "format": "date"}

with DAG(
    dag_id="usage_metrics",
    dag_display_name="Usage: the metrics of a day, and the files that portals read",
    description="Counts scans, downloads, plays, sessions and download ratios of a day",
    doc_md=page_of(__doc__),
    schedule="0 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    deadline=late_after(timedelta(minutes=240)),
    default_args=TASK_DEFAULTS,
    tags=["metrics", "spark"],
    params={
        "day": Param(None, **A_DAY, description="The day; none: yesterday."),
        "first_day": Param(None, **A_DAY, description="Or the first of a range to count anew."),
        "last_day": Param(None, **A_DAY, description="The last of that range."),
    },
):
    count = JobOperator(
        task_id="count",
        arguments=[
            *("usage", "--day", "{{ params.day or '' }}"),
            *("--from", "{{ params.first_day or '' }}"),
            *("--to", "{{ params.last_day or '' }}"),
        ],
        spark=True,
        execution_timeout=timedelta(hours=5),
        inlets=[
            RAW_TELEMETRY,
            RAW_ORGANISATIONS,
            TEXTBOOKS,
            TEXTBOOK_ADOPTION,
            ENROLMENTS,
            BATCHES,
            COLLECTIONS,
            LEARNERS,
        ],
        outlets=USAGE,
    )
