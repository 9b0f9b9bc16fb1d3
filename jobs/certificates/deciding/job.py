"""Asks a person about what was found, and keeps the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from jobs.certificates.questions import decision_of, question, users_named
from jobs.certificates.rules.model import read_rule
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.contracts.missed_certificates import IN_AIRFLOW, REJECTED
from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage.audit import Entry, append
from jobs.storage.certificate_approvals import (
    Decision,
    decide,
    groups,
    waiting,
)
from jobs.storage.certificate_issues import versions_named
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.store import Store

log = structlog.get_logger()


def questions(
    settings: Settings, store: Store, *, now: datetime, batch_id: str | None = None
) -> list[dict[str, str]]:
    """What waits for a decision, the oldest first, at most so many as one run asks."""
    zone = ZoneInfo(settings.report_timezone)
    with store.transaction() as connection:
        found = groups(connection, limit=settings.certificate_groups, batch_id=batch_id)
        batches, courses = open_table(connection, BATCHES), open_table(connection, COLLECTIONS)
        versions = versions_named(connection, [group.version_id for group in found])
    return [
        question(
            group,
            batch_name=name_of(batches, group.batch_id, "batch_name"),
            course_name=name_of(courses, group.course_id, "collection_name"),
            rule=rule_of(versions.get(group.version_id)),
            asked_at=now,
            zone=zone,
        )
        for group in found
    ]


def name_of(table: ClusteredTable, key: str, column: str) -> str:
    rows = table.rows(key)
    return str(rows[0][column] or "") if rows else ""


def rule_of(version: dict[str, Any] | None) -> str:
    return str(read_rule(version["rule"])) if version and version["rule"] else ""


def keep_decision(store: Store, decision: Decision, *, now: datetime) -> int:
    """How many findings it holds for; RequestError where none of the group waits."""
    with store.transaction() as connection:
        if decision.issue_version_id is not None:
            refuse_unknown(versions_named(connection, [decision.issue_version_id]), decision)
        approval_id, count = decide(connection, decision, now=now)
        if approval_id is None:
            raise RequestError(
                f"Nothing of the batch {decision.batch_id}, version {decision.version_id}, reason"
                f" {decision.reason} waits for a decision. `python -m jobs certificate ask` lists"
                " what does; what is held must be mended first, or asked for by `certificate"
                " issue`."
            )
        append(
            connection,
            Entry(
                event=f"certificate_{decision.decision}",
                asked_by=decision.decided_by,
                batch_id=decision.batch_id,
                row_count=count,
                details={
                    "approval_id": approval_id,
                    "version_id": decision.version_id,
                    "reason": decision.reason,
                    "excluded": len(decision.excluded),
                    "issue_version_id": decision.issue_version_id,
                },
            ),
            now,
        )
    log.info(
        "certificates decided", decision=decision.decision, approval_id=approval_id,
        batch_id=decision.batch_id, findings=count, excluded=len(decision.excluded),
    )  # fmt: skip
    return count


def keep_answer(
    store: Store,
    question: dict[str, str],
    *,
    chosen: str,
    by: str,
    exclude: str,
    note: str,
    now: datetime,
) -> int | None:
    """What a person answered in Airflow; None where it was put off."""
    decision = decision_of(chosen)
    if decision is None:
        return None
    try:
        group = {name: question[name] for name in ("batch", "version", "reason")}
        seen_until = datetime.fromisoformat(question["asked_at"])
    except (KeyError, ValueError) as error:
        raise RequestError(
            f"The question promised batch, version, reason and asked_at: {error}."
        ) from None
    return keep_decision(
        store,
        Decision(
            batch_id=group["batch"],
            version_id=group["version"],
            reason=group["reason"],
            decision=decision,
            excluded=users_named(exclude),
            seen_until=seen_until,
            decided_by=by,
            decided_in=IN_AIRFLOW,
            note=note or None,
        ),
        now=now,
    )  # fmt: skip


def decide_batch(
    store: Store, decision: Decision, *, version_id: str | None, reason: str | None, now: datetime
) -> int:
    """The same decision about every group of the batch, or those of one version or reason.

    `decision` names the batch; its version and reason are those of each group.
    """
    with store.transaction() as connection:
        found = waiting(connection, decision.batch_id, held=decision.decision == REJECTED)
    wanted = [
        one
        for one in found
        if one["version_id"] == (version_id or one["version_id"])
        and one["reason"] == (reason or one["reason"])
    ]
    if not wanted:
        raise RequestError(
            f"Nothing of the batch {decision.batch_id} waits for a decision"
            + "".join(
                f", {name} {value}"
                for name, value in (("version", version_id), ("reason", reason))
                if value
            )
            + ". `python -m jobs certificate ask` lists what does; what is held must be mended"
            " first, or asked for by `certificate issue`."
        )
    return sum(
        keep_decision(
            store,
            replace(decision, version_id=one["version_id"], reason=one["reason"]),
            now=now,
        )
        for one in wanted
    )  # fmt: skip


def refuse_unknown(found: dict[str, dict[str, Any]], decision: Decision) -> None:
    if decision.issue_version_id not in found:
        raise RequestError(
            f"The ledger has no version {decision.issue_version_id} to issue instead of"
            f" {decision.version_id}. `python -m jobs certificate history` lists them."
        )
