"""Raw tables read without Spark, as Python values."""

import csv
import io
import json

import pyarrow.parquet as pq

READERS = {
    ".parquet": lambda path: pq.read_table(path).to_pylist(maps_as_pydicts="lossy"),
    ".jsonl": lambda path: [json.loads(line) for line in path.read_text("utf-8").splitlines()],
    ".csv": lambda path: list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))),
}


def raw_rows(lake, table):
    """The rows of a raw table as Python values; a blank text is None."""
    return [
        {name: None if value == "" else value for name, value in row.items()}
        for path in sorted((lake / table).iterdir())
        for row in READERS[path.suffix](path)
    ]


def by(rows, *names):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups
