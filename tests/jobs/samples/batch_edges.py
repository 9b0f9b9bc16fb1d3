"""Whether the edges of batches' dates and statuses are in the small Sunbird."""

from collections.abc import Callable
from datetime import UTC, datetime

from jobs.samples.edges import Edge
from tests.jobs.samples.raw_lake import Lake

TODAY = datetime(2026, 11, 21, 10, 0, tzinfo=UTC).date().isoformat()


def has_ended_and_runs(lake: Lake) -> bool:
    batch = lake.batch_of(Edge.BATCH_STATUS_BEHIND)
    return batch["status"] == 1 and batch["enddate"] < TODAY


def runs_before_its_first_day(lake: Lake) -> bool:
    batch = lake.batch_of(Edge.BATCH_START_MOVED)
    return batch["status"] == 1 and batch["startdate"] > TODAY


def has_no_first_day(lake: Lake) -> bool:
    batch = lake.batch_of(Edge.BATCH_WITHOUT_START)
    return batch["startdate"] is None and batch["start_date"] is None


BATCH_EDGES: dict[Edge, Callable[[Lake], bool]] = {
    Edge.BATCH_STATUS_BEHIND: has_ended_and_runs,
    Edge.BATCH_STATUS_MISSING: lambda k: k.batch_of(Edge.BATCH_STATUS_MISSING)["status"] is None,
    Edge.BATCH_START_MOVED: runs_before_its_first_day,
    Edge.BATCH_WITHOUT_START: has_no_first_day,
}
