"""Consents: who agreed to share what with whom, with the guardian's word where there is one."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw_privacy import GUARDIAN_CONSENT, SYSTEM_SETTINGS, USER_CONSENT
from jobs.sources.raw import Refined, typed, unusable, usable

ACTIVE = "active"


def consents(user_consent: DataFrame, guardian_consent: DataFrame) -> Refined:
    """One row per consent; of several rows of one, the last word, and a "no" where it is unclear.

    Whether a consent still holds is not judged here: that depends on the minute.
    """
    read = typed(user_consent, USER_CONSENT)
    guardians = typed(guardian_consent, GUARDIAN_CONSENT)
    verified = (
        usable(guardians)
        .groupBy("user_id")
        .agg(F.max_by(F.struct("verified_on", "expiry"), "verified_on").alias("guardian"))
    )
    renamed = (
        usable(read)
        .join(verified, on="user_id", how="left")
        .select(
            "object_id",
            "user_id",
            "consumer_id",
            F.lower(F.trim("status")).alias("status"),
            F.col("expiry").alias("expires_at"),
            F.coalesce("last_updated_on", "created_on").alias("updated_at"),
            F.col("guardian.verified_on").alias("guardian_verified_at"),
            F.col("guardian.expiry").alias("guardian_expires_at"),
        )
    )

    is_active = F.coalesce(F.col("status") == ACTIVE, F.lit(False))
    has_no_time = F.col("updated_at").isNull()
    return Refined(
        renamed,
        best_first=[
            (has_no_time & ~is_active).desc(),
            F.col("updated_at").desc_nulls_last(),
            is_active.asc(),
            F.col("expires_at").asc_nulls_first(),
        ],
        kept_out={USER_CONSENT.name: unusable(read), GUARDIAN_CONSENT.name: unusable(guardians)},
    )


def platform_settings(system_settings: DataFrame) -> Refined:
    read = typed(system_settings, SYSTEM_SETTINGS)
    renamed = usable(read).select(F.col("id").alias("setting_id"), F.trim("value").alias("value"))
    return Refined(
        renamed,
        best_first=[F.col("value").asc_nulls_last()],
        kept_out={SYSTEM_SETTINGS.name: unusable(read)},
    )
