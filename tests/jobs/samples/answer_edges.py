"""Whether the edges of learners' answers are in the small Sunbird and its archive."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

from jobs.samples.edges import PLACES, Edge
from tests.jobs.samples.raw_lake import Lake, Row


def live(lake: Lake, edge: Edge) -> list[Row]:
    return [row for row in lake.attempts if row["user_id"] in PLACES[edge].user_ids]


def archived(lake: Lake, edge: Edge) -> list[tuple[Path, Row]]:
    found = []
    for path in sorted(lake.folder.glob("assessment_archive/*/*.csv")):
        text = path.read_text(encoding="utf-8")
        is_doubled = '{""' in text
        rows = csv.DictReader(
            text.splitlines(), doublequote=is_doubled, escapechar=None if is_doubled else "\\"
        )
        found += [(path, row) for row in rows if row["user_id"] in PLACES[edge].user_ids]
    return found


def is_archived_in_both_ways(lake: Lake) -> bool:
    rows = archived(lake, Edge.ANSWERS_ARCHIVED)
    marks = {'{""' in path.read_text(encoding="utf-8") for path, _ in rows}
    whole = [row for _, row in rows if row["attempt_id"]]
    answers = [json.loads(row["question"]) for row in whole]
    return marks == {True, False} and len(whole) == 2 and [len(a) for a in answers] == [2, 2]


def is_archived_and_live(lake: Lake) -> bool:
    edge = Edge.ANSWERS_ARCHIVED_AND_LIVE
    ((_, old),), (new,) = archived(lake, edge), live(lake, edge)
    return old["attempt_id"] == new["attempt_id"] and old["question"] == new["question"]


def is_in_another_batch(lake: Lake) -> bool:
    edge = Edge.ANSWERS_OF_ANOTHER_BATCH
    ((path, row),) = archived(lake, edge)
    is_placed = path.parent.name == f"{row['batch_id']}_{row['course_id']}"
    is_others = row["batch_id"] not in PLACES[edge].batch_ids
    return is_placed and is_others and row["course_id"] == PLACES[edge].collection_id


def is_torn(lake: Lake) -> bool:
    (row,) = live(lake, Edge.ANSWERS_TORN)
    try:
        json.loads(row["question"])
    except json.JSONDecodeError:
        return True
    return False


def is_of_two_sets(lake: Lake) -> bool:
    one, other = live(lake, Edge.ANSWERS_OF_TWO_SETS)
    return one["attempt_id"] == other["attempt_id"] and one["content_id"] != other["content_id"]


def is_misplaced(lake: Lake) -> bool:
    ((path, row),) = archived(lake, Edge.ARCHIVE_ROW_MISPLACED)
    return not path.parent.name.startswith(row["batch_id"])


ANSWER_EDGES: dict[Edge, Callable[[Lake], bool]] = {
    Edge.ANSWERS_ARCHIVED: is_archived_in_both_ways,
    Edge.ANSWERS_ARCHIVED_AND_LIVE: is_archived_and_live,
    Edge.ANSWERS_OF_ANOTHER_BATCH: is_in_another_batch,
    Edge.ANSWERS_TORN: is_torn,
    Edge.ANSWERS_MISSING: lambda k: (
        [r["question"] for r in live(k, Edge.ANSWERS_MISSING)] == [None]
    ),
    Edge.ANSWERS_OF_TWO_SETS: is_of_two_sets,
    Edge.ARCHIVE_ROW_MISPLACED: is_misplaced,
}
