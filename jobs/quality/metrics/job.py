"""Publishes partitions of metric tables: staged, checked, exchanged, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.errors import GateError
from jobs.quality.job import checked, record
from jobs.quality.suites import Check, checks_of
from jobs.quality.verdicts import Verdict, exact, stop_on_failure
from jobs.storage import metrics
from jobs.storage.crash_points import crash_point
from jobs.storage.metrics import Partition
from jobs.storage.staging import identifiers
from jobs.storage.store import Store

log = structlog.get_logger()


def publish_partitions(
    store: Store,
    partitions: Sequence[Partition],
    *,
    now: datetime,
    also: Callable[[Connection[DictRow]], None] | None = None,
) -> dict[str, int]:
    """All of the partitions or none, with what `also` writes; returns the rows by table.

    Raises GateError where a check fails; then nothing was changed but the table of the verdicts.
    """
    verdicts: list[Verdict] = []
    row_counts: dict[str, int] = {}
    with store.transaction() as connection:
        metrics.lock_tables(connection, (one.contract.name for one in partitions))
        for one in partitions:
            verdicts += check_staged(connection, one, metrics.stage(connection, one))
            if is_stopped(verdicts):
                break
            name = one.contract.name
            written = metrics.replace(connection, one, now=now)
            row_counts[name] = row_counts.get(name, 0) + written
        if not is_stopped(verdicts):
            for one in partitions:
                # What must hold of the table as readers will see it.
                parameters = {**one.values, "now": now}
                verdicts += checked(connection, one.contract.name, parameters, subject=one.subject)
        if is_stopped(verdicts):
            connection.rollback()
        else:
            if also is not None:
                also(connection)
            record(connection, verdicts, now)
            crash_point("metrics: before the commit")
    if is_stopped(verdicts):
        with store.transaction() as connection:
            record(connection, verdicts, now)
    stop_on_failure(verdicts)
    log.info("metrics published", partitions=[one.subject for one in partitions], rows=row_counts)
    return row_counts


def is_stopped(verdicts: Sequence[Verdict]) -> bool:
    return any(one.severity == "fail" and one.verdict != "passed" for one in verdicts)


def check_staged(
    connection: Connection[DictRow], partition: Partition, row_count: int
) -> list[Verdict]:
    """The contract's checks over the rows aside, and whether they are the partition's at all."""
    checks = checks_of(partition.contract)
    counts = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(broken(check), sql.Identifier(str(number)))
        for number, check in enumerate(checks)
    )
    found = connection.execute(
        sql.SQL("SELECT {} FROM {}").format(counts, partition.aside)
    ).fetchone()
    told = found or {}
    verdicts = [
        Verdict(
            partition.subject,
            check.name,
            check.severity,
            "failed" if told[str(number)] else "passed",
            told[str(number)],
            row_count,
        )
        for number, check in enumerate(checks)
    ]
    own = connection.execute(
        sql.SQL("SELECT count(*) AS n FROM {} {}").format(
            partition.aside, metrics.rows_of(partition)
        ),
        list(partition.values.values()),
    ).fetchone()
    is_own = exact(
        partition.subject, "rows are of the partition", own["n"] if own else 0, row_count
    )
    return [*verdicts, is_own]


def broken(check: Check) -> sql.Composable:
    """How many rows of a table break a check, as PostgreSQL counts them."""
    arguments = check.arguments
    column = sql.Identifier(arguments.get("column", ""))
    match check.expectation:
        case "ExpectTableRowCountToBeBetween":
            return sql.SQL("(count(*) = 0)::int")
        case "ExpectColumnValuesToBeUnique" | "ExpectCompoundColumnsToBeUnique":
            key = arguments.get("column_list", [arguments.get("column")])
            return sql.SQL("count(*) - count(DISTINCT ({}))").format(
                sql.SQL("ROW({})").format(identifiers(key))
            )
        case "ExpectColumnValuesToNotBeNull":
            return sql.SQL("count(*) FILTER (WHERE {} IS NULL)").format(column)
        case "ExpectColumnValuesToBeInSet":
            return sql.SQL("count(*) FILTER (WHERE {} <> ALL ({}))").format(
                column, sql.Literal(arguments["value_set"])
            )
        case "ExpectColumnValuesToBeBetween":
            return sql.SQL("count(*) FILTER (WHERE {} < {} OR {} > {})").format(
                column, bound(arguments["min_value"]), column, bound(arguments["max_value"])
            )
    raise GateError(
        f"The gate promised {check.expectation} of staged rows, and has no SQL that counts what"
        " breaks it. Say so in jobs/quality/metrics/job.py."
    )


def bound(value: float | None) -> sql.Composable:
    return sql.SQL("NULL") if value is None else sql.Literal(value)
