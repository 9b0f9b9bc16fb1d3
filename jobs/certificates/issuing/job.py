"""Issues what was approved: looked at again, made, kept, and told, none of it twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid5

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.document.desk import Desk
from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.facts import Assets, Facts
from jobs.certificates.document.job import certificates_of
from jobs.certificates.document.paper import Certificate
from jobs.certificates.events.job import targets, tell
from jobs.certificates.issuing.reading.job import Platform, open_platform
from jobs.certificates.papers import facts_of, issued_row, keys_of, template_of
from jobs.certificates.rechecking import refusal
from jobs.certificates.signing.job import open_desk
from jobs.contracts.missed_certificates import FAILED
from jobs.delivery.facts import CertificateFacts
from jobs.delivery.outbox import NAMESPACE
from jobs.errors import UnavailableError
from jobs.settings import Settings
from jobs.storage import certificate_issues as table
from jobs.storage import deliveries
from jobs.storage.aside import folder_aside
from jobs.storage.audit import Entry, append
from jobs.storage.crash_points import crash_point
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

PAGE = 500
# Fewer are made before a second process has started.
FEW = 40
Row = dict[str, Any]
Refused = list[tuple[Row, str, str]]


@dataclass
class Issued:
    """What one run did: certificates issued, what was not and why, and events not told yet."""

    issued: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    untold: dict[str, int] = field(default_factory=dict)

    def count(self, refused: Refused) -> None:
        for _, _, why in refused:
            self.refused[why] = self.refused.get(why, 0) + 1


def issue_approved(settings: Settings, store: Store, objects: Objects, *, now: datetime) -> Issued:
    """Issue all that is approved, and tell every target whose time has come.

    Raises SettingsError where certificates have no public address, UnavailableError where another
    run issues.
    """
    done = Issued()
    with store.transaction() as holding:
        if not table.lock(holding):
            raise UnavailableError(
                "Another run issues certificates on this store. Wait until it has ended; it issues"
                " this one's too."
            )
        while page := approved_page(store):
            desk = open_desk(settings)
            issue_page(settings, store, objects, desk, page, done, now=now)
    done.untold = tell(settings, store, now=now)
    log.info("certificates issued", issued=done.issued, refused=done.refused, untold=done.untold)
    return done


def approved_page(store: Store) -> list[Row]:
    with store.transaction() as connection:
        return [dict(row) for row in table.approved(connection, limit=PAGE)]


def issue_page(
    settings: Settings,
    store: Store,
    objects: Objects,
    desk: Desk,
    page: list[Row],
    done: Issued,
    *,
    now: datetime,
) -> None:
    with store.transaction() as connection:
        platform = open_platform(connection, page)
    orders, refused = orders_of(platform, objects, page)
    rows: list[Row] = []
    processes = 2 if len(orders) > FEW else 1
    made = certificates_of(
        [(facts, template_of(version), assets) for _, facts, version, assets in orders],
        desk,
        processes=processes,
    )
    with folder_aside() as aside:
        for (one, facts, _, _), (_, outcome) in zip(orders, made, strict=True):
            if isinstance(outcome, CertificateHeld):
                log.warning("certificate held", batch_id=one["batch_id"], reason=outcome.reason)
                refused.append((one, FAILED, outcome.reason))
                continue
            put(objects, aside, facts, outcome)
            rows.append(issued_row(one, facts, outcome) | {"issued_at": now})
    crash_point("certificates: files written")
    with store.transaction() as connection:
        table.keep_issued(connection, rows, targets(settings), now=now)
        for one, state, why in refused:
            table.settle(connection, [one], state=state, failure=why, now=now)
        if settings.certificate_mail:
            for row in rows:
                deliveries.enqueue(connection, **mail(platform, objects, desk, row, now))
        audit(connection, rows, now)
        crash_point("certificates: before the commit")
    crash_point("certificates: committed")
    done.issued += len(rows)
    done.count(refused)


def orders_of(
    platform: Platform, objects: Objects, page: Sequence[Row]
) -> tuple[list[tuple[Row, Facts, Row, Assets]], Refused]:
    """What can be made, and what cannot and why."""
    orders: list[tuple[Row, Facts, Row, Assets]] = []
    refused: Refused = []
    assets: dict[str, Assets | None] = {}
    for one in page:
        version = platform.versions.get(one["version_id"])
        learner = platform.learners.get(one["user_id"])
        why = refusal(
            one,
            enrolment=platform.enrolments.get((one["batch_id"], one["user_id"])),
            learner=learner,
            version=version,
        )
        if why is not None or version is None or learner is None:
            refused.append((one, *(why or (FAILED, "version_unknown"))))
            continue
        if one["version_id"] not in assets:
            assets[one["version_id"]] = assets_of(objects, version)
        pictures = assets[one["version_id"]]
        if pictures is None:
            refused.append((one, FAILED, "artwork_missing"))
            continue
        course_name = platform.course_names.get(one["course_id"], "")
        facts = facts_of(one, learner=learner, course_name=course_name)
        orders.append((one, facts, version, pictures))
    return orders, refused


def assets_of(objects: Objects, version: Row) -> Assets | None:
    """The version's pictures; None where one that it names is gone."""
    keys = version["artwork_key"], version["signature_key"]
    if any(key and not objects.exists(key) for key in keys):
        return None
    artwork, signature = (objects.read(key) if key else None for key in keys)
    return Assets(artwork=artwork, signature=signature)


def put(objects: Objects, aside: Path, facts: Facts, made: Certificate) -> None:
    """Both files, the same bytes under the same keys however often they are made."""
    file = aside / str(facts.certificate_id)
    contents = (made.pdf, made.credential)
    for key, content in zip(keys_of(facts.certificate_id), contents, strict=True):
        file.write_bytes(content)
        objects.put(key, file)
    file.unlink()


def mail(
    platform: Platform, objects: Objects, desk: Desk, row: Row, now: datetime
) -> dict[str, Any]:
    facts = CertificateFacts(
        certificate_id=row["certificate_id"],
        course_name=platform.course_names.get(row["course_id"], ""),
        batch_name=platform.batch_names.get(row["batch_id"], ""),
        template_name=row["template_name"] or "",
        completed_at=row["completed_at"],
        page=desk.page(row["certificate_id"]),
    )
    size = len(objects.read(row["pdf_key"]))
    return {
        "delivery_id": str(uuid5(NAMESPACE, f"certificate_issued|{row['certificate_id']}")),
        "kind": "certificate_issued",
        "recipient_user_id": row["user_id"],
        "recipient_role": None,
        "tag": None,
        "request_id": None,
        "facts": facts.model_dump(mode="json"),
        "attachments": [
            {
                "key": row["pdf_key"],
                "file_name": "certificate.pdf",
                "bytes": size,
                "sha256": row["pdf_sha256"],
            }
        ],
        "is_personal": True,
        "now": now,
    }


def audit(connection: Connection[DictRow], rows: Sequence[Row], now: datetime) -> None:
    """One entry per decision: how many of its certificates were issued now."""
    by_approval: dict[int, list[Row]] = {}
    for row in rows:
        by_approval.setdefault(row["approval_id"], []).append(row)
    for approval_id, members in by_approval.items():
        append(
            connection,
            Entry(
                event="certificates_issued",
                batch_id=members[0]["batch_id"],
                row_count=len(members),
                details={"approval_id": approval_id, "version_id": members[0]["version_id"]},
            ),
            now,
        )
