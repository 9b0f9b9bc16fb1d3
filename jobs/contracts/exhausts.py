"""The exhaust tables that a request cuts its batch from."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.responses import RESPONSES
from jobs.contracts.types import BOOLEAN, DATE, INTEGER, TEXT, map_of

STAGES = ("completed", "in_progress", "not_started")
LEFT_OUT_REASONS = ("left_batch", "no_enrolment_date")

PROGRESS = Contract(
    name="progress",
    grain="one row per learner and batch, those left out among them",
    key=("batch_id", "user_id"),
    source="enrolments, learners, collections, activity, attempts",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("collection_id", TEXT, "the collection", required=True),
        Field(
            "left_out_reason",
            TEXT,
            "why the learner is not reported; NULL where reported",
            one_of=LEFT_OUT_REASONS,
        ),
        Field("is_known", BOOLEAN, "false where the user table has no such learner", required=True),
        Field("root_org_id", TEXT, "the tenant of the learner"),
        Field("external_id", TEXT, "the state's own id of the learner", personal=True),
        Field("user_name", TEXT, "first and last name", personal=True),
        Field("email_cipher", TEXT, "e-mail as the platform's ciphertext", personal=True),
        Field("phone_cipher", TEXT, "mobile as the platform's ciphertext", personal=True),
        Field("org_name", TEXT, "the tenant's name"),
        Field("state", TEXT, "declared state"),
        Field("district", TEXT, "declared district"),
        Field("block", TEXT, "declared block"),
        Field("cluster", TEXT, "declared cluster"),
        Field("school_id", TEXT, "the school's UDISE code"),
        Field("school_name", TEXT, "declared school"),
        Field("board", TEXT, "declared board"),
        Field("user_type", TEXT, "teacher, student, ..."),
        Field("user_sub_type", TEXT, "the finer type"),
        Field("account_status", INTEGER, "1 active, 0 inactive, 2 deleted, as the platform has it"),
        Field("born_on", DATE, "day of birth, where a whole one is declared", personal=True),
        Field("enrolled_on", DATE, "day of enrolment, in the report time zone"),
        Field("completed_on", DATE, "day of completion, in the report time zone"),
        Field("has_certificate", BOOLEAN, "whether a certificate was issued", required=True),
        Field(
            "progress_pct",
            INTEGER,
            "mandatory contents completed, in percent, half up; NULL where the course's "
            "hierarchy cannot be used",
            at_least=0,
            at_most=100,
        ),
        Field("stage", TEXT, "how far the learner is", required=True, one_of=STAGES),
        Field("module_progress", map_of(TEXT, INTEGER), "nested collection to its percent"),
        Field("score_pct", map_of(TEXT, INTEGER), "assessment to the best attempt's percent"),
        Field(
            "total_score_pct",
            INTEGER,
            "all best attempts together, in percent, rounded up; NULL without an attempt",
            at_least=0,
            at_most=100,
        ),
    ),
)

EXHAUST_TABLES = {PROGRESS.name: PROGRESS, RESPONSES.name: RESPONSES}
