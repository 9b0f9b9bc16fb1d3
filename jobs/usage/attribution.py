"""Attribution: whose each scan, play, download and session is, by the textbook and the place."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.usage_credits import BOOK_KEY, CODE_KEY, CONTENT_KEY, CREDITED_EVENTS
from jobs.contracts.usage_events import CONTENT_DOWNLOAD, PLAY, SCAN, SESSION
from jobs.contracts.usage_metrics import (
    ABROAD,
    AMBIGUOUS,
    TENANT,
    UNATTRIBUTED,
    UNKNOWN_PLATFORM,
    UNKNOWN_STATE,
    UNMAPPED,
)
from jobs.sources.tenants import canonical_channels
from jobs.usage.states import spelling, state_spellings

COUNTED = (SCAN, PLAY, CONTENT_DOWNLOAD, SESSION)
DEVICE, PROFILE, STRICT = "device", "profile", "strict"
# No code of a platform is longer, and PostgreSQL keeps no NUL.
ONE_CODE = r"^[!-~]{1,64}$"


def credited_events(
    events: DataFrame,
    textbook_keys: DataFrame,
    tenants: DataFrame,
    adoptions: DataFrame,
    *,
    precedence: str,
    boards: DataFrame | None = None,
) -> DataFrame:
    """Each counted event once, with its owner.

    `precedence` says which place decides: the device's, the profile's where there is one, or,
    strictly, only both together. `boards` (user_id, board) is what users declare, where tenants
    without a territory are to be credited by it.
    """
    counted = events.where(F.col("kind").isin(*COUNTED))
    with_place = placed(counted, precedence=precedence)
    with_board = with_place.withColumn("board", F.lit(None).cast("string"))
    if boards is not None:
        declared = boards.where("board IS NOT NULL").groupBy("user_id").agg(F.min("board"))
        declared = declared.toDF("user_id", "board")
        with_board = with_place.join(declared, on="user_id", how="left")
    keys = textbook_keys.select(
        "key_kind", "key", textbook_set(), "publisher_channel", "is_ambiguous"
    )
    # The adoptions of a textbook stand once, not under each of its contents and codes.
    with_book = (
        keyed(with_board)
        .join(F.broadcast(keys), on=["key_kind", "key"], how="left")
        .join(
            F.broadcast(adopted_sets(textbook_keys, tenants, adoptions)),
            on="textbook_set",
            how="left",
        )
    )
    return owned(credited(with_book), tenants)


def placed(events: DataFrame, *, precedence: str) -> DataFrame:
    """With `device_place` and `profile_place`, which are NULL where unknown, and the `place`."""
    spellings = F.broadcast(state_spellings(events.sparkSession))
    placed = events
    for written in ("declared", "address", "profile"):
        known = spellings.toDF(f"{written}_spelling", f"{written}_place")
        placed = placed.withColumn(f"{written}_spelling", spelling(f"{written}_state")).join(
            known, on=f"{written}_spelling", how="left"
        )
    is_abroad = F.upper("country_code") != "IN"
    # An address is often that of the carrier's gateway: what was declared on the device wins.
    device = F.when(
        F.col("device_id").isNotNull(),
        F.coalesce(
            "declared_place", F.when(is_abroad, F.lit(ABROAD)).otherwise(F.col("address_place"))
        ),
    )
    placed = placed.withColumn("device_place", device)
    # A scan is made by the platform: there is no user whose profile could be asked.
    is_by_user = F.col("kind") != SCAN
    if precedence == PROFILE:
        place = F.when(is_by_user, F.coalesce("profile_place", "device_place")).otherwise(
            F.col("device_place")
        )
        return placed.withColumns({"place": place, "credit_place": place})
    place = F.col("device_place")
    if precedence == STRICT:
        agreed = F.when(F.col("device_place") == F.col("profile_place"), F.col("device_place"))
        # Both known and not the same: a place, but nobody's.
        differ = F.when(F.col("device_place") != F.col("profile_place"), F.lit(""))
        credit = F.when(is_by_user, F.coalesce(agreed, differ)).otherwise(place)
        return placed.withColumns({"place": place, "credit_place": credit})
    return placed.withColumns({"place": place, "credit_place": place})


def keyed(events: DataFrame) -> DataFrame:
    """With what the textbook is looked up by: the code, the textbook, else the content."""
    is_scan = F.col("kind") == SCAN
    in_book = F.col("collection_id").isNotNull()
    return events.withColumns(
        {
            "key_kind": F.when(is_scan, CODE_KEY)
            .when(F.col("kind") == SESSION, None)
            .when(in_book, BOOK_KEY)
            .otherwise(CONTENT_KEY),
            "key": F.when(is_scan, F.col("code"))
            .when(in_book, F.regexp_replace("collection_id", r"\.img$", ""))
            .otherwise(F.regexp_replace("object_id", r"\.img$", "")),
        }
    )


def textbook_set() -> Column:
    return F.concat_ws(" ", "live_textbook_ids").alias("textbook_set")


def adopted_sets(textbook_keys: DataFrame, tenants: DataFrame, adoptions: DataFrame) -> DataFrame:
    """(textbook_set, adoptions): all that there ever were of the live textbooks of one key."""
    spellings = state_spellings(adoptions.sparkSession).toDF("spelling", "place")
    versions = (
        adoptions.withColumn("written_state", F.coalesce("state_code", "state"))
        .withColumn("spelling", spelling("written_state"))
        .join(F.broadcast(spellings), on="spelling", how="left")
        .withColumn("alias", F.col("adopting_channel"))
        .join(F.broadcast(canonical_channels(tenants)), on="alias", how="left")
        .select(
            F.col("textbook_id").alias("live_textbook_id"),
            F.struct(
                F.coalesce("channel", "alias").alias("channel"),
                F.coalesce("place", F.col("state_code")).alias("place"),
                "board",
                "valid_from",
                "valid_to",
            ).alias("adoption"),
        )
    )
    sets = textbook_keys.select(textbook_set(), "live_textbook_ids").dropDuplicates(
        ["textbook_set"]
    )
    return (
        sets.select("textbook_set", F.explode("live_textbook_ids").alias("live_textbook_id"))
        .join(F.broadcast(versions), on="live_textbook_id", how="inner")
        .groupBy("textbook_set")
        .agg(F.collect_set("adoption").alias("adoptions"))
    )


# Of the adoptions at the event's time: those of the place, and those that the user's board names.
ACTIVE = (
    "filter(adoptions, a -> a.valid_from <= event_at"
    " AND (a.valid_to IS NULL OR event_at < a.valid_to))"
)
OF_PLACE = "filter(active, a -> a.place = credit_place)"
OF_BOARD = "filter(active, a -> a.place IS NULL AND a.board = board)"
OF_PLACE_AND_BOARD = "filter(of_place, a -> a.board = board)"


def first_of(adoptions: str) -> str:
    return f"array_min(transform({adoptions}, a -> a.channel))"


def credited(events: DataFrame) -> DataFrame:
    """With `adopter`, who adopted the textbook and is credited, and what was doubtful about it."""
    # Of textbooks of several publishers nobody can say which was played; a code names its owner.
    is_open = (F.col("kind") == SCAN) | ~F.col("is_ambiguous")
    found = events.withColumn("active", F.when(is_open, F.expr(ACTIVE)))
    sorted_out = found.withColumns(
        {"of_place": F.expr(OF_PLACE), "of_board": F.expr(OF_BOARD)}
    ).withColumn("of_both", F.expr(OF_PLACE_AND_BOARD))
    adopter = F.coalesce(*(F.expr(first_of(name)) for name in ("of_board", "of_both", "of_place")))
    is_adopted = F.coalesce(F.size("active") > 0, F.lit(False))
    by_board = F.coalesce((F.size("of_board") > 0) | (F.size("of_both") > 0), F.lit(False))
    several = F.expr("size(array_distinct(transform(of_place, a -> a.channel))) > 1")
    differ = F.col("device_place") != F.col("profile_place")
    return sorted_out.withColumns(
        {
            "adopter": adopter,
            "is_location_unknown": is_adopted & F.col("credit_place").isNull() & adopter.isNull(),
            "is_location_conflict": is_adopted & F.coalesce(differ, F.lit(False)),
            "is_tied": is_adopted & ~by_board & F.coalesce(several, F.lit(False)),
        }
    )


def owned(events: DataFrame, tenants: DataFrame) -> DataFrame:
    """The contract's columns: the owner is who adopted, else who published, else a word for why."""
    kind = F.col("kind")
    # Of a scan the platform tells to whom the code was given; the textbook's publisher stands in.
    code_channel = F.when(F.trim("code_channel") != "", F.trim("code_channel"))
    alias = (
        F.when(kind == SESSION, F.col("channel"))
        .when(kind == SCAN, F.coalesce("adopter", code_channel, "publisher_channel"))
        .otherwise(F.coalesce("adopter", "publisher_channel"))
    )
    channels = canonical_channels(tenants).toDF("alias", "owner")
    known = events.withColumn("alias", alias).join(F.broadcast(channels), on="alias", how="left")
    by_textbook = kind.isin(PLAY, CONTENT_DOWNLOAD)
    scope = (
        F.when(by_textbook & F.col("is_ambiguous").isNull(), UNATTRIBUTED)
        .when(by_textbook & F.col("is_ambiguous"), AMBIGUOUS)
        .when(F.col("owner").isNull(), UNMAPPED)
        .otherwise(TENANT)
    )
    is_one_code = (kind == SCAN) & F.col("code").rlike(ONE_CODE)
    told = known.withColumn("owner_scope", scope).select(
        "day",
        "kind",
        "owner_scope",
        F.when(F.col("owner_scope") == TENANT, F.col("owner")).otherwise("").alias("owner_channel"),
        F.coalesce("platform", F.lit(UNKNOWN_PLATFORM)).alias("platform"),
        F.when(kind.isin(PLAY, SESSION), F.col("device_id")).alias("device_id"),
        F.when(is_one_code, F.col("code")).otherwise("").alias("code"),
        F.coalesce((kind == SCAN) & F.col("is_successful"), F.lit(False)).alias("is_successful"),
        milliseconds().alias("milliseconds"),
        F.coalesce("place", F.lit(UNKNOWN_STATE)).alias("state_code"),
        F.col("adopter").isNotNull().alias("is_adopted_credit"),
        "is_location_unknown",
        "is_location_conflict",
        "is_tied",
    )
    return CREDITED_EVENTS.conform(told)


def milliseconds() -> Column:
    # Whole numbers add up to the same in any order; sums of fractions do not.
    return F.coalesce(F.round(F.col("seconds") * 1000).cast("long"), F.lit(0))
