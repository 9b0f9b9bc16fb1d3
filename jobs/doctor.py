"""Whether each part works, and what to do where one does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from psycopg import sql

from jobs import evidence, surroundings
from jobs.errors import BatchError
from jobs.exhausts.requests import KINDS
from jobs.findings import Finding
from jobs.settings import Settings

SHOWN = 3


def examine(settings: Settings, now: datetime | None = None) -> list[Finding]:
    """All parts, each whatever became of the others; `now` is the store's clock if not given."""
    parts: dict[str, Callable[[], Iterator[Finding]]] = {
        "variables": surroundings.variables,
        "lake": lambda: lake(settings),
        "store": lambda: store(settings, now),
        "audit log": lambda: evidence.audit_log(settings),
        "certificate keys": lambda: evidence.certificate_keys(settings),
        "objects": lambda: surroundings.objects(settings),
        "mail": lambda: surroundings.mail(settings),
        "Java": lambda: surroundings.java(settings),
        "Spark": lambda: surroundings.package("Spark", "pyspark"),
        "Airflow": lambda: surroundings.package("Airflow", "apache-airflow"),
    }
    found: list[Finding] = []
    for part, look in parts.items():
        try:
            found.extend(look())
        except BatchError as error:
            found.append(Finding(part, ok=False, says=str(error), do="what the message says"))
    return found


def lake(settings: Settings) -> Iterator[Finding]:
    from jobs.refresh.plan import NEEDED
    from jobs.storage.catalogue import load_catalogue

    sources = load_catalogue(settings.lake_catalogue, settings.lake)
    there = {name for name, source in sources.items() if source.format is not None}
    missing = sorted(NEEDED - there)
    yield Finding(
        "lake",
        ok=not missing,
        says=f"no files of the raw tables {', '.join(missing)} below {settings.lake}"
        if missing
        else f"{len(there)} of {len(sources)} raw tables have a source",
        do="put them there, name their source in SUNBIRD_BATCH_LAKE_CATALOGUE, or make a small"
        " Sunbird with `python -m jobs samples`",
    )


def store(settings: Settings, now: datetime | None) -> Iterator[Finding]:
    from jobs.storage.store import open_store

    with open_store(settings) as opened, opened.transaction() as connection:
        row = connection.execute(
            "SELECT current_setting('server_version') AS version, coalesce(%s, now()) AS now", [now]
        ).fetchone()
        told = row or {}
        where = "the one in SUNBIRD_BATCH_STORE_URL" if settings.store_url else "the embedded one"
        yield Finding("store", ok=True, says=f"PostgreSQL {told['version']}, {where}, up to date")
        yield from snapshots(connection, settings, told["now"])
        yield from requests(connection, settings, told["now"])
        yield from left_alone(connection, settings, told["now"])
        yield from deliveries(connection)


def snapshots(connection: Any, settings: Settings, now: datetime) -> Iterator[Finding]:
    from jobs.refresh.plan import TABLES

    rows = connection.execute(
        "SELECT table_name, data_as_of FROM metrics.table_freshness"
    ).fetchall()
    minutes = {row["table_name"]: (now - row["data_as_of"]).total_seconds() // 60 for row in rows}
    absent = [name for name in TABLES if name not in minutes]
    old = [name for name in TABLES if minutes.get(name, 0) > settings.stale_minutes]
    says = [f"never made: {', '.join(absent)}"] if absent else []
    says += [f"{name} is {minutes[name]:.0f} minutes old" for name in old]
    yield Finding(
        "tables",
        ok=not says,
        says="; ".join(says) or f"none is older than {settings.stale_minutes} minutes",
        do="run `python -m jobs refresh`; on a schedule, see that the DAG refresh is not paused",
    )


def requests(connection: Any, settings: Settings, now: datetime) -> Iterator[Finding]:
    from jobs.storage.lateness import late_requests

    table = sql.Identifier("public", settings.job_request_table)
    minutes = settings.late_minutes
    waiting = late_requests(
        connection, table=settings.job_request_table, kinds=[*KINDS], now=now, minutes=minutes
    )
    late = [vars(request) for request in waiting]
    yield Finding(
        "requests",
        ok=not late,
        says=f"{len(late)} wait for more than {minutes} minutes{first(late, 'request_id')}"
        if late
        else f"none waits for more than {minutes} minutes",
        do="run `python -m jobs exhaust progress-exhaust`; on a schedule, see that the DAG"
        " progress_exhaust is not paused and read the log of its last run",
    )
    unknown = connection.execute(
        sql.SQL(
            "SELECT job_id, count(*) AS waiting FROM {}"
            " WHERE status = 'SUBMITTED' AND job_id <> ALL(%s) GROUP BY job_id ORDER BY job_id"
        ).format(table),
        [list(KINDS)],
    ).fetchall()
    kinds = ", ".join(f"{row['job_id']} ({row['waiting']})" for row in unknown)
    yield Finding(
        "request kinds",
        ok=not unknown,
        says=f"nobody here answers {kinds}"
        if unknown
        else "every waiting request is of a kind that is answered here",
        do="see that another system answers them, or correct the portal; known here:"
        f" {', '.join(KINDS)}",
    )
    leases = connection.execute(
        "SELECT request_id FROM operations.lease"
        " WHERE heartbeat_at < %s - make_interval(secs => %s) ORDER BY heartbeat_at",
        [now, settings.lease_seconds],
    ).fetchall()
    yield Finding(
        "leases",
        ok=not leases,
        says=f"{len(leases)} are silent for more than {settings.lease_seconds} s"
        f"{first(leases, 'request_id')}"
        if leases
        else "every worker is heard of",
        do="the next run takes them over; if none runs, `python -m jobs exhaust progress-exhaust`",
    )


def left_alone(connection: Any, settings: Settings, now: datetime) -> Iterator[Finding]:
    from jobs.storage.stranded import stranded

    table = settings.job_request_table
    rows = stranded(connection, table=table, job_ids=[*KINDS], now=now)
    yield Finding(
        "queue",
        ok=not rows,
        says="; ".join(f"{row['request_id']}: {row['reason']}" for row in rows[:SHOWN])
        + (f"; {len(rows) - SHOWN} more" if len(rows) > SHOWN else "")
        if rows
        else "no request is stranded",
        do="run `python -m jobs exhaust progress-exhaust` and `python -m jobs deliver`; where a"
        " request ended and nobody was told, set SUNBIRD_BATCH_TEAM_ADDRESS and tell its requester",
    )


def deliveries(connection: Any) -> Iterator[Finding]:
    rows = connection.execute(
        "SELECT status, delivery_id FROM operations.delivery"
        " WHERE status IN ('failed', 'held', 'undeliverable') ORDER BY created_at"
    ).fetchall()
    failed = [row for row in rows if row["status"] != "held"]
    held = [row for row in rows if row["status"] == "held"]
    yield Finding(
        "deliveries",
        ok=not rows,
        says=f"{len(failed)} messages failed{first(failed, 'delivery_id')}, {len(held)} are held"
        f"{first(held, 'delivery_id')}"
        if rows
        else "no message failed or is held",
        do="read server_said of these rows of operations.delivery; a held one may have arrived:"
        " ask before it is sent again",
    )


def first(rows: list[dict[str, Any]], column: str) -> str:
    return f" (the first is {rows[0][column]})" if rows else ""
