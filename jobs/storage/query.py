"""Answer a reader's question as CSV: one statement, read only."""

from __future__ import annotations

import re
from typing import Any, TextIO

import psycopg
from psycopg import Connection, sql
from psycopg.pq import ExecStatus

from jobs.errors import RequestError
from jobs.storage.store import Reader, Store

DENIED = re.compile(r"permission denied for (?:table|view) (\w+)")
LEFT_OUT = {
    Reader.OPERATOR: "Personal columns and keys are left out for everybody; `SELECT *` asks for"
    " them too.",
    Reader.ANALYST: "Analysts read the schema metrics alone; ask without `--as analyst`.",
}


def query_csv(store: Store, question: str, out: TextIO, *, role: Reader) -> int:
    """Print the rows with a header; the number of rows.

    Raises RequestError when it is not one SELECT, or reads what the role may not see.
    """
    statement = question.strip().removesuffix(";")
    try:
        with store.reader_transaction(role) as connection:
            refuse_unless_one(connection, statement)
            # The line break ends a comment that the statement may end with.
            wrapped = sql.SQL("COPY (\n{}\n) TO STDOUT WITH (FORMAT csv, HEADER true)").format(
                sql.SQL(statement)
            )
            with connection.cursor() as cursor:
                with cursor.copy(wrapped) as rows:
                    for row in rows:
                        out.write(bytes(row).decode(connection.info.encoding))
                return cursor.rowcount
    except psycopg.errors.InsufficientPrivilege as error:
        raise RequestError(denied(store, error, role)) from None
    except psycopg.Error as error:
        said = error.diag.message_primary or str(error).strip() or type(error).__name__
        hint = f" {error.diag.message_hint}" if error.diag.message_hint else ""
        raise RequestError(
            f"The query promised one SELECT that the store can answer; it said: {said}.{hint}"
            f" docs/tables.md tells the tables, their columns, and which the role {role} reads."
        ) from None


def refuse_unless_one(connection: Connection[Any], statement: str) -> None:
    """PostgreSQL itself parses it, alone: two statements, or half a one, do not pass."""
    parsed = connection.pgconn.prepare(b"", statement.encode())
    if parsed.status != ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(parsed)
    described = connection.pgconn.describe_prepared(b"")
    if described.nfields == 0:
        raise RequestError(
            "The query promised rows; this statement returns none. A query is one SELECT:"
            " the store is read only here."
        )


def denied(store: Store, error: psycopg.Error, role: Reader) -> str:
    """What was refused, and which columns of that table may be read."""
    said = error.diag.message_primary or "permission denied"
    found = DENIED.search(said)
    names: list[str] = []
    if found:
        with store.reader_transaction(role) as connection:
            rows = connection.execute(
                "SELECT DISTINCT column_name FROM information_schema.column_privileges"
                " WHERE table_name = %s AND privilege_type = 'SELECT' ORDER BY column_name",
                [found.group(1)],
            ).fetchall()
            names = [row[0] for row in rows]
    may = f" Of {found.group(1)} it may read: {', '.join(names)}." if found and names else ""
    return f"The query reads what the role {role} may not see: {said}.{may} {LEFT_OUT[role]}"
