"""
# Batch status: upcoming, ongoing or ended, and an LMS that says the same

- **What**: Judges every batch by its dates, in one Spark application; writes the batches whose
  status moved, and tells the search index, the courses and the batch table of the LMS.
- **When**: Every 30 minutes, at minute 0 and 30, so that a batch opens with its first minute. After
  an outage once, for now.
- **Inputs**: The raw table `course_batch`; `batch_status`, as the last run left it.
- **Outputs**: `batch_status`, `batch_status_change`, and a duty in `batch_status_publication` for
  each target that must be told, until it has said yes. The task's XCom `result` says how many moved
  and what drifts.
- **If late**: Learners of a batch that has begun cannot save progress until it runs.
- **If red**: The last statuses stay. A target that does not answer makes nothing red: its duties
  wait and are tried again. What to do: docs/runbooks/batch_status.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import BATCH_STATUS, RAW_BATCHES
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="batch_status",
    dag_display_name="Batch status: upcoming, ongoing or ended",
    description="Moves batches by their dates and tells the LMS until it agrees",
    doc_md=page_of(__doc__),
    schedule="0,30 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=29),
    deadline=late_after(timedelta(minutes=20)),
    default_args=TASK_DEFAULTS,
    tags=["batch", "spark"],
):
    judge = JobOperator(
        task_id="judge",
        arguments=["batch-status"],
        spark=True,
        priority_weight=100,
        execution_timeout=timedelta(minutes=20),
        inlets=[RAW_BATCHES],
        outlets=[BATCH_STATUS],
    )
