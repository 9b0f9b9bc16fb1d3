"""Fills the archive of a batch's answers: streamed, in parts where there are too many for one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import CONTENTS
from jobs.delivery import spreadsheet
from jobs.delivery.archive import bundle
from jobs.delivery.facts import AnswerFacts
from jobs.delivery.protection import Protection
from jobs.exhausts.answers import Filled
from jobs.exhausts.filling.job import keep_quarantine
from jobs.exhausts.guarding.job import Bench
from jobs.exhausts.layout import Column
from jobs.exhausts.lines import header_line, lines
from jobs.exhausts.parts import Parts, parts
from jobs.exhausts.planning.job import Order
from jobs.exhausts.responses import SEAT_COLUMNS, ResponseCounts, Seats, placed
from jobs.exhausts.selection import Selection
from jobs.storage.clustered import ClusteredTable, open_table

# Pages that are made while one is compressed: enough to keep both busy, and no more in memory.
PAGES_AHEAD = 4


def fill_responses(
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
    """Write the answers into the archive at this path; its files are called after `name`."""
    batch_id, collection_id = order.batch["batch_id"], order.batch["collection_id"]
    zone = made_at.tzinfo
    if zone is None:
        raise ValueError("The instant at which a file is made needs the zone of its days.")
    with bench.desk.store.transaction() as connection:
        seats = open_table(connection, PROGRESS)
        contents = open_table(connection, CONTENTS)
    pages = placed(
        rows,
        Seats(seats.batches(batch_id, SEAT_COLUMNS)),
        collection_id=collection_id,
        title=titles(contents, order),
    )
    counts = ResponseCounts()
    with (
        path.open("w+b") as target,
        bundle(target, protection=protection, modified_at=made_at) as members,
    ):
        with (
            parts(
                members,
                name,
                header=header_line(columns),
                limit=bench.desk.settings.answers_per_file,
                row_count=rows_of(bench.tables.source, batch_id),
            ) as made,
            beside(made) as add,
        ):
            for page in pages:
                reported = bench.kind.report(page, selection, counts)
                if reported.num_rows:
                    note_long_texts(reported, columns, counts)
                    add(lines(reported, columns, zone))
        filled = Filled(counts, [part.name for part in made.made])
        manifest = f"{name}_manifest.csv" if made.is_split else ""
        if manifest:
            with members(manifest) as stream:
                stream.write(made.manifest())
        keep_quarantine(bench, order, made_at, members, filled)
    filled.answers = AnswerFacts(
        learners=len(counts.learners),
        attempts=counts.attempts,
        rows_left_out=counts.left_out_rows,
        manifest=manifest,
    )
    filled.notes += ["texts_too_long"] if counts.long_texts else []
    return filled


def rows_of(source: ClusteredTable, batch_id: str) -> int:
    key = source.contract.key[0]
    return sum(page.num_rows for page in source.batches(batch_id, [key]))


def titles(contents: ClusteredTable, order: Order) -> Callable[[str], str | None]:
    """The title of a content: the platform's, else the one that the course gives it."""
    own = {one["id"]: one["name"] for one in order.collection.get("assessments") or ()}

    @cache
    def title(content_id: str) -> str | None:
        held = contents.rows(content_id)
        return (held[0]["content_name"] if held else None) or own.get(content_id)

    return title


@contextmanager
def beside(made: Parts) -> Iterator[Callable[[pa.StringArray], None]]:
    """Adds lines in another thread: compressing takes as long as making them, and lets go of the
    interpreter."""
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="lines") as writer:

        def add(made_lines: pa.StringArray) -> None:
            waiting.append(writer.submit(made.add, made_lines))
            if len(waiting) > PAGES_AHEAD:
                waiting.popleft().result()

        yield add
        for written in waiting:
            written.result()


def note_long_texts(page: pa.RecordBatch, columns: list[Column], counts: ResponseCounts) -> None:
    """Count cells that no spreadsheet holds: texts are cut, JSON stays whole."""
    for column in columns:
        if column.kind in ("text", "json"):
            values = page.column(column.source)
            longest = pc.max(pc.binary_length(values)).as_py() or 0
            if longest * 2 > spreadsheet.CELL_UNITS:
                units = pc.greater(pc.utf8_length(values), spreadsheet.CELL_UNITS)
                found = pc.sum(units).as_py() or 0
                if column.kind == "json":
                    counts.long_texts += found
                else:
                    counts.cut_short += found
