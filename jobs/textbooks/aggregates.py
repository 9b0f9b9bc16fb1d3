"""The published files of figures: textbooks and QR codes by status, grade and subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from jobs.contracts.textbook_reports import (
    ADOPTED,
    BOTH,
    BY_GRADE,
    BY_SUBJECT,
    OVERALL,
    OWN,
    QR_STATUS_SUMMARY,
    TEXTBOOK_CREATION_SUMMARY,
    TOTAL,
)
from jobs.delivery.spreadsheet import text
from jobs.textbooks.files import OVERALL_FOLDER, Lines, Tables
from jobs.textbooks.grades import rank_of_grade

Row = Mapping[str, Any]
# Where the figures of a tenant's own textbooks stand, and of those that it adopted.
APART = {BOTH: "", OWN: "own/", ADOPTED: "adopted/"}
NOT_GIVEN = "Not given"
CODES_COUNTED = {
    "QR Code With Content": "code_with_content_count",
    "QR Code Without Content": "code_without_content_count",
}
STATUSES_COUNTED = {"Live": "live_count", "Review": "review_count", "Draft": "draft_count"}
BOOKS_COUNTED = {"With QR Code": "with_codes_count", "Without QR Code": "without_codes_count"}
CODES_OF = {
    "QR Codes with content": "code_with_content_count",
    "QR Codes without content": "code_without_content_count",
}


@dataclass(frozen=True)
class Aggregate:
    """A file of figures: a line per figure of the total, or per grade or subject."""

    name: str
    table: str
    figures: Mapping[str, str]
    dimension: str = TOTAL


NAMED = {BY_GRADE: "Class", BY_SUBJECT: "Subject"}
QR, ETB = QR_STATUS_SUMMARY.name, TEXTBOOK_CREATION_SUMMARY.name
AGGREGATES = (
    Aggregate("dce_qr_content_status.csv", QR, CODES_COUNTED),
    Aggregate("dce_qr_content_status_grade.csv", QR, CODES_OF, BY_GRADE),
    Aggregate("dce_qr_content_status_subject.csv", QR, CODES_OF, BY_SUBJECT),
    Aggregate("etb_textbook_status.csv", ETB, STATUSES_COUNTED),
    Aggregate("etb_textbook_status_grade.csv", ETB, STATUSES_COUNTED, BY_GRADE),
    Aggregate("etb_textbook_status_subject.csv", ETB, STATUSES_COUNTED, BY_SUBJECT),
    Aggregate("etb_qr_count.csv", ETB, BOOKS_COUNTED),
    Aggregate("etb_qr_content_status.csv", ETB, CODES_COUNTED),
    Aggregate("etb_qr_content_status_grade.csv", ETB, CODES_OF, BY_GRADE),
    Aggregate("etb_qr_content_status_subject.csv", ETB, CODES_OF, BY_SUBJECT),
)


def aggregate_files(tables: Tables, folders: Mapping[str, str]) -> Iterator[tuple[str, Lines]]:
    """(name, lines) of every file of figures, for all and for each tenant."""
    of_owner = {(OVERALL, ""): OVERALL_FOLDER}
    of_owner |= {("tenant", channel): folder for channel, folder in folders.items()}
    for aggregate in AGGREGATES:
        by_owner = grouped(tables[aggregate.table], aggregate.dimension)
        for (scope, channel), folder in of_owner.items():
            for ownership, below in APART.items():
                rows = by_owner.get((scope, channel, ownership), [])
                yield f"{folder}/{below}{aggregate.name}", lines_of(aggregate, rows)


def grouped(table: pa.Table, dimension: str) -> dict[tuple[str, str, str], list[Row]]:
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in table.to_pylist():
        if row["dimension"] == dimension:
            key = (row["owner_scope"], row["owner_channel"], row["ownership"])
            found.setdefault(key, []).append(row)
    return found


def lines_of(aggregate: Aggregate, rows: list[Row]) -> Lines:
    figures = aggregate.figures
    if aggregate.dimension == TOTAL:
        counted = {label: sum(row[column] for row in rows) for label, column in figures.items()}
        return [["Status", "Count"], *([label, str(n)] for label, n in counted.items())]
    header = [NAMED[aggregate.dimension], *figures]
    in_order = sorted(rows, key=ORDER[aggregate.dimension])
    return [
        header,
        *(
            [text(r["value"]) or NOT_GIVEN, *(str(r[c]) for c in figures.values())]
            for r in in_order
        ),
    ]


def by_grade(row: Row) -> tuple[int, str]:
    return rank_of_grade(row["value"]), row["value"]


def by_name(row: Row) -> tuple[bool, str]:
    return row["value"] == "", row["value"]


ORDER: Mapping[str, Callable[[Row], Any]] = {BY_GRADE: by_grade, BY_SUBJECT: by_name}
