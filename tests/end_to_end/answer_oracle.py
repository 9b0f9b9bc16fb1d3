"""What a file of responses must hold, told a second time: plain Python over the raw files.

Nothing of `jobs/` is imported here, so that a mistake there is not repeated.
"""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

from tests.end_to_end.oracle import INDIA, guarded
from tests.end_to_end.raw_files import raw_rows

HEADER = [
    "Collection Id", "Collection Name", "Batch Id", "Batch Name", "User UUID", "QuestionSet Id",
    "QuestionSet Title", "Attempt Id", "Attempted On", "Question Id", "Question Type",
    "Question Title", "Question Description", "Question Duration", "Question Score",
    "Question Max Score", "Question Options", "Question Response",
]  # fmt: skip
OPTIONS, RESPONSE = HEADER.index("Question Options"), HEADER.index("Question Response")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AnswerOracle:
    """The answers of a small Sunbird, live and archived, by batch."""

    def __init__(self, lake, seats):
        self.lake, self.seats = lake, seats
        self.names = {row["identifier"]: row["name"] for row in raw_rows(lake, "content")}
        self.attempts = raw_rows(lake, "assessment_aggregator") + archived(lake)

    def file(self, batch_id, *, tenant=None):
        """The header and the rows, options and responses as what their JSON says."""
        batch = self.seats.batches[batch_id]
        course_id = batch["courseid"]
        course = (
            self.names.get(course_id)
            or json.loads(self.seats.trees[course_id]["hierarchy"])["name"]
        )
        own = [course_id, course, f"BatchId_{batch_id}", batch["name"]]
        reported = {
            seat["userid"]
            for seat in self.seats.reported(batch_id)
            if tenant is None or self.seats.users.get(seat["userid"], {}).get("rootorgid") == tenant
        }
        found = {}
        for attempt in self.attempts:
            if (attempt["batch_id"], attempt["course_id"]) != (batch_id, course_id):
                continue
            if attempt["user_id"] in reported and attempt["attempt_id"]:
                for question in questions_of(attempt):
                    key = tuple(attempt[n] for n in ("user_id", "content_id", "attempt_id"))
                    # The live table comes first, and stays.
                    found.setdefault((*key, question.get("id", "")), (attempt, question))
        rows = [self.row(own, *found[key]) for key in sorted(found)]
        return HEADER, rows

    def row(self, own, attempt, question):
        test = attempt["content_id"]
        asked = [
            question.get("id", ""), question.get("type", ""), question.get("title", ""),
            question.get("description", ""), half_up(question.get("duration")),
            number(question.get("score")), number(question.get("max_score")),
        ]  # fmt: skip
        return [
            *map(guarded, own),
            attempt["user_id"],
            test,
            guarded(self.names.get(test) or ""),
            attempt["attempt_id"],
            in_india(attempt["last_attempted_on"]),
            *map(guarded, asked),
            question.get("params"),
            question.get("resvalues"),
        ]


def read_answers(rows):
    """Rows of a file with their JSON read; an empty cell is None."""
    return [
        [
            (json.loads(cell) if cell else None) if at in (OPTIONS, RESPONSE) else cell
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]


def questions_of(attempt):
    """The questions; one that is nothing where there are none; none where they cannot be read."""
    if not attempt["question"]:
        return [{}]
    try:
        return json.loads(attempt["question"])
    except json.JSONDecodeError:
        return []


def archived(lake):
    """The archive's rows that stand in the folder of their own batch and course."""
    rows = []
    for path in sorted(lake.glob("assessment_archive/*/*.csv")):
        text = path.read_text(encoding="utf-8")
        is_doubled = '{""' in text
        page = csv.DictReader(
            io.StringIO(text, newline=""),
            doublequote=is_doubled,
            escapechar=None if is_doubled else "\\",
        )
        rows += [row for row in page if path.parent.name == f"{row['batch_id']}_{row['course_id']}"]
    return rows


def in_india(instant):
    if not isinstance(instant, datetime):
        instant = EPOCH + timedelta(milliseconds=int(instant))
    whole = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return whole.astimezone(INDIA).strftime("%d/%m/%Y %H:%M:%S")


def half_up(duration):
    return "" if duration is None else str(int(duration + 0.5))


def number(value):
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))
