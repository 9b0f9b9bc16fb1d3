"""Which partitions of the metric tables are published, and of what age."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import INSTANT, LONG, TEXT

METRIC_PARTITION = Contract(
    name="metric_partition",
    grain="one row per published partition of a metric table",
    key=("table_name", "partition_name"),
    fields=(
        Field("table_name", TEXT, "the table of the schema metrics", required=True),
        Field(
            "partition_name",
            TEXT,
            "what its rows have in common, as day=2026-11-20; empty: the whole table",
            required=True,
        ),
        Field("row_count", LONG, "rows in it", required=True),
        Field("data_as_of", INSTANT, "when its source was read", required=True),
        Field("published_at", INSTANT, "when it became visible", required=True),
    ),
)

PARTITION_TABLES = {METRIC_PARTITION.name: METRIC_PARTITION}
