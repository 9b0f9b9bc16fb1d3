"""The one way to start a job: `python -m jobs …` in a process group of its own."""

import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator, BaseOperatorLink
from airflow.sdk.definitions.context import Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from orchestration.job_process import project_root, without_airflow
from orchestration.process_group import ProcessGroup
from orchestration.spark_connection import spark_variables

# Airflow's run id: a retry of a run takes its own leases over by it.
RUN_ID = "{{ run_id }}"

NOTHING_TO_DO = 99
# Settings, contracts, gates, requests, protection: the same input fails the same way again.
FAILS_AT_ONCE = frozenset({2, 10, 11, 12, 16})
SPARK_UI = re.compile(r"spark ui: (https?://\S+)")
RESULT = re.compile(r"^result: (.+)")
RETURN = re.compile(r"^return: (.+)")


class SparkUi(BaseOperatorLink):
    """The page of the running Spark application, where its job prints one."""

    name = "Spark UI"

    def get_link(self, operator: BaseOperator, *, ti_key: Any) -> str:
        return getattr(operator, "spark_ui", "")


class JobOperator(BaseOperator):
    """A command of `python -m jobs`; `spark` gives it the cluster and a slot of the pool."""

    template_fields: Sequence[str] = ("arguments",)
    operator_extra_links = (SparkUi(),)
    ui_color = "#e8f1ea"

    def __init__(
        self,
        *,
        arguments: list[str],
        spark: bool = False,
        told_arguments: int | None = None,
        **kwargs: Any,
    ) -> None:
        if spark:
            kwargs.setdefault("pool", "spark")
        super().__init__(**kwargs)
        self.arguments = arguments
        self.spark = spark
        # What a person typed into a form is no line of a log.
        self.told_arguments = told_arguments
        self.spark_ui = ""
        self.group: ProcessGroup | None = None

    def execute(self, context: Context) -> Any:
        command = [sys.executable, "-m", "jobs", *self.arguments]
        told = self.arguments[: self.told_arguments]
        self.log.info("starts: %s", " ".join(["-m", "jobs", *told]))
        environment = job_environment(dict(os.environ), spark=self.spark)
        self.group = ProcessGroup(command, folder=project_root(), environment=environment)
        returned = None
        try:
            for line in self.group.lines():
                if found := RETURN.search(line):
                    # What other tasks are made of: it is long, and the log has the counts.
                    returned = json.loads(found.group(1))
                    continue
                self.log.info(line)
                if found := SPARK_UI.search(line):
                    self.show_spark_ui(context, found.group(1))
                if found := RESULT.search(line):
                    # One line of counts that a job ends with: the task's page shows it.
                    context["ti"].xcom_push(key="result", value=found.group(1))
            code = self.group.exit_code()
        finally:
            # Also after a time-out, and for what a job that ended well left behind.
            self.group.stop()
        raise_for(code, told)
        return returned

    def show_spark_ui(self, context: Context, url: str) -> None:
        # The link is usable while the job runs; Airflow asks for it again when the task ends.
        self.spark_ui = url
        context["ti"].xcom_push(key=self.operator_extra_links[0].xcom_key, value=url)

    def on_kill(self) -> None:
        if self.group is not None:
            self.log.warning("stops the job and all that it started")
            self.group.stop()


def raise_for(code: int, arguments: list[str]) -> None:
    """Nothing for success; else what Airflow should make of the job's exit code."""
    job = f"python -m jobs {' '.join(arguments)}"
    if code == 0:
        return
    if code == NOTHING_TO_DO:
        raise AirflowSkipException(f"{job} found nothing to do.")
    if code in FAILS_AT_ONCE:
        raise AirflowFailException(
            f"{job} ended with {code}, which another try would not change; its reason is above."
        )
    told = f"was stopped by signal {-code}" if code < 0 else f"ended with {code}"
    raise AirflowException(f"{job} {told}; its reason is above. It is tried again.")


def job_environment(inherited: dict[str, str], *, spark: bool) -> dict[str, str]:
    """The job's environment: without Airflow's own secrets, with the cluster where it needs one."""
    return without_airflow(inherited) | (spark_variables(inherited) if spark else {})
