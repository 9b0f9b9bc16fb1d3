"""Three progress requests to show: one that succeeds, one in part, one that is refused."""

from dataclasses import dataclass, field
from typing import Any

from jobs.samples import batches, places, staff

JOB_ID = "progress-exhaust"


@dataclass(frozen=True)
class SampleRequest:
    """A request as a portal would write it; `encryption_key` is in clear."""

    tag: str
    user_id: str
    channel: str
    batch_ids: tuple[str, ...]
    about: str
    encryption_key: str | None = field(default=None, repr=False)
    job_id: str = JOB_ID

    @property
    def request_data(self) -> dict[str, Any]:
        if len(self.batch_ids) == 1:
            return {"batchId": self.batch_ids[0]}
        return {"batchFilter": list(self.batch_ids)}


SAMPLE_REQUESTS = (
    SampleRequest(
        tag="reading-all-districts",
        user_id=staff.MENTOR_BIG,
        channel=places.NORTH.org_id,
        batch_ids=(batches.BIG.batch_id,),
        about="the mentor of the big batch, without a key",
    ),
    SampleRequest(
        tag="language-and-mathematics",
        user_id=staff.MENTOR_TWO,
        channel=places.NORTH.org_id,
        batch_ids=(
            batches.EDGES.batch_id,
            batches.FINISHED.batch_id,
            batches.UNKNOWN_BATCH_ID,
            batches.OF_RETIRED_COURSE.batch_id,
        ),
        about="a mentor of two batches, with a key; one more is unknown, one of a retired course",
        encryption_key="Sunbird-Demo-2026",
    ),
    SampleRequest(
        tag="not-mine",
        user_id=staff.TEACHER,
        channel=places.NORTH.org_id,
        batch_ids=(batches.FINISHED.batch_id,),
        about="a teacher who neither made nor mentors the batch: refused",
    ),
)
