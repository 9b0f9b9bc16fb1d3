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
PROGRESS = lake_table("progress")

REFRESHED = [BATCHES, ENROLMENTS, LEARNERS, COLLECTIONS, ACTIVITY, ATTEMPTS, PROGRESS]
