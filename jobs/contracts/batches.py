"""What the status of every batch is, how it came to be, and who has not been told yet."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import DATE, INSTANT, INTEGER, JSON, LONG, TEXT

SEARCH, COURSE, BATCH_TABLE = "search", "course", "batch_table"
TARGETS = (BATCH_TABLE, SEARCH, COURSE)
PROBLEMS = ("unparsable_date", "end_before_start", "no_start_date", "unparsable_enrolment_end")
REASONS = ("started", "ended", "extended", "start_moved", "status_missing", "removed")

BATCH_STATUS = Contract(
    name="batch_status",
    grain="one row per batch: its status as of the last run",
    key=("batch_id",),
    source="course_batch",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("course_id", TEXT, "the collection that the batch runs", required=True),
        Field("status", INTEGER, "0 upcoming, 1 ongoing, 2 ended", required=True),
        Field("platform_status", INTEGER, "the status that the batch table held when read"),
        Field("batch_name", TEXT, "the batch's name"),
        Field("start_on", DATE, "first day, in the report time zone"),
        Field("end_on", DATE, "last day, inclusive"),
        Field("enrolment_end_on", DATE, "last day to enrol; by default the day before the end"),
        Field("enrolment_type", TEXT, "open or invite-only"),
        Field("created_for", JSON, "the organisations that the batch is for"),
        Field("problem", TEXT, "what is wrong with its dates", one_of=PROBLEMS),
        Field("fingerprint", LONG, "differs where any column of the row does", required=True),
        Field("changed_at", INSTANT, "the instant of the last change; NULL: none since known"),
    ),
)

BATCH_STATUS_CHANGE = Contract(
    name="batch_status_change",
    grain="one row per change of a batch's status",
    key=("change_id",),
    fields=(
        Field("change_id", LONG, "the change", required=True),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("course_id", TEXT, "the collection that the batch runs", required=True),
        Field("from_status", INTEGER, "the status before; NULL where there was none"),
        Field("to_status", INTEGER, "the status after; NULL where the batch is gone"),
        Field("reason", TEXT, "why", required=True, one_of=REASONS),
        Field("judged_for", INSTANT, "the instant that the status is right for", required=True),
        Field("written_at", INSTANT, "when it was written", required=True),
    ),
)

BATCH_STATUS_PUBLICATION = Contract(
    name="batch_status_publication",
    grain="one row per batch or course that a target of the LMS has not taken yet",
    key=("target", "subject_id"),
    fields=(
        Field("target", TEXT, "who must be told", required=True, one_of=TARGETS),
        Field("subject_id", TEXT, "the batch; the course where the target is one", required=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("revision", LONG, "grows with each change that falls to it", required=True),
        Field("since", INSTANT, "when the duty arose", required=True),
        Field("attempts", INTEGER, "times that it was tried", required=True),
        Field("next_attempt_at", INSTANT, "not before then", required=True),
        Field("last_answer", TEXT, "what the target said to the last try"),
    ),
)

BATCH_TABLES = {
    contract.name: contract
    for contract in (BATCH_STATUS, BATCH_STATUS_CHANGE, BATCH_STATUS_PUBLICATION)
}
