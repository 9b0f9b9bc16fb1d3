"""Two million answers from the claim to the link, and the cut alone beside DuckDB's same CSV."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from benchmarks.answers import publish_answers
from benchmarks.exhaust import mail_server, mailing_to
from benchmarks.measure import Cost, cost_of, median_of, seconds_of
from benchmarks.platform import COURSE, MENTOR, TENANT, batch_id, make_platform
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import BATCHES, COLLECTIONS, CONTENTS
from jobs.contracts.responses import RESPONSES
from jobs.exhausts.cut import columns_read
from jobs.exhausts.job import submit_request
from jobs.exhausts.kinds import RESPONSE_EXHAUST
from jobs.exhausts.lines import bytes_of, header_line, lines
from jobs.exhausts.responses import SEAT_COLUMNS, ResponseCounts, Seats, placed
from jobs.exhausts.selection import EVERYBODY
from jobs.settings import Settings
from jobs.storage.clustered import open_table
from jobs.storage.store import open_store

LEARNERS, QUESTIONS, REPEATS = 100_000, 20, 3
ZONE = ZoneInfo("Asia/Kolkata")


def run(folder: Path) -> Iterator[str]:
    """The whole way at a quarter and at full size, to see memory stay, then the cut alone."""
    home = folder / "responses"
    with mail_server() as port:
        for learners in (LEARNERS // 4, LEARNERS):
            make_platform(home, learners=learners, batches=1, modules=2, assessments=2)
            publish_answers(home, learners=learners, questions=QUESTIONS)
            cost = median_of(REPEATS, partial(answered, home, port))
            yield (
                f"| responses of {learners:,} learners x {QUESTIONS} questions, claim to link |"
                f" {cost} | median of {REPEATS} |"
            )
    yield from beside_duckdb(home)


def answered(home: Path, port: int) -> Cost:
    with open_store(Settings(home=home)) as store:
        submit_request(
            Settings(home=home),
            store,
            kind=RESPONSE_EXHAUST.job_id,
            batch_ids=[batch_id(0)],
            requested_by=MENTOR,
            channel=TENANT,
            tag=f"{datetime.now(UTC):%H%M%S%f}",
            now=datetime.now(UTC),
        )
    return cost_of(
        ["jobs", "exhaust", RESPONSE_EXHAUST.job_id],
        mailing_to(home, port)
        | {
            "SUNBIRD_BATCH_LINKS_URL": "https://files.example",
            "SUNBIRD_BATCH_ATTACHMENT_BYTES": "1000000",
        },
    )


def beside_duckdb(home: Path) -> Iterator[str]:
    ours, theirs = home / "ours.csv", home / "duckdb.csv"
    ours_at, theirs_at = [], []
    for _ in range(REPEATS):
        ours_at.append(seconds_of(1, lambda: written(home, ours)))
        theirs_at.append(seconds_of(1, lambda: duckdb_writes(home, theirs)))
    compare(ours, theirs)
    mine, other = median(ours_at), median(theirs_at)
    size = ours.stat().st_size / 1e9
    yield (
        f"| the cut alone, {LEARNERS * QUESTIONS:,} rows, {size:.2f} GB of CSV, rows equal to"
        f" DuckDB's | {mine:.1f} s; DuckDB {other:.1f} s; ratio {mine / other:.1f} | median of"
        f" {REPEATS}, interleaved |"
    )


def written(home: Path, target: Path) -> None:
    """The same steps as the exhaust's, without the archive."""
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        source, seats = open_table(connection, RESPONSES), open_table(connection, PROGRESS)
        (course,) = open_table(connection, COLLECTIONS).rows(COURSE)
        (batch,) = open_table(connection, BATCHES).rows(batch_id(0))
        contents = open_table(connection, CONTENTS)
    names = {
        row["content_id"]: row["content_name"]
        for row in all_rows(contents.scan(contents.contract.columns))
    }
    kind = RESPONSE_EXHAUST
    columns = kind.columns("dashboard", course, batch)
    pages = placed(
        source.batches(batch_id(0), columns_read(columns, kind.needed, kind.added)),
        Seats(seats.batches(batch_id(0), SEAT_COLUMNS)),
        collection_id=COURSE,
        title=names.get,
    )
    counts = ResponseCounts()
    with target.open("wb") as stream:
        stream.write(header_line(columns))
        for page in pages:
            stream.write(bytes_of(lines(kind.report(page, EVERYBODY, counts), columns, ZONE)))
        stream.write(b"\r\n")


def all_rows(pages: Iterable[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    return (row for page in pages for row in page.to_pylist())


def duckdb_writes(home: Path, target: Path) -> None:
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        paths = {
            c.name: open_table(connection, c).snapshot.path for c in (RESPONSES, PROGRESS, CONTENTS)
        }
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"COPY ({query(paths)}) TO '{target}' (HEADER, DELIMITER ',')")


def query(paths: dict[str, str]) -> str:
    """What an expert would write: the same rows in the same order, in one SELECT."""

    def table(name: str) -> str:
        return f"read_parquet('{paths[name]}/*/*.parquet', hive_partitioning = true)"

    def points(name: str) -> str:
        whole = f"{name} = floor({name})"
        return f"CASE WHEN {whole} THEN CAST({name} AS BIGINT)::VARCHAR ELSE {name}::VARCHAR END"

    india = "make_timestamp(epoch_us(attempted_at) + 19800000000)"
    return (
        f"SELECT '{COURSE}', 'Foundations', 'BatchId_{batch_id(0)}', 'Batch 0', r.user_id,"
        f" content_id, content_name, attempt_id, strftime({india}, '%d/%m/%Y %H:%M:%S'),"
        " question_id, question_type, question_title, question_description, question_seconds,"
        f" {points('question_score')}, {points('question_max_score')}, question_options,"
        f" question_response FROM {table('responses')} r"
        f" JOIN {table('progress')} p ON p.batch_id = r.batch_id AND p.user_id = r.user_id"
        f" LEFT JOIN {table('contents')} c USING (content_id)"
        f" WHERE r.batch_id = '{batch_id(0)}' AND p.left_out_reason IS NULL"
        " ORDER BY r.user_id, content_id, attempt_id, question_id"
    )


def compare(ours: Path, theirs: Path) -> None:
    with (
        ours.open(encoding="utf-8-sig", newline="") as a,
        theirs.open(encoding="utf-8", newline="") as b,
    ):
        one, other = csv.reader(a), csv.reader(b)
        # The headers are not compared: DuckDB's columns have no names.
        next(one), next(other)
        rows = 0
        for rows, (mine, their) in enumerate(zip(one, other, strict=True), start=1):
            assert mine == their, f"row {rows} differs"
    assert rows == LEARNERS * QUESTIONS
