"""The tables that DAGs read and publish, by name: Airflow draws their lineage from it."""

from airflow.sdk import Asset


def raw_table(name: str) -> Asset:
    """A table of Sunbird's own; a clean table may have the same name."""
    return Asset(name=f"sunbird.{name}", uri=f"sunbird-lake://raw/{name}", group="sunbird-raw")


def lake_table(name: str) -> Asset:
    return Asset(name=name, uri=f"sunbird-lake://clean/{name}", group="sunbird-lake")


def store_table(name: str) -> Asset:
    return Asset(name=name, uri=f"sunbird-store://operations/{name}", group="sunbird-store")


def metric_table(name: str) -> Asset:
    return Asset(name=name, uri=f"sunbird-store://metrics/{name}", group="sunbird-store")


def files(name: str) -> Asset:
    """Files in the object store, that a message carries or a portal reads."""
    return Asset(name=name, uri=f"sunbird-objects://{name}", group="sunbird-files")


BATCHES = lake_table("batches")
ENROLMENTS = lake_table("enrolments")
LEARNERS = lake_table("learners")
COLLECTIONS = lake_table("collections")
ACTIVITY = lake_table("activity")
ATTEMPTS = lake_table("attempts")
CONTENTS = lake_table("contents")
TEXTBOOKS = lake_table("textbooks")
FRAMEWORKS = lake_table("frameworks")
CONSENTS = lake_table("consents")
PLATFORM_SETTINGS = lake_table("platform_settings")
PROGRESS = lake_table("progress")
RESPONSES = lake_table("responses")

REFRESHED = [
    BATCHES, ENROLMENTS, LEARNERS, COLLECTIONS, ACTIVITY, ATTEMPTS, CONTENTS, TEXTBOOKS, FRAMEWORKS,
    CONSENTS, PLATFORM_SETTINGS, PROGRESS, RESPONSES,
]  # fmt: skip

# What a certificate is judged by.
JUDGED = [ENROLMENTS, BATCHES, LEARNERS, COLLECTIONS, ATTEMPTS, ACTIVITY, PROGRESS]

RAW_BATCHES = raw_table("course_batch")
RAW_ORGANISATIONS = raw_table("organisation")
RAW_CONTENT = raw_table("content")
RAW_TELEMETRY = raw_table("telemetry")
RAW_ISSUED = [
    raw_table("certificate_registry"),
    raw_table("certificate_issue_failure"),
    raw_table("user_content_consumption"),
]
RAW_GROUPS = [raw_table("groups"), raw_table("group_member"), raw_table("group_activity")]
RAW_REFRESHED = [
    RAW_BATCHES,
    raw_table("user_enrolments"),
    raw_table("user_activity_agg"),
    raw_table("assessment_aggregator"),
    raw_table("assessment_archive"),
    raw_table("users"),
    raw_table("usr_external_identity"),
    RAW_ORGANISATIONS,
    raw_table("content_hierarchy"),
    RAW_CONTENT,
    raw_table("channel_framework"),
    raw_table("framework"),
    raw_table("user_consent"),
    raw_table("guardian_consent"),
    raw_table("system_settings"),
]

REQUESTS = store_table("job_request")
BATCH_STATUS = store_table("batch_status")
CERTIFICATE_ASSOCIATIONS = store_table("certificate_associations")
# Published by the nightly run, read by whoever is asked about it.
MISSED_CERTIFICATE = store_table("missed_certificate")
CERTIFICATE_APPROVAL = store_table("certificate_approval")
CERTIFICATE_ISSUED = store_table("certificate_issued")
TEXTBOOK_ADOPTION = store_table("textbook_adoption")

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
USAGE_DAILY = metric_table("usage_daily")
SCANS_BY_CODE = metric_table("scans_by_code_daily")
DOWNLOAD_RATIOS = [
    metric_table("certificate_download_ratio_daily"),
    metric_table("report_download_ratio_daily"),
]
USAGE = [USAGE_DAILY, metric_table("usage_daily_by_state"), SCANS_BY_CODE, *DOWNLOAD_RATIOS]

PROGRESS_FILES = files("progress_files")
USERINFO_FILES = files("userinfo_files")
RESPONSE_FILES = files("response_files")
CERTIFICATE_FILES = files("certificate_files")
WEEKLY_SUMMARY = files("weekly_summary")
MAILED = [PROGRESS_FILES, USERINFO_FILES, RESPONSE_FILES, CERTIFICATE_FILES, WEEKLY_SUMMARY]
