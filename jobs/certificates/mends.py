"""Approved repairs as statements for the platform's own database, each with a guard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jobs.contracts.repairs import COMPLETION, ENROLMENT_DATE

TABLE = "sunbird_courses.user_enrolments"
COMPLETED = 2


def write_statements(path: Path, pages: Iterable[Iterable[Mapping[str, Any]]]) -> int:
    """Write a file for cqlsh; returns how many statements."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"-- Each statement changes {TABLE} only while it is as it was read.\n")
        for page in pages:
            for row in page:
                for one in statements(row):
                    file.write(one + "\n")
                    count += 1
    return count


def statements(row: Mapping[str, Any]) -> list[str]:
    """What to run for one repair: a value that the platform holds by then is never overwritten."""
    where = " AND ".join(
        f"{name} = {text(row[ours])}"
        for name, ours in (
            ("userid", "user_id"),
            ("courseid", "course_id"),
            ("batchid", "batch_id"),
        )
    )
    if row["problem"] == ENROLMENT_DATE:
        at = instant(row["proposed_value"])
        return [
            f"UPDATE {TABLE} SET enrolled_date = {at} WHERE {where}"  # noqa: S608 -- ids are quoted
            " IF enrolled_date = null AND enrolleddate = null AND active = true;"
        ]
    if row["problem"] == COMPLETION:
        at = instant(row["proposed_value"])
        return [
            f"UPDATE {TABLE} SET completedon = {at}, status = {COMPLETED}"  # noqa: S608 -- the same
            f" WHERE {where}"
            " IF completedon = null AND active = true;"
        ]
    # Content by content: the map as a whole may hold what the learner did meanwhile.
    return [
        f"DELETE contentstatus[{text(content)}] FROM {TABLE} WHERE {where}"
        " IF completedon = null AND active = true;"
        for content in row["stale_contents"]
    ]


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def instant(value: datetime) -> str:
    return f"'{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}+0000'"


def write_score_statements(
    path: Path, invalid: Iterable[Mapping[str, Any]], corrections: Iterable[Mapping[str, Any]]
) -> None:
    """Write a file for cqlsh: takes the attempts out, of which we hold copies; then the scores."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            "-- Copies of the attempts are in operations.invalid_attempt of Sunbird Batch.\n"
        )
        file.writelines(attempt_statement(one) + "\n" for one in invalid)
        file.writelines(score_statement(one) + "\n" for one in corrections)


def attempt_statement(row: Mapping[str, Any]) -> str:
    names = ("user_id", "course_id", "batch_id", "content_id", "attempt_id")
    where = " AND ".join(f"{name} = {text(row[name])}" for name in names)
    return f"DELETE FROM sunbird_courses.assessment_aggregator WHERE {where} IF EXISTS;"  # noqa: S608 -- ids are quoted


def score_statement(row: Mapping[str, Any]) -> str:
    """The aggregates of one assessment; left alone where the learner attempted it meanwhile."""
    content = row["content_id"]
    values = {
        f"score:{content}": row["score"],
        f"max_score:{content}": row["max_score"],
        f"attempts_count:{content}": row["attempts"],
    }
    changes = ", ".join(
        f"aggregates[{text(name)}] = {'null' if value is None else f'{value:g}'}"
        for name, value in values.items()
    )
    return (
        f"UPDATE sunbird_courses.user_activity_agg SET {changes}"  # noqa: S608 -- ids are quoted
        f" WHERE activity_type = 'Course' AND activity_id = {text(row['course_id'])}"
        f" AND user_id = {text(row['user_id'])} AND context_id = {text('cb:' + row['batch_id'])}"
        f" IF aggregates[{text(f'attempts_count:{content}')}] = {row['attempts_before']};"
    )
