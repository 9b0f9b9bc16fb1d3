"""Responses: every answer of every attempt, from the platform's table and from its archive."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import ASSESSMENT_AGGREGATOR, ASSESSMENT_ARCHIVE
from jobs.contracts.responses import RESPONSES
from jobs.sources.raw import REASON, Refined, finite, typed, unusable, usable

# Every part as text: an object is its JSON, a number is also read where it is quoted.
QUESTION = (
    "struct<id string, assess_ts string, max_score string, score string, type string,"
    " title string, description string, duration string, params string, resvalues string>"
)
OF_ATTEMPT = ("batch_id", "user_id", "collection_id", "content_id", "attempt_id")
# Far beyond any time that a question takes; a decimal holds it exactly.
DURATION = "decimal(20, 6)"


def live_attempts(assessment_aggregator: DataFrame) -> DataFrame:
    """The platform's attempts, typed, each with the `_reason` why its answers cannot be used."""
    read = typed(assessment_aggregator, ASSESSMENT_AGGREGATOR)
    # Rows without an id are told by the table of attempts.
    return usable(read).withColumn(REASON, unreadable())


def archived_attempts(assessment_archive: DataFrame) -> DataFrame:
    """The same of the archive; `home` is the batch in whose folder a row stands."""
    read = typed(assessment_archive, ASSESSMENT_ARCHIVE)
    named = F.concat_ws("_", "batch_id", "course_id")
    is_in_place = F.coalesce(F.col("folder") == named, F.col("folder").isNull())
    return read.withColumns(
        {
            REASON: F.coalesce(REASON, F.when(~is_in_place, F.lit("other_folder")), unreadable()),
            "home": F.coalesce(
                F.when(is_in_place, F.col("batch_id")), batch_of_folder(), F.lit("")
            ),
        }
    )


def responses(live: DataFrame, archived: DataFrame) -> Refined:
    """One row per question and attempt of both sources; of equal ones the live one counts."""
    rows = answers(usable(live), is_archived=False).unionByName(
        answers(usable(archived), is_archived=True)
    )
    in_their_folder = archived.withColumn("batch_id", F.col("home"))
    return Refined(
        rows,
        best_first=[
            F.col("is_archived").asc(),
            F.col("attempted_at").desc_nulls_last(),
            F.col("answered_at").desc_nulls_last(),
            F.col("place").desc(),
            F.xxhash64(*RESPONSES.columns).asc(),
        ],
        kept_out={
            ASSESSMENT_AGGREGATOR.name: unusable(live),
            ASSESSMENT_ARCHIVE.name: unusable(in_their_folder),
        },
    )


def answers(attempts: DataFrame, *, is_archived: bool) -> DataFrame:
    parsed = attempts.select(
        "batch_id",
        "user_id",
        F.col("course_id").alias("collection_id"),
        "content_id",
        "attempt_id",
        F.coalesce("last_attempted_on", "updated_on", "created_on").alias("attempted_at"),
        F.filter(F.from_json("question", f"array<{QUESTION}>"), lambda one: one.isNotNull()).alias(
            "questions"
        ),
    )
    each = parsed.select("*", F.posexplode_outer("questions").alias("at", "asked")).withColumn(
        "place", F.coalesce(F.col("at") + 1, F.lit(0))
    )
    id = F.trim(F.coalesce("asked.id", F.lit("")))
    return each.select(
        *OF_ATTEMPT,
        id.alias("question_id"),
        F.when(id == "", F.col("place")).otherwise(0).cast("int").alias("unnamed_number"),
        "attempted_at",
        F.col("asked.type").alias("question_type"),
        F.col("asked.title").alias("question_title"),
        F.col("asked.description").alias("question_description"),
        F.round(F.col("asked.duration").try_cast(DURATION)).cast("long").alias("question_seconds"),
        finite(F.col("asked.score").try_cast("double")).alias("question_score"),
        finite(F.col("asked.max_score").try_cast("double")).alias("question_max_score"),
        as_json("asked.params").alias("question_options"),
        as_json("asked.resvalues").alias("question_response"),
        F.lit(is_archived).alias("is_archived"),
        F.col("asked.assess_ts").try_cast("long").alias("answered_at"),
        "place",
    )


def without_empty_twins(rows: DataFrame, *, within: str) -> DataFrame:
    """The rows but those without a question of attempts whose questions the other source holds."""
    named = f"max(struct(question_id, unnamed_number)) OVER (PARTITION BY {within},"
    most = F.expr(f"{named} {', '.join(OF_ATTEMPT)})")
    nothing = F.struct(F.lit("").alias("question_id"), F.lit(0).alias("unnamed_number"))
    own = F.struct("question_id", "unnamed_number")
    return (
        rows.withColumn("_most", most)
        .where((own > nothing) | (F.col("_most") == own))
        .drop("_most")
    )


def unreadable() -> Column:
    """Why the answers of an attempt cannot be read; NULL where they can, or there are none."""
    text = F.trim(F.coalesce("question", F.lit("")))
    is_blank = (text == "") | (F.lower(text) == "null")
    # Cheaper than to parse it, which is done once, for the rows that stay.
    is_list = F.coalesce(F.json_array_length("question") >= 0, F.lit(False))
    return F.when(~is_blank & ~is_list, F.lit("unreadable_question"))


def batch_of_folder() -> Column:
    """The batch that a folder names: collections have Sunbird's ids, as a rule."""
    return F.when(
        F.contains("folder", F.lit("_do_")), F.substring_index("folder", "_do_", 1)
    ).otherwise(F.substring_index("folder", "_", 1))


def as_json(name: str) -> Column:
    """The text as JSON: as it is where it is a list or an object, else a JSON text of it."""
    text = F.col(name)
    is_json = F.when(text.startswith("["), F.json_array_length(text) >= 0).when(
        text.startswith("{"), F.json_object_keys(text).isNotNull()
    )
    quoted = F.to_json(F.struct(text.alias("v")))
    opening = len('{"v":')
    return (
        F.when(text.isNull(), F.lit(None))
        .when(F.coalesce(is_json, F.lit(False)), text)
        .otherwise(F.substring(quoted, opening + 1, F.length(quoted) - opening - 1))
    )
