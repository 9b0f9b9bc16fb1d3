"""Comments and grants of the store's tables, laid from their contracts after each migration."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from psycopg import Connection, sql

from jobs.contracts.contract import Contract
from jobs.storage.migrations.files import SCHEMA


def fingerprint(contracts: Iterable[Contract]) -> str:
    """Changes when a name, a meaning or what is personal changes."""
    return hashlib.sha256(repr(list(contracts)).encode()).hexdigest()


def lay(
    connection: Connection[Any],
    contracts: Iterable[Contract],
    metrics: Iterable[Contract],
    *,
    request_table: str,
) -> None:
    """Say in the store what each table and column means, and let its readers read what they may."""
    contracts, metrics = list(contracts), list(metrics)
    connection.execute("REVOKE ALL ON SCHEMA operations FROM analyst")
    connection.execute("GRANT USAGE ON SCHEMA operations TO operator")
    connection.execute("GRANT USAGE ON SCHEMA metrics TO analyst, operator")
    # Views over operations run with their owner's rights: who reads them needs none there.
    connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA metrics TO analyst, operator")
    for contract in contracts:
        if contract.name == "job_request":
            lay_requests(connection, contract, request_table)
        else:
            table = sql.Identifier("operations", contract.name)
            comment(connection, contract, table)
            let_operators_read(connection, contract, table)
    for contract in metrics:
        comment(connection, contract, sql.Identifier("metrics", contract.name))
    connection.execute(
        sql.SQL("COMMENT ON TABLE {} IS {}").format(
            sql.Identifier(SCHEMA, "alembic_version"), fingerprint([*contracts, *metrics])
        )
    )


def lay_requests(connection: Connection[Any], contract: Contract, name: str) -> None:
    """The request table may be a Sunbird's own: then its comments are not ours to write, and its
    grants only where its owner is us."""
    owned, ours = connection.execute(
        "SELECT pg_has_role(relowner, 'USAGE'), EXISTS (SELECT 1 FROM pg_constraint"
        " WHERE conrelid = pg_class.oid AND conname = 'made_by_sunbird_batch')"
        " FROM pg_class WHERE oid = to_regclass(%s)",
        [f"public.{name}"],
    ).fetchone() or (False, False)
    table = sql.Identifier("public", name)
    if ours:
        comment(connection, contract, table)
    if owned:
        let_operators_read(connection, contract, table)
        connection.execute(sql.SQL("GRANT INSERT ON {} TO portal").format(table))


def comment(connection: Connection[Any], contract: Contract, table: sql.Identifier) -> None:
    connection.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(table, contract.grain))
    for field in contract.fields:
        connection.execute(
            sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
                table, sql.Identifier(field.name), field.told
            )
        )


def let_operators_read(
    connection: Connection[Any], contract: Contract, table: sql.Identifier
) -> None:
    """Every column that tells nobody's person, and no other; analysts none, as they once did."""
    # A Sunbird's own request table may lack the columns of a later release.
    there = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0",
        [table.as_string(connection)],
    ).fetchall()
    columns = sql.SQL(", ").join(
        sql.Identifier(field.name)
        for field in contract.fields
        if not field.personal and (field.name,) in there
    )
    connection.execute(sql.SQL("REVOKE ALL ON {} FROM analyst, operator").format(table))
    connection.execute(sql.SQL("GRANT SELECT ({}) ON {} TO operator").format(columns, table))
