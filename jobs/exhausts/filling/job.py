"""Fills the archive of one batch: one stream of rows, a file per format, and the quarantine."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from jobs.delivery.archive import Members, bundle
from jobs.exhausts import quarantine
from jobs.exhausts.answers import Filled
from jobs.exhausts.cut import write_csv
from jobs.exhausts.guarding.job import Bench
from jobs.exhausts.layout import Column
from jobs.exhausts.planning.job import Order
from jobs.exhausts.workbook import Workbook


def fill(
    path: Path,
    name: str,
    bench: Bench,
    order: Order,
    columns: list[Column],
    *,
    rows: Iterable[pa.RecordBatch],
    password: str | None,
    made_at: datetime,
) -> Filled:
    """Write the rows into the archive at this path; the files in it are called `name`."""
    wants_workbook = "xlsx" in bench.desk.settings.exhaust_formats
    sheet = path.with_suffix(".xlsx")
    workbook = Workbook(sheet, columns, made_at=made_at) if wants_workbook else None
    with (
        path.open("w+b") as target,
        bundle(target, password=password, modified_at=made_at) as members,
    ):
        with members(f"{name}.csv") as stream:
            counts = write_csv(
                stream,
                rows,
                columns,
                decipher_many=bench.platform.open_many,
                organisation=order.organisation,
                beside=workbook.add if workbook else None,
            )
        filled = Filled(counts, [f"{name}.csv"])
        if workbook:
            keep_workbook(workbook, f"{name}.xlsx", members, filled)
        keep_quarantine(bench, order, made_at, members, filled)
    return filled


def keep_workbook(workbook: Workbook, member: str, members: Members, filled: Filled) -> None:
    """Put the workbook into the archive; the message says why where it cannot be."""
    workbook.close()
    if workbook.is_full:
        filled.notes.append("too_many_rows_for_a_sheet")
    else:
        with members(member) as stream, workbook.path.open("rb") as made:
            shutil.copyfileobj(made, stream)
        filled.files.append(member)
    workbook.path.unlink()


def keep_quarantine(
    bench: Bench, order: Order, made_at: datetime, members: Members, filled: Filled
) -> None:
    """List the rows of the batch that no table has, where there are any."""
    kept_out = rows_kept_out(bench, order)
    first = next(kept_out, None)
    if first is None:
        return
    filled.quarantine_file = quarantine.file_name(order.batch["batch_id"], made_at.date())
    with members(filled.quarantine_file) as stream:
        filled.quarantine_rows = quarantine.write_quarantine(stream, chain([first], kept_out))


def rows_kept_out(bench: Bench, order: Order) -> Iterator[dict[str, Any]]:
    """The batch's rows by source table, reason and learner."""
    found = (
        row
        for table in bench.tables.quarantined
        for page in table.batches(order.batch["batch_id"])
        for row in page.to_pylist()
    )
    if order.organisation is None:
        yield from found
        return
    # Whose learners these are is not known: to one tenant among several, only numbers are told.
    numbers: Counter[tuple[str, str]] = Counter()
    for row in found:
        numbers[row["source_table"], row["reason"]] += row["row_count"]
    for (source_table, reason), row_count in sorted(numbers.items()):
        yield {
            "source_table": source_table,
            "reason": reason,
            "user_id": "",
            "row_count": row_count,
        }
