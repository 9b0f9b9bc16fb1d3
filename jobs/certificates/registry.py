"""What the platform's registry says of certificates: issued, revoked on purpose, or not known."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

KEY = ("user_id", "batch_id", "course_id", "version_id")
ACTIVE = "ACTIVE"


def unregistered(entitled: DataFrame, registry: DataFrame) -> DataFrame:
    """(KEY, is_unregistered) of issued rows none of whose certificates the registry knows."""
    # What the platform issued as PDF alone, under `id`, is older than the registry.
    issued = entitled.where("is_issued AND size(registered_ids) >= size(held_ids)")
    each = issued.select(*KEY, "registered_ids", F.explode("registered_ids").alias("id"))
    unknown = each.join(registry.select("id"), on="id", how="left_anti")
    return (
        unknown.groupBy(*KEY)
        .agg(F.count("*").alias("unknown_count"), F.first("registered_ids").alias("ids"))
        .where("unknown_count >= size(ids)")
        .select(*KEY, F.lit(True).alias("is_unregistered"))
    )


def of_learners(entitled: DataFrame, registry: DataFrame) -> DataFrame:
    """(user_id, batch_id, course_id, active_templates, revoked_templates) of those looked at."""
    on = ["user_id", "batch_id", "course_id"]
    asked = entitled.where("NOT is_issued").select(*on).distinct()
    rows = registry.withColumnsRenamed(
        {"userid": "user_id", "batchid": "batch_id", "courseid": "course_id"}
    ).join(asked, on=on, how="left_semi")
    is_active = F.upper(F.coalesce("status", F.lit(ACTIVE))) == ACTIVE
    template = F.coalesce("templateid", F.lit(""))
    return rows.groupBy(*on).agg(
        F.collect_set(F.when(is_active, template)).alias("active_templates"),
        F.collect_set(F.when(~is_active, template)).alias("revoked_templates"),
    )
