"""
# Weekly usage: two pages for analysts, every Monday

- **What**: Draws the last whole week, Monday to Sunday, on two pages: trends of eight weeks, the
  courses with most certificate downloads, both download ratios in words and figures; puts a message
  with it into the outbox for each analyst.
- **When**: Mondays at 07:00 IST, after the night's `usage_metrics`. By hand for another week.
- **Inputs**: `usage_daily`, `certificate_download_ratio_daily`, `report_download_ratio_daily`.
- **Outputs**: A PDF in the object store, and a message per address of
  `SUNBIRD_BATCH_ANALYST_ADDRESSES`; each week is told to each address once, however often it runs.
- **If late**: Analysts wait; the tables are there all the same.
- **If red**: Nobody was told. What to do: docs/runbooks/usage_weekly.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG, Param
from orchestration.alerts import late_after
from orchestration.assets import DOWNLOAD_RATIOS, USAGE_DAILY, WEEKLY_SUMMARY
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="usage_weekly",
    dag_display_name="Weekly usage: two pages for analysts",
    description="Mails analysts the week's trends, top courses and download ratios",
    doc_md=page_of(__doc__),
    schedule="0 7 * * 1",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    deadline=late_after(timedelta(minutes=20)),
    default_args=TASK_DEFAULTS,
    tags=["metrics", "mail"],
    params={
        "week": Param(
            None,
            type=["null", "string"],
            format="date",
            description="The week's Monday; none: the last whole week.",
        )
    },
):
    tell = JobOperator(
        task_id="tell",
        arguments=["usage", "weekly", "--week", "{{ params.week or '' }}"],
        execution_timeout=timedelta(minutes=15),
        inlets=[USAGE_DAILY, *DOWNLOAD_RATIOS],
        outlets=[WEEKLY_SUMMARY],
    )
