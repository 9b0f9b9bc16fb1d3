"""Queries of metric tables: a Spark SQL SELECT each, run over frames under the names it reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

QUERIES = Path(__file__).resolve().parents[2] / "sql" / "metrics"


def run_metric(
    spark: SparkSession, name: str, views: Mapping[str, DataFrame], parameters: Mapping[str, Any]
) -> DataFrame:
    """The rows of a query such as `usage/usage_daily`, over frames by the names that it reads."""
    for view, frame in views.items():
        frame.createOrReplaceTempView(view)
    text = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    return spark.sql(text, args=dict(parameters))
