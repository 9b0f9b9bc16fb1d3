"""Puts a learner before the approver by name, whatever the night found."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from jobs.certificates.ledger import ACTIVE, standing_of
from jobs.contracts.contract import Contract
from jobs.contracts.learning import BATCHES, ENROLMENTS
from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage.certificate_approvals import Asserted, assert_one
from jobs.storage.certificate_issues import issued_to, versions_named
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.store import Store

log = structlog.get_logger()


def assert_manually(
    settings: Settings,
    store: Store,
    *,
    user_id: str,
    batch_id: str,
    template_id: str,
    reason: str,
    asked_by: str,
    completed_at: datetime | None,
    now: datetime,
) -> str:
    """Put a learner before the approver by name; the version that would be issued.

    Raises RequestError where the learner is not of the batch, has no completion date, has the
    certificate already, or where the template was never attached there.
    """
    with store.transaction() as connection:
        batch = first(open_table(connection, BATCHES), BATCHES, batch_id)
        enrolment = enrolment_of(open_table(connection, ENROLMENTS), batch_id, user_id)
        at = completed_at or enrolment["completed_at"]
        if at is None:
            raise RequestError(
                f"The learner {user_id} has no completion date in the batch {batch_id}, and a"
                " certificate prints its month. Give it with --completed-at."
            )
        course_id = batch["collection_id"]
        version = version_of(
            list(versions_named(connection, template_id=template_id).values()),
            batch,
            template_id,
            at,
        )
        if issued_to(connection, user_id, course_id, batch_id, template_id):
            raise RequestError(f"The learner {user_id} has this certificate: it was issued here.")
        in_the_way = assert_one(
            connection,
            Asserted(
                user_id=user_id,
                course_id=course_id,
                batch_id=batch_id,
                template_id=template_id,
                version_id=version["version_id"],
                certificate_type=version["certificate_type"],
                template_name=version["template_name"],
                completed_at=at,
                asked_by=asked_by,
                asked_because=reason,
                today=now.astimezone(ZoneInfo(settings.report_timezone)).date(),
                now=now,
            ),
        )
        if in_the_way:
            raise RequestError(
                f"The learner {user_id} is listed for this certificate already, as {in_the_way}."
            )
    log.info("certificate asserted", batch_id=batch_id, version_id=version["version_id"])
    return str(version["version_id"])


def first(table: ClusteredTable, contract: Contract, key: str) -> dict[str, Any]:
    rows = table.rows(key)
    if not rows:
        raise RequestError(f"The table `{contract.name}` has no {contract.key[0]} {key}.")
    return rows[0]


def enrolment_of(table: ClusteredTable, batch_id: str, user_id: str) -> dict[str, Any]:
    for page in table.batches(batch_id, ["user_id", "completed_at", "is_active"]):
        for row in page.to_pylist():
            if row["user_id"] == user_id:
                return dict(row)
    raise RequestError(f"The learner {user_id} is not enrolled in the batch {batch_id}.")


def version_of(
    versions: list[dict[str, Any]], batch: dict[str, Any], template_id: str, at: datetime
) -> dict[str, Any]:
    """The version that stood at the completion; else the newest that this batch ever had."""
    of_batch = [
        one
        for one in versions
        if one["course_id"] == batch["collection_id"]
        and (
            one["batch_id"] == batch["batch_id"]
            or (one["scope"] == "course" and one["tenant_id"] in (batch["created_for"] or []))
        )
    ]
    if not of_batch:
        raise RequestError(
            f"The template {template_id} was never attached to the batch {batch['batch_id']}."
            " `python -m jobs certificate history` lists what was."
        )
    of_batch.sort(key=lambda one: (standing_of(one, at) == ACTIVE, one["valid_from"]))
    return of_batch[-1]
