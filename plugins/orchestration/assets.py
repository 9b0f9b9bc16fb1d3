"""The tables that DAGs publish and wait for, by name."""

from airflow.sdk import Asset


def lake_table(name: str) -> Asset:
    return Asset(name=name, uri=f"sunbird-lake://clean/{name}", group="sunbird-lake")


BATCHES = lake_table("batches")
ENROLMENTS = lake_table("enrolments")
LEARNERS = lake_table("learners")
COLLECTIONS = lake_table("collections")
ACTIVITY = lake_table("activity")
ATTEMPTS = lake_table("attempts")
CONTENTS = lake_table("contents")
TEXTBOOKS = lake_table("textbooks")
FRAMEWORKS = lake_table("frameworks")
PROGRESS = lake_table("progress")
RESPONSES = lake_table("responses")

REFRESHED = [
    BATCHES, ENROLMENTS, LEARNERS, COLLECTIONS, ACTIVITY, ATTEMPTS, CONTENTS, TEXTBOOKS, FRAMEWORKS,
    PROGRESS, RESPONSES,
]  # fmt: skip

# Of the store: published by the nightly run, read by whoever is asked about it.
MISSED_CERTIFICATE = Asset(
    name="missed_certificate",
    uri="sunbird-store://operations/missed_certificate",
    group="sunbird-store",
)


def metric_table(name: str) -> Asset:
    return Asset(name=name, uri=f"sunbird-store://metrics/{name}", group="sunbird-store")


COLLECTION_SUMMARY = metric_table("collection_summary_daily")
TEXTBOOK_REPORTS = [
    metric_table("qr_status_textbook"),
    metric_table("qr_status_code"),
    metric_table("qr_status_summary"),
    metric_table("textbook_creation"),
    metric_table("textbook_creation_node"),
    metric_table("textbook_creation_summary"),
]
GROUP_ACTIVITY = metric_table("group_activity")
