"""Certificates that there are, and the clicks that downloaded one."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.download_ratios import UNKNOWN_CLIENT
from jobs.contracts.usage_events import CERTIFICATE_CLICK
from jobs.sources.raw import day_of, instant_from_text

ACTIVE = "ACTIVE"
OF_A_COURSE = ("certificate", "course")
HELD = "array<struct<course_id: string, batch_id: string, since: timestamp, key: string>>"


@dataclass(frozen=True)
class Issued:
    """What was issued, and by which ids it can be named.

    `certificates`: one row per learner, course, batch and name. `ids`: one row per certificate id.
    """

    certificates: DataFrame
    ids: DataFrame


def issued(enrolments: DataFrame, registry: DataFrame, own: DataFrame, *, timezone: str) -> Issued:
    """Both of the platform's lists and what was issued here, without what was revoked.

    A learner who left the batch keeps theirs. `registry` and `own` may have no rows.
    """
    held = entries(enrolments)
    missing = own.join(held.select("certificate_id"), on="certificate_id", how="left_anti")
    registered = registry.select(
        F.trim("id").alias("certificate_id"),
        F.col("issuedon").alias("registered_at"),
        (F.upper(F.coalesce("status", F.lit(ACTIVE))) != ACTIVE).alias("is_revoked"),
        F.col("userid").alias("user_id"),
        course_key(F.col("courseid")).alias("course_id"),
        F.col("batchid").alias("batch_id"),
    )
    every = held.unionByName(own_entries(missing)).join(
        registered.groupBy("certificate_id").agg(
            F.min("registered_at").alias("registered_at"), F.max("is_revoked").alias("is_revoked")
        ),
        on="certificate_id",
        how="left",
    )
    standing = every.where(~F.coalesce("is_revoked", F.lit(False)) & ~F.col("is_revoked_here"))
    of_one = ("user_id", "course_id", "batch_id", "name_key")
    certificates = standing.groupBy(*of_one).agg(
        F.min(F.coalesce("issued_at", "registered_at", "completed_at")).alias("issued_at")
    )
    certificates = certificates.select(
        *of_one,
        certificate_key().alias("certificate_key"),
        "issued_at",
        day_of(F.col("issued_at"), timezone).alias("issued_on"),
    )
    known = standing.select("certificate_id", "course_id", certificate_key().alias("named_key"))
    return Issued(certificates, known.unionByName(replaced_ids(registered, known, certificates)))


def entries(enrolments: DataFrame) -> DataFrame:
    """One row per entry that has an id: without one there is nothing to download."""
    each = enrolments.select(
        "user_id",
        course_key(F.col("collection_id")).alias("course_id"),
        "batch_id",
        "completed_at",
        F.explode("certificates").alias("entry"),
    )
    entry = F.col("entry")
    return each.select(
        F.coalesce(blank_as_null(entry["identifier"]), blank_as_null(entry["id"])).alias(
            "certificate_id"
        ),
        "user_id",
        "course_id",
        "batch_id",
        name_key(entry["name"]).alias("name_key"),
        instant_from_text(F.trim(entry["lastIssuedOn"])).alias("issued_at"),
        "completed_at",
        F.lit(False).alias("is_revoked_here"),
    ).where("certificate_id IS NOT NULL")


def own_entries(own: DataFrame) -> DataFrame:
    """What was issued here and is in none of the platform's lists."""
    return own.select(
        "certificate_id",
        "user_id",
        course_key(F.col("course_id")).alias("course_id"),
        "batch_id",
        name_key(F.col("template_name")).alias("name_key"),
        "issued_at",
        "completed_at",
        (F.col("status") != ACTIVE).alias("is_revoked_here"),
    )


def replaced_ids(registered: DataFrame, known: DataFrame, certificates: DataFrame) -> DataFrame:
    """Ids that a later issue took the place of: they name the enrolment's only certificate."""
    enrolment = ("user_id", "course_id", "batch_id")
    only = (
        certificates.groupBy(*enrolment)
        .agg(F.min("certificate_key").alias("named_key"), F.count("*").alias("n"))
        .where("n = 1")
    )
    old = registered.join(known.select("certificate_id"), on="certificate_id", how="left_anti")
    return (
        old.join(only, on=list(enrolment))
        .groupBy("certificate_id")
        .agg(F.min(F.struct("course_id", "named_key")).alias("one"))
        .select("certificate_id", "one.course_id", "one.named_key")
    )


def certificate_downloads(events: DataFrame, issued: Issued) -> DataFrame:
    """Clicks by day, course, client, user and certificate; the course is NULL where unknown."""
    clicks = events.where(F.col("kind") == CERTIFICATE_CLICK)
    clicked = clicks.where("user_id IS NOT NULL").select("user_id").distinct()
    held = (
        issued.certificates.join(clicked, on="user_id", how="left_semi")
        .groupBy("user_id")
        .agg(
            F.sort_array(
                F.collect_list(
                    F.struct(
                        "course_id",
                        "batch_id",
                        F.col("issued_at").alias("since"),
                        F.col("certificate_key").alias("key"),
                    )
                )
            ).alias("held")
        )
    )
    named = issued.ids.select(
        "certificate_id", F.col("course_id").alias("named_course"), "named_key"
    )
    found = (
        clicks.join(named, on="certificate_id", how="left")
        .join(held, on="user_id", how="left")
        .withColumn("held", F.coalesce("held", F.expr(f"cast(array() AS {HELD})")))
    )
    return counted(attributed(found), issued.certificates)


def attributed(found: DataFrame) -> DataFrame:
    """The course and the certificate of each click, as far as can be told."""
    at_the_time = F.filter(
        "held", lambda one: one["since"].isNull() | (one["since"] <= F.col("event_at"))
    )
    of_object = course_key(F.col("object_id"))
    # A portal can send the object of the page before: it counts where the user holds one for it.
    object_course = F.when(
        F.lower("object_type").isin(*OF_A_COURSE)
        & F.exists("held", lambda one: one["course_id"] == of_object),
        of_object,
    )
    told = F.coalesce(course_key(F.col("course_id")), object_course, F.col("named_course"))
    only = F.when(F.size(at_the_time) == 1, F.get(at_the_time, F.lit(0)))
    with_course = found.withColumns(
        {
            "at_the_time": at_the_time,
            "is_inferred": told.isNull() & only.isNotNull(),
            "course_id": F.coalesce(told, only["course_id"]),
        }
    )
    return with_course.withColumns(
        {
            "has_certificate": F.coalesce(
                F.exists("held", lambda one: one["course_id"] == F.col("course_id")),
                F.lit(False),
            ),
            # The id that was clicked; else, of those that it can be, the one issued last by then.
            "certificate_key": F.coalesce(
                F.when(F.col("named_course") == F.col("course_id"), F.col("named_key")),
                latest_of("at_the_time"),
                latest_of("held"),
            ),
        }
    )


def latest_of(column: str) -> Column:
    candidates = F.filter(
        column,
        lambda one: (
            (one["course_id"] == F.col("course_id"))
            & (F.col("batch_id").isNull() | (one["batch_id"] == F.col("batch_id")))
        ),
    )
    dated = F.transform(candidates, lambda one: F.struct(one["since"], one["key"]))
    return F.array_max(dated)["key"]


def counted(clicks: DataFrame, certificates: DataFrame) -> DataFrame:
    is_own = F.coalesce("is_own", F.lit(True))
    by = (
        "day", "counted_from", "course_id", "client", "user_id", "device_id", "certificate_key",
        "is_inferred", "has_certificate",
    )  # fmt: skip
    plain = clicks.select(
        "day",
        "counted_from",
        "course_id",
        F.coalesce("client", F.lit(UNKNOWN_CLIENT)).alias("client"),
        "user_id",
        # A device stands for a person only where nobody is signed in.
        F.when(F.col("user_id").isNull(), F.col("device_id")).alias("device_id"),
        F.when(is_own, F.col("certificate_key")).alias("certificate_key"),
        "is_inferred",
        # Of a download that names no course nobody can say so.
        (F.col("has_certificate") | F.col("course_id").isNull()).alias("has_certificate"),
        is_own.alias("is_own"),
    )
    summed = plain.groupBy(*by).agg(
        F.count_if("is_own").alias("download_count"),
        F.count_if(~F.col("is_own")).alias("others_click_count"),
    )
    return summed.join(
        certificates.select("certificate_key", "issued_on"), on="certificate_key", how="left"
    )


def certificate_key() -> Column:
    """One text for a learner, course, batch and name."""
    return F.concat_ws("\x1f", "user_id", "course_id", "batch_id", "name_key")


def name_key(name: Column) -> Column:
    """Names are one where they differ in case and blanks alone."""
    folded = F.lower(F.upper(F.trim(F.regexp_replace(name, "[\\s\\u00a0]+", " "))))
    return F.coalesce(folded, F.lit(""))


def course_key(course: Column) -> Column:
    """The published course, where the id is that of its draft."""
    return blank_as_null(F.regexp_replace(course, r"\.img$", ""))


def blank_as_null(text: Column) -> Column:
    return F.nullif(F.trim(text), F.lit(""))
