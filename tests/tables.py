"""Tables drawn in a test become frames: only the columns that matter, the rest are NULL."""

import json
from datetime import UTC, date, datetime

from pyspark.sql import SparkSession

from jobs.contracts.types import BOOLEAN, DATE, DOUBLE, INSTANT, INTEGER, JSON, LONG, TEXT

READERS = {
    TEXT: str,
    JSON: str,
    INTEGER: int,
    LONG: int,
    DOUBLE: float,
    BOOLEAN: lambda text: {"true": True, "false": False}[text],
    DATE: date.fromisoformat,
    INSTANT: lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
}


def rows_of(contract, drawing):
    """The drawn rows as dicts; an empty cell is NULL, a list or map is JSON."""
    lines = [line.strip().strip("|") for line in drawing.strip().splitlines()]
    cells = [[cell.strip() for cell in line.split(" | ")] for line in lines]
    header, *body = [[cell.strip() for cell in row] for row in cells]
    unknown = set(header) - set(contract.columns)
    assert not unknown, f"{contract.name} has no column {unknown}"
    return [
        {
            name: READERS.get(contract.field(name).type, json.loads)(text) if text else None
            for name, text in zip(header, row, strict=True)
        }
        for row in body
    ]


def table_of(contract):
    """table_of(CONTRACT)(drawing) -> DataFrame in the contract's shape."""

    def draw(drawing=""):
        spark = SparkSession.active()
        rows = rows_of(contract, drawing) if drawing.strip() else []
        whole = [tuple(row.get(name) for name in contract.columns) for row in rows]
        return spark.createDataFrame(whole, contract.spark_schema())

    return draw


def values(frame, *columns, by):
    """The named columns as {key: value or tuple}, for a comparison that reads as a sentence."""
    collected = frame.select(by, *columns).collect()
    return {row[0]: row[1] if len(columns) == 1 else tuple(row[1:]) for row in collected}
