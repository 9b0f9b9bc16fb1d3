"""What a failure says: which task of which run, and the page that tells what to do."""

from airflow.sdk import BaseNotifier
from airflow.sdk.definitions.context import Context


class TeamAlert(BaseNotifier):
    """One line per task that failed for good, in the task's own log."""

    def notify(self, context: Context) -> None:
        self.log.error(failure_line(context))


def failure_line(context: Context) -> str:
    """The line: ids only, since a failure's own text may quote the data."""
    task = context["ti"]
    return (
        f"{task.dag_id}.{task.task_id} failed for good, run {task.run_id}, try {task.try_number}."
        f" What to do: docs/runbooks/{task.dag_id}.md"
    )
