"""How events are kept in the lake, which rows of them count, and the days' accounts."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, DATE, INSTANT, JSON, LONG, TEXT
from jobs.contracts.usage_events import CERTIFICATE_CLICK, EVENTS, REPORT_CLICK

DUPLICATE, COLLISION = "duplicate", "collision"
DROP_REASONS = (DUPLICATE, COLLISION)
LATE, REJECTED = "late", "rejected"

MALFORMED, NO_MID, NO_TIME = "malformed", "no_mid", "no_time"
BEFORE_LAUNCH, AHEAD_OF_FOLDER, NEGATIVE_SECONDS = (
    "before_launch", "ahead_of_folder", "negative_seconds",
)  # fmt: skip
REJECT_REASONS = (MALFORMED, NO_MID, NO_TIME, BEFORE_LAUNCH, AHEAD_OF_FOLDER, NEGATIVE_SECONDS)

CLICKS = (CERTIFICATE_CLICK, REPORT_CLICK)

LANDED_EVENTS = Contract(
    name="landed_events",
    grain="one row per event as it arrived, those that will not count among them",
    key=("row_id",),
    source="telemetry",
    fields=(
        Field("row_id", LONG, "the row, by its arrival day and place", required=True),
        Field("event_hash", LONG, "xxhash64 of `event_id`: narrow to compare", required=True),
        Field("payload_hash", LONG, "of what the device sent, its clock apart", required=True),
        Field("row_hash", LONG, "of all columns: the order of rows that differ", required=True),
        Field("reason", TEXT, "why it was rejected", one_of=REJECT_REASONS),
        Field("source_file", TEXT, "rejected: the file that holds it"),
        *EVENTS.fields,
    ),
).loosened("day", "kind", "event_id", "event_at", "arrived_at", "is_clock_ahead", "event_hash")

DROPPED_EVENTS = Contract(
    name="dropped_events",
    grain="one row per landed event that does not count",
    key=("row_id",),
    source="made with the day",
    fields=(
        Field("row_id", LONG, "the row of `landed_events`", required=True),
        Field("event_id", TEXT, "the event", required=True),
        Field("kind", TEXT, "what happened", required=True),
        Field("reason", TEXT, "why it does not count", required=True, one_of=DROP_REASONS),
        Field("day", DATE, "the day that is made without it", required=True),
    ),
)

TELEMETRY_ARRIVAL = Contract(
    name="telemetry_arrival",
    grain="one row per day of arrival that was landed",
    key=("arrival_day",),
    freshness="each run of the usage metrics",
    fields=(
        Field("arrival_day", DATE, "the folder's day", required=True),
        Field("version_id", TEXT, "its landed rows in the lake", required=True),
        Field("fingerprint", TEXT, "of its files and of the rules it was landed by", required=True),
        Field("file_count", LONG, "files read", required=True, unit="files"),
        Field("in_count", LONG, "events found", required=True, unit="events"),
        Field("not_ours_count", LONG, "of kinds that nobody counts", required=True, unit="events"),
        Field("rejected_count", LONG, "that cannot be used", required=True, unit="events"),
        Field("late_count", LONG, "whose day was closed", required=True, unit="events"),
        Field("landed_count", LONG, "left for their days", required=True, unit="events"),
        Field("rejected", JSON, "rejected events by reason", required=True),
        Field("late", JSON, "late events by day", required=True),
        Field("landed", JSON, "landed events by day and kind", required=True),
        Field("landed_at", INSTANT, "when", required=True),
    ),
)

EVENT_DAY = Contract(
    name="event_day",
    grain="one row per day that events were made of",
    key=("day",),
    freshness="each run of the usage metrics, until the day is final",
    fields=(
        Field("day", DATE, "the day in the report time zone", required=True),
        Field("version_id", TEXT, "of what it was made, and by what rules", required=True),
        Field("is_final", BOOLEAN, "whether nothing can be added to it any more", required=True),
        Field("parts", JSON, "its rows' landed versions, by arrival day", required=True),
        Field("run_id", TEXT, "where its dropped rows and clicks are in the lake", required=True),
        Field("in_count", LONG, "events landed for it in time", required=True, unit="events"),
        Field("counted_count", LONG, "events that count", required=True, unit="events"),
        Field("duplicate_count", LONG, "sent again", required=True, unit="events"),
        Field("collision_count", LONG, "of a `mid` that another has", required=True, unit="events"),
        Field("double_click_count", LONG, "clicked twice at once", required=True, unit="events"),
        Field("late_count", LONG, "came when it was closed, so far", required=True, unit="events"),
        Field("counted", JSON, "events that count, by kind", required=True),
        Field("made_at", INSTANT, "when it was made", required=True),
    ),
)

EVENT_DAY_USE = Contract(
    name="event_day_use",
    grain="one row per product and day that it was made of",
    key=("product", "day"),
    fields=(
        Field("product", TEXT, "what was made", required=True),
        Field("day", DATE, "of which day", required=True),
        Field("version_id", TEXT, "of which version of the day", required=True),
    ),
)

EVENT_TABLES = {
    contract.name: contract for contract in (TELEMETRY_ARRIVAL, EVENT_DAY, EVENT_DAY_USE)
}
