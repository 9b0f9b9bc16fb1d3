"""
# Group activity: how far the members of each group are in its activities

- **What**: Brings each group's members and activities together with their progress and scores, in
  one Spark application: a row per group, activity and member, and one per group and activity.
- **When**: Every hour, at minute 20, after a refresh.
- **Inputs**: The raw tables `groups`, `group_member` and `group_activity`; the clean tables
  `activity` and `collections` and the exhaust table `progress`, as the last refresh left them.
- **Outputs**: The lake table `group_activity_member`, from which
  `python -m jobs group-activity --group G --activity A` answers the portal, and
  `metrics.group_activity`. The task's XCom `result` says how many rows and what was kept out.
- **If late**: The portal shows the figures of an hour before, with their age.
- **If red**: The last figures stay. What to do: docs/runbooks/group_activity.md
- **Owner**: sunbird-batch
"""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from orchestration.alerts import late_after
from orchestration.assets import ACTIVITY, COLLECTIONS, GROUP_ACTIVITY, PROGRESS, RAW_GROUPS
from orchestration.defaults import TASK_DEFAULTS
from orchestration.job import JobOperator
from orchestration.pages import page_of

with DAG(
    dag_id="group_activity",
    dag_display_name="Group activity: how far groups are",
    description="Aggregates the progress and scores of the members of every group",
    doc_md=page_of(__doc__),
    schedule="20 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=55),
    deadline=late_after(timedelta(minutes=45)),
    default_args=TASK_DEFAULTS,
    tags=["groups", "spark"],
):
    aggregate = JobOperator(
        task_id="aggregate",
        arguments=["group-activity"],
        spark=True,
        outlets=[GROUP_ACTIVITY],
        execution_timeout=timedelta(minutes=40),
        inlets=[*RAW_GROUPS, PROGRESS, ACTIVITY, COLLECTIONS],
    )
