"""What the page in Airflow asks: each answer is read only, by the role `operator`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs.contracts.groups import GROUP_TABLES
from jobs.contracts.learning import BATCHES
from jobs.contracts.metrics import METRIC_TABLES
from jobs.errors import RequestError, UnavailableError
from jobs.exhausts.requests import KINDS, as_object
from jobs.exhausts.search import asked_for
from jobs.overview import freshness
from jobs.overview.waiting import banded
from jobs.refresh.plan import TABLES
from jobs.settings import Settings
from jobs.storage import batch_search, deliveries, overview, trends
from jobs.storage.request_listing import listed
from jobs.storage.store import Reader, open_reader

# The mailer runs every two minutes: what waits longer has something in its way.
SOON = timedelta(minutes=10)
# A quarter says more of a trend than it costs to draw.
TREND = timedelta(days=90)
REQUESTS, FOUND = 50, 20
PROMISED_MINUTES = 30


def today(settings: Settings, *, now: datetime) -> dict[str, Any]:
    """Today at a glance."""
    expected = [*TABLES.values(), *GROUP_TABLES.values(), *METRIC_TABLES.values()]
    with open_reader(settings, Reader.OPERATOR) as connection:
        missed = overview.missed_certificates(connection, now=now)
        return {
            "now": now,
            "requests": overview.requests(
                connection, table=settings.job_request_table, kinds=[*KINDS], now=now
            )
            | {"promised_minutes": PROMISED_MINUTES, "newest": newest(settings, connection, now)},
            "batches": overview.batches(connection, now=now),
            "missed": missed | {"by_age": banded(missed["by_age"])},
            "verdicts": overview.verdicts(connection, now=now),
            "tables": freshness.judged(
                overview.tables(connection),
                expected,
                now=now,
                stale=timedelta(minutes=settings.stale_minutes),
            ),
            "mail": mail(connection, now),
        }


def newest(
    settings: Settings, connection: Any, now: datetime, request_id: str | None = None
) -> list[dict[str, Any]]:
    rows = listed(
        connection,
        table=settings.job_request_table,
        now=now,
        limit=REQUESTS,
        requesters=False,
        request_id=request_id,
    )
    return [row | told_of(row.pop("request_data")) for row in rows]


def told_of(request_data: Any) -> dict[str, Any]:
    """What a request asks for, and what for; a body that cannot be read says nothing."""
    try:
        purpose = as_object(request_data).get("purpose")
    except RequestError:
        purpose = None
    return {"batches": asked_for(request_data), "purpose": str(purpose) if purpose else None}


def mail(connection: Any, now: datetime) -> dict[str, Any]:
    return {
        "counts": deliveries.counts(connection),
        "overdue": deliveries.overdue(connection, now=now, age=SOON),
    }


def requests(settings: Settings, *, now: datetime) -> dict[str, Any]:
    """The newest requests with the minutes that they took or wait."""
    with open_reader(settings, Reader.OPERATOR) as connection:
        rows = newest(settings, connection, now)
    return {"now": now, "requests": rows, "promised_minutes": PROMISED_MINUTES}


def request(settings: Settings, request_id: str, *, now: datetime) -> dict[str, Any]:
    """One request and how far it is; RequestError where there is none of that id."""
    with open_reader(settings, Reader.OPERATOR) as connection:
        rows = newest(settings, connection, now, request_id)
    if not rows:
        raise RequestError(f"There is no request {request_id}. The list names those that are.")
    return {"now": now, "request": rows[0], "promised_minutes": PROMISED_MINUTES}


def held(settings: Settings, *, now: datetime) -> dict[str, Any]:
    """The messages that wait for a person, and what else the outbox holds."""
    with open_reader(settings, Reader.OPERATOR) as connection:
        rows = deliveries.listing(connection, status="held")
        return {"now": now, "held": rows} | mail(connection, now)


def figures(settings: Settings, *, now: datetime) -> dict[str, Any]:
    """The trends of the last quarter, day by day in the report time zone."""
    last_on = now.astimezone(ZoneInfo(settings.report_timezone)).date()
    with open_reader(settings, Reader.OPERATOR) as connection:
        rows = trends.trend_rows(
            connection,
            first_on=last_on - TREND,
            last_on=last_on,
            timezone=settings.report_timezone,
        )
    return {"now": now, **rows}


def batches(settings: Settings, text: str) -> dict[str, Any]:
    """The batches that a search finds, one more than is shown where there are more."""
    with open_reader(settings, Reader.OPERATOR) as connection:
        rows = batch_search.found(connection, text, limit=FOUND + 1)
    return {"batches": rows[:FOUND], "has_more": len(rows) > FOUND}


def batch(settings: Settings, batch_id: str) -> dict[str, Any]:
    """A batch, who may have its files, and what they are asked for."""
    with open_reader(settings, Reader.OPERATOR) as connection:
        row = batch_search.one(connection, batch_id)
        if row is None:
            raise RequestError(
                f"There is no batch {batch_id}. A new one is known after at most half an hour."
            )
        people = askers(connection, batch_id)
    return {"batch": row, "askers": people, "kinds": [*KINDS], "purposes": settings.purposes}


def askers(connection: Any, batch_id: str) -> list[dict[str, str]]:
    """The creator and the mentors, by id; none where the lake holds no batches yet."""
    # Arrow and pandas, which no other answer pays for.
    from jobs.storage.clustered import open_table

    try:
        rows = open_table(connection, BATCHES).rows(batch_id)
    except UnavailableError:
        return []
    people: dict[str, str] = {}
    for row in rows:
        if row["created_by"]:
            people[row["created_by"]] = "creator"
        for mentor in row["mentors"] or ():
            people.setdefault(mentor, "mentor")
    return [{"user_id": user_id, "role": role} for user_id, role in people.items()]
