"""Where the store knows of a learner beside the files: messages, links, requests and lists."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.contracts.operations import STORE_TABLES
from jobs.storage.deliveries import COLUMNS, Delivery

# Who is in which of these is told in words of their own, or is the erasure itself.
TOLD_APART = {"erasure", "consent_withdrawal", "audit_log"}
WAITING = ("pending", "sending", "held")


def waiting_with(
    connection: Connection[DictRow], object_keys: Sequence[str]
) -> list[tuple[Delivery, str]]:
    """Messages not sent yet that bring one of these files, with their states; locked meanwhile."""
    rows = connection.execute(
        f"SELECT {COLUMNS}, status FROM operations.delivery"  # noqa: S608 -- our own constant
        " WHERE status = ANY(%s) AND EXISTS (SELECT 1 FROM jsonb_array_elements(attachments)"
        " AS file WHERE file ->> 'key' = ANY(%s)) ORDER BY delivery_id FOR UPDATE",
        [list(WAITING), list(object_keys)],
    ).fetchall()
    return [(Delivery(**row), status) for row in rows for status in [row.pop("status")]]


def open_links(connection: Connection[DictRow], object_keys: Sequence[str], now: object) -> int:
    return count(
        connection,
        "SELECT count(*) AS n FROM operations.link WHERE object_key = ANY(%s) AND expires_at > %s",
        [list(object_keys), now],
    )


def in_audit_log(connection: Connection[DictRow], user_id: str) -> int:
    return count(
        connection,
        "SELECT count(*) AS n FROM operations.audit_log"
        " WHERE %(id)s IN (asked_by, subject_user_id, recipient_user_id)",
        {"id": user_id},
    )


def own_requests(connection: Connection[DictRow], user_id: str, table: str) -> int:
    question = sql.SQL("SELECT count(*) AS n FROM public.{} WHERE requested_by = %s")
    return count(connection, question.format(sql.Identifier(table)), [user_id])


def in_other_tables(connection: Connection[DictRow], user_id: str) -> dict[str, int]:
    """How many rows each other table of the store has of a learner, by its column `user_id`."""
    found = {}
    for contract in STORE_TABLES.values():
        if "user_id" in contract.columns and contract.name not in TOLD_APART:
            question = sql.SQL("SELECT count(*) AS n FROM operations.{} WHERE user_id = %s")
            found[contract.name] = count(
                connection, question.format(sql.Identifier(contract.name)), [user_id]
            )
    return found


def count(
    connection: Connection[DictRow],
    question: str | sql.Composed,
    values: Sequence[object] | dict[str, object],
) -> int:
    row = connection.execute(question, values).fetchone()
    return int(row["n"]) if row else 0
