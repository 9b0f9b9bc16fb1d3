"""The archive of attempts: files by batch and week, a quote written in one of two ways."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jobs.samples.attempts import Attempt, attempt, attempt_row
from jobs.samples.batches import EDGES, NOT_ATTEMPTED, Batch
from jobs.samples.courses import LANGUAGE, content_id
from jobs.samples.edges import Edge, learner

Row = dict[str, Any]
ARCHIVE = "assessment_archive"
# As Sunbird's archival job orders them.
COLUMNS = (
    "course_id", "batch_id", "user_id", "content_id", "attempt_id", "created_on", "grand_total",
    "last_attempted_on", "question", "total_max_score", "total_score", "updated_on",
)  # fmt: skip
TEST = content_id(2, 30)


def write_archive(lake: Path, as_of: datetime, live: Sequence[Row]) -> int:
    """Write the archived attempts, some of them live too; how many rows there are."""
    weeks_ago = as_of.replace(hour=20, minute=0, second=0, microsecond=0) - timedelta(weeks=6)
    old = archived(Edge.ANSWERS_ARCHIVED, weeks_ago)
    older = archived(Edge.ANSWERS_ARCHIVED, weeks_ago - timedelta(weeks=4, hours=1))
    elsewhere = archived(Edge.ANSWERS_OF_ANOTHER_BATCH, weeks_ago, NOT_ATTEMPTED)
    twins = [row for row in live if row["user_id"] == learner(Edge.ANSWERS_ARCHIVED_AND_LIVE)]
    broken = archived(Edge.ANSWERS_ARCHIVED, weeks_ago) | {"attempt_id": None}
    misplaced = archived(Edge.ARCHIVE_ROW_MISPLACED, weeks_ago, NOT_ATTEMPTED)
    # The newest is written as other platforms write CSV, the others as Sunbird's job does.
    write(lake, EDGES, weeks_ago, [old, *twins, broken, misplaced], is_doubled=True)
    write(lake, EDGES, weeks_ago - timedelta(weeks=4), [older], is_doubled=False)
    write(lake, NOT_ATTEMPTED, weeks_ago, [elsewhere], is_doubled=False)
    return 5 + len(twins)


def archived(edge: Edge, at: datetime, batch: Batch = EDGES) -> Row:
    taken: Attempt = attempt(learner(edge), TEST, at, 6.0, 10.0)
    return attempt_row(learner(edge), LANGUAGE.course_id, batch.batch_id, taken)


def write(lake: Path, batch: Batch, at: datetime, rows: list[Row], *, is_doubled: bool) -> None:
    year, week, _ = at.isocalendar()
    folder = lake / ARCHIVE / f"{batch.batch_id}_{batch.course.course_id}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{year}-{week}-{millis(at)}.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(
            lines,
            fieldnames=COLUMNS,
            lineterminator="\n",
            doublequote=is_doubled,
            escapechar=None if is_doubled else "\\",
        )
        writer.writeheader()
        writer.writerows({name: as_cell(row[name]) for name in COLUMNS} for row in rows)


def as_cell(value: Any) -> Any:
    return millis(value) if isinstance(value, datetime) else value


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)
