"""OpenLineage events of a command, to the server that a setting names."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog

from jobs import lineage
from jobs.errors import NOTHING_TO_DO
from jobs.settings import Settings

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent, RunState
    from openlineage.client.transport.http import HttpTransport

log = structlog.get_logger()

PRODUCER = "urn:sunbird-batch"
# A lineage server that hangs may cost a command so much, and no more.
SECONDS = 5.0
# Set by Airflow for what a task starts.
DAG_ID, TASK_ID, DAG_RUN = "AIRFLOW_CTX_DAG_ID", "AIRFLOW_CTX_TASK_ID", "AIRFLOW_CTX_DAG_RUN_ID"


@contextmanager
def told(settings: Settings, command: str) -> Iterator[None]:
    """Tell how the command ends and which tables it touched; nothing where it touched none."""
    if settings.openlineage_url is None:
        yield
        return
    lineage.forget()
    began = datetime.now(UTC)
    failure: str | None = None
    try:
        yield
    except SystemExit as end:
        failure = None if end.code in (0, None, NOTHING_TO_DO) else "SystemExit"
        raise
    except BaseException as error:
        failure = type(error).__name__
        raise
    finally:
        tell(settings, command, began, failure)


def tell(settings: Settings, command: str, began: datetime, failure: str | None) -> None:
    """Both events at the end: a command every two minutes that has nothing to do says nothing."""
    read, made = lineage.touched()
    if not read and not made:
        return
    from requests import RequestException

    events = run_events(
        command,
        namespace=settings.openlineage_namespace,
        began=began,
        ended=datetime.now(UTC),
        read=read,
        made=made,
        failure=failure,
        airflow=os.environ,
    )
    try:
        transport = transport_of(settings)
        for event in events:
            transport.emit(event)
    except RequestException as error:
        # Its text would name the address, whose login may be in it.
        log.warning("lineage_not_told", command=command, error=type(error).__name__)


def transport_of(settings: Settings) -> HttpTransport:
    """The transport alone: the client around it adds what its own variables and files ask for."""
    from openlineage.client.transport.http import (
        ApiKeyTokenProvider,
        HttpConfig,
        HttpTransport,
        TokenProvider,
    )

    key = settings.openlineage_api_key
    auth = ApiKeyTokenProvider({"apiKey": key.get_secret_value()}) if key else TokenProvider({})
    url = str(settings.openlineage_url)
    config = HttpConfig(url=url, timeout=SECONDS, retry={"total": 0}, auth=auth)
    return HttpTransport(config)


def run_events(
    command: str,
    *,
    namespace: str,
    began: datetime,
    ended: datetime,
    read: list[lineage.Table],
    made: list[lineage.Table],
    failure: str | None,
    airflow: Mapping[str, str],
) -> list[RunEvent]:
    """The START and the end of one run, under one id; in Airflow named by DAG and task."""
    from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import error_message_run, parent_run
    from openlineage.client.uuid import generate_new_uuid

    run_id = str(generate_new_uuid())
    dag_id, task_id = airflow.get(DAG_ID), airflow.get(TASK_ID)
    facets: dict[str, Any] = {}
    if dag_id and task_id:
        command = f"{dag_id}.{task_id}"
        facets["parent"] = parent_run.ParentRunFacet(
            run=parent_run.Run(runId=dag_run_id(dag_id, airflow.get(DAG_RUN, ""))),
            job=parent_run.Job(namespace=namespace, name=dag_id),
        )
    end = {"parent": facets["parent"]} if facets else {}
    if failure:
        end["errorMessage"] = error_message_run.ErrorMessageRunFacet(failure, "python")

    def event(state: RunState, at: datetime, told: dict[str, Any]) -> RunEvent:
        return RunEvent(
            eventType=state,
            eventTime=at.isoformat(),
            run=Run(run_id, told),
            job=Job(namespace, command),
            inputs=datasets(read, is_input=True),
            outputs=datasets(made, is_input=False),
            producer=PRODUCER,
        )

    last = RunState.FAIL if failure else RunState.COMPLETE
    return [event(RunState.START, began, facets), event(last, ended, end)]


def dag_run_id(dag_id: str, run: str) -> str:
    """One id for all tasks of a DAG's run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sunbird-batch/{dag_id}/{run}"))


def datasets(tables: list[lineage.Table], *, is_input: bool) -> list[Any]:
    from openlineage.client.event_v2 import InputDataset, OutputDataset

    kind = InputDataset if is_input else OutputDataset
    return [kind(table.place, table.name) for table in tables]
