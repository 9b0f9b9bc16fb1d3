"""What is proposed to mend in enrolments and scores; the platform is written by its own people."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import DOUBLE, INSTANT, INTEGER, JSON, LONG, TEXT

ENROLMENT_DATE, COMPLETION, STALE = (
    "enrolment_date_missing", "completion_missing", "content_status_stale",
)  # fmt: skip
PROBLEMS = (ENROLMENT_DATE, COMPLETION, STALE)
BASES = (
    "first_content", "batch_start", "completion", "last_content", "last_progress", "batch_end",
    "enrolment", "hierarchy", "nothing_known",
)  # fmt: skip
NOTHING_KNOWN = "nothing_known"
PROPOSED, UNKNOWN, APPROVED, RESOLVED = "proposed", "unknown", "approved", "resolved"
STATES = (PROPOSED, UNKNOWN, APPROVED, RESOLVED)
REASONS = ("question_count_differs",)

ENROLMENT_REPAIR = Contract(
    name="enrolment_repair",
    grain="one row per enrolment and what could be mended in it",
    key=("batch_id", "user_id", "course_id", "problem"),
    source="enrolments, collections, batches, activity, user_content_consumption",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("problem", TEXT, "what is missing or stale", required=True, one_of=PROBLEMS),
        Field("proposed_value", INSTANT, "the date to set", null_means="no date, or none known"),
        Field(
            "stale_contents", JSON, "the contents to take out of the content status, as a list",
            null_means="another problem",
        ),
        Field("basis", TEXT, "what the proposal rests on", required=True, one_of=BASES),
        Field("held_status", INTEGER, "the enrolment's status when it was read"),
        Field("data_as_of", INSTANT, "when the enrolment was read", required=True),
        Field("state", TEXT, "where it is", required=True, one_of=STATES),
        Field("first_seen_at", INSTANT, "the night that found it", required=True),
        Field("last_seen_at", INSTANT, "the last run that found it", required=True),
        Field("approved_at", INSTANT, "when a person approved it"),
        Field("approved_by", TEXT, "who"),
    ),
)  # fmt: skip

INVALID_ATTEMPT = Contract(
    name="invalid_attempt",
    grain="one row per attempt that a person took out of the scores: a whole copy of it",
    key=("batch_id", "user_id", "content_id", "attempt_id"),
    source="attempts, responses, contents",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("content_id", TEXT, "the assessment", required=True),
        Field("attempt_id", TEXT, "the attempt", required=True),
        Field("reason", TEXT, "why it is invalid", required=True, one_of=REASONS),
        Field("question_count", LONG, "questions that it holds", required=True),
        Field("total_questions", LONG, "questions of the assessment", required=True),
        Field("attempted_at", INSTANT, "when attempted"),
        Field("score", DOUBLE, "points won"),
        Field("max_score", DOUBLE, "points that could be won"),
        Field("answers", JSON, "its answers, one object per question", personal=True),
        Field("applied_at", INSTANT, "when it was taken out", required=True),
        Field("applied_by", TEXT, "who did", required=True),
    ),
)

SCORE_CORRECTION = Contract(
    name="score_correction",
    grain="one row per learner, batch and assessment whose scores were counted without an attempt",
    key=("batch_id", "user_id", "content_id"),
    source="invalid_attempt, attempts",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("content_id", TEXT, "the assessment", required=True),
        Field("score_before", DOUBLE, "points of the best attempt, the invalid ones among them"),
        Field("max_score_before", DOUBLE, "points that could be won in it"),
        Field("attempts_before", LONG, "attempts", required=True),
        Field("score", DOUBLE, "points of the best valid attempt", null_means="none is left"),
        Field("max_score", DOUBLE, "points that could be won in it", null_means="none is left"),
        Field("attempts", LONG, "valid attempts", required=True),
        Field("certificate_count", LONG, "certificates of the learner in the batch", required=True),
        Field("data_as_of", INSTANT, "when the attempts were read", required=True),
        Field("applied_at", INSTANT, "when the scores were counted anew", required=True),
        Field("applied_by", TEXT, "who asked for it", required=True),
    ),
)

REPAIR_TABLES = {
    contract.name: contract for contract in (ENROLMENT_REPAIR, INVALID_ATTEMPT, SCORE_CORRECTION)
}
