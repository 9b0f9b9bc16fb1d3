"""The store's operational tables: requests, leases, the outbox, snapshots and verdicts.

`job_request` is Sunbird's own table, column by column, in the schema `public`, so that a portal
that writes there today goes on working; all others are ours, in the schema `operations`.
`personal` marks what no role that reads may see: personal columns and keys.
"""

from jobs.contracts.adoptions import ADOPTION_TABLES
from jobs.contracts.batches import BATCH_TABLES
from jobs.contracts.certificates import CERTIFICATE_TABLES
from jobs.contracts.contract import Contract, Field
from jobs.contracts.landed_events import EVENT_TABLES
from jobs.contracts.links import LINK_TABLES
from jobs.contracts.metric_partitions import PARTITION_TABLES
from jobs.contracts.missed_certificates import MISSED_TABLES
from jobs.contracts.privacy import PRIVACY_TABLES
from jobs.contracts.protection import POLICY_TABLES
from jobs.contracts.repairs import REPAIR_TABLES
from jobs.contracts.types import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    JSON,
    LONG,
    TEXT,
    list_of,
)

REQUEST_STATES = ("SUBMITTED", "PROCESSING", "SUCCESS", "FAILED")
DELIVERY_STATES = (
    "pending", "sending", "sent", "failed", "held", "undeliverable", "obsolete",
)  # fmt: skip

JOB_REQUEST = Contract(
    name="job_request",
    grain="one row per request for a file",
    key=("tag", "request_id"),
    source="the portal, or `python -m jobs request`",
    fields=(
        Field("tag", TEXT, "the requester's name for it, and the channel", required=True),
        Field("request_id", TEXT, "the request", required=True),
        Field("job_id", TEXT, "what is asked for: progress-exhaust, ...", required=True),
        Field("status", TEXT, "where the request is", required=True, one_of=REQUEST_STATES),
        Field("request_data", JSON, "batchId, batchFilter or searchFilter", required=True),
        Field("requested_by", TEXT, "the user who asks", personal=True),
        Field("requested_channel", TEXT, "the tenant that the user asks for"),
        Field("dt_job_submitted", INSTANT, "when asked"),
        Field("download_urls", list_of(TEXT), "the files, as keys in the object store"),
        Field("dt_file_created", INSTANT, "when the files were written"),
        Field("dt_job_completed", INSTANT, "when answered, well or badly"),
        Field("execution_time", LONG, "milliseconds from the claim to the answer"),
        Field("err_message", TEXT, "why it failed, in a sentence for the requester"),
        Field("iteration", INTEGER, "tries that failed for a reason of the request"),
        Field("encryption_key", TEXT, "the key of the file, encrypted", personal=True),
        Field("batch_number", INTEGER, "Sunbird's own split of parallel runs; not used"),
        Field("processed_batches", JSON, "the files made, one object per batch"),
    ),
)

LEASE = Contract(
    name="lease",
    grain="one row per request that is being answered",
    key=("tag", "request_id"),
    fields=(
        Field("tag", TEXT, "the request's tag", required=True),
        Field("request_id", TEXT, "the request", required=True),
        Field("run_id", TEXT, "the run that holds it", required=True),
        Field("fence", LONG, "grows with each take-over: the highest one holds", required=True),
        Field("claimed_at", INSTANT, "when taken", required=True),
        Field("heartbeat_at", INSTANT, "the last sign of life", required=True),
    ),
)

SNAPSHOT = Contract(
    name="snapshot",
    grain="one row per published version of a lake table",
    key=("snapshot_id",),
    fields=(
        Field("snapshot_id", TEXT, "the version", required=True),
        Field("table_name", TEXT, "the lake table", required=True),
        Field("path", TEXT, "where its files are", required=True),
        Field("buckets", INTEGER, "files that the key is spread over", required=True),
        Field("row_count", LONG, "rows in it", required=True),
        Field("quarantined_count", LONG, "rows kept out of it", required=True),
        Field("data_as_of", INSTANT, "when its source was read", required=True),
        Field("published_at", INSTANT, "when it became visible", required=True),
    ),
)

QUARANTINE = Contract(
    name="quarantine",
    grain="one row per snapshot, batch and reason why source rows were kept out",
    key=("snapshot_id", "source_table", "reason", "batch_id"),
    fields=(
        Field("snapshot_id", TEXT, "the version that they were kept out of", required=True),
        Field("source_table", TEXT, "the source table", required=True),
        Field("reason", TEXT, "why, as a code", required=True),
        Field("batch_id", TEXT, "the batch, where the row names one; else empty", required=True),
        Field("row_count", LONG, "how many rows", required=True),
    ),
)

GATE_VERDICT = Contract(
    name="gate_verdict",
    grain="one row per check of something about to be published",
    key=("verdict_id",),
    fields=(
        Field("verdict_id", LONG, "the verdict", required=True),
        Field("subject", TEXT, "what was checked: a table, or a request and its batch"),
        Field("check_name", TEXT, "the check", required=True),
        Field("severity", TEXT, "fail stops the publish, warn is told", one_of=("fail", "warn")),
        Field(
            "verdict",
            TEXT,
            "what came out",
            required=True,
            one_of=("passed", "failed", "could not check"),
        ),
        Field("found_count", LONG, "rows that break it; no values are kept"),
        Field("checked_count", LONG, "rows looked at"),
        Field("checked_at", INSTANT, "when", required=True),
    ),
)

DELIVERY = Contract(
    name="delivery",
    grain="one row per message that must be sent: the outbox",
    key=("delivery_id",),
    fields=(
        Field("delivery_id", TEXT, "the message; its Message-ID is made of it", required=True),
        Field("kind", TEXT, "which message: exhaust_ready, exhaust_failed, ...", required=True),
        Field("recipient_user_id", TEXT, "the user it goes to", personal=True),
        Field("recipient_role", TEXT, "or the role: team, analysts", personal=False),
        Field("tag", TEXT, "the request it answers"),
        Field("request_id", TEXT, "the request it answers"),
        Field("facts", JSON, "what the message says: counts and names, no learner's data"),
        Field("attachments", JSON, "the files, as keys in the object store, with names and sizes"),
        Field("status", TEXT, "where it is", required=True, one_of=DELIVERY_STATES),
        Field("attempts", INTEGER, "times that it was tried", required=True),
        Field("next_attempt_at", INSTANT, "not before then"),
        Field("created_at", INSTANT, "when the duty to send arose", required=True),
        Field("sent_at", INSTANT, "when the server took it"),
        Field("server_said", TEXT, "the server's last answer", personal=True),
        Field("is_personal", BOOLEAN, "whether it must never be sent twice", required=True),
    ),
)

SUPPRESSION = Contract(
    name="suppression",
    grain="one row per address that takes no mail: a message to it came back for good",
    key=("address_sha256",),
    fields=(
        Field("address_sha256", TEXT, "the address, as a hash only", required=True, personal=True),
        Field("reason", TEXT, "the code of the server that sent it back", required=True),
        Field("since", INSTANT, "when that was noted", required=True),
    ),
)

STORE_TABLES = (
    {
        contract.name: contract
        for contract in (
            JOB_REQUEST,
            LEASE,
            SNAPSHOT,
            QUARANTINE,
            GATE_VERDICT,
            DELIVERY,
            SUPPRESSION,
        )
    }
    | BATCH_TABLES
    | CERTIFICATE_TABLES
    | MISSED_TABLES
    | LINK_TABLES
    | POLICY_TABLES
    | PRIVACY_TABLES
    | REPAIR_TABLES
    | PARTITION_TABLES
    | ADOPTION_TABLES
    | EVENT_TABLES
)
