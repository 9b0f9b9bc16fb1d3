"""Sunbird's tables of certificates and of what learners opened, as they come in."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, INTEGER, LONG, TEXT

CERTIFICATE_ISSUE_FAILURE = Contract(
    name="certificate_issue_failure",
    grain="one row per failure that the live issuer told of",
    key=("user_id", "course_id", "batch_id", "failed_at"),
    fields=(
        Field("user_id", TEXT, "the learner", required=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("failed_at", INSTANT, "when it failed", required=True),
        Field("template_id", TEXT, "the template, where the issuer told it"),
        Field("error", TEXT, "what the issuer said"),
    ),
)

CERTIFICATE_REGISTRY = Contract(
    name="certificate_registry",
    grain="one row per certificate that the platform's registry holds",
    key=("id",),
    fields=(
        Field("id", TEXT, "the certificate", required=True),
        Field("userid", TEXT, "the learner"),
        Field("courseid", TEXT, "the course"),
        Field("batchid", TEXT, "the batch"),
        Field("templateid", TEXT, "the template"),
        Field("status", TEXT, "ACTIVE, REVOKED or DELETED"),
        Field("issuedon", INSTANT, "when it was issued"),
    ),
)

USER_CONTENT_CONSUMPTION = Contract(
    name="user_content_consumption",
    grain="one row per learner, batch and content that was opened",
    key=("userid", "contentid", "courseid", "batchid"),
    fields=(
        Field("userid", TEXT, "the learner", required=True),
        Field("contentid", TEXT, "the content", required=True),
        Field("courseid", TEXT, "the course", required=True),
        Field("batchid", TEXT, "the batch", required=True),
        Field("status", INTEGER, "0, 1 or 2 (completed)"),
        Field("progress", INTEGER, "how far, in percent"),
        Field("lastcompletedtime", TEXT, "when completed last, old column"),
        Field("last_completed_time", INSTANT, "when completed last, new column: wins"),
        Field("timespent", LONG, "milliseconds spent"),
    ),
)

RAW_CERTIFICATE_TABLES = {
    contract.name: contract
    for contract in (CERTIFICATE_ISSUE_FAILURE, CERTIFICATE_REGISTRY, USER_CONTENT_CONSUMPTION)
}
