"""What the platform holds now of the learners, batches and courses of a page of approvals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.contracts.contract import Contract
from jobs.contracts.learning import BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.storage.certificate_issues import versions_named
from jobs.storage.clustered import open_table

Row = dict[str, Any]
ENROLMENT = (
    "batch_id", "user_id", "is_active", "has_active_mark", "status", "completed_at", "certificates",
)  # fmt: skip


@dataclass(frozen=True)
class Platform:
    """Rows by their keys, of what a page needs and no more."""

    versions: dict[str, Row]
    enrolments: dict[tuple[str, str], Row]
    learners: dict[str, Row]
    course_names: dict[str, str]
    batch_names: dict[str, str]


def open_platform(connection: Connection[DictRow], page: Sequence[Row]) -> Platform:
    """The published tables as they are at this minute."""
    batch_ids = {row["batch_id"] for row in page}
    user_ids = {row["user_id"] for row in page}

    def among(contract: Contract, keys: set[str], columns: Sequence[str]) -> list[Row]:
        pages = open_table(connection, contract).among(keys, list(columns))
        return [row for part in pages for row in rows_of(part, user_ids)]

    return Platform(
        versions=versions_named(connection, [row["version_id"] for row in page]),
        enrolments={
            (row["batch_id"], row["user_id"]): row
            for row in among(ENROLMENTS, batch_ids, ENROLMENT)
        },
        learners={
            row["user_id"]: row
            for row in among(LEARNERS, user_ids, ("user_id", "user_name", "is_active"))
        },
        course_names={
            row["collection_id"]: row["collection_name"] or ""
            for row in among(
                COLLECTIONS,
                {row["course_id"] for row in page},
                ("collection_id", "collection_name"),
            )
        },
        batch_names={
            row["batch_id"]: row["batch_name"] or ""
            for row in among(BATCHES, batch_ids, ("batch_id", "batch_name"))
        },
    )


def rows_of(page: pa.RecordBatch, user_ids: set[str]) -> list[Row]:
    """As dicts; of a table of learners only these, before a batch of 100,000 becomes dicts."""
    table = pa.Table.from_batches([page])
    if "user_id" in table.column_names:
        table = table.filter(ds.field("user_id").isin(sorted(user_ids)))
    rows: list[Row] = table.to_pylist(maps_as_pydicts="lossy")
    return rows
