"""
# Certificate issue: what was approved becomes a certificate

- **What**: Looks again at each approved finding, makes its PDF and its signed credential, keeps
  both, and tells the platform and, where set so, the learner by mail.
- **When**: Every 30 minutes, at minute 10 and 40. Without an approval it is done in a second.
- **Inputs**: `missed_certificate` and `certificate_approval`; the clean tables as they are now; the
  pictures of the template's version.
- **Outputs**: `certificate_issued`, `certificates/<..>/<id>.pdf` and `.json` in the object store,
  `certificate_event` with a duty per target, messages in the outbox. The task's XCom `result` says
  how many.
- **If late**: Learners wait for a certificate that was approved.
- **If red**: What was issued stays; the rest stays approved and is issued by the next run, none of
  it twice. What to do: docs/runbooks/certificate_issue.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import (
    CERTIFICATE_APPROVAL,
    CERTIFICATE_FILES,
    CERTIFICATE_ISSUED,
    JUDGED,
    MISSED_CERTIFICATE,
)
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="certificate_issue",
    dag_display_name="Certificate issue: what was approved",
    description="Makes, keeps and tells of the certificates that a person approved",
    doc_md=page_of(__doc__),
    schedule="10,40 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    deadline=late_after(timedelta(minutes=60)),
    default_args=TASK_DEFAULTS,
    tags=["certificates"],
):
    issue = JobOperator(
        task_id="issue",
        arguments=["certificate", "issue-approved"],
        execution_timeout=timedelta(hours=2),
        inlets=[MISSED_CERTIFICATE, CERTIFICATE_APPROVAL, *JUDGED],
        outlets=[CERTIFICATE_ISSUED, CERTIFICATE_FILES],
    )
