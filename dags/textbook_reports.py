"""
# Textbook reports: how far textbooks are made, and which QR codes have content

- **What**: Counts, in one Spark application, the units, QR codes and contents of every live,
  reviewed and drafted textbook, for its publisher and for each state that adopted it, with the
  scans of the academic year; publishes six tables and the files of the portal.
- **When**: Every Monday at 05:00 IST, after the usage of Sunday. A week that is made again is
  replaced.
- **Inputs**: The clean table `textbooks` as the last refresh left it, the raw table `organisation`,
  `textbook_adoption`, and `metrics.scans_by_code_daily` since 1 June.
- **Outputs**: `metrics.qr_status_textbook`, `qr_status_code`, `qr_status_summary`,
  `textbook_creation`, `textbook_creation_node`, `textbook_creation_summary`, and the files
  `portal_dashboards/<tenant>/DCE_*.csv`, `ETB_*.csv`, `dce_*.csv`, `etb_*.csv`, for every tenant
  and `overall`. The task's XCom `result` says how many textbooks were counted.
- **If late**: The portal and analysts see last week's figures. Run it by hand within the week.
- **If red**: Last week's tables and files stay. What to do: docs/runbooks/textbook_reports.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import (
    RAW_ORGANISATIONS,
    SCANS_BY_CODE,
    TEXTBOOK_ADOPTION,
    TEXTBOOK_REPORTS,
    TEXTBOOKS,
)
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="textbook_reports",
    dag_display_name="Textbook reports: how far they are made, which QR codes have content",
    description="Publishes the weekly reports on textbooks and their QR codes",
    doc_md=page_of(__doc__),
    schedule="0 5 * * 1",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    deadline=late_after(timedelta(minutes=60)),
    default_args=TASK_DEFAULTS,
    tags=["textbooks", "spark"],
):
    report = JobOperator(
        task_id="report",
        arguments=["textbooks", "reports"],
        spark=True,
        outlets=TEXTBOOK_REPORTS,
        execution_timeout=timedelta(minutes=30),
        inlets=[TEXTBOOKS, TEXTBOOK_ADOPTION, SCANS_BY_CODE, RAW_ORGANISATIONS],
    )
