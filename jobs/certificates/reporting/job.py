"""Publishes a staged night: merged into what was known, checked, and told, all or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.findings import FOUND, UNCLEAR
from jobs.certificates.mending.job import COLUMNS as REPAIRS
from jobs.certificates.mending.job import merge_night, open_repairs
from jobs.certificates.nightly.job import Staged, read_staged, remove_staged
from jobs.certificates.report import FINDINGS, PROBLEMS, write_rows
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.contracts.missed_certificates import CERTIFICATE_PROBLEM, HOLD_REASONS, MISSED_CERTIFICATE
from jobs.delivery.facts import MissedBatchFacts, MissedFacts
from jobs.delivery.outbox import NAMESPACE, TEAM
from jobs.errors import RequestError, UnavailableError
from jobs.quality.job import checked, record
from jobs.quality.verdicts import Verdict, stop_on_failure
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage import missed_certificates as table
from jobs.storage.aside import folder_aside
from jobs.storage.clustered import open_table
from jobs.storage.crash_points import crash_point
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

SHOWN_BATCHES = 25
PAGE = 5000
# The refresh before the night runs every half an hour.
STALE_AFTER = timedelta(hours=3)


@dataclass(frozen=True)
class Night:
    """What a night came to: counts by name, and the key of its list."""

    counts: dict[str, Any]
    report_key: str | None


def publish(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    as_of: datetime,
    now: datetime,
    dry_run: bool = False,
) -> Night:
    """Bring the findings up to date and tell the team.

    Raises RequestError for a night older than the last published one, GateError where a check
    fails; then nothing was changed.
    """
    staged, folder = read_staged(settings, as_of)
    with store.transaction() as connection, folder_aside() as aside:
        if not table.lock(connection):
            raise UnavailableError(
                "Another night is being published on this store. Wait until it has ended."
            )
        before = table.latest_night(connection)
        if before and before["as_of"] > as_of and not dry_run:
            raise RequestError(
                f"The night of {before['as_of'].isoformat()} is published already, and findings"
                f" never go back to {as_of.isoformat()}. Look at an older night with --dry-run."
            )
        merge(connection, settings, folder, as_of=as_of)
        mends = merge_night(
            connection, folder / "repairs", as_of=as_of, data_as_of=staged.data_as_of
        )
        verdicts = check(connection, as_of=as_of)
        failed = any(one.severity == "fail" and one.verdict == "failed" for one in verdicts)
        since = before["as_of"] if before and before["as_of"] < as_of else None
        counts = table.counts(connection, as_of=as_of, since=since)
        counts |= {"not_met": staged.tally, "repairs": mends}
        key = None
        if dry_run or failed:
            connection.rollback()
        else:
            key = tell(settings, connection, objects, aside, staged, counts, now=now)
            table.note_night(
                connection, as_of=as_of, data_as_of=staged.data_as_of, now=now, counts=counts,
                report_key=key,
            )  # fmt: skip
            record(connection, verdicts, now)
            crash_point("missed certificates: before the commit")
    if failed and not dry_run:
        with store.transaction() as connection:
            record(connection, verdicts, now)
    stop_on_failure(verdicts)
    if not dry_run:
        remove_staged(settings, as_of)
    log.info("missed certificates", as_of=as_of.isoformat(), is_dry=dry_run, **counts["by_state"])
    return Night(counts, key)


def merge(
    connection: Connection[DictRow], settings: Settings, folder: Path, *, as_of: datetime
) -> None:
    table.stage(connection, folder / "found", "found", MISSED_CERTIFICATE.name, FOUND)
    table.stage(connection, folder / "unclear", "unclear", CERTIFICATE_PROBLEM.name, UNCLEAR)
    table.merge(
        connection, FOUND, as_of=as_of, held=HOLD_REASONS, timezone=settings.report_timezone
    )
    table.merge_problems(connection, UNCLEAR, as_of=as_of)


def check(connection: Connection[DictRow], *, as_of: datetime) -> list[Verdict]:
    row = connection.execute("SELECT count(*) AS n FROM operations.missed_certificate").fetchone()
    total = row["n"] if row else 0
    subject = MISSED_CERTIFICATE.name
    return checked(connection, "certificates", {"as_of": as_of}, subject=subject, row_count=total)


def tell(
    settings: Settings,
    connection: Connection[DictRow],
    objects: Objects,
    aside: Path,
    staged: Staged,
    counts: dict[str, Any],
    *,
    now: datetime,
) -> str | None:
    """Put the lists into the object store and the message into the outbox."""
    attachments = write_lists(settings, connection, objects, aside, staged, counts)
    if settings.team_address is None:
        log.warning("the team has no mailbox: the report is in the object store alone")
    else:
        deliveries.enqueue(
            connection,
            # The same night is one message, however often it is published.
            delivery_id=str(uuid5(NAMESPACE, f"missed_certificates|{staged.as_of.isoformat()}")),
            kind="missed_certificates",
            recipient_user_id=None,
            recipient_role=TEAM,
            tag=None,
            request_id=None,
            facts=facts(settings, connection, staged, counts, now=now).model_dump(mode="json"),
            attachments=attachments,
            is_personal=False,
            now=now,
        )
    return str(attachments[0]["key"]) if attachments else None


def write_lists(
    settings: Settings,
    connection: Connection[DictRow],
    objects: Objects,
    aside: Path,
    staged: Staged,
    counts: dict[str, Any],
) -> list[dict[str, Any]]:
    today = staged.as_of.astimezone(ZoneInfo(settings.report_timezone)).date()
    lists = (
        ("missed-certificates", FINDINGS, table.open_findings(connection, page=PAGE)),
        ("unclear-enrolments", PROBLEMS, table.all_problems(connection, page=PAGE)),
        ("enrolment-repairs", REPAIRS, open_repairs(connection)),
    )
    attachments = []
    for name, columns, pages in lists:
        path = aside / f"{name}-{today.isoformat()}.csv"
        if not write_rows(path, columns, pages, today=today):
            continue
        data = path.read_bytes()
        # Another publish of the same night never changes the file that a message names.
        digest = hashlib.sha256(data).hexdigest()
        key = f"reports/missed-certificates/{today.isoformat()}/{digest[:16]}/{path.name}"
        objects.put(key, path)
        attachments.append(
            {"key": key, "file_name": path.name, "bytes": len(data), "sha256": digest}
        )
    return attachments


def facts(
    settings: Settings,
    connection: Connection[DictRow],
    staged: Staged,
    counts: dict[str, Any],
    *,
    now: datetime,
) -> MissedFacts:
    found = table.of_batches(connection)
    today = staged.as_of.astimezone(ZoneInfo(settings.report_timezone)).date()
    batches, courses = open_table(connection, BATCHES), open_table(connection, COLLECTIONS)

    def name_of(rows: list[dict[str, Any]], column: str) -> str:
        return (rows[0][column] if rows else None) or ""

    return MissedFacts(
        night=staged.as_of,
        data_as_of=staged.data_as_of,
        is_stale=staged.as_of - staged.data_as_of > STALE_AFTER,
        by_state=counts["by_state"],
        held=counts["held"],
        failed=counts["failed"],
        problems=counts["problems"],
        repairs=counts["repairs"],
        told_by_issuer=counts["told_by_issuer"].get("failed", 0),
        not_earned={
            name.split(": ")[-1]: n
            for name, n in counts["not_met"].items()
            if name.startswith(("not_met", "unknown"))
        },
        batches=[
            MissedBatchFacts(
                batch_id=row["batch_id"],
                batch_name=name_of(batches.rows(row["batch_id"]), "batch_name"),
                course_name=name_of(courses.rows(row["course_id"]), "collection_name"),
                template_name=row["template_name"] or row["version_id"],
                new=row["new"],
                pending=row["pending"],
                held=row["held"],
                approved=row["approved"],
                oldest_days=(today - row["oldest_on"]).days,
            )
            for row in found[:SHOWN_BATCHES]
        ],
        more_batches=max(0, len(found) - SHOWN_BATCHES),
        language=settings.language,
    )
