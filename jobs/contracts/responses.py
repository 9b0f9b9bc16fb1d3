"""The table that the response exhaust cuts its batch from: every answer of every attempt."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import DOUBLE, INSTANT, INTEGER, JSON, LONG, TEXT

RESPONSES = Contract(
    name="responses",
    grain="one row per question of an attempt; one without a question where the attempt holds none",
    key=(
        "batch_id", "user_id", "collection_id", "content_id", "attempt_id", "question_id",
        "unnamed_number",
    ),
    source="assessment_aggregator, assessment_archive",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("collection_id", TEXT, "the collection", required=True),
        Field("content_id", TEXT, "the assessment or question set", required=True),
        Field("attempt_id", TEXT, "the attempt", required=True),
        Field(
            "question_id",
            TEXT,
            "the question; empty where it has no id, or the attempt no question",
            required=True,
        ),
        Field(
            "unnamed_number",
            INTEGER,
            "0 where the question has an id or the attempt no question; else its place in it",
            required=True,
            at_least=0,
        ),
        Field("attempted_at", INSTANT, "when attempted"),
        Field("question_type", TEXT, "mcq, ftb, mtf, ..."),
        Field("question_title", TEXT, "the question"),
        Field("question_description", TEXT, "what stands beside it"),
        Field("question_seconds", LONG, "time spent on it, in whole seconds, half up"),
        Field("question_score", DOUBLE, "points won"),
        Field("question_max_score", DOUBLE, "points that could be won"),
        Field("question_options", JSON, "what could be chosen, as the app sent it"),
        Field("question_response", JSON, "what the learner answered, as the app sent it",
              personal=True),
    ),
)  # fmt: skip
