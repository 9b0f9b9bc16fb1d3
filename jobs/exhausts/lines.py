"""Lines of CSV made by Arrow alone: some thousands of rows at a time, a distinct value once.

Python sees each distinct text of a page, never each row: two million answers are a matter of
seconds.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from jobs.delivery import spreadsheet
from jobs.exhausts import cells
from jobs.exhausts.layout import Column

QUOTED = re.compile(r'[",\r\n]')
LINE_END = "\r\n"


def header_line(columns: Sequence[Column]) -> bytes:
    """The file's mark and its header, without a line end: each line of rows begins with one."""
    texts = ",".join(quoted(spreadsheet.text(column.header)) for column in columns)
    return codecs.BOM_UTF8 + texts.encode("utf-8")


def lines(page: pa.RecordBatch, columns: Sequence[Column], zone: tzinfo) -> pa.StringArray:
    """Each row as its line, a line end before it."""
    made: list[pa.Array | pa.Scalar] = []
    for column in columns:
        if column.kind == "same":
            made.append(pa.scalar(quoted(spreadsheet.text(column.source))))
        else:
            made.append(column_cells(page.column(column.source), column.kind, zone))
    first = pc.binary_join_element_wise(LINE_END, made[0], "")
    return pc.binary_join_element_wise(first, *made[1:], ",")


def column_cells(values: pa.Array, kind: str, zone: tzinfo) -> pa.Array:
    """The cells of a column; empty where there is no value."""
    encoded = values.dictionary_encode()
    if kind == "json":
        texts = json_cells(encoded.dictionary)
    else:
        cell = cell_of(kind, zone)
        texts = pa.array(
            [quoted(cell(value)) for value in encoded.dictionary.to_pylist()], pa.string()
        )
    return pc.fill_null(texts.take(encoded.indices), "")


def cell_of(kind: str, zone: tzinfo) -> Callable[..., str]:
    made: dict[str, Callable[..., str]] = {
        "text": spreadsheet.text,
        "number": cells.whole_number,
        "decimal": cells.decimal,
        "instant": partial(moment, zone=zone),
    }
    return made[kind]


def moment(value: datetime, *, zone: tzinfo) -> str:
    return cells.moment(value.astimezone(zone))


def json_cells(values: pa.Array) -> pa.Array:
    # JSON begins with a bracket or a quote, so that none is a formula; cut short, it were none.
    doubled = pc.replace_substring(values, '"', '""')
    return pc.binary_join_element_wise('"', doubled, '"', "")


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def bytes_of(made: pa.StringArray) -> memoryview:
    """The lines' bytes as they lie in memory, one after the other."""
    _, offsets, data = made.buffers()
    if not len(made) or data is None:
        return memoryview(b"")
    ends = pa.Array.from_buffers(pa.int32(), len(made) + 1, [None, offsets], offset=made.offset)
    return memoryview(data)[ends[0].as_py() : ends[-1].as_py()]
