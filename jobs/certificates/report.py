"""The nightly lists as files: one row per learner, ids and codes and no name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jobs.delivery.spreadsheet import text

FINDINGS = (
    "state", "reason", "batch_id", "course_id", "template_id", "template_name", "certificate_type",
    "version_id", "user_id", "completed_at", "first_seen_on", "age_days", "rule_said", "flags",
    "failed_at", "cause", "failure",
)  # fmt: skip
PROBLEMS = (
    "problem", "batch_id", "course_id", "version_id", "user_id", "completed_at", "detail",
    "first_seen_at",
)  # fmt: skip


def write_rows(
    path: Path,
    columns: Sequence[str],
    pages: Iterable[Iterable[Mapping[str, Any]]],
    *,
    today: date,
) -> int:
    """Write a file that opens in a spreadsheet and runs no formula; returns its rows."""
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        for page in pages:
            for row in page:
                writer.writerow([cell(row, name, today) for name in columns])
                rows += 1
    return rows


def cell(row: Mapping[str, Any], name: str, today: date) -> str:
    if name == "age_days":
        return str((today - row["first_seen_on"]).days)
    value = row[name]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, list):
        return text(" ".join(value))
    return text(None if value is None else str(value))
