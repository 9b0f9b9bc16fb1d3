"""Makes the weekly summary of usage and tells the analysts, once a week."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.delivery.facts import WeeklyFacts, WeeklyFigureFacts
from jobs.delivery.outbox import NAMESPACE, analyst_role
from jobs.delivery.wording import Wording
from jobs.errors import RequestError, UnavailableError
from jobs.settings import Settings
from jobs.storage import deliveries
from jobs.storage.aside import folder_aside
from jobs.storage.objects import Objects
from jobs.storage.store import Store
from jobs.storage.weekly_usage import weekly_rows
from jobs.usage.weekly.figures import TREND, WEEK, Rows, Week, week_of
from jobs.usage.weekly.sheet import summary_pdf

log = structlog.get_logger()

KIND = "usage_weekly"


@dataclass(frozen=True)
class Summary:
    """A week's summary: its file's key, and how many analysts are told of it."""

    first_on: date
    key: str
    analyst_count: int


def last_week(settings: Settings, now: datetime) -> date:
    """The Monday of the last week that is over."""
    today = now.astimezone(ZoneInfo(settings.report_timezone)).date()
    return today - timedelta(days=today.weekday()) - WEEK


def run_weekly(
    settings: Settings, store: Store, objects: Objects, *, first_on: date, now: datetime
) -> Summary:
    """Keep the file and enqueue a message for each analyst; a week is told to each once.

    Raises RequestError for a day that is no Monday of a week that is over, UnavailableError where
    no day of the week was counted.
    """
    refuse_unended(settings, first_on, now)
    with store.transaction() as connection, folder_aside() as aside:
        week = counted_week(connection, first_on)
        path = aside / f"usage-of-the-week-{first_on.isoformat()}.pdf"
        path.write_bytes(drawn(settings, week, now))
        attachment = kept(objects, path, first_on)
        facts = facts_of(settings, week, now)
        for address in dict.fromkeys(one.strip().lower() for one in settings.analyst_addresses):
            tell(connection, address, facts, attachment, now=now)
    count = len({one.strip().lower() for one in settings.analyst_addresses})
    if not count:
        log.warning("no analyst has a mailbox: the summary is in the object store alone")
    log.info("weekly usage", week=first_on.isoformat(), days=week.day_count, analysts=count)
    return Summary(first_on, attachment["key"], count)


def refuse_unended(settings: Settings, first_on: date, now: datetime) -> None:
    latest = last_week(settings, now)
    if first_on.weekday() or first_on > latest:
        raise RequestError(
            "A weekly summary is of a week that is over, named by its Monday;"
            f" {first_on.isoformat()} is none. The last one begins on {latest.isoformat()}."
        )


def counted_week(connection: Connection[DictRow], first_on: date) -> Week:
    rows = weekly_rows(connection, trend_on=first_on - TREND, first_on=first_on)
    week = week_of(first_on, Rows(**rows))
    if not week.day_count:
        raise UnavailableError(
            f"No day of the week of {first_on} is counted in metrics.usage_daily. Run"
            f" `python -m jobs usage --from {first_on} --to {week.last_on}`."
        )
    return week


def drawn(settings: Settings, week: Week, now: datetime) -> bytes:
    made_at = Wording("en", ZoneInfo(settings.report_timezone)).moment(now)
    return summary_pdf(week, sender_name=settings.mail_from_name, made_at=made_at)


def kept(objects: Objects, path: Path, first_on: date) -> dict[str, Any]:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    # Another run of the same week never changes the file that a message names.
    key = f"reports/usage-weekly/{first_on.isoformat()}/{digest[:16]}/{path.name}"
    objects.put(key, path)
    return {"key": key, "file_name": path.name, "bytes": len(data), "sha256": digest}


def facts_of(settings: Settings, week: Week, now: datetime) -> WeeklyFacts:
    every = next((row for row in week.certificates if row["client"] == "all"), None)
    return WeeklyFacts(
        first_on=week.first_on,
        day_count=week.day_count,
        is_final=week.is_final,
        figures=[
            WeeklyFigureFacts(code=one.code, now=one.now, before=one.before) for one in week.figures
        ],
        issued_count=every["issued_count"] if every else 0,
        downloaded_certificate_count=every["downloaded_certificate_count"] if every else 0,
        batch_count=week.reports["batch_count"] if week.reports else 0,
        report_download_count=week.reports["download_count"] if week.reports else 0,
        made_at=now,
        language=settings.language,
    )


def tell(
    connection: Connection[DictRow],
    address: str,
    facts: WeeklyFacts,
    attachment: dict[str, Any],
    *,
    now: datetime,
) -> None:
    role = analyst_role(address)
    deliveries.enqueue(
        connection,
        # The same week is one message to the same analyst, however often it is made.
        delivery_id=str(uuid5(NAMESPACE, f"{KIND}|{facts.first_on.isoformat()}|{role}")),
        kind=KIND,
        recipient_user_id=None,
        recipient_role=role,
        tag=None,
        request_id=None,
        facts=facts.model_dump(mode="json"),
        attachments=[attachment],
        is_personal=False,
        now=now,
    )
