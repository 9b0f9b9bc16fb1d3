"""SQL of the register of issuers and of the pictures that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.contracts.certificates import CERTIFICATE_ASSETS, CERTIFICATE_ISSUERS


def issuer(connection: Connection[DictRow], issuer_id: str) -> dict[str, Any] | None:
    return connection.execute(
        "SELECT * FROM operations.certificate_issuers WHERE issuer_id = %s", [issuer_id]
    ).fetchone()


def issuers(connection: Connection[DictRow], tenant_id: str | None = None) -> list[dict[str, Any]]:
    """All of them, or one tenant's."""
    return connection.execute(
        "SELECT * FROM operations.certificate_issuers"
        " WHERE %(tenant)s::text IS NULL OR tenant_id = %(tenant)s ORDER BY tenant_id, issuer_id",
        {"tenant": tenant_id},
    ).fetchall()


def put_issuer(connection: Connection[DictRow], row: Mapping[str, Any]) -> None:
    """Add an issuer, or let it be as the row says."""
    columns = CERTIFICATE_ISSUERS.columns
    connection.execute(
        sql.SQL(
            "INSERT INTO operations.certificate_issuers ({}) VALUES ({})"
            " ON CONFLICT (issuer_id) DO UPDATE SET {}"
        ).format(
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(map(sql.Placeholder, columns)),
            sql.SQL(", ").join(
                sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in columns
            ),
        ),
        row,
    )


def note_asset(connection: Connection[DictRow], row: Mapping[str, Any]) -> None:
    """Remember a picture; the same one again is the same row."""
    columns = CERTIFICATE_ASSETS.columns
    connection.execute(
        sql.SQL(
            "INSERT INTO operations.certificate_assets ({}) VALUES ({})"
            " ON CONFLICT (object_key) DO NOTHING"
        ).format(
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(map(sql.Placeholder, columns)),
        ),
        row,
    )
