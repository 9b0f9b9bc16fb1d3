"""Requests to show: of each kind of file one that succeeds, and one that is refused."""

from dataclasses import dataclass, field
from typing import Any

from jobs.samples import batches, places, staff

JOB_ID = "progress-exhaust"
USER_INFO = "userinfo-exhaust"
RESPONSES = "response-exhaust"


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
    purpose: str | None = None

    @property
    def request_data(self) -> dict[str, Any]:
        several = len(self.batch_ids) != 1
        asked = {"batchFilter": list(self.batch_ids)} if several else {"batchId": self.batch_ids[0]}
        return asked | ({"purpose": self.purpose} if self.purpose else {})


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
    SampleRequest(
        tag="reading-addresses",
        user_id=staff.MENTOR_BIG,
        channel=places.NORTH.org_id,
        batch_ids=(batches.BIG.batch_id,),
        about="the details of the big batch's learners who agreed, for the training's follow-up",
        encryption_key="Lantern-Mango-Monsoon-27",
        job_id=USER_INFO,
        purpose="training_follow_up",
    ),
    SampleRequest(
        tag="reading-addresses-for-the-custodian",
        user_id=staff.MENTOR_OF_CUSTODIAN,
        channel=places.CUSTODIAN.org_id,
        batch_ids=(batches.BIG.batch_id,),
        about="the same for the custodian organisation, to whom no learner agrees: refused",
        encryption_key="Lantern-Mango-Monsoon-27",
        job_id=USER_INFO,
    ),
    SampleRequest(
        tag="language-answers",
        user_id=staff.MENTOR_TWO,
        channel=places.NORTH.org_id,
        batch_ids=(batches.EDGES.batch_id,),
        about="every answer of the batch of edges, archived ones too",
        job_id=RESPONSES,
    ),
)
