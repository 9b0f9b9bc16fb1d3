"""What a batch has come to, by the learners' place."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.groups import GROUP_ACTIVITY
from jobs.contracts.types import DATE, INSTANT, JSON, LONG, TEXT

UNKNOWN = "unknown"
NOT_SHARED = "the learners of the row differ in it, or none tells it"

COLLECTION_SUMMARY_DAILY = Contract(
    name="collection_summary_daily",
    grain="one row per day, batch, state and district of its learners; one where it has none",
    key=("day", "batch_id", "state", "district"),
    source="batches, progress, content",
    freshness="every day before 05:00 IST",
    fields=(
        Field("day", DATE, "the day of the count, in the report time zone", required=True),
        Field("content_org", JSON, "who made the collection: a list"),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("collection_id", TEXT, "the collection that the batch runs", required=True),
        Field("collection_name", TEXT, "its name", null_means="the collection is not known"),
        Field("batch_name", TEXT, "the batch's name"),
        Field("start_on", DATE, "first day"),
        Field("end_on", DATE, "last day, inclusive", null_means="open end, or unreadable"),
        Field(
            "has_certificate", TEXT, "Y where the batch gives a certificate", required=True,
            one_of=("Y", "N"),
        ),
        Field("state", TEXT, "declared state of the learners; unknown: none", required=True),
        Field("district", TEXT, "declared district of them; unknown: none", required=True),
        Field(
            "enrolment_count", LONG, "active learners", required=True, at_least=0, unit="learners"
        ),
        Field(
            "completion_count", LONG, "those with a completion date", required=True, at_least=0,
            unit="learners",
        ),
        Field(
            "certificate_count", LONG, "those with a certificate", required=True, at_least=0,
            unit="learners",
        ),
        Field(
            "certificate_lag_count", LONG, "completions less certificates; below 0 where"
            " certificates stand without a completion", unit="learners",
            null_means="the batch gives no certificate",
        ),
        Field("collection_status", TEXT, "Live, Unlisted, Retired, ..."),
        Field("keywords", JSON, "the collection's keywords: a list"),
        Field("channel", TEXT, "the tenant that owns the collection"),
        Field("computed_at", INSTANT, "when it was counted", required=True),
        Field("org_name", TEXT, "the tenant of all learners of the row", null_means=NOT_SHARED),
        Field("created_for", JSON, "the organisations that the collection was made for: a list"),
        Field("medium", JSON, "the collection's mediums: a list"),
        Field("subject", JSON, "the collection's subjects: a list"),
        Field("user_type", TEXT, "the type of all learners of the row", null_means=NOT_SHARED),
        Field("user_sub_type", TEXT, "their finer type", null_means=NOT_SHARED),
    ),
)  # fmt: skip

SUMMARY_TABLES: dict[str, Contract] = {
    contract.name: contract for contract in (COLLECTION_SUMMARY_DAILY, GROUP_ACTIVITY)
}
