"""Arrived telemetry to landed events: narrow, dated by the clock that can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from jobs.contracts import landed_events as landed
from jobs.contracts.landed_events import CLICKS, LANDED_EVENTS
from jobs.contracts.usage_events import (
    APP,
    CERTIFICATE_CLICK,
    EVENTS,
    PLAY,
    REPORT_CLICK,
    SCAN,
    SESSION,
)
from jobs.usage.events import kinds
from jobs.usage.events.leaves import Leaves, flat
from jobs.usage.events.windows import DAYS_AHEAD

DAY_MS = 86_400_000
# What the platform adds on its way: two deliveries of one event may differ in it.
ADDED = (
    "client", "code_channel", "country_code", "declared_state", "address_state", "profile_state",
)  # fmt: skip
CLOCK = ("event_id", "day", "event_at", "arrived_at", "is_clock_ahead")


@dataclass(frozen=True)
class Landing:
    """What the rows of a folder are dated by."""

    arrival_day: date
    timezone: str
    launched_on: date
    reopen_days: int

    @property
    def folder_end_ms(self) -> int:
        return midnight_ms(self.arrival_day + timedelta(days=1))


def midnight_ms(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1000


def landed_events(telemetry: DataFrame, landing: Landing) -> DataFrame:
    """The rows of LANDED_EVENTS with the `part` that each belongs to.

    The telemetry tells each row's file in `_file` and whether it was torn in `_torn`.
    """
    values = flat(telemetry)
    known = compiled_apart(taken(values, Leaves(values.schema)))
    events = dated(compiled_apart(told(known)), landing)
    sent = [name for name in EVENTS.columns if name not in (*CLOCK, *ADDED)]
    hashed = (
        events.withColumn("event_hash", F.xxhash64("event_id"))
        .withColumn("payload_hash", F.xxhash64("event_id", *sent))
        .withColumn("row_hash", F.xxhash64("payload_hash", *CLOCK, *ADDED))
        # Unique among all arrivals: the day above, the task and the row below.
        .withColumn(
            "row_id",
            F.monotonically_increasing_id()
            + F.lit((landing.arrival_day - date(1970, 1, 1)).days << 48),
        )
    )
    return hashed.select(*LANDED_EVENTS.columns, part(landing).alias("part"))


def compiled_apart(rows: DataFrame) -> DataFrame:
    """The same rows, and a method of its own for what follows.

    All in one, Java's better compiler gives up on it ("out of nodes") and leaves it slow.
    """
    return rows.observe(Observation(), F.count(F.lit(1)).alias("row_count"))


def taken(telemetry: DataFrame, leaves: Leaves) -> DataFrame:
    """The events that are counted, with their values of either place where a producer has them."""
    counted = telemetry.withColumn("kind", kinds.kind(leaves)).where(
        F.col("kind").isNotNull() | F.col("_torn")
    )
    is_summary = F.col("kind").isin(PLAY, SESSION)

    def either(summary: str, event: str) -> Column:
        return F.when(is_summary, leaves.text(summary)).otherwise(leaves.text(event))

    actor = F.when(F.lower(leaves.text("actor/type")) == "user", leaves.text("actor/id"))
    begun = F.coalesce(
        leaves.millis("edata/eks/start_time"), leaves.millis("context/date_range/from")
    )
    columns = {
        "event_id": leaves.text("mid"),
        # A summary's own time is when it was summed up, hours after the play.
        "event_ms": F.when(is_summary, begun).otherwise(leaves.millis("ets")),
        "arrived_ms": arrived_ms(leaves),
        "channel": either("dimensions/channel", "context/channel"),
        "session_id": either("dimensions/sid", "context/sid"),
        "device_id": either("dimensions/did", "context/did"),
        "seconds": F.when(is_summary, leaves.number("edata/eks/time_spent")),
        "country_code": leaves.text("devicedata/countrycode"),
        "declared_state": leaves.text("devicedata/userdeclared/state"),
        "address_state": leaves.text("devicedata/state"),
        "profile_state": leaves.text("userdata/state"),
        "code_channel": leaves.text("dialcodedata/channel"),
        "object_id": leaves.text("object/id"),
        "object_type": leaves.text("object/type"),
        "collection_id": leaves.text("object/rollup/l1"),
        "report": kinds.report(leaves),
        "_producer": either("dimensions/pdata/id", "context/pdata/id"),
        "_system": leaves.text("devicedata/uaspec/system"),
        "_user": F.when(is_summary, leaves.text("uid")).otherwise(actor),
        "_codes": F.when(F.col("kind") == SCAN, kinds.bare(leaves)),
        "_found": kinds.is_looked_up(leaves) & (leaves.number("edata/size") > 0),
        "_pairs": F.when(F.col("kind").isin(*CLICKS), leaves.pairs("context/cdata")),
        "_course": leaves.first_course("edata/extra"),
        "_button": leaves.text("edata/id"),
    }
    return counted.select(
        "kind", "_torn", "_file", *[column.alias(name) for name, column in columns.items()]
    )


def arrived_ms(leaves: Leaves) -> Column:
    stamp = F.unix_millis(F.try_to_timestamp(leaves.text("@timestamp")))
    return F.coalesce(leaves.millis("syncts"), stamp)


def told(values: DataFrame) -> DataFrame:
    """What the values mean for each kind."""
    is_scan, is_certificate, is_report = (
        F.col("kind") == kind for kind in (SCAN, CERTIFICATE_CLICK, REPORT_CLICK)
    )
    has_object = ~F.col("kind").isin(SCAN, SESSION)
    device = F.nullif("device_id", F.lit(""))
    # A platform that knows nobody names the device, or nobody.
    is_nobody = F.lower("_user").isin("", "anonymous") | F.col("_user").eqNullSafe(device)
    of_object = F.when(F.lower("object_type") == "course", F.col("object_id"))
    of_app = F.when(F.col("platform") == APP, F.col("_course"))
    named = compiled_apart(paired(values))
    return named.withColumns(
        {
            "event_id": F.nullif("event_id", F.lit("")),
            "client": kinds.client(F.col("platform"), F.col("_device"), F.col("_system")),
            "device_id": device,
            "user_id": F.when(~is_scan & ~is_nobody, F.col("_user")),
            "code": F.when(F.size("_codes") == 1, F.get("_codes", F.lit(0))),
            "code_count": F.when(is_scan, F.size("_codes")),
            "code_channel": F.when(is_scan, F.col("code_channel")),
            "is_successful": F.when(is_scan, F.coalesce("_found", F.lit(False))),
            **{
                name: F.when(has_object, F.col(name))
                for name in ("object_id", "object_type", "collection_id")
            },
            "course_id": F.when(is_certificate, F.coalesce("_told_course", of_app)).when(
                is_report, F.coalesce("_told_course", of_object)
            ),
            "certificate_id": F.when(is_certificate, F.col("certificate_id")),
            "report": F.when(is_report, F.col("report")),
            "is_own": F.when(
                is_certificate, ~F.col("_button").eqNullSafe(F.lit(kinds.OTHERS_CERTIFICATE))
            ),
        }
    )


def paired(values: DataFrame) -> DataFrame:
    """The values with what is told in pairs of type and id, and in lists."""
    return values.withColumns(
        {
            "platform": kinds.platform(F.col("_producer")),
            "_codes": kinds.codes(F.col("_codes")),
            "_device": id_of("_pairs", "Device", "DeviceType", "device"),
            "_told_course": id_of("_pairs", "Course", "course"),
            "batch_id": id_of("_pairs", "Batch", "batch", "CourseBatch"),
            "certificate_id": id_of("_pairs", "Certificate", "certificate"),
        }
    ).drop("_pairs", "_producer")


def id_of(pairs: str, *types: str) -> Column:
    """The id of the first pair of one of these types, the first type before the next."""
    ids, kinds_of_pairs = F.col(pairs).getField("id"), F.col(pairs).getField("type")
    found = [F.get(ids, (F.array_position(kinds_of_pairs, one) - 1).cast("int")) for one in types]
    return F.coalesce(*found)


def dated(events: DataFrame, landing: Landing) -> DataFrame:
    """The instants, the day, and why a row cannot be used."""
    # A stamp that lies far from its folder is no stamp.
    stamp = F.col("arrived_ms").between(
        midnight_ms(landing.launched_on), landing.folder_end_ms + DAYS_AHEAD * DAY_MS
    )
    with_stamp = events.withColumn(
        "arrived_ms", F.when(stamp, F.col("arrived_ms")).otherwise(landing.folder_end_ms)
    ).withColumn(
        "is_clock_ahead",
        F.coalesce(F.col("event_ms") > F.col("arrived_ms") + DAY_MS, F.lit(False)),
    )
    at = F.when(F.col("is_clock_ahead"), F.col("arrived_ms")).otherwise(F.col("event_ms"))
    is_old = at < midnight_ms(landing.launched_on)
    instants = with_stamp.select(
        "*",
        F.timestamp_millis(F.when(~is_old, at)).alias("event_at"),
        F.timestamp_millis("arrived_ms").alias("arrived_at"),
        is_old.alias("_old"),
    )
    day = F.to_date(F.from_utc_timestamp("event_at", landing.timezone))
    with_day = instants.withColumn("day", day)
    ahead = F.col("day") > F.lit(landing.arrival_day + timedelta(days=DAYS_AHEAD))
    reason = (
        F.when(F.col("_torn"), landed.MALFORMED)
        .when(F.col("event_id").isNull(), landed.NO_MID)
        .when(F.col("event_ms").isNull(), landed.NO_TIME)
        .when(F.col("_old"), landed.BEFORE_LAUNCH)
        .when(ahead, landed.AHEAD_OF_FOLDER)
        .when(F.col("seconds") < 0, landed.NEGATIVE_SECONDS)
    )
    return with_day.withColumn("reason", reason).withColumn(
        "source_file", F.when(F.col("reason").isNotNull(), F.col("_file"))
    )


def part(landing: Landing) -> Column:
    """The folder of a row: its day; one for all that is late, however old; one for no use."""
    closed = F.lit(landing.arrival_day - timedelta(days=landing.reopen_days))
    return (
        F.when(F.col("reason").isNotNull(), landed.REJECTED)
        .when(F.col("day") < closed, landed.LATE)
        .otherwise(F.col("day").cast("string"))
    )
