"""
# User-info exhaust: the details of learners who agreed, for the mentor who asked

- **What**: Answers the pending requests: claims them, reads who agrees at that minute, cuts each
  batch's locked file out of the `progress` snapshot, checks it, and hands the answer to the outbox.
  No Spark is started.
- **When**: Every 5 minutes; without a pending request the run is skipped.
- **Inputs**: `job_request` rows of the kind `userinfo-exhaust`; the snapshots `progress` and
  `consents` that `refresh` publishes; withdrawals noted in the store.
- **Outputs**: One zip per batch, locked with the request's key, in the object store, the request's
  row, one message in the outbox, which `delivery` sends after it read the consents again.
- **If late**: Mentors wait. The promise is 30 minutes from the request to the mail.
- **If red**: Requests stay claimed for two minutes, then the next run takes them over; nothing is
  lost, and nothing is made in the clear. What to do: docs/runbooks/userinfo_exhaust.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import (
    BATCHES,
    COLLECTIONS,
    CONSENTS,
    LEARNERS,
    PROGRESS,
    REQUESTS,
    USERINFO_FILES,
)
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import RUN_ID, JobOperator
from orchestration.pages import page_of

STEP = ["exhaust", "userinfo-exhaust", "--run", RUN_ID, "--step"]

with DAG(
    dag_id="userinfo_exhaust",
    dag_display_name="User-info exhaust: the details of learners who agreed",
    description="Cuts, checks and hands over the locked files of learners' details",
    doc_md=page_of(__doc__),
    schedule="*/5 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    deadline=late_after(timedelta(minutes=15)),
    default_args=TASK_DEFAULTS | {"priority_weight": 20},
    tags=["exhaust", "request", "personal data"],
):
    claim = JobOperator(task_id="claim", arguments=[*STEP, "claim"])
    cut = JobOperator(
        task_id="cut",
        arguments=[*STEP, "cut"],
        inlets=[REQUESTS, BATCHES, LEARNERS, COLLECTIONS, CONSENTS, PROGRESS],
        outlets=[USERINFO_FILES],
    )
    check = JobOperator(task_id="check", arguments=[*STEP, "check"])

    claim >> cut >> check
