"""
# Response exhaust: every answer of a batch, for the mentor who asked

- **What**: Answers the pending requests: claims them, cuts each batch's answers out of the
  `responses` snapshot, checks them, and hands the answer to the outbox. No Spark is started.
- **When**: Every 5 minutes; without a pending request the run is skipped.
- **Inputs**: `job_request` rows of the kind `response-exhaust`; the snapshots `responses`,
  `progress` and `contents` that `refresh` publishes.
- **Outputs**: One zip per batch in the object store, with several CSV files and a manifest where
  there are more than a million answers; the request's row, one message in the outbox, which
  `delivery` sends.
- **If late**: Mentors wait. The promise is 30 minutes from the request to the mail.
- **If red**: Requests stay claimed for two minutes, then the next run takes them over; nothing is
  lost. What to do: docs/runbooks/response_exhaust.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import BATCHES, COLLECTIONS, LEARNERS, REQUESTS, RESPONSE_FILES, RESPONSES
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import RUN_ID, JobOperator
from orchestration.pages import page_of

STEP = ["exhaust", "response-exhaust", "--run", RUN_ID, "--step"]

with DAG(
    dag_id="response_exhaust",
    dag_display_name="Response exhaust: every answer of a batch",
    description="Cuts, checks and hands over the answers of learners that mentors asked for",
    doc_md=page_of(__doc__),
    schedule="*/5 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    deadline=late_after(timedelta(minutes=15)),
    default_args=TASK_DEFAULTS | {"priority_weight": 20},
    tags=["exhaust", "request"],
):
    claim = JobOperator(task_id="claim", arguments=[*STEP, "claim"])
    cut = JobOperator(
        task_id="cut",
        arguments=[*STEP, "cut"],
        inlets=[REQUESTS, BATCHES, LEARNERS, COLLECTIONS, RESPONSES],
        outlets=[RESPONSE_FILES],
    )
    check = JobOperator(task_id="check", arguments=[*STEP, "check"])

    claim >> cut >> check
