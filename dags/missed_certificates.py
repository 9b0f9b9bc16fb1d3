"""
# Missed certificates: who earned one and has none

- **What**: Compares, in one Spark application, who completed with which template was attached then
  and what was issued; brings the findings up to date and mails the team the counts and the lists.
- **When**: Every night at 00:30 IST; the report is out long before 06:00.
- **Inputs**: The clean tables as the last refresh left them; the ledger `certificate_associations`;
  the raw tables `certificate_registry`, `certificate_issue_failure` and `user_content_consumption`,
  where the platform has them.
- **Outputs**: `missed_certificate`, `certificate_problem`, `enrolment_repair` (what could be mended
  in enrolments), a row in `missed_certificate_run`, the lists in the object store, and a message in
  the outbox. The task's XCom `result` has the counts.
- **If late**: Learners wait a day longer. Run it by hand; a night is found once, however often it
  runs.
- **If red**: The findings of the night before stay, and nothing was mailed. What to do:
  docs/runbooks/missed_certificates.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import CERTIFICATE_ASSOCIATIONS, JUDGED, MISSED_CERTIFICATE, RAW_ISSUED
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

# The instant of the run: the same for a retry, and there for a run that a person starts.
NIGHT = "{{ dag_run.run_after.isoformat() }}"

with DAG(
    dag_id="missed_certificates",
    dag_display_name="Missed certificates: who earned one and has none",
    description="Finds learners without the certificate that they earned, and tells the team",
    doc_md=page_of(__doc__),
    schedule="30 0 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=5),
    deadline=late_after(timedelta(minutes=180)),
    default_args=TASK_DEFAULTS,
    tags=["certificates", "spark"],
):
    build = JobOperator(
        task_id="build",
        arguments=["missed-certificates", "--as-of", NIGHT, "--step", "build"],
        spark=True,
        execution_timeout=timedelta(hours=2),
        inlets=[*JUDGED, CERTIFICATE_ASSOCIATIONS, *RAW_ISSUED],
    )
    publish = JobOperator(
        task_id="publish",
        arguments=["missed-certificates", "--as-of", NIGHT, "--step", "publish"],
        outlets=[MISSED_CERTIFICATE],
        execution_timeout=timedelta(minutes=30),
    )

    build >> publish
