"""The files of an answer: what was found on the rows, and what was changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from jobs.delivery.spreadsheet import text
from jobs.textbooks.adoption.difference import UNCHANGED, Change, Value
from jobs.textbooks.adoption.finding import Finding

FINDINGS = (
    "file", "row_no", "textbook_id", "field", "value", "severity", "error_code", "message",
    "nearest", "allowed_values",
)  # fmt: skip
DIFFERENCE = (
    "file", "row_no", "textbook_id", "textbook", "board", "change", "field", "before", "after",
)  # fmt: skip


def findings_file(file_name: str, findings: Iterable[Finding]) -> bytes:
    """One row for each thing that was found on a row."""
    return written(
        FINDINGS,
        (
            (
                file_name, str(one.row_number), one.textbook_id, one.field, one.value, one.severity,
                one.code, one.message, one.nearest, one.allowed,
            )
            for one in findings
        ),
    )  # fmt: skip


def difference_file(file_name: str, done: Iterable[Change], names: Mapping[str, str]) -> bytes:
    """One row for each value that changed, and one for each row that changed nothing."""
    rows = []
    for one in done:
        wanted = one.wanted
        start = (
            file_name, str(wanted.row_number), wanted.textbook_id,
            names.get(wanted.textbook_id, ""), wanted.board, one.kind,
        )  # fmt: skip
        if one.kind == UNCHANGED:
            rows.append((*start, "", "", ""))
        rows += [(*start, each.field, told(each.before), told(each.after)) for each in one.fields]
    return written(DIFFERENCE, rows)


def told(value: Value) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 that opens in a spreadsheet and runs no formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")
