"""Fills the archive of one batch: one stream of rows, a file per format, and the quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from jobs.delivery.archive import Members, bundle
from jobs.delivery.protection import Protection
from jobs.exhausts import quarantine
from jobs.exhausts.answers import Filled
from jobs.exhausts.cut import write_csv
from jobs.exhausts.guarding.job import Bench
from jobs.exhausts.layout import Column
from jobs.exhausts.planning.job import Order
from jobs.exhausts.selection import Selection
from jobs.exhausts.workbook import Workbook
from jobs.storage.sealed_spool import SealedSpool


def fill(
    path: Path,
    name: str,
    bench: Bench,
    order: Order,
    columns: list[Column],
    *,
    rows: Iterable[pa.RecordBatch],
    selection: Selection,
    protection: Protection,
    made_at: datetime,
) -> Filled:
    """Write the rows into the archive at this path; the files in it are called `name`."""
    wants_workbook = "xlsx" in bench.desk.settings.exhaust_formats
    # Beside the archive, since an archive takes one member at a time; nobody can read it there.
    spool = SealedSpool(path.with_suffix(".xlsx")) if wants_workbook else None
    workbook = (
        Workbook(cast(BinaryIO, spool), columns, name=bench.kind.sheet, made_at=made_at)
        if spool
        else None
    )
    with (
        path.open("w+b") as target,
        bundle(target, protection=protection, modified_at=made_at) as members,
    ):
        with members(f"{name}.csv") as stream:
            counts = write_csv(
                stream,
                rows,
                columns,
                decipher_many=bench.platform.open_many,
                selection=selection,
                report=bench.kind.report,
                beside=workbook.add if workbook else None,
            )
        filled = Filled(counts, [f"{name}.csv"])
        if workbook and spool:
            keep_workbook(workbook, spool, f"{name}.xlsx", members, filled)
        keep_quarantine(bench, order, made_at, members, filled)
    return filled


def keep_workbook(
    workbook: Workbook, spool: SealedSpool, member: str, members: Members, filled: Filled
) -> None:
    """Put the workbook into the archive; the message says why where it cannot be."""
    workbook.close()
    if workbook.is_full:
        filled.notes.append("too_many_rows_for_a_sheet")
    else:
        with members(member) as stream:
            for piece in spool.pieces():
                stream.write(piece)
        filled.files.append(member)
    spool.remove()


def keep_quarantine(
    bench: Bench, order: Order, made_at: datetime, members: Members, filled: Filled
) -> None:
    """List the rows of the batch that no table has, where there are any."""
    kept_out = noted(rows_kept_out(bench, order), filled.kept_out_learners)
    first = next(kept_out, None)
    if first is None:
        return
    filled.quarantine_file = quarantine.file_name(order.batch["batch_id"], made_at.date())
    with members(filled.quarantine_file) as stream:
        filled.quarantine_rows = quarantine.write_quarantine(stream, chain([first], kept_out))


def noted(rows: Iterable[dict[str, Any]], learners: list[str]) -> Iterator[dict[str, Any]]:
    """The rows as they are, with the learners that they name added to the list."""
    for row in rows:
        if row["user_id"]:
            learners.append(row["user_id"])
        yield row


def rows_kept_out(bench: Bench, order: Order) -> Iterator[dict[str, Any]]:
    """The batch's rows by source table, reason and learner."""
    found = (
        row
        for table in bench.tables.quarantined
        for page in table.batches(order.batch["batch_id"])
        for row in page.to_pylist()
    )
    if order.organisation is None and not bench.kind.needs_consent:
        yield from found
        return
    # Whose learners these are and whether they agreed is not known: then only numbers are told.
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
