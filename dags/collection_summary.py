"""
# Collection summary: what every batch has come to, by its learners' place

- **What**: Counts enrolments, completions and certificates of every batch by state and district, in
  one Spark application and once; checks and publishes the day; writes the file of JSON lines that
  Sunbird's own job writes today, under the same name.
- **When**: Every day at 04:00 IST, after the nightly reconciliation.
- **Inputs**: The clean tables `batches` and `collections` and the exhaust table `progress`, as the
  last refresh left them; the raw table `content` for the collections' lists.
- **Outputs**: The day's partition of `metrics.collection_summary_daily`, and
  `collection-summary-reports-v2/collection-summary-report-<day>.json` and `-latest.json` in the
  object store. The task's XCom `result` says how many rows.
- **If late**: Dashboards show yesterday's figures. Run it by hand.
- **If red**: The day before stays in the table and in both files. What to do:
  docs/runbooks/collection_summary.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import BATCHES, COLLECTION_SUMMARY, COLLECTIONS, PROGRESS, RAW_CONTENT
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="collection_summary",
    dag_display_name="Collection summary: batches by place",
    description="Counts enrolments, completions and certificates by state and district",
    doc_md=page_of(__doc__),
    schedule="0 4 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    deadline=late_after(timedelta(minutes=90)),
    default_args=TASK_DEFAULTS,
    tags=["metrics", "spark"],
):
    count = JobOperator(
        task_id="count",
        arguments=["collection-summary", "--as-of", "{{ dag_run.run_after.isoformat() }}"],
        spark=True,
        outlets=[COLLECTION_SUMMARY],
        execution_timeout=timedelta(hours=1),
        inlets=[BATCHES, COLLECTIONS, PROGRESS, RAW_CONTENT],
    )
