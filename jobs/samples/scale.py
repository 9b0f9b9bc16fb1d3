"""A large Sunbird for measuring: only Parquet, only regular rows, in the order of no key."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.samples import scale_tables, tables
from jobs.samples.people import staff_row
from jobs.samples.places import NORTH, organisation_rows
from jobs.samples.scale_seats import Scale, seat_learners
from jobs.samples.staff import CREATOR, MENTOR_BIG, STAFF

ROWS_PER_FILE = 1_000_000


def write_scaled(
    lake: Path,
    *,
    enrolments: int,
    batches: int,
    users: int,
    big_batch: int,
    attempts: int | None = None,
    activity: int | None = None,
    as_of: datetime = datetime(2026, 11, 21, 10, tzinfo=UTC),
    seed: int = 20261121,
) -> None:
    """Write a lake in which batch 1 has `big_batch` learners and the rest share the others.

    MENTOR_BIG mentors them all. E-mail and mobile are enciphered with SCALE_KEY and SCALE_SALT
    of `scale_tables`.
    """
    rows_of_activity = enrolments // 2 if activity is None else activity
    if rows_of_activity > 3 * enrolments:
        raise ValueError("There are three rows of activity to an enrolment at most.")
    scale = seat_learners(np.random.default_rng(seed), as_of, enrolments, batches, users, big_batch)
    write_rows(lake, "course_batch", scale_batches(scale))
    write_rows(lake, "content_hierarchy", scale_hierarchies(scale))
    write_rows(lake, "content", scale_contents(scale))
    write_rows(lake, "users", [staff_row(person, scale_tables.seal) for person in STAFF])
    folder(lake, "organisation")
    tables.write_csv(lake / "organisation", organisation_rows())
    parts: dict[str, tuple[int, Callable[[Scale, int, int], dict[str, pa.Array]]]] = {
        "user_enrolments": (enrolments, scale_tables.enrolments),
        "users": (users, scale_tables.users),
        "usr_external_identity": (users, scale_tables.external_identities),
        "assessment_aggregator": (
            3 * enrolments // 10 if attempts is None else attempts,
            scale_tables.attempts,
        ),
        "user_activity_agg": (rows_of_activity, scale_tables.activity),
    }
    for table, (rows, columns) in parts.items():
        folder(lake, table)
        for number, (start, stop) in enumerate(chunks(rows), 1):
            write_columns(lake / table, number, table, columns(scale, start, stop), stop - start)


def chunks(rows: int) -> Iterator[tuple[int, int]]:
    for start in range(0, rows, ROWS_PER_FILE):
        yield start, min(rows, start + ROWS_PER_FILE)


def folder(lake: Path, table: str) -> None:
    (lake / table).mkdir(parents=True, exist_ok=True)


def write_rows(lake: Path, table: str, rows: list[dict[str, Any]]) -> None:
    folder(lake, table)
    tables.write_parquet(lake / table, rows, tables.raw_schema(table))


def write_columns(
    target: Path, number: int, table: str, columns: dict[str, pa.Array], rows: int
) -> None:
    schema = tables.raw_schema(table)
    filled = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(rows, field.type)
        for field in schema
    ]
    pq.write_table(
        pa.Table.from_arrays(filled, schema=schema),
        target / f"part-{number:05}.parquet",
        compression="snappy",
        row_group_size=250_000,
    )


def scale_batches(scale: Scale) -> list[dict[str, Any]]:
    starts, ends = scale.opened, scale.as_of + timedelta(days=30)
    return [
        {
            "courseid": scale.courses[n % len(scale.courses)].course_id,
            "batchid": scale.batch_ids[n].as_py(),
            "name": f"Batch {n + 1}",
            "start_date": starts,
            "end_date": ends,
            "status": 1,
            "enrollmenttype": "open",
            "createdby": CREATOR,
            "createdfor": [NORTH.org_id],
            "mentors": [MENTOR_BIG],
            "created_date": starts,
        }
        for n in range(len(scale.batch_ids))
    ]


def scale_hierarchies(scale: Scale) -> list[dict[str, Any]]:
    return [{"identifier": c.course_id, "hierarchy": c.hierarchy} for c in scale.courses]


def scale_contents(scale: Scale) -> list[dict[str, Any]]:
    return [
        {
            "identifier": course.course_id,
            "name": course.name,
            "status": "Live",
            "channel": NORTH.org_id,
            "contenttype": "Course",
            "primarycategory": "Course",
            "objecttype": "Collection",
            "mimetype": course.tree["mimeType"],
            "createdfor": [NORTH.org_id],
        }
        for course in scale.courses
    ]
