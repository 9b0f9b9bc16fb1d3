"""SQL of the score check: copies of invalid attempts, and the scores counted without them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs import lineage
from jobs.contracts.contract import Contract
from jobs.contracts.repairs import INVALID_ATTEMPT, SCORE_CORRECTION
from jobs.storage.staging import identifiers


def keep_copies(connection: Connection[DictRow], rows: Iterable[dict[str, Any]]) -> int:
    """Copy the attempts; one that is kept already stays as it was copied first."""
    return write(connection, INVALID_ATTEMPT, rows, on_conflict="DO NOTHING")


def keep_corrections(connection: Connection[DictRow], rows: Iterable[dict[str, Any]]) -> int:
    """Write the scores; those of an earlier check of the same learner are replaced."""
    columns = [name for name in SCORE_CORRECTION.columns if name not in SCORE_CORRECTION.key]
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns)
    key = ", ".join(SCORE_CORRECTION.key)
    return write(connection, SCORE_CORRECTION, rows, on_conflict=f"({key}) DO UPDATE SET {changes}")


def write(
    connection: Connection[DictRow],
    contract: Contract,
    rows: Iterable[dict[str, Any]],
    *,
    on_conflict: str,
) -> int:
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT {}").format(
        sql.Identifier("operations", contract.name),
        identifiers(contract.columns),
        sql.SQL(", ").join(sql.Placeholder(name) for name in contract.columns),
        sql.SQL(on_conflict),
    )
    made = [{name: row[name] for name in contract.columns} for row in rows]
    lineage.note_made(lineage.OPERATIONS, contract.name)
    with connection.cursor() as cursor:
        cursor.executemany(statement, made)
        return cursor.rowcount if made else 0


def applied(
    connection: Connection[DictRow], contract: Contract, batch_id: str | None = None
) -> list[dict[str, Any]]:
    """Every row that a person applied, of all batches or of one; the answers are left out."""
    names = [name for name in contract.columns if name != "answers"]
    rows = connection.execute(
        sql.SQL(
            "SELECT {} FROM {} WHERE %(batch)s::text IS NULL OR batch_id = %(batch)s ORDER BY {}"
        ).format(
            identifiers(names),
            sql.Identifier("operations", contract.name),
            identifiers(contract.key),
        ),
        {"batch": batch_id},
    ).fetchall()
    if rows:
        lineage.note_read(lineage.OPERATIONS, contract.name)
    return rows


def forget_learner(connection: Connection[DictRow], user_id: str) -> int:
    """Remove the copies of a learner's attempts and what follows from them; returns how many."""
    return sum(
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE user_id = %s").format(
                sql.Identifier("operations", contract.name)
            ),
            [user_id],
        ).rowcount
        for contract in (INVALID_ATTEMPT, SCORE_CORRECTION)
    )


def as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)
