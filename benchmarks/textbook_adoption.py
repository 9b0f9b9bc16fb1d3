"""Textbook adoption: 10,000 rows with three errors each, and 10,000 that are applied."""

import csv
import http.client
import io
import json
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import Cost, cost_of, median_of, seconds_of
from jobs.contracts.contract import Contract
from jobs.contracts.frameworks import FRAMEWORKS
from jobs.contracts.learning import CONTENTS, LEARNERS
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.settings import Settings
from jobs.storage.clustered import bucket_of
from jobs.storage.snapshots import Snapshot, publish
from jobs.storage.store import Store, open_store

BOOKS, TENANTS, BUCKETS = 10_000, 36, 16
CALLS_TRIED = 1000
NOW = datetime(2026, 7, 1, tzinfo=UTC)
HEADER = "do_id,board,medium,grade,subject,name,description,icon"
MEDIUMS = [f"Medium {number}" for number in range(20)]
GRADES = ["KG", *(f"Class {number}" for number in range(1, 13))]
SUBJECTS = [f"Subject {number}" for number in range(30)]

IN_DUCKDB = """
WITH lines AS (
    SELECT row_number() OVER () + 1 AS row_no, *
    FROM read_csv('{file}', header = true, all_varchar = true)
),
terms AS (SELECT unnest(terms) AS term FROM '{frameworks}' WHERE channel = 't0'),
split AS (
    SELECT
        row_no, 'medium' AS field, 'medium' AS category,
        trim(unnest(split(medium, ','))) AS value
    FROM lines
    UNION ALL
    SELECT row_no, 'grade', 'gradeLevel', trim(unnest(split(grade, ','))) FROM lines
    UNION ALL
    SELECT row_no, 'subject', 'subject', trim(unnest(split(subject, ','))) FROM lines
)
SELECT row_no, field, value, 'ADOPT_TERM_NOT_IN_FRAMEWORK' AS code FROM split
ANTI JOIN terms ON term.category = split.category AND term.name = split.value
UNION ALL
SELECT row_no, 'do_id', do_id, 'ADOPT_ID_NOT_FOUND' FROM lines
ANTI JOIN '{textbooks}' AS books ON books.textbook_id = lines.do_id
UNION ALL
SELECT row_no, 'do_id', do_id, 'ADOPT_NOT_LIVE' FROM lines
INNER JOIN '{textbooks}' AS books ON books.textbook_id = lines.do_id AND books.status <> 'Live'
UNION ALL
SELECT row_no, 'icon', icon, 'ADOPT_ICON_INVALID' FROM lines
WHERE NOT regexp_matches(icon, '^https?://[^/ ]+/.*\\.(png|jpg|jpeg|gif|webp|svg)$')
ORDER BY ALL
"""


def run(folder: Path) -> Iterator[str]:
    home = folder / "textbook-adoption"
    wrong, right = home / "wrong.csv", home / "right.csv"
    home.mkdir(exist_ok=True)
    write_files(wrong, right)
    settings = Settings(home=home)
    with open_store(settings) as store:
        for contract, rows in tables().items():
            publish_rows(store, home, TABLES[contract], rows)
        cost = median_of(3, lambda: adopt(home, wrong))
        same = told_errors(store, home) == errors_by_duckdb(home, wrong)
        duckdb_seconds = seconds_of(3, lambda: errors_by_duckdb(home, wrong))
        applied = adopt(home, right)
    yield (
        f"| adoption file of {BOOKS:,} rows with three errors each, start of Python to the answer"
        f" in the outbox | {cost} | median of 3 |"
    )
    yield (
        f"| the same {3 * BOOKS:,} errors in DuckDB, without messages or nearest values, rows"
        f" {'equal' if same else 'DIFFERENT'} | {duckdb_seconds:.2f} s | median of 3 |"
    )
    yield f"| {BOOKS:,} rows that are all applied | {applied} | one run |"
    seconds = peer_seconds(wrong)
    yield (
        f"| the peer's way: one call per book on loopback, the first error alone, none of the"
        f" platform's own work |"
        f" {seconds * BOOKS / CALLS_TRIED:.1f} s | {CALLS_TRIED:,} calls, extrapolated |"
    )


def adopt(home: Path, file: Path) -> Cost:
    # Whatever was taken in before is judged once more.
    named = ["textbooks", "adopt", str(file), "--state", "t0", "--adopter", "reviewer", "--again"]
    return cost_of(["jobs", *named], {"SUNBIRD_BATCH_HOME": str(home)})


def write_files(wrong: Path, right: Path) -> None:
    values = "Subject 1,A name,About it"
    # Another name in each run, or the second run would find nothing to change.
    fresh = f"Subject 1,Name {uuid.uuid4().hex},About it"
    wrong_rows = [
        f'{textbook_id(n)},Board 0,"Medium 1,Mediun {n % 500}","Class {n % 50 + 20}",{values},'
        f"ftp://books.example/{n}.png"
        for n in range(BOOKS)
    ]
    right_rows = [
        f'{textbook_id(n)},Board 0,"Medium 1,Medium 2",Class {n % 12 + 1},{fresh},'
        f"https://books.example/{n}.png"
        for n in range(BOOKS)
    ]
    for path, rows in ((wrong, wrong_rows), (right, right_rows)):
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


def textbook_id(number: int) -> str:
    return f"do_31{number * 7919 % 10**6:06}{number:013}"


def tables() -> dict[str, list[dict[str, object]]]:
    def terms(tenant: int) -> list[dict[str, object]]:
        named = {
            "board": [f"Board {tenant}"], "medium": MEDIUMS, "gradeLevel": GRADES,
            "subject": SUBJECTS,
        }  # fmt: skip
        return [
            {"category": category, "code": name, "name": name, "status": "Live"}
            for category, names in named.items() for name in names
        ]  # fmt: skip

    return {
        "textbooks": [
            {
                "textbook_id": textbook_id(n), "version_id": textbook_id(n), "name": f"Book {n}",
                "status": "Live", "channel": "publisher", "board": "NCERT",
                "mediums": ["Medium 1"], "grades": ["Class 7"], "subjects": ["Subject 1"],
                "package_version": 1, "chapter_count": 12,
            }
            for n in range(BOOKS)
        ],
        "frameworks": [
            {
                "channel": f"t{n}", "framework_id": f"t{n}_k-12", "is_default": True,
                "state": f"State {n}", "boards": [f"Board {n}"], "terms": terms(n),
            }
            for n in range(TENANTS)
        ],
        "learners": [
            {
                "user_id": "reviewer", "root_org_id": "t0", "channel": "t0", "is_active": True,
                "roles": [{"role": "BOOK_REVIEWER", "organisation_ids": ["t0"]}],
            }
        ],
        "contents": [{"content_id": f"do_9{n:09}"} for n in range(BOOKS)],
    }  # fmt: skip


TABLES = {one.name: one for one in (TEXTBOOKS, FRAMEWORKS, LEARNERS, CONTENTS)}


def publish_rows(
    store: Store, home: Path, contract: Contract, rows: list[dict[str, object]]
) -> None:
    """As `refresh` lays them, without Spark; DuckDB reads the same rows from one file."""
    snapshot_id = uuid.uuid4().hex
    path = home / "clean" / contract.name / snapshot_id
    schema = contract.arrow_schema()
    by_bucket: dict[int, list[dict[str, object]]] = {}
    for row in rows:
        whole = {name: row.get(name) for name in contract.columns}
        by_bucket.setdefault(bucket_of(str(row[contract.key[0]]), BUCKETS), []).append(whole)
    for bucket, members in by_bucket.items():
        part = path / f"bucket={bucket}"
        part.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(members, schema=schema), part / "part-0.parquet")
    flat = [one for members in by_bucket.values() for one in members]
    pq.write_table(pa.Table.from_pylist(flat, schema=schema), home / f"{contract.name}.parquet")
    at = datetime.now(UTC)
    with store.transaction() as connection:
        publish(
            connection,
            Snapshot(snapshot_id, contract.name, str(path), BUCKETS, len(rows), 0, at, at),
            [],
        )


def told_errors(store: Store, home: Path) -> list[tuple[object, ...]]:
    """The errors of the file that was answered last, as its adopter gets them."""
    with store.transaction() as connection:
        row = connection.execute(
            "SELECT attachments FROM operations.delivery ORDER BY created_at DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    (key,) = [one["key"] for one in row["attachments"] if one["file_name"].endswith("errors.csv")]
    data = (home / "objects" / key).read_text(encoding="utf-8-sig")
    read = csv.DictReader(io.StringIO(data))
    return sorted(
        (int(one["row_no"]), one["field"], one["value"], one["error_code"]) for one in read
    )


def errors_by_duckdb(home: Path, file: Path) -> list[tuple[object, ...]]:
    places = {name: str(home / f"{name}.parquet") for name in ("textbooks", "frameworks")}
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        return sorted(connection.execute(IN_DUCKDB.format(file=file, **places)).fetchall())


class Platform(BaseHTTPRequestHandler):
    """Answers each copy of a textbook with the first thing that is wrong with it."""

    protocol_version = "HTTP/1.1"
    # Else each answer waits 40 ms for an acknowledgement, which is nobody's fault.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        unknown = [one for one in asked["medium"].split(",") if one not in MEDIUMS]
        said = json.dumps({"error": f"Metadata medium should belong from:{MEDIUMS}: {unknown}"})
        self.send_response(400)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        """No line per call."""


def peer_seconds(file: Path) -> float:
    """One call after the other on one connection that stays open."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))[:CALLS_TRIED]
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
    began = time.perf_counter()
    for row in rows:
        connection.request("POST", f"/content/v1/copy/{row['do_id']}", json.dumps(row))
        connection.getresponse().read()
    spent = time.perf_counter() - began
    connection.close()
    server.shutdown()
    server.server_close()
    return spent
