"""Tells the team, once each, of a run that failed or is late."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

import structlog

from jobs.delivery.facts import NoticeFacts
from jobs.delivery.outbox import NAMESPACE, RUN_FAILED, RUN_LATE, TEAM
from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage.store import Store

log = structlog.get_logger()


def tell_team(
    settings: Settings,
    store: Store,
    kind: str,
    *,
    dag_id: str,
    run_id: str,
    task_id: str,
    now: datetime,
) -> int:
    """The duty to tell; 0 where the team has no mailbox. The same again changes nothing."""
    if kind not in (RUN_FAILED, RUN_LATE):
        raise RequestError(f"There is no alert {kind!r}; there are {RUN_FAILED} and {RUN_LATE}.")
    if settings.team_address is None:
        return 0
    delivery_id = str(uuid5(NAMESPACE, f"{kind}|{dag_id}|{run_id}|{task_id}"))
    task = f" at the task {task_id}" if task_id else ""
    facts = NoticeFacts(
        delivery_id=delivery_id,
        kind=kind,
        dag_id=dag_id,
        reason=f"{dag_id}: the run {run_id} failed for good{task}."
        if kind == RUN_FAILED
        else f"{dag_id}: the run {run_id} has not ended in time.",
    )
    with store.transaction() as connection:
        deliveries.enqueue(
            connection,
            delivery_id=delivery_id,
            kind="team_notice",
            recipient_user_id=None,
            recipient_role=TEAM,
            tag=None,
            request_id=None,
            facts=facts.model_dump(mode="json"),
            attachments=[],
            is_personal=False,
            now=now,
        )
    log.info("team alerted", kind=kind, dag_id=dag_id, run_id=run_id)
    return 1
