"""The cut: a batch's rows, as Arrow holds them, become the bytes of its CSV file.

A column is converted as a whole, some thousands of rows at a time: a file of any length takes the
same memory, and Python touches each distinct value once.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.delivery import spreadsheet
from jobs.exhausts import cells
from jobs.exhausts.layout import Column
from jobs.exhausts.selection import EVERYBODY, CutCounts, Report, Selection, reported_rows

# Texts of the file itself.
NOT_READ = {"same"}
MAPS = {"module": "module_progress", "score": "score_pct"}
CIPHERED = {
    "email": cells.masked_email,
    "mobile": cells.masked_mobile,
    "open_email": str.strip,
    "open_mobile": str.strip,
}
# What the mail calls them.
CIPHER_NAMES = {
    "email": "email",
    "mobile": "phone",
    "open_email": "email",
    "open_mobile": "phone",
}
CELL_OF: dict[str, Callable[..., str]] = {
    "text": spreadsheet.text,
    "day": cells.day,
    "number": cells.whole_number,
    "percent": cells.percent,
    "certificate": cells.certificate_status,
    "account": cells.account_status,
}

# Ciphertexts to plain texts, None for one that does not open.
DecipherMany = Callable[[list[str]], list[str | None]]


def columns_read(
    columns: Iterable[Column], needed: Iterable[str], added: Collection[str] = ()
) -> list[str]:
    """The columns of the exhaust table that a file with these columns needs; `added` are those
    that the judgement of its rows adds."""
    wanted = dict.fromkeys(needed)
    for column in columns:
        if column.kind not in NOT_READ and column.source not in added:
            wanted[MAPS.get(column.kind, column.source)] = None
    return list(wanted)


def write_csv(
    target: BinaryIO,
    batches: Iterable[pa.RecordBatch],
    columns: Sequence[Column],
    *,
    decipher_many: DecipherMany,
    selection: Selection = EVERYBODY,
    report: Report = reported_rows,
    beside: Callable[[list[list[str]]], None] | None = None,
) -> CutCounts:
    """Write the rows in the order in which they come; say what was written and what was not.

    `report` judges which rows of the selection are written. `beside` is given the same cells, a
    list per column, for a file of another format.
    """
    counts = CutCounts()
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")

    target.write(codecs.BOM_UTF8)
    writer.writerow([spreadsheet.text(column.header) for column in columns])
    for batch in batches:
        reported = report(batch, selection, counts)
        if reported.num_rows:
            made = cells_of(reported, columns, decipher_many, counts)
            writer.writerows(zip(*made, strict=True))
            if beside is not None:
                beside(made)
        target.write(page.getvalue().encode("utf-8"))
        page.seek(0)
        page.truncate()
    target.write(page.getvalue().encode("utf-8"))
    return counts


def cells_of(
    batch: pa.RecordBatch,
    columns: Sequence[Column],
    decipher_many: DecipherMany,
    counts: CutCounts,
) -> list[list[str]]:
    """The texts of each column, one list per column."""
    from_maps = {kind: map_cells(batch, columns, kind) for kind in MAPS}
    made: list[list[str]] = []
    for column in columns:
        if column.kind == "same":
            made.append([spreadsheet.text(column.source)] * batch.num_rows)
        elif column.kind in MAPS:
            made.append(from_maps[column.kind][column.source])
        elif column.kind in CIPHERED:
            made.append(masked_cells(batch, column, decipher_many, counts))
        else:
            made.append(plain_cells(batch.column(column.source), CELL_OF[column.kind]))
        if column.kind == "text":
            counts.cut_short += too_long(batch.column(column.source))
    return made


def too_long(values: pa.Array) -> int:
    """How many texts are longer than a cell; their bytes tell at once where none is."""
    if (pc.max(pc.binary_length(values)).as_py() or 0) * 2 <= spreadsheet.CELL_UNITS:
        return 0
    return sum(spreadsheet.is_too_long(spreadsheet.guard(value)) for value in values.to_pylist())


def plain_cells(values: pa.Array, cell: Callable[..., str]) -> list[str]:
    """One text per row, made once for each distinct value."""
    encoded = values.dictionary_encode()
    texts = [cell(value) for value in encoded.dictionary.to_pylist()]
    # The last one serves the rows without a value.
    table = np.array([*texts, cell(None)], dtype=object)
    places = pc.fill_null(encoded.indices, len(texts)).to_numpy(zero_copy_only=False)
    made: list[str] = table[places].tolist()
    return made


def masked_cells(
    batch: pa.RecordBatch, column: Column, decipher_many: DecipherMany, counts: CutCounts
) -> list[str]:
    """Addresses or numbers, masked where the column says so; one that does not open is blank and
    counted."""
    mask = CIPHERED[column.kind]
    sealed = [value.strip() if value else "" for value in batch.column(column.source).to_pylist()]
    opened = iter(decipher_many([value for value in sealed if value]))
    made: list[str] = []
    for value in sealed:
        plain = next(opened) if value else ""
        if plain is None:
            counts.undecryptable[CIPHER_NAMES[column.kind]] += 1
        made.append(spreadsheet.text(mask(plain)) if plain else "")
    return made


def map_cells(batch: pa.RecordBatch, columns: Sequence[Column], kind: str) -> dict[str, list[str]]:
    """The texts of the columns that one map holds, by id: empty where the row has no such id."""
    wanted = list(dict.fromkeys(column.source for column in columns if column.kind == kind))
    if not wanted:
        return {}
    cell = cells.percent if kind == "score" else cells.whole_number
    values = batch.column(MAPS[kind])
    # Flattening drops the entries behind rows that are NULL, and a slice's neighbours.
    entries = pc.list_parent_indices(values.cast(as_list(values.type)))
    pairs = pc.list_flatten(values.cast(as_list(values.type)))
    ids, numbers = pairs.field(0), pairs.field(1)

    place = pc.index_in(ids, value_set=pa.array(wanted, pa.string()))
    is_wanted = pc.and_(pc.is_valid(place), pc.is_valid(numbers))
    rows = entries.filter(is_wanted).to_numpy(zero_copy_only=False)
    at = place.filter(is_wanted).to_numpy(zero_copy_only=False)
    grid = np.full((len(wanted), batch.num_rows), "", dtype=object)
    grid[at, rows] = np.array(plain_cells(numbers.filter(is_wanted), cell), dtype=object)
    return {id: grid[index].tolist() for index, id in enumerate(wanted)}


def as_list(kind: pa.MapType) -> pa.ListType:
    return pa.list_(pa.struct([("key", kind.key_type), ("value", kind.item_type)]))
