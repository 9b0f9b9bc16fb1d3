"""
# Delivery: send the messages that are due

- **What**: Drains the outbox of all products: each message that is due is sent, once per attempt,
  and what the mail server answered is kept.
- **When**: Every 2 minutes; with nothing due the run is skipped.
- **Inputs**: `operations.delivery`, and the files that its rows name.
- **Outputs**: E-mails, and the state of each delivery.
- **If late**: Answers that are ready wait in the outbox; none is lost.
- **If red**: The mail server or the store does not answer; attempts back off by themselves. What to
  do: docs/runbooks/delivery.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator

with DAG(
    dag_id="delivery",
    dag_display_name="Delivery: send the messages that are due",
    description="Drains the outbox of all products",
    doc_md=__doc__,
    schedule="*/2 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    default_args=TASK_DEFAULTS,
    tags=["delivery", "mail"],
):
    deliver = JobOperator(task_id="deliver", arguments=["deliver"], priority_weight=10)
