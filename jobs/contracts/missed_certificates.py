"""Learners who earned a certificate and have none, what was decided, and what was issued."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import DATE, INSTANT, JSON, LONG, TEXT, list_of

NEW, PENDING, HELD = "new", "pending", "held"
APPROVED, REJECTED, FAILED = "approved", "rejected", "failed"
ISSUED, RESOLVED = "issued", "resolved"
STATES = (NEW, PENDING, HELD, APPROVED, REJECTED, FAILED, ISSUED, RESOLVED)
# What a person is asked about, and what still waits for anything.
ASKABLE = (NEW, PENDING, FAILED)
OPEN = (*ASKABLE, HELD, APPROVED)

EARNED, REISSUE, MANUAL = "earned", "broken_issue", "manual"
# Why a finding waits for a person who looks at it alone: what is wrong is not the rule.
HOLD_REASONS = (
    "unsure_version", "rule_unusable", "artwork_missing", "no_tenant", "batch_missing",
    "learner_unknown", "learner_inactive", "no_name", "revoked", "name_twice",
    "completed_after_end", "top_not_final",
)  # fmt: skip
REASONS = (EARNED, REISSUE, MANUAL, *HOLD_REASONS)
PROBLEMS = (
    "no_completion_date", "completion_missing", "status_not_completed", "completed_in_future",
    "implausible_date", "before_ledger", "rule_unknown",
)  # fmt: skip
NIGHTLY, BY_COMMAND, IN_AIRFLOW = "nightly", "command", "airflow"

MISSED_CERTIFICATE = Contract(
    name="missed_certificate",
    grain="one row per learner, batch and template that was found earned and not issued",
    key=("batch_id", "user_id", "template_id", "course_id"),
    source="enrolments, certificate_associations, attempts",
    fields=(
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("template_id", TEXT, "the template", required=True),
        Field("version_id", TEXT, "its version when the learner completed", required=True),
        Field("certificate_type", TEXT, "completion or merit", required=True),
        Field("template_name", TEXT, "the template's name"),
        Field("completed_at", INSTANT, "when completed", required=True),
        Field("state", TEXT, "where it stands", required=True, one_of=STATES),
        Field("reason", TEXT, "why it is listed, or held", required=True, one_of=REASONS),
        Field("rule_said", TEXT, "which parts of the rule are met"),
        Field("flags", list_of(TEXT), "what an approver should know, as codes", required=True),
        Field("cause", TEXT, "what the live issuer said when it failed", personal=True),
        Field("failed_at", INSTANT, "when the live issuer failed"),
        Field("replaces_id", TEXT, "the broken certificate that this one replaces"),
        Field("first_seen_at", INSTANT, "the night that found it first", required=True),
        Field("first_seen_on", DATE, "its day, in the report time zone", required=True),
        Field("last_seen_at", INSTANT, "the last night that found it", required=True),
        Field("source", TEXT, "nightly, or a person's command", required=True),
        Field("asked_by", TEXT, "who asked for it by command", personal=True),
        Field("asked_because", TEXT, "why, in that person's words", personal=True),
        Field("approval_id", LONG, "the decision about it"),
        Field("decided_at", INSTANT, "when it was decided"),
        Field("failure", TEXT, "why it could not be issued, as a code"),
        Field("certificate_id", TEXT, "the certificate that was issued"),
    ),
)

CERTIFICATE_PROBLEM = Contract(
    name="certificate_problem",
    grain="one row per enrolment of which nobody can say whether a certificate was earned",
    key=("batch_id", "user_id", "problem", "version_id"),
    source="enrolments, progress",
    fields=(
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("version_id", TEXT, "the template's version; empty: none", required=True),
        Field("problem", TEXT, "what is wrong", required=True, one_of=PROBLEMS),
        Field("completed_at", INSTANT, "when completed, as the platform holds it"),
        Field("detail", TEXT, "more of it, as a code"),
        Field("first_seen_at", INSTANT, "the night that found it first", required=True),
        Field("last_seen_at", INSTANT, "the last night that found it", required=True),
    ),
)

MISSED_CERTIFICATE_RUN = Contract(
    name="missed_certificate_run",
    grain="one row per night",
    key=("as_of",),
    fields=(
        Field("as_of", INSTANT, "the night", required=True),
        Field("data_as_of", INSTANT, "the age of the data", required=True),
        Field("published_at", INSTANT, "when it was written", required=True),
        Field("counts", JSON, "what was found, by name", required=True),
        Field("report_key", TEXT, "its list, as a key in the object store"),
    ),
)

CERTIFICATE_APPROVAL = Contract(
    name="certificate_approval",
    grain="one row per decision of a person about the findings of a batch and template version",
    key=("approval_id",),
    fields=(
        Field("approval_id", LONG, "the decision", required=True),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("version_id", TEXT, "the template's version", required=True),
        Field("reason", TEXT, "why they were listed", required=True),
        Field("decision", TEXT, "what was decided", required=True, one_of=(APPROVED, REJECTED)),
        Field("learner_count", LONG, "findings that it holds for", required=True),
        Field(
            "excluded",
            list_of(TEXT),
            "learners left out of it, still open",
            required=True,
            personal=True,
        ),
        Field("decided_by", TEXT, "who decided", required=True, personal=True),
        Field("decided_at", INSTANT, "when", required=True),
        Field("decided_in", TEXT, "in Airflow or by command", required=True),
        Field("note", TEXT, "why, in that person's words", personal=True),
        Field("issue_version_id", TEXT, "the version to issue instead; NULL: the one completed"),
    ),
)

CERTIFICATE_ISSUED = Contract(
    name="certificate_issued",
    grain="one row per certificate that was issued here",
    key=("certificate_id",),
    fields=(
        Field("certificate_id", TEXT, "the certificate, made of the next four", required=True),
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("course_id", TEXT, "the course", required=True),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("template_id", TEXT, "the template", required=True),
        Field("template_name", TEXT, "its name"),
        Field("certificate_type", TEXT, "completion or merit", required=True),
        Field("version_id", TEXT, "the template's version", required=True),
        Field("completed_at", INSTANT, "when completed", required=True),
        Field("issued_at", INSTANT, "when issued", required=True),
        Field("pdf_key", TEXT, "its page, as a key in the object store", required=True),
        Field("pdf_sha256", TEXT, "the page's hash", required=True),
        Field("credential_key", TEXT, "the signed credential, as a key", required=True),
        Field("credential_sha256", TEXT, "the credential's hash", required=True),
        Field("kid", TEXT, "the key that signed it"),
        Field("status", TEXT, "whether it holds", required=True, one_of=("ACTIVE", "REVOKED")),
        Field("revoked_at", INSTANT, "when it was revoked"),
        Field("revoked_reason", TEXT, "why"),
        Field("approval_id", LONG, "the decision that it was issued by", required=True),
        Field("replaces_id", TEXT, "the broken certificate that it replaces"),
    ),
)

CERTIFICATE_EVENT = Contract(
    name="certificate_event",
    grain="one row per certificate and target that must hear of it",
    key=("certificate_id", "target"),
    fields=(
        Field("certificate_id", TEXT, "the certificate", required=True),
        Field("target", TEXT, "who hears of it", required=True, one_of=("file", "http")),
        Field("attempts", LONG, "times that it was tried", required=True),
        Field("next_attempt_at", INSTANT, "not before then; NULL once told"),
        Field("told_at", INSTANT, "when the target took it"),
        Field("last_answer", TEXT, "what it said last"),
    ),
)

MISSED_TABLES = {
    contract.name: contract
    for contract in (
        MISSED_CERTIFICATE,
        CERTIFICATE_PROBLEM,
        MISSED_CERTIFICATE_RUN,
        CERTIFICATE_APPROVAL,
        CERTIFICATE_ISSUED,
        CERTIFICATE_EVENT,
    )
}
