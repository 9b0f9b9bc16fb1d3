"""The one notifier: what the team hears of a task that failed and of a run that is late."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseNotifier, DeadlineAlert, DeadlineReference, SyncCallback
from airflow.sdk.definitions.context import Context

from orchestration.job_process import project_root, without_airflow

FAILED, LATE = "run_failed", "run_late"
# Longer than the outbox ever takes; a notifier must not hold up what it tells of.
SECONDS = 60


class TeamAlert(BaseNotifier):
    """One line in the log, and a message in the outbox where the team has a mailbox.

    A task calls it when it failed for good, Airflow's executor when a run passes its deadline.
    """

    def notify(self, context: Context) -> None:
        # A deadline knows the run alone, as Airflow's API tells of it.
        if "ti" not in context:
            run: Any = context["dag_run"]
            self.log.error(late_line(run))
            self.tell(LATE, run["dag_id"], run["dag_run_id"], "")
            return
        task = context["ti"]
        self.log.error(failure_line(context))
        self.tell(FAILED, task.dag_id, task.run_id, task.task_id)

    def tell(self, kind: str, dag_id: str, run_id: str, task_id: str) -> None:
        """By the project's own outbox; that it did not work is a line too, and nothing more."""
        arguments = [f"--dag={dag_id}", f"--run={run_id}", f"--task={task_id}"]
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "jobs", "alert", kind, *arguments],
                cwd=project_root(),
                env=without_airflow(dict(os.environ)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self.log.error("The team could not be told: %s", type(error).__name__)
            return
        if ended.returncode not in (0, 99):
            self.log.error("The team could not be told: exit code %s", ended.returncode)


def late_after(interval: timedelta) -> DeadlineAlert:
    """Tells the team of a run that has not ended so long after it was due to start."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=interval,
        # In the executor: a small Airflow has no triggerer.
        callback=SyncCallback(TeamAlert),
        name=f"not ended {int(interval.total_seconds() // 60)} minutes after its start",
    )


def failure_line(context: Context) -> str:
    """The line: ids only, since a failure's own text may quote the data."""
    task = context["ti"]
    return (
        f"{task.dag_id}.{task.task_id} failed for good, run {task.run_id}, try {task.try_number}."
        f" What to do: docs/runbooks/{task.dag_id}.md"
    )


def late_line(run: dict[str, Any]) -> str:
    return (
        f"{run['dag_id']} is late, run {run['dag_run_id']}."
        f" What to do: docs/runbooks/{run['dag_id']}.md"
    )
