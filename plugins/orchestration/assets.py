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
PROGRESS = lake_table("progress")
RESPONSES = lake_table("responses")

REFRESHED = [
    BATCHES, ENROLMENTS, LEARNERS, COLLECTIONS, ACTIVITY, ATTEMPTS, CONTENTS, PROGRESS, RESPONSES,
]  # fmt: skip

# Of the store: published by the nightly run, read by whoever is asked about it.
MISSED_CERTIFICATE = Asset(
    name="missed_certificate",
    uri="sunbird-store://operations/missed_certificate",
    group="sunbird-store",
)
