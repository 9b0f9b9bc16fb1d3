"""What is counted of the telemetry: one narrow row per event, whoever sent it."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, DATE, DOUBLE, INSTANT, INTEGER, TEXT

SCAN, PLAY, CONTENT_DOWNLOAD, SESSION = "scan", "play", "content_download", "session"
CERTIFICATE_CLICK, REPORT_CLICK = "certificate_click", "report_click"
KINDS = (SCAN, PLAY, CONTENT_DOWNLOAD, SESSION, CERTIFICATE_CLICK, REPORT_CLICK)

APP, PORTAL, DESKTOP = "app", "portal", "desktop"
PLATFORMS = (APP, PORTAL, DESKTOP)
MOBILE_WEB, PORTAL_UNKNOWN = "mobile_web", "portal_unknown"
CLIENTS = (APP, MOBILE_WEB, PORTAL, PORTAL_UNKNOWN, DESKTOP)

PROGRESS_REPORT, SCORE_REPORT, SUMMARY_REPORT = "progress", "score", "summary"
EXHAUST_REQUEST = "exhaust_request"
REPORTS = (PROGRESS_REPORT, SCORE_REPORT, SUMMARY_REPORT, EXHAUST_REQUEST)

EVENTS = Contract(
    name="events",
    grain="one row per event that is counted",
    key=("event_id",),
    source="telemetry",
    freshness="every day; a day is made again while its events still arrive, up to seven days",
    fields=(
        Field("day", DATE, "the day of `event_at` in the report time zone", required=True),
        Field("kind", TEXT, "what happened", required=True, one_of=KINDS),
        Field("event_id", TEXT, "the event's `mid`", required=True),
        Field("event_at", INSTANT, "when it happened; a play by its begin", required=True),
        Field("arrived_at", INSTANT, "when the platform took it (`syncts`)", required=True),
        Field(
            "is_clock_ahead",
            BOOLEAN,
            "whether the device's clock was over a day ahead, so that `event_at` is `arrived_at`",
            required=True,
        ),
        Field("platform", TEXT, "by the producer", one_of=PLATFORMS, null_means="none of these"),
        Field(
            "client",
            TEXT,
            "the platform, and a portal by its device",
            one_of=CLIENTS,
            null_means="none of these",
        ),
        Field("channel", TEXT, "the tenant's channel that the producer was used for"),
        Field("session_id", TEXT, "the session"),
        Field("device_id", TEXT, "the device", null_means="not sent"),
        Field(
            "user_id",
            TEXT,
            "who did it",
            personal=True,
            null_means="nobody signed in, or the platform itself, as with every scan",
        ),
        Field("code", TEXT, "scan: the QR code, trimmed, in capitals", null_means="several codes"),
        Field("code_count", INTEGER, "scan: codes that were asked for", at_least=1),
        Field("code_channel", TEXT, "scan: the channel that the code was given to"),
        Field("is_successful", BOOLEAN, "scan: whether anything was found"),
        Field("object_id", TEXT, "the content; of a session none", null_means="not sent"),
        Field("object_type", TEXT, "what the producer calls it"),
        Field("collection_id", TEXT, "the textbook or course that it was reached through"),
        Field("course_id", TEXT, "click: the course, where the producer says it"),
        Field("batch_id", TEXT, "click: the batch, where the producer says it"),
        Field("certificate_id", TEXT, "certificate click: where the producer says it"),
        Field("report", TEXT, "report click: which", one_of=REPORTS),
        Field(
            "is_own",
            BOOLEAN,
            "certificate click: false where somebody else's certificate was opened",
        ),
        Field("seconds", DOUBLE, "play and session: time spent", at_least=0, unit="seconds"),
        Field("country_code", TEXT, "of the device's address, ISO 3166-1", null_means="unknown"),
        Field("declared_state", TEXT, "the state declared on the device, as written"),
        Field("address_state", TEXT, "the state of the device's network address, as written"),
        Field("profile_state", TEXT, "the state of the user's profile, as written"),
    ),
)
