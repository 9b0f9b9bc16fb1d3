"""
# Delivery: send the messages that are due

- **What**: Drains the outbox of all products: each message that is due is sent, once per attempt,
  and what the mail server answered is kept. Messages that came back are taken in, and mentor and
  team are told of requests that run late.
- **When**: Every 2 minutes; with nothing due the run is skipped.
- **Inputs**: `operations.delivery`, the files that its rows name, and the mailbox of bounces.
- **Outputs**: E-mails, the state of each delivery, `operations.suppression`.
- **If late**: Answers that are ready wait in the outbox; none is lost.
- **If red**: The mail server or the store does not answer; attempts back off by themselves. What to
  do: docs/runbooks/delivery.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import MAILED
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="delivery",
    dag_display_name="Delivery: send the messages that are due",
    description="Drains the outbox of all products",
    doc_md=page_of(__doc__),
    schedule="*/2 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    deadline=late_after(timedelta(minutes=15)),
    default_args=TASK_DEFAULTS,
    tags=["delivery", "mail"],
):
    deliver = JobOperator(
        task_id="deliver",
        arguments=["deliver"],
        priority_weight=10,
        inlets=MAILED,
    )
    bounces = JobOperator(task_id="bounces", arguments=["bounces"], priority_weight=10)
