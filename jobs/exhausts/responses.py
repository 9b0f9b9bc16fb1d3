"""Responses: the columns of the response file, and which of a batch's answers belong in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.errors import ContractError
from jobs.exhausts.layout import Column, batch_columns
from jobs.exhausts.selection import CutCounts, Selection, note_learners, reasons

NOT_ENROLLED = "not_enrolled"
OTHER_COURSE = "other_course"
CONTENT_NAME = "content_name"
SEAT = ("left_out_reason", "root_org_id")
# What is read beside the columns that are shown, and what `placed` adds to them.
NEEDED = ("user_id", "collection_id", "content_id", "attempt_id")
ADDED = (*SEAT, CONTENT_NAME)
SEAT_COLUMNS = ["user_id", *SEAT]

COLUMNS = [
    Column("User UUID", "The learner's id on the platform; never empty.", "text", "user_id"),
    Column("QuestionSet Id", "The assessment or question set.", "text", "content_id"),
    Column("QuestionSet Title", "Its title.", "text", CONTENT_NAME),
    Column("Attempt Id", "The attempt; every attempt is in the file.", "text", "attempt_id"),
    Column("Attempted On", "When, in India's time (day/month/year hour:minute:second).",
           "instant", "attempted_at"),
    Column("Question Id", "The question; empty where the attempt holds none.", "text",
           "question_id"),
    Column("Question Type", "What kind of question it is, as mcq for multiple choice.", "text",
           "question_type"),
    Column("Question Title", "The question.", "text", "question_title"),
    Column("Question Description", "What stands beside the question.", "text",
           "question_description"),
    Column("Question Duration", "Seconds that the learner spent on it, rounded.", "number",
           "question_seconds"),
    Column("Question Score", "Points that the learner won with it.", "decimal", "question_score"),
    Column("Question Max Score", "Points that could be won with it.", "decimal",
           "question_max_score"),
    Column("Question Options", "What could be chosen, as JSON.", "json", "question_options"),
    Column("Question Response", "What the learner answered, as JSON.", "json",
           "question_response"),
]  # fmt: skip


@dataclass
class ResponseCounts(CutCounts):
    """The same counts, where `left_out` counts learners; and how many attempts are in the file."""

    attempts: int = 0
    left_out_rows: int = 0
    long_texts: int = 0
    last: dict[str, Any] = field(default_factory=dict)


def response_columns(
    layout: str,
    collection: dict[str, Any],
    batch: dict[str, Any],
) -> list[Column]:
    return [*batch_columns(collection, batch), *COLUMNS]


class Seats:
    """The batch's enrolments, walked through beside its answers: both come sorted by learner."""

    def __init__(self, pages: Iterable[pa.RecordBatch]) -> None:
        self.rows: Iterator[tuple[Any, ...]] = chain.from_iterable(
            zip(*(page.column(name).to_pylist() for name in SEAT_COLUMNS), strict=True)
            for page in pages
        )
        self.at: tuple[Any, ...] | None = next(self.rows, None)
        self.asked = ""

    def of(self, user_id: str) -> tuple[Any, ...]:
        """Why the learner is left out, and their tenant.

        Raises ContractError where either table is not in its order: a learner would be missed.
        """
        refuse_disorder("responses", self.asked, user_id)
        self.asked = user_id
        while self.at is not None and self.at[0] < user_id:
            following = next(self.rows, None)
            if following is not None:
                refuse_disorder("progress", self.at[0], following[0])
            self.at = following
        if self.at is None or self.at[0] != user_id:
            return NOT_ENROLLED, None
        return self.at[1:]


def refuse_disorder(table: str, before: str, after: str) -> None:
    if after < before:
        raise ContractError(
            f"The published files of `{table}` promise to be in the order of their key, and a"
            f" learner stands before an earlier one. Run `python -m jobs refresh {table}`."
        )


def placed(
    pages: Iterable[pa.RecordBatch],
    seats: Seats,
    *,
    collection_id: str,
    title: Callable[[str], str | None],
) -> Iterator[pa.RecordBatch]:
    """The pages with what is known of their learners, and the titles of their contents."""
    for page in pages:
        runs = pc.run_end_encode(page.column("user_id"), run_end_type=pa.int32())
        rows = [seats.of(user_id) for user_id in runs.values.to_pylist()]
        lengths = np.diff(runs.run_ends.to_numpy(), prepend=0)
        at = pa.array(np.repeat(np.arange(len(rows)), lengths))
        reason, root_org_id = (
            pa.array([row[place] for row in rows], pa.string()).take(at) for place in (0, 1)
        )
        is_own = pc.equal(page.column("collection_id"), collection_id)
        contents = page.column("content_id").dictionary_encode()
        titles = pa.array([title(id) for id in contents.dictionary.to_pylist()], pa.string())
        added = (
            pc.if_else(is_own, reason, OTHER_COURSE),
            root_org_id,
            titles.take(contents.indices),
        )
        yield pa.RecordBatch.from_arrays(
            [*page.columns, *added], names=[*page.schema.names, *ADDED]
        )


def response_rows(page: pa.RecordBatch, selection: Selection, counts: CutCounts) -> pa.RecordBatch:
    """The answers of the learners that the progress file reports, too."""
    reason = reasons(page, selection)
    reported = page.filter(pc.is_null(reason)) if reason.null_count < len(reason) else page
    counts.read += page.num_rows
    counts.written += reported.num_rows
    if isinstance(counts, ResponseCounts):
        note_left_out(page.column("user_id"), reason, counts)
        counts.attempts += new_runs(reported, ("user_id", "content_id", "attempt_id"), counts)
    note_learners(reported.column("user_id"), counts)
    return reported


def note_left_out(user_ids: pa.Array, reason: pa.Array, counts: ResponseCounts) -> None:
    counts.left_out_rows += len(reason) - reason.null_count
    found: Counter[str] = Counter()
    for name in pc.unique(reason.drop_null()).to_pylist():
        who = pc.unique(user_ids.filter(pc.fill_null(pc.equal(reason, name), False)))
        first, last = who[0].as_py(), who[-1].as_py()
        found[name] = len(who) - (counts.last.get(name) == first)
        counts.last[name] = last
    counts.left_out.update(found)


def new_runs(page: pa.RecordBatch, names: tuple[str, ...], counts: ResponseCounts) -> int:
    """How many values of these columns begin on this page: rows of equal ones are neighbours."""
    if not page.num_rows:
        return 0
    first, last = (tuple(page.column(n)[at].as_py() for n in names) for at in (0, -1))
    is_new = np.zeros(page.num_rows - 1, dtype=bool)
    for name in names:
        values = page.column(name)
        is_new |= pc.not_equal(values[1:], values[:-1]).to_numpy(zero_copy_only=False)
    begun = int(is_new.sum()) + (counts.last.get("attempt") != first)
    counts.last["attempt"] = last
    return begun
