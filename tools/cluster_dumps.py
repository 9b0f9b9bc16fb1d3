"""PostgreSQL's own dumps of the store and of Airflow, by the programs of its wheel."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from jobs.storage import postgres
from jobs.storage.cluster import programs
from tools.cluster_databases import GROUPS

SCHEMAS = ("operations", "metrics", "migrations")
# Counted in the same transaction that is dumped.
COUNT = sql.SQL("SELECT count(*) FROM {}.{}")
TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE schemaname = ANY(%s) OR (schemaname = 'public' AND tablename = %s) ORDER BY 1, 2
"""


class BackupError(Exception):
    """A backup is not whole, or something stands where it would go; says what to do."""


def dump(url: str, file: Path, *, requests: str | None = None) -> dict[str, int]:
    """Rows per table of the dump; with `requests` the store's parts alone, else the database."""
    wanted = ["--format=custom", "--no-owner"]
    if requests is not None:
        wanted += [f"--schema={name}" for name in SCHEMAS]
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        exported = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = f"--snapshot={exported[0] if exported else ''}"
        program("pg_dump", url, [*wanted, snapshot, f"--file={file}"])
        if requests is not None:
            own = ["--format=custom", "--no-owner", f"--table=public.{requests}"]
            program("pg_dump", url, [*own, snapshot, f"--file={requests_of(file)}"])
        return counts(connection, requests)


def restore_dump(
    url: str, file: Path, *, schemas: tuple[str, ...] = SCHEMAS, requests: str | None = None
) -> None:
    """Instead of what the database has of this; one transaction, so all of it or nothing."""
    gone = [sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE;").format(sql.Identifier(s)) for s in schemas]
    if "public" in schemas:
        gone.append(sql.SQL("CREATE SCHEMA public;"))
    if requests is not None:
        told = sql.SQL("DROP TABLE IF EXISTS public.{};").format(sql.Identifier(requests))
        gone.append(told)
    with tempfile.TemporaryDirectory() as aside:
        first = Path(aside) / "first.sql"
        first.write_text("\n".join(one.as_string() for one in gone), encoding="utf-8")
        scripts = [first]
        # The request table first: views of the other schemas may read it.
        for dumped in (requests_of(file), file):
            if dumped.is_file():
                scripts.append(Path(aside) / f"{dumped.name}.sql")
                program("pg_restore", url, ["--no-owner", f"--file={scripts[-1]}", str(dumped)])
        files = [f"--file={script}" for script in scripts]
        program("psql", url, [*QUIETLY, "--single-transaction", *files])


QUIETLY = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1")


def requests_of(file: Path) -> Path:
    return file.with_suffix(".requests.dump")


def counts_of(url: str, *, requests: str | None = None) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return counts(connection, requests)


def counts(connection: psycopg.Connection, requests: str | None) -> dict[str, int]:
    schemas = list(SCHEMAS) if requests is not None else ["public"]
    found = {}
    for schema, table in connection.execute(TABLES, [schemas, requests]).fetchall():
        query = COUNT.format(sql.Identifier(schema), sql.Identifier(table))
        row = connection.execute(query).fetchone()
        found[f"{schema}.{table}"] = int(row[0]) if row else 0
    return found


@contextlib.contextmanager
def empty_server(folder: Path) -> Iterator[str]:
    """The URL of a database on a PostgreSQL that was just made, and is thrown away at the end.

    Nothing but the three group roles is there, as on the server that replaces a lost one.
    """
    with tempfile.TemporaryDirectory(prefix="drill-", dir=folder) as home:
        # The server's own account must reach its files.
        Path(home).chmod(0o711)
        try:
            with postgres.using(Path(home), durable=False) as url:
                with psycopg.connect(url, autocommit=True) as connection:
                    for group in GROUPS:
                        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(group)))
                yield url
        finally:
            postgres.destroy(Path(home))


def program(name: str, url: str, arguments: list[str]) -> None:
    # The URL holds a password, which a command line would show to everybody on the machine.
    parts = psycopg.conninfo.conninfo_to_dict(url)
    variables = {
        f"PG{variable}": str(parts[key])
        for variable, key in (
            ("HOST", "host"), ("PORT", "port"), ("USER", "user"), ("PASSWORD", "password"),
            ("DATABASE", "dbname"),
        )
        if key in parts
    }  # fmt: skip
    ended = subprocess.run(
        [programs() / name, *arguments],
        env=dict(os.environ) | variables,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        raise BackupError(f"{name} failed: {ended.stderr.strip()[-1500:]}")
