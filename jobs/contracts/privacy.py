"""Who was given whose data, what was withdrawn and erased, and what is left of it."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, INTEGER, JSON, LONG, TEXT, list_of

REPLACED, REFUSED, EXPIRED, ERASED = "replaced", "refused", "expired", "erased"

AUDIT_LOG = Contract(
    name="audit_log",
    grain="one row per file made, mailed, opened or removed, and per decision of a person about it",
    key=("audit_id",),
    fields=(
        Field("audit_id", LONG, "1, 2, 3 ...: no number is left out", required=True),
        Field("happened_at", INSTANT, "when", required=True),
        Field("event", TEXT, "file_published, mail_sent, link_opened, ...", required=True),
        Field("asked_by", TEXT, "the user who asked, or the person at the terminal", personal=True),
        Field("subject_user_id", TEXT, "the learner whom it is about", personal=True),
        Field("tag", TEXT, "the request's tag"),
        Field("request_id", TEXT, "the request"),
        Field("job_id", TEXT, "what was asked for: progress-exhaust, ..."),
        Field("channel", TEXT, "the tenant that the user asks for"),
        Field("purpose", TEXT, "what the data is wanted for, as the requester said"),
        Field("batch_id", TEXT, "the batch in the file"),
        Field("file_id", LONG, "the file in exhaust_file"),
        Field("file_sha256", TEXT, "the file's own hash"),
        Field("row_count", LONG, "learners in the file"),
        Field("column_names", JSON, "the file's columns"),
        Field("consent", JSON, "which consents counted: their snapshot, and when they were read"),
        Field("recipient_user_id", TEXT, "the user it was mailed to", personal=True),
        Field("recipient_role", TEXT, "or the role"),
        Field("delivery_id", TEXT, "the message"),
        Field("message_id", TEXT, "the message's Message-ID"),
        Field("details", JSON, "what else belongs to the event", personal=True),
        Field("previous_hash", TEXT, "row_hash of the row before", required=True),
        Field("row_hash", TEXT, "SHA-256 of all other columns, as JSON", required=True),
    ),
)

AUDIT_HEAD = Contract(
    name="audit_head",
    grain="one row: how far the audit log goes",
    key=("head_id",),
    fields=(
        Field("head_id", INTEGER, "1", required=True),
        Field("audit_id", LONG, "the log's last row; 0 where it is empty", required=True),
        Field("row_hash", TEXT, "its hash", required=True),
    ),
)

EXHAUST_FILE = Contract(
    name="exhaust_file",
    grain="one row per file made for a request, those removed since among them",
    key=("file_id",),
    fields=(
        Field("file_id", LONG, "the file", required=True),
        Field("object_key", TEXT, "where it is, or was, in the object store", required=True),
        Field("file_sha256", TEXT, "its hash", required=True),
        Field("job_id", TEXT, "what was asked for: progress-exhaust, ...", required=True),
        Field("tag", TEXT, "the request's tag", required=True),
        Field("request_id", TEXT, "the request", required=True),
        Field("batch_id", TEXT, "the batch in it", required=True),
        Field("row_count", LONG, "rows in it", required=True),
        Field("learner_count", LONG, "learners in it", required=True),
        Field("made_at", INSTANT, "when it was made", required=True),
        Field("removed_at", INSTANT, "when it was removed; NULL while it is there"),
        Field("removed_reason", TEXT, "why", one_of=(REPLACED, REFUSED, EXPIRED, ERASED)),
    ),
)

EXHAUST_FILE_LEARNERS = Contract(
    name="exhaust_file_learners",
    grain="one row per file and bucket of learners: who is in the file",
    key=("bucket", "file_id"),
    fields=(
        Field("bucket", INTEGER, "CRC-32 of the learner's id, modulo 256", required=True),
        Field("file_id", LONG, "the file", required=True),
        Field("user_ids", list_of(TEXT), "the learners in it", required=True, personal=True),
    ),
)

CONSENT_WITHDRAWAL = Contract(
    name="consent_withdrawal",
    grain="one row per withdrawal of consent that was recorded here: it counts at once",
    key=("withdrawal_id",),
    fields=(
        Field("withdrawal_id", LONG, "the withdrawal", required=True),
        Field("user_id", TEXT, "the learner who withdrew", required=True, personal=True),
        Field("consumer_id", TEXT, "from whom; NULL: from everybody"),
        Field("object_id", TEXT, "for which collection; NULL: for all"),
        Field("withdrawn_at", INSTANT, "when", required=True),
        Field("recorded_by", TEXT, "the person who recorded it", required=True, personal=True),
        Field("reason", TEXT, "what they wrote beside it", personal=True),
    ),
)

ERASURE = Contract(
    name="erasure",
    grain="one row per learner whose data was erased: a refresh leaves their rows out",
    key=("user_id",),
    fields=(
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("erased_at", INSTANT, "when", required=True),
        Field("recorded_by", TEXT, "the person who erased", required=True, personal=True),
        Field("reason", TEXT, "what they wrote beside it", personal=True),
    ),
)

PRIVACY_TABLES = {
    contract.name: contract
    for contract in (
        AUDIT_LOG,
        AUDIT_HEAD,
        EXHAUST_FILE,
        EXHAUST_FILE_LEARNERS,
        CONSENT_WITHDRAWAL,
        ERASURE,
    )
}
