"""How often certificates and reports are downloaded, of those that there are."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, DATE, DOUBLE, INSTANT, LONG, TEXT
from jobs.contracts.usage_events import CLIENTS

ALL_CLIENTS, UNKNOWN_CLIENT = "all", "unknown"
COURSE, ALL_COURSES, BATCH, TENANT = "course", "all_courses", "batch", "tenant"
CERTIFICATE_SCOPES = (COURSE, ALL_COURSES)
REPORT_SCOPES = (BATCH, COURSE, TENANT, ALL_COURSES)

FRESH = "every day at 02:00; a day is made again while its events still arrive, up to seven days"
DAY = Field("day", DATE, "the last day that is counted, in the report time zone", required=True)
CLOSING = (
    Field(
        "is_final",
        BOOLEAN,
        "whether the day is closed: no event of it is taken any more",
        required=True,
    ),
    Field("data_as_of", INSTANT, "when enrolments and batches were read", required=True),
)


def count(name: str, meaning: str, unit: str) -> Field:
    return Field(name, LONG, meaning, required=True, at_least=0, unit=unit)


def ratio(name: str, meaning: str, null_means: str, at_most: float | None = None) -> Field:
    return Field(name, DOUBLE, meaning, at_least=0, at_most=at_most, null_means=null_means)


CERTIFICATE_DOWNLOAD_RATIO_DAILY = Contract(
    name="certificate_download_ratio_daily",
    grain="one row per day, course (or all courses) and client; counts are up to the day's end,"
    " those with `on_day` of the day alone",
    key=("day", "scope", "course_id", "client"),
    source="events, enrolments, certificate_registry, certificate_issued",
    freshness=FRESH,
    fields=(
        DAY,
        Field("scope", TEXT, "one course, or all", required=True, one_of=CERTIFICATE_SCOPES),
        Field("course_id", TEXT, "the course; empty: all courses", required=True),
        Field(
            "client",
            TEXT,
            "where the download was clicked; `all` is the sum of the others; desktop and those"
            " that cannot be told have a row where they have downloads",
            required=True,
            one_of=(ALL_CLIENTS, *CLIENTS, UNKNOWN_CLIENT),
        ),
        Field("course_name", TEXT, "its name as of the run", null_means="all courses, or unknown"),
        Field("course_channel", TEXT, "its tenant's channel", null_means="all, or unknown"),
        count(
            "issued_count",
            "certificates issued: one per learner, course, batch and name, of both of the"
            " platform's lists, without those revoked; the same for each client, since a"
            " certificate has none",
            "certificates",
        ),
        count("issued_on_day_count", "of these, issued on the day", "certificates"),
        count("download_count", "clicks on a certificate of one's own", "downloads"),
        count("download_on_day_count", "of these, on the day", "downloads"),
        count("downloaded_certificate_count", "issued and downloaded", "certificates"),
        count("user_count", "different users who downloaded", "users"),
        count("anonymous_device_count", "devices of downloads by nobody signed in", "devices"),
        ratio("download_ratio", "downloads to date of certificates issued to date", "none issued"),
        ratio(
            "unique_download_ratio",
            "certificates downloaded to date of certificates issued to date",
            "none issued",
            at_most=1,
        ),
        ratio(
            "day_to_date_ratio",
            "downloads on the day of certificates issued to date",
            "none issued",
        ),
        ratio(
            "day_ratio", "downloads on the day of certificates issued on the day", "none that day"
        ),
        count(
            "without_certificate_count",
            "downloads in a course of which the user holds no certificate",
            "downloads",
        ),
        count(
            "inferred_count",
            "downloads that name no course, taken for the user's only certificate at that time",
            "downloads",
        ),
        Field(
            "unattributed_count",
            LONG,
            "downloads of no known course: with the courses' they add up to all courses'",
            at_least=0,
            unit="downloads",
            null_means="a row of one course",
        ),
        ratio(
            "coverage_ratio",
            "downloads whose course is known, of all",
            "a row of one course, or no downloads",
            at_most=1,
        ),
        count("others_click_count", "clicks on somebody else's certificate, not in", "clicks"),
        *CLOSING,
    ),
)

REPORT_DOWNLOAD_RATIO_DAILY = Contract(
    name="report_download_ratio_daily",
    grain="one row per day and scope: a batch that runs or had a download, a course, a tenant, all"
    " courses; counts are up to the day's end, those with `on_day` of the day alone",
    key=("day", "scope", "scope_id"),
    source="events, batches, course_batch, organisation, link_opening, delivery",
    freshness=FRESH,
    fields=(
        DAY,
        Field("scope", TEXT, "of what", required=True, one_of=REPORT_SCOPES),
        Field(
            "scope_id",
            TEXT,
            "the batch, the course, or the tenant's channel; empty: all courses",
            required=True,
        ),
        Field("scope_name", TEXT, "its name as of the run", null_means="all, or unknown"),
        Field("course_id", TEXT, "of a batch: the course", null_means="another scope"),
        Field("channel", TEXT, "of a batch: its tenant's", null_means="another scope, or unknown"),
        count("batch_count", "batches made by the day's end, of any status", "batches"),
        count("batch_on_day_count", "of these, made on the day", "batches"),
        count("started_batch_count", "of these, begun by the day", "batches"),
        count("downloaded_batch_count", "batches with a download that names them", "batches"),
        count("download_count", "progress reports downloaded in the portal", "downloads"),
        count("download_on_day_count", "of these, on the day", "downloads"),
        count("user_count", "different users who downloaded one", "users"),
        count("mentor_download_count", "by the batch's creator or mentors", "downloads"),
        count("other_download_count", "by anybody else", "downloads"),
        count("before_start_count", "downloads before the batch's first day", "downloads"),
        count("after_end_count", "downloads after the batch's last day", "downloads"),
        count(
            "inferred_count",
            "downloads that name no batch, taken for the only one that it can be",
            "downloads",
        ),
        count("score_download_count", "score reports downloaded, not in", "downloads"),
        count("summary_download_count", "summary reports downloaded, not in", "downloads"),
        count(
            "legacy_download_count",
            "progress reports downloaded, and progress exhausts asked for in their place",
            "downloads",
        ),
        count("mailed_count", "progress exhausts that our own mails held", "files"),
        count("link_opening_count", "openings of our own mails' links to them", "downloads"),
        count("delivered_on_day_count", "mailed or opened on the day", "files"),
        ratio("download_ratio", "downloads to date per batch made to date", "no batches"),
        ratio("day_to_date_ratio", "downloads on the day per batch made to date", "no batches"),
        ratio("day_ratio", "downloads on the day per batch made that day", "none that day"),
        ratio("delivered_ratio", "mailed or opened to date per batch made to date", "no batches"),
        Field(
            "without_course_count",
            LONG,
            "downloads of no known course: with the courses' they add up to all",
            at_least=0,
            unit="downloads",
            null_means="not the row of all courses",
        ),
        Field(
            "without_tenant_count",
            LONG,
            "downloads of no known tenant: with the tenants' they add up to all",
            at_least=0,
            unit="downloads",
            null_means="not the row of all courses",
        ),
        ratio("coverage_ratio", "downloads whose batch is known, of all", "no downloads", 1),
        *CLOSING,
    ),
)

RATIO_TABLES: dict[str, Contract] = {
    contract.name: contract
    for contract in (CERTIFICATE_DOWNLOAD_RATIO_DAILY, REPORT_DOWNLOAD_RATIO_DAILY)
}
