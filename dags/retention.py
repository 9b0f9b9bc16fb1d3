"""
# Retention: what is too old goes, and the audit log's end is kept apart

- **What**: Removes the files of requests after 7 days, the keys of rows kept out of tables and
  returned mail of others after 30, and the lists of who was in a file a year after it went; takes
  the users out of usage events after 90. Then it looks for anything older, and keeps the end of the
  audit log in the object store.
- **When**: Every night at 01:40. A run that was missed is made up by the next one.
- **Inputs**: `operations.exhaust_file`, the object store, `operations.snapshot`, landed events, the
  audit log.
- **Outputs**: Removed files, `removed_at` in `operations.exhaust_file`, requests that say so, rows
  of the audit log, a verdict per kind in `operations.gate_verdict`.
- **If late**: Files stay a day longer than they should; nobody waits for it.
- **If red**: Something older than allowed is still there. What to do: docs/runbooks/retention.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="retention",
    dag_display_name="Retention: what is too old goes",
    description="Removes files, quarantine and lists that are too old, and proves it",
    doc_md=page_of(__doc__),
    schedule="40 1 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    deadline=late_after(timedelta(minutes=60)),
    default_args=TASK_DEFAULTS,
    tags=["privacy", "upkeep"],
):
    remove = JobOperator(task_id="remove", arguments=["retention"])
    verify = JobOperator(task_id="verify", arguments=["audit", "verify"])

    remove >> verify
