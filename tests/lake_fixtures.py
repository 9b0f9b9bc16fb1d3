"""Clustered tables written and published without Spark, for tests of what reads them."""

import uuid
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.storage.clustered import bucket_of
from jobs.storage.snapshots import Quarantined, Snapshot, publish


def write_clustered(folder: Path, contract, rows, *, buckets: int = 4) -> None:
    """Rows (dicts; what is not given is NULL) in the layout that `refresh` writes."""
    by_bucket = {}
    for row in rows:
        by_bucket.setdefault(bucket_of(row[contract.key[0]], buckets), []).append(row)
    folder.mkdir(parents=True)
    for bucket, members in by_bucket.items():
        members.sort(key=lambda row: tuple(str(row[name]) for name in contract.key))
        whole = [{name: row.get(name) for name in contract.columns} for row in members]
        part = folder / f"bucket={bucket}" / "part-0.parquet"
        part.parent.mkdir()
        pq.write_table(pa.Table.from_pylist(whole, schema=contract.arrow_schema()), part)


@pytest.fixture
def publish_rows(store, tmp_path):
    """publish_rows(contract, rows, data_as_of=..., quarantined=[...]) -> Snapshot."""

    def write_and_publish(
        contract,
        rows,
        *,
        data_as_of: datetime,
        quarantined: list[Quarantined] = [],  # noqa: B006 -- never changed
    ) -> Snapshot:
        snapshot_id = uuid.uuid4().hex
        folder = tmp_path / "clustered" / contract.name / snapshot_id
        write_clustered(folder, contract, rows)
        snapshot = Snapshot(
            snapshot_id=snapshot_id,
            table_name=contract.name,
            path=str(folder),
            buckets=4,
            row_count=len(rows),
            quarantined_count=sum(row.row_count for row in quarantined),
            data_as_of=data_as_of,
            published_at=data_as_of,
        )
        with store.transaction() as connection:
            publish(connection, snapshot, quarantined)
        return snapshot

    return write_and_publish
