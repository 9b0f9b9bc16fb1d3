"""
# Certificate watch: what a live platform's templates become

- **What**: Looks at the templates that the platform's own pages attached to batches, and writes
  what changed since the last look into the ledger. The platform itself keeps no history.
- **When**: After each refresh of `batches`, which is every 30 minutes.
- **Inputs**: The published table `batches`; `operations.certificate_associations`.
- **Outputs**: Versions begun and ended in `operations.certificate_associations`, one row per look
  in `operations.certificate_watches`. The task's XCom `result` says how many changed.
- **If late**: The time between two looks grows, and with it the time of which nobody can say what
  was attached: completions in it go to a person.
- **If red**: The ledger stays as it was; the next look takes everything over. What to do:
  docs/runbooks/certificate_watch.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import BATCHES, CERTIFICATE_ASSOCIATIONS
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="certificate_watch",
    dag_display_name="Certificate watch: templates of a live platform",
    description="Turns what changed in a platform's certificate templates into the ledger",
    doc_md=page_of(__doc__),
    schedule=[BATCHES],
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    deadline=late_after(timedelta(minutes=20)),
    default_args=TASK_DEFAULTS,
    tags=["certificates", "batch"],
):
    look = JobOperator(
        task_id="look",
        arguments=["certificate", "watch"],
        inlets=[BATCHES],
        outlets=[CERTIFICATE_ASSOCIATIONS],
    )
