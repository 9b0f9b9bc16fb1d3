"""Textbook reports: 10,000 textbooks of five levels with 150,000 QR codes, Spark start included."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from benchmarks.measure import cost_of, seconds_of
from benchmarks.textbook_platform import CODES_OF_A_BOOK, write_platform
from benchmarks.textbooks_by_duckdb import QUERIES, prepare
from jobs.settings import Settings
from jobs.storage.snapshots import latest
from jobs.storage.store import open_store

BOOKS = 10_000
CALLED = 500


def run(folder: Path) -> Iterator[str]:
    found = measure(folder, BOOKS)
    codes = BOOKS * CODES_OF_A_BOOK
    yield f"| clean table of {BOOKS:,} textbooks, 760,000 units | {found['refresh']} | one run |"
    yield (
        f"| textbook reports, {BOOKS:,} textbooks, 5 levels, {codes:,} QR codes, 1.5 M rows of"
        f" scans: tables and {found['files']:,} files published | {found['ours']} | one run |"
    )
    yield (
        f"| the six tables by DuckDB, {found['rows']:,} rows, all equal, nothing published |"
        f" {found['duckdb_seconds']:.1f} s wall, {found['times_duckdb']:.1f} times faster |"
        " median of 3 |"
    )
    # Loopback answers at once: each 10 ms of a real hierarchy service are 100 s more.
    yield (
        f"| the figures alone by one call for each textbook, a server on loopback | about"
        f" {found['call_seconds']:.0f} s wall, {found['times_calls']:.2f} of ours |"
        f" {CALLED} textbooks, extrapolated |"
    )


def measure(folder: Path, books: int) -> dict[str, Any]:
    home = folder / f"textbooks-{books}"
    variables = {
        "SUNBIRD_BATCH_HOME": str(home),
        "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "4g",
        "SUNBIRD_BATCH_SPARK_MASTER": "local[2]",
    }
    if not (home / "lake").is_dir():
        write_platform(home, books)
    refresh = cost_of(["jobs", "refresh", "textbooks"], variables)
    ours = cost_of(["jobs", "textbooks", "reports"], variables)
    with open_store(Settings(home=home)) as store:
        with store.transaction() as connection:
            snapshot = latest(connection, "textbooks")
        assert snapshot is not None
        with duckdb.connect() as beside:
            prepare(beside, snapshot.path, home / "lake" / "organisation", store.url, home)
            made = [f"CREATE OR REPLACE TABLE {t}_made AS {q}" for t, q in QUERIES.items()]
            spent = seconds_of(3, lambda: [beside.execute(statement) for statement in made])
            rows = compared(beside, store.url)
    cost_of(["jobs", "store", "down"], variables)
    calls = seconds_of_calls(home / "lake" / "content_hierarchy", CALLED) * books
    return {
        "refresh": refresh,
        "ours": ours,
        "files": len(list((home / "objects").rglob("*.csv"))),
        "rows": rows,
        "duckdb_seconds": spent,
        "times_duckdb": ours.seconds / spent,
        "call_seconds": calls,
        "times_calls": calls / ours.seconds,
    }


def compared(beside: duckdb.DuckDBPyConnection, url: str) -> int:
    """How many rows of all tables are equal; RuntimeError where one is not."""
    total = 0
    with psycopg.connect(url) as connection:
        for table in QUERIES:
            result = beside.execute(f"SELECT * FROM {table}_made")
            names = ", ".join(column[0] for column in result.description or [])
            theirs = Counter(result.fetchall())
            ours = Counter(connection.execute(f"SELECT {names} FROM metrics.{table}").fetchall())
            if ours != theirs:
                odd = [*(ours - theirs).items()][:3], [*(theirs - ours).items()][:3]
                raise RuntimeError(f"{table} differs from DuckDB's: {odd}")
            total += sum(ours.values())
    return total


def seconds_of_calls(trees: Path, times: int) -> float:
    """What one textbook costs when its hierarchy is asked for by itself and counted in Python."""
    rows = duckdb.sql(f"SELECT identifier, hierarchy FROM '{trees}/*.parquet' LIMIT {times}")
    answers = {f"/{identifier}": text.encode() for identifier, text in rows.fetchall()}

    class Service(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = answers[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        began = time.perf_counter()
        for path in answers:
            connection = HTTPConnection("127.0.0.1", server.server_port)
            connection.request("GET", path)
            figures(json.loads(connection.getresponse().read()))
            connection.close()
        return (time.perf_counter() - began) / len(answers)
    finally:
        server.shutdown()
        server.server_close()


def figures(node: dict[str, Any]) -> tuple[int, int, int]:
    """(contents, codes, codes without contents) below a node, as the peer walks a tree."""
    if node["contentType"] == "Resource":
        return 1, 0, 0
    below = [figures(child) for child in node["children"]]
    contents, codes, empty = (
        (sum(column) for column in zip(*below, strict=True)) if below else (0,) * 3
    )
    own = len(node.get("dialcodes", []))
    return contents, codes + own, empty + (0 if contents else own)
