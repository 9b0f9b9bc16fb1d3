"""The accounts of arrivals and event days: rows of the store, written last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from jobs import lineage
from jobs.contracts.landed_events import LANDED_EVENTS
from jobs.contracts.raw_telemetry import TELEMETRY
from jobs.contracts.usage_events import EVENTS
from jobs.storage.staging import identifiers

# Any number that nobody else locks on the server.
LOCK = 5_381_770_015
LATE_BY_DAY = (
    "SELECT key::date AS day, sum(value::bigint)::bigint AS row_count"
    " FROM operations.telemetry_arrival, jsonb_each_text(late) GROUP BY key"
)


@dataclass(frozen=True)
class Arrival:
    """What arrived on a day, and where its landed rows are."""

    arrival_day: date
    version_id: str
    fingerprint: str
    file_count: int
    in_count: int
    not_ours_count: int
    rejected_count: int
    late_count: int
    landed_count: int
    rejected: dict[str, int]
    late: dict[str, int]
    landed: dict[str, dict[str, int]]
    landed_at: datetime


@dataclass(frozen=True)
class EventDay:
    """A day of events: what it was made of, and what became of each row."""

    day: date
    version_id: str
    is_final: bool
    parts: dict[str, str]
    run_id: str
    in_count: int
    counted_count: int
    duplicate_count: int
    collision_count: int
    double_click_count: int
    late_count: int
    counted: dict[str, int]
    made_at: datetime


def lock(connection: Connection[DictRow]) -> bool:
    """Whether no other run makes events; held until the connection's transaction ends."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s) AS free", [LOCK]).fetchone()
    return bool(row and row["free"])


def arrivals(connection: Connection[DictRow], first: date, last: date) -> list[Arrival]:
    rows = connection.execute(
        "SELECT * FROM operations.telemetry_arrival WHERE arrival_day BETWEEN %s AND %s"
        " ORDER BY arrival_day",
        [first, last],
    ).fetchall()
    return [Arrival(**row) for row in rows]


def event_days(connection: Connection[DictRow], first_day: date, last_day: date) -> list[EventDay]:
    """The days that were made, in order."""
    rows = connection.execute(
        "SELECT * FROM operations.event_day WHERE day BETWEEN %s AND %s ORDER BY day",
        [first_day, last_day],
    ).fetchall()
    return [EventDay(**row) for row in rows]


def days_behind(connection: Connection[DictRow], product: str) -> list[EventDay]:
    """The days that were made, or made anew, since the product last used them."""
    rows = connection.execute(
        "SELECT event_day.* FROM operations.event_day LEFT JOIN operations.event_day_use AS used"
        " ON event_day.day = used.day AND used.product = %s"
        " WHERE event_day.version_id IS DISTINCT FROM used.version_id ORDER BY event_day.day",
        [product],
    ).fetchall()
    return [EventDay(**row) for row in rows]


def mark_used(connection: Connection[DictRow], product: str, day: date, version_id: str) -> None:
    """Note, in the transaction that publishes the product, which version of a day it shows."""
    connection.execute(
        "INSERT INTO operations.event_day_use (product, day, version_id) VALUES (%s, %s, %s)"
        " ON CONFLICT (product, day) DO UPDATE SET version_id = EXCLUDED.version_id",
        [product, day, version_id],
    )


def keep_arrival(connection: Connection[DictRow], arrival: Arrival) -> None:
    lineage.note_read(lineage.RAW, TELEMETRY.name)
    lineage.note_made(lineage.CLEAN, LANDED_EVENTS.name)
    put(connection, "telemetry_arrival", "arrival_day", arrival)
    # Days that are closed stay as they are; what came too late for them is told.
    connection.execute(
        "WITH late AS (" + LATE_BY_DAY + ")"  # noqa: S608 -- our own constant
        " UPDATE operations.event_day SET late_count = coalesce(late.row_count, 0)"
        " FROM operations.event_day AS each LEFT JOIN late ON late.day = each.day"
        " WHERE each.day = event_day.day AND coalesce(late.row_count, 0) <> event_day.late_count"
    )


def keep_days(connection: Connection[DictRow], days: Iterable[EventDay]) -> None:
    for day in days:
        lineage.note_made(lineage.CLEAN, EVENTS.name)
        put(connection, "event_day", "day", day)


def put(connection: Connection[DictRow], table: str, key: str, row: Arrival | EventDay) -> None:
    names = [field.name for field in fields(row)]
    told: list[Any] = [getattr(row, name) for name in names]
    connection.execute(
        sql.SQL(
            "INSERT INTO operations.{} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}"
        ).format(
            sql.Identifier(table),
            identifiers(names),
            sql.SQL(", ").join([sql.Placeholder()] * len(names)),
            sql.Identifier(key),
            sql.SQL(", ").join(
                sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in names
            ),
        ),
        [Jsonb(value) if isinstance(value, dict) else value for value in told],
    )


def late_counts(connection: Connection[DictRow]) -> dict[date, int]:
    rows = connection.execute(LATE_BY_DAY).fetchall()
    return {row["day"]: row["row_count"] for row in rows}


def used_names(connection: Connection[DictRow]) -> set[str]:
    """The versions and runs that an arrival or a day names."""
    rows = connection.execute(
        "SELECT version_id AS name FROM operations.telemetry_arrival UNION"
        " SELECT run_id FROM operations.event_day UNION"
        " SELECT value FROM operations.event_day, jsonb_each_text(parts)"
    ).fetchall()
    return {row["name"] for row in rows}
