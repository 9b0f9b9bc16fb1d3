"""The whole ledger as one Parquet file, its rules split into shapes and values."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.rules.model import read_rule, shape_of, values_of
from jobs.contracts.certificates import CERTIFICATE_ASSOCIATIONS
from jobs.storage.certificate_ledger import all_versions

SCHEMA = CERTIFICATE_ASSOCIATIONS.arrow_schema()
EXPORTED = SCHEMA.append(pa.field("rule_shape", pa.string())).append(
    pa.field("rule_values", pa.list_(pa.string()))
)


def export_associations(connection: Connection[DictRow], file: Path) -> int:
    """Write every version, with `rule_shape` and `rule_values` beside the columns of the contract.

    Returns how many; both are NULL where the rule cannot be used.
    """
    rows = all_versions(connection)
    for row in rows:
        rule = read_rule(row["rule"]) if row["rule"] is not None else None
        row["rule"] = rule.text() if rule else None
        row["rule_shape"] = shape_of(rule) if rule else None
        row["rule_values"] = values_of(rule) if rule else None
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=EXPORTED), file)
    return len(rows)
