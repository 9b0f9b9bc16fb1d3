"""Contents: the title and the kind of everything that learners open."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.contracts.raw import CONTENT
from jobs.sources.raw import Refined, typed, unusable, usable


def contents(content: DataFrame) -> Refined:
    read = typed(content, CONTENT)
    return Refined(
        usable(read).select(
            F.col("identifier").alias("content_id"),
            F.col("name").alias("content_name"),
            F.col("contenttype").alias("content_type"),
            F.col("totalquestions").alias("total_questions"),
        ),
        best_first=[
            F.col("content_name").asc_nulls_last(),
            F.col("content_type").asc_nulls_last(),
            F.col("total_questions").desc_nulls_last(),
        ],
        kept_out={CONTENT.name: unusable(read)},
    )
