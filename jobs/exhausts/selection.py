"""Selection: which of a batch's rows belong in a file, and the count of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from jobs.delivery.consent import Consents

OTHER_ORGANISATION = "other_organisation"


@dataclass
class CutCounts:
    """How many rows were read, written and left out, and why; and whose the written ones are."""

    read: int = 0
    written: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    undecryptable: Counter[str] = field(default_factory=Counter)
    cut_short: int = 0
    learners: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Selection:
    """Whose rows are asked for: those of one tenant's learners (None: everybody's), and where it
    is personal, of those who agreed."""

    organisation: str | None = None
    consents: Consents | None = None


EVERYBODY = Selection()

# The rows of a page that belong in the file, with the columns that the judgement adds; all rows
# are counted.
Report = Callable[[pa.RecordBatch, Selection, CutCounts], pa.RecordBatch]


def reported_rows(batch: pa.RecordBatch, selection: Selection, counts: CutCounts) -> pa.RecordBatch:
    """The enrolments that are reported, of the selection's learners."""
    reported = rows_without_reason(batch, reasons(batch, selection), counts)
    counts.stages.update(tally(reported.column("stage")))
    counts.unknown += reported.num_rows - (pc.sum(reported.column("is_known")).as_py() or 0)
    return reported


def reasons(batch: pa.RecordBatch, selection: Selection) -> pa.Array:
    """Why each row is left out; NULL where it is not."""
    reason = batch.column("left_out_reason")
    if selection.organisation is None:
        return reason
    is_own = pc.fill_null(pc.equal(batch.column("root_org_id"), selection.organisation), False)
    is_foreign = pc.and_(pc.is_null(reason), pc.invert(is_own))
    return pc.if_else(is_foreign, OTHER_ORGANISATION, reason)


def rows_without_reason(
    batch: pa.RecordBatch, reason: pa.Array, counts: CutCounts
) -> pa.RecordBatch:
    # Some reasons are not there in most batches: nothing is then filtered or copied.
    reported = batch.filter(pc.is_null(reason)) if reason.null_count < len(reason) else batch
    counts.read += batch.num_rows
    counts.written += reported.num_rows
    counts.left_out.update(tally(reason))
    note_learners(reported.column("user_id"), counts)
    return reported


def note_learners(user_ids: pa.Array, counts: CutCounts) -> None:
    """Each learner once: rows come sorted, so one may only go on from the page before."""
    found = pc.unique(user_ids).to_pylist()
    goes_on = found[:1] == counts.learners[-1:] and bool(found)
    counts.learners += found[1:] if goes_on else found


def tally(values: pa.Array) -> dict[str, int]:
    return {
        pair["values"]: pair["counts"]
        for pair in pc.value_counts(values).to_pylist()
        if pair["values"] is not None
    }
