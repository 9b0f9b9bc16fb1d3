"""The rows of a batch that could not be used, as a CSV that its requester can act on."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, BinaryIO

from jobs.delivery import spreadsheet
from jobs.delivery.archive import neutral_name
from jobs.exhausts import cells

HEADER = ("Source Table", "Reason", "Reason In Words", "User ID", "Rows")
KNOWN = {
    "malformed_row": "The row is broken and could not be split into its columns.",
    "other_folder": "The row stands in this batch's folder of the archive and names another batch.",
    "taken_out_by_a_person": "The attempt lacks questions, or has too many; it does not count.",
    "duplicate": "Another row has the same key, and says more; that one counts.",
}


def in_words(reason: str) -> str:
    """A reason code as a sentence."""
    kind, _, column = reason.partition("_")
    if reason not in KNOWN and kind == "missing" and column:
        return f"The row has no value in the column {column}."
    if reason not in KNOWN and kind == "unreadable" and column:
        return f"The row's value in the column {column} is not of the kind that belongs there."
    return KNOWN.get(reason, reason.replace("_", " ").capitalize() + ".")


def file_name(batch_id: str, day: date) -> str:
    return f"quarantine_{neutral_name(batch_id) or 'batch'}_{day.isoformat()}.csv"


def write_quarantine(target: BinaryIO, rows: Iterable[dict[str, Any]]) -> int:
    """Write the rows in their order; returns how many source rows they stand for."""
    page = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    target.write(codecs.BOM_UTF8)
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(HEADER)
    total = 0
    for row in rows:
        writer.writerow(line_of(row))
        total += row["row_count"]
    # The target is the caller's to close.
    page.detach()
    return total


def line_of(row: dict[str, Any]) -> Sequence[str]:
    reason = row["reason"]
    texts = (row["source_table"], reason, in_words(reason), row["user_id"])
    return [*map(spreadsheet.text, texts), cells.whole_number(row["row_count"])]
