"""A home with published tables: batches of a given size whose course has many columns."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS, ENROLMENTS, LEARNERS
from jobs.settings import Settings
from jobs.sources.cipher import encrypt
from jobs.storage.clustered import bucket_of
from jobs.storage.snapshots import Snapshot, publish
from jobs.storage.store import open_store

KEY, SALT = "KeyOfBenchmarks!", "salt-of-benchmarks"
MENTOR, TENANT, COURSE = "mentor", "tenant", "do_310000000000000000001"
BUCKETS = 16
ROWS_PER_GROUP = 20_000
NAMES = ["Asha Rao", "सुनीता श्रीवास्तव", "அருண் குமார்", "সুব্রত চট্টোপাধ্যায়", "రవి తేజ", "Imran D'Souza"]


def make_platform(
    home: Path, *, learners: int, batches: int, modules: int, assessments: int
) -> None:
    """Publish `batches` batches of `learners` learners each, all of one course."""
    shutil.rmtree(home / "lake", ignore_errors=True)
    secrets = home / "secrets"
    secrets.mkdir(parents=True, exist_ok=True)
    (secrets / "platform_key").write_text(KEY)
    (secrets / "platform_salt").write_text(SALT)
    module_ids = [f"do_32{i:019}" for i in range(modules)]
    assessment_ids = [f"do_33{i:019}" for i in range(assessments)]
    course = {
        "collection_id": COURSE,
        "collection_name": "Foundations",
        "status": "Live",
        "channel": TENANT,
        "user_consent": "Yes",
        "leaf_nodes": ["a"],
        "mandatory_nodes": ["a"],
        "modules": [{"id": i, "name": f"Module {i}", "mandatory_nodes": ["a"]} for i in module_ids],
        "assessments": [{"id": i, "name": f"Quiz {i}"} for i in assessment_ids],
    }
    mentor = {
        "user_id": MENTOR,
        "email_cipher": encrypt("mentor@school.example", key=KEY, salt=SALT),
        "root_org_id": TENANT,
        "channel": TENANT,
        "is_active": True,
    }
    held = [
        {"batch_id": batch_id(n), "collection_id": COURSE, "created_by": MENTOR}
        | {"batch_name": f"Batch {n}", "created_for": [TENANT], "mentors": []}
        for n in range(batches)
    ]
    home_lake = home / "lake" / "clean"
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        for contract, rows in (
            (COLLECTIONS, [course]),
            (LEARNERS, [mentor]),
            (BATCHES, held),
            (ENROLMENTS, []),
        ):
            table = pa.Table.from_pylist(
                [{name: row.get(name) for name in contract.columns} for row in rows],
                schema=contract.arrow_schema(),
            )
            publish(connection, written(home_lake, contract, [table]), [])
        tables = (progress_rows(n, learners, module_ids, assessment_ids) for n in range(batches))
        publish(connection, written(home_lake, PROGRESS, tables), [])


def batch_id(number: int) -> str:
    return f"0131{number:015}"


def written(root: Path, contract: Contract, tables) -> Snapshot:
    """Write tables, each of one key or a few rows, into the buckets of their keys."""
    now = datetime.now(UTC)
    snapshot_id = hashlib.sha256(f"{contract.name}{now}".encode()).hexdigest()[:32]
    folder = root / contract.name / snapshot_id
    folder.mkdir(parents=True)
    rows = 0
    for number, table in enumerate(tables):
        rows += table.num_rows
        keys = table[contract.key[0]].unique().to_pylist()
        for key in keys:
            part = (
                table
                if len(keys) == 1
                else table.filter(pa.compute.equal(table[contract.key[0]], key))
            )
            bucket = folder / f"bucket={bucket_of(key, BUCKETS)}"
            bucket.mkdir(exist_ok=True)
            name = hashlib.sha256(key.encode()).hexdigest()[:8]
            pq.write_table(
                part, bucket / f"part-{number:05}-{name}.parquet", row_group_size=ROWS_PER_GROUP
            )
    return Snapshot(snapshot_id, contract.name, str(folder), BUCKETS, rows, 0, now, now)


def progress_rows(
    batch: int, learners: int, modules: list[str], assessments: list[str]
) -> pa.Table:
    rng = np.random.default_rng(batch)
    ids = pa.array(
        sorted(hashlib.sha256(f"{batch}/{i}".encode()).hexdigest()[:36] for i in range(learners))
    )
    emails = [encrypt(f"learner{i}@mail.example", key=KEY, salt=SALT) for i in range(2000)]
    phones = [encrypt(f"98{i:08}", key=KEY, salt=SALT) for i in range(2000)]
    progress = rng.integers(0, 101, learners).astype("int32")

    def of(values: list[str]) -> pa.Array:
        return pa.array(values).take(pa.array(rng.integers(0, len(values), learners)))

    def same(text: str) -> pa.Array:
        return pa.repeat(text, learners)

    def percents(keys: list[str], share: float) -> pa.Array:
        has = rng.random((learners, len(keys))) < share
        offsets = np.concatenate([[0], np.cumsum(has.sum(axis=1))]).astype("int32")
        chosen = np.tile(np.arange(len(keys)), learners)[has.ravel()]
        values = rng.integers(0, 101, len(chosen)).astype("int32")
        return pa.MapArray.from_arrays(
            offsets, pa.array(keys).take(pa.array(chosen)), pa.array(values)
        )

    days = pa.array(rng.integers(20_000, 20_400, learners).astype("int32")).cast(pa.date32())
    given = {
        "batch_id": same(batch_id(batch)), "user_id": ids, "collection_id": same(COURSE),
        "is_known": pa.array(np.ones(learners, dtype=bool)), "root_org_id": same(TENANT),
        "external_id": ids, "user_name": of(NAMES), "email_cipher": of(emails),
        "phone_cipher": of(phones), "org_name": same("State Council"),
        "district": of([f"District {i}" for i in range(40)]),
        "block": of([f"Block {i}" for i in range(400)]),
        "school_name": of([f"Government School {i}, Ward {i % 9}" for i in range(5000)]),
        "enrolled_on": days, "has_certificate": pa.array(progress == 100),
        "progress_pct": pa.array(progress),
        "stage": pa.array(np.where(progress == 100, "completed", "in_progress")),
        "module_progress": percents(modules, 1.0), "score_pct": percents(assessments, 0.6),
        "total_score_pct": pa.array(progress),
    }  # fmt: skip
    schema = PROGRESS.arrow_schema()
    columns = [
        given[name].cast(schema.field(name).type)
        if name in given
        else pa.nulls(learners, schema.field(name).type)
        for name in PROGRESS.columns
    ]
    return pa.Table.from_arrays(columns, schema=schema)
