"""A platform for a night: enrolments of many batches, most certificates issued, some missing."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.contracts.certificates import CERTIFICATE_ASSOCIATIONS
from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ACTIVITY, ATTEMPTS, BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.settings import Settings
from jobs.storage.certificate_ledger import insert
from jobs.storage.clustered import bucket_of
from jobs.storage.snapshots import Snapshot, publish
from jobs.storage.store import open_store

AS_OF = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
STARTED = datetime(2026, 1, 1, tzinfo=UTC)
LEARNERS_OF_A_BATCH, ENROLMENTS_OF_A_LEARNER, BATCHES_OF_A_COURSE = 200, 5, 10
BUCKETS = 16
NAME = "Course completion certificate"
SCORE_RULE = (
    '{"op":"AND","rules":[{"key":"status","cmp":"=","value":"2"},'
    '{"key":"score","cmp":">=","value":"80"}]}'
)
PLAIN_RULE = '{"op":"AND","rules":[{"key":"status","cmp":"=","value":"2"}]}'

# 40 % completed; of those 97 % have their certificate, under a name that differs in case.
ENROLLED = """
SELECT
    printf('%019d', n // {per_batch}) AS batch_id,
    printf('%08x-0000-4000-8000-%012d', hash(n % {users}) % 4294967296, n % {users}) AS user_id,
    printf('do_%d', n // {per_batch} // {per_course}) AS collection_id,
    true AS is_active, true AS has_active_mark, true AS has_enrolment_date,
    TIMESTAMPTZ '2026-01-05 00:00:00+00' AS enrolled_at,
    CASE WHEN hash(n) % 100 < 40
        THEN TIMESTAMPTZ '2026-02-01 00:00:00+00' + INTERVAL (hash(n + 7) % 200) DAY END
        AS completed_at,
    CASE WHEN hash(n) % 100 < 40 THEN 2 ELSE 1 END::INT AS status,
    MAP {{'a': 2, 'quiz0': 1}}::MAP(VARCHAR, INT) AS content_status,
    CASE WHEN hash(n) % 100 < 40 AND hash(n + 13) % 100 < 97
        AND (n // {per_batch}) % 5 < 3
        THEN [MAP {{'identifier': printf('1-%d', n), 'name': 'Course  Completion certificate'}}]
        ELSE [] END AS certificates,
    ((n // {per_batch}) % {buckets})::INT AS bucket,
    n
FROM range({rows}) AS numbered (n)
"""


def table_folder(home: Path, name: str) -> str:
    return str(home / "lake" / "clean" / name / "bench")


def make_night(home: Path, *, enrolments: int) -> None:
    """Publish the clean tables and write the ledger."""
    batches = enrolments // LEARNERS_OF_A_BATCH
    users = enrolments // ENROLMENTS_OF_A_LEARNER
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'; SET memory_limit = '3GB'")
        connection.execute(
            "CREATE VIEW enrolled AS "
            + ENROLLED.format(
                per_batch=LEARNERS_OF_A_BATCH, users=users, per_course=BATCHES_OF_A_COURSE,
                rows=enrolments, buckets=BUCKETS,
            )
        )  # fmt: skip
        write(connection, home, ENROLMENTS, "SELECT * EXCLUDE (n) FROM enrolled")
        write(
            connection, home, LEARNERS,
            "SELECT DISTINCT user_id, 'Asha Rao' AS user_name, 'north' AS root_org_id,"
            " hash(user_id) % 1000 > 0 AS is_active,"
            f" (hash(user_id) % {BUCKETS})::INT AS bucket FROM enrolled",
        )  # fmt: skip
        write(
            connection, home, ATTEMPTS,
            "SELECT batch_id, user_id, collection_id, 'quiz' || (n % 2) AS content_id,"
            " 'a' || n AS attempt_id, completed_at AS attempted_at,"
            " (hash(n + 3) % 101)::DOUBLE AS score, 100.0::DOUBLE AS max_score, bucket"
            " FROM enrolled WHERE hash(n + 5) % 2 = 0",
        )  # fmt: skip
        write(
            connection, home, PROGRESS,
            "SELECT batch_id, user_id, collection_id, status = 2 AS is_known,"
            " completed_at::DATE AS completed_on, len(certificates) > 0 AS has_certificate,"
            " CASE WHEN status = 2 THEN 100 ELSE 50 END::INT AS progress_pct,"
            " 'completed' AS stage, bucket FROM enrolled",
        )  # fmt: skip
    settings = Settings(home=home)
    with open_store(settings) as store, store.transaction() as connection:
        for contract, rows in small_tables(batches).items():
            publish(connection, written(home, contract, rows), [])
        for contract in (ENROLMENTS, LEARNERS, ATTEMPTS, PROGRESS):
            publish(connection, snapshot(home, contract), [])
        versions = [version(number) for number in range(batches) if number % 5 < 3]
        insert(connection, versions)
    kept = [
        {name: one[name] for name in ("batch_id", "template_id", "valid_from", "valid_to")}
        | {"name_key": NAME.lower(), "least_score": 80 if one["rule"] == SCORE_RULE else None}
        for one in versions
    ]
    pq.write_table(pa.Table.from_pylist(kept), home / "versions.parquet")
    (home / "lake" / "clean" / "MADE").touch()


def write(
    connection: duckdb.DuckDBPyConnection, home: Path, contract: Contract, query: str
) -> None:
    """The query's rows in the layout of a clean table; what it does not give is absent."""
    folder = Path(table_folder(home, contract.name))
    folder.mkdir(parents=True)
    connection.execute(
        f"COPY ({query}) TO '{folder}' (FORMAT parquet, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE)"
    )


def small_tables(batches: int) -> dict[Contract, list[dict[str, object]]]:
    courses = batches // BATCHES_OF_A_COURSE + 1
    return {
        BATCHES: [
            {
                "batch_id": f"{number:019}", "collection_id": f"do_{number // BATCHES_OF_A_COURSE}",
                "batch_name": f"Batch {number}", "created_for": ["north"],
                "start_on": STARTED.date(), "has_certificate_template": number % 5 < 3,
            }
            for number in range(batches)
        ],
        COLLECTIONS: [
            {
                "collection_id": f"do_{number}", "collection_name": f"Course {number}",
                "status": "Live", "leaf_nodes": ["a", "quiz0", "quiz1"],
                "mandatory_nodes": ["a", "quiz0", "quiz1"],
                "assessments": [{"id": f"quiz{n}", "name": f"Quiz {n}"} for n in range(2)],
            }
            for number in range(courses)
        ],
        ACTIVITY: [],
    }  # fmt: skip


def written(home: Path, contract: Contract, rows: list[dict[str, object]]) -> Snapshot:
    folder = Path(table_folder(home, contract.name))
    folder.mkdir(parents=True)
    by_bucket: dict[int, list[dict[str, object]]] = {}
    for row in rows:
        whole = {name: row.get(name) for name in contract.columns}
        key = str(row[contract.key[0]])
        by_bucket.setdefault(bucket_of(key, BUCKETS), []).append(whole)
    for bucket, members in by_bucket.items():
        (folder / f"bucket={bucket}").mkdir()
        table = pa.Table.from_pylist(members, schema=contract.arrow_schema())
        pq.write_table(table, folder / f"bucket={bucket}" / "part-0.parquet")
    return snapshot(home, contract)


def snapshot(home: Path, contract: Contract) -> Snapshot:
    folder = Path(table_folder(home, contract.name))
    rows = sum(pq.read_metadata(file).num_rows for file in folder.rglob("*.parquet"))
    read_at = AS_OF - timedelta(minutes=20)
    return Snapshot(
        uuid.uuid4().hex, contract.name, str(folder), BUCKETS, rows, 0, read_at, read_at
    )


def version(number: int) -> dict[str, object]:
    """Of each ten batches six have a template, two of them with a score; some ended in May."""
    is_scored = number % 5 == 2
    ended = datetime(2026, 5, 1, tzinfo=UTC) if number % 7 == 0 else None
    row: dict[str, object] = dict.fromkeys(CERTIFICATE_ASSOCIATIONS.columns)
    batch_id = f"{number:019}"
    return row | {
        "version_id": f"v{number}", "scope": "batch", "batch_id": batch_id, "tenant_id": "north",
        "course_id": f"do_{number // BATCHES_OF_A_COURSE}", "certificate_type": "completion",
        "slot": f"batch {batch_id} completion", "template_id": f"t{number}",
        "template_name": NAME, "issuer_name": "SCERT", "flags": [], "origin": "command",
        "rule": SCORE_RULE if is_scored else PLAIN_RULE, "valid_from": STARTED,
        "valid_to": ended, "opened_at": STARTED, "opened_by": "bench",
        "closed_at": ended, "closed_by": "bench" if ended else None,
    }  # fmt: skip
