"""What is kept of source rows that a table was made without: enough to find them again."""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import LONG, TEXT

QUARANTINED_ROWS = Contract(
    name="quarantined_rows",
    grain="one row per batch, learner and reason why source rows were kept out of a table",
    key=("batch_id", "source_table", "reason", "user_id"),
    source="written beside each version of a clean table",
    fields=(
        Field("batch_id", TEXT, "the batch; empty where the row names none", required=True),
        Field("source_table", TEXT, "Sunbird's table that holds the row", required=True),
        Field("reason", TEXT, "why, as a code", required=True),
        Field("user_id", TEXT, "the learner; empty where the row names none", required=True),
        Field("row_count", LONG, "how many rows", required=True),
    ),
)
