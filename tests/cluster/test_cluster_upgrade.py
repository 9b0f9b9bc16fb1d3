"""A store of any earlier version comes to this one, with its rows, and looks like a new one."""

import psycopg
import pytest
from psycopg import sql

from jobs.storage.migrations import run
from jobs.storage.migrations.files import SQL

REVISIONS = sorted(file.name.split("_")[0] for file in SQL.glob("*.up.sql"))
# Columns, indexes, constraints, views, functions, triggers, comments and rights: all that a version is.
SHAPE = {
    "columns": """
        SELECT c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum), c.relacl::text,
               a.attacl::text, c.relkind
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'p')
          AND c.relnamespace::regnamespace::text IN ('public', 'operations', 'metrics')""",
    "indexes": """
        SELECT schemaname, indexname, indexdef FROM pg_indexes
        WHERE schemaname IN ('public', 'operations', 'metrics')""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace::regnamespace::text IN ('public', 'operations', 'metrics')""",
    "views": """
        SELECT schemaname, viewname, definition FROM pg_views
        WHERE schemaname IN ('operations', 'metrics')""",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal""",
    "functions": """
        SELECT oid::regprocedure::text, md5(prosrc) FROM pg_proc
        WHERE pronamespace::regnamespace::text IN ('public', 'operations', 'metrics')""",
}
REQUIRED = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attnotnull AND d.adbin IS NULL AND a.attidentity = ''
"""
TABLES = """
SELECT schemaname || '.' || tablename FROM pg_tables
WHERE schemaname IN ('operations', 'metrics') OR tablename = 'job_request' ORDER BY 1
"""
VALUES = {
    "boolean": "true", "date": "2026-01-01", "jsonb": "{}", "json": "{}", "bytea": "x",
    "timestamp with time zone": "2026-01-01Z", "timestamp without time zone": "2026-01-01",
}  # fmt: skip


def shape(url):
    with psycopg.connect(url) as connection:
        return {
            # Rights and texts come in no order of their own.
            name: sorted(map(str, connection.execute(query).fetchall()))
            for name, query in SHAPE.items()
        }


def value_for(kind, allowed):
    if allowed:
        return allowed[0]
    if kind.endswith("[]"):
        return "{}"
    if kind.startswith(("integer", "bigint", "smallint", "numeric", "double", "real")):
        return "1"
    return VALUES.get(kind, "x")


def fill(connection):
    """A row in every table that takes one of plain values; the tables that have it."""
    filled = {}
    for (table,) in connection.execute(TABLES).fetchall():
        clauses = connection.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid = %s::regclass",
            [table],
        ).fetchall()
        row = {}
        for column, kind in connection.execute(REQUIRED, [table]).fetchall():
            listed = [clause for (clause,) in clauses if f"({column} = ANY" in clause]
            row[column] = value_for(kind, listed[0].split("'")[1::2] if listed else [])
        insert = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(map(sql.Literal, row.values())),
        )
        try:
            with connection.transaction():
                connection.execute(insert)
        except psycopg.errors.IntegrityError:
            continue
        filled[table] = count(connection, table)
    return filled


def count(connection, table):
    found = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(*table.split(".")))
    return connection.execute(found).fetchone()[0]


@pytest.mark.parametrize(
    "revision",
    [pytest.param(r, marks=[] if r in REVISIONS[::8] else pytest.mark.full) for r in REVISIONS],
)
def test_store_of_an_earlier_version_comes_to_this_one_with_its_rows(
    store, empty_database, revision
):
    run.move(empty_database, revision, request_table="job_request")
    with psycopg.connect(empty_database) as connection:
        filled = fill(connection)

    run.migrate(empty_database, request_table="job_request")

    assert shape(empty_database) == shape(store.url)
    with psycopg.connect(empty_database) as connection:
        assert {table: count(connection, table) for table in filled} == filled
    # The rows are there to be lost.
    assert {"public.job_request", "operations.delivery"} <= {t for t, n in filled.items() if n}
