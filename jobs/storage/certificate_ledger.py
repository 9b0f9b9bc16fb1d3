"""SQL of the ledger of certificate templates: versions are opened and closed, never rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.contracts.certificates import CERTIFICATE_ASSOCIATIONS, CERTIFICATE_WATCHES
from jobs.errors import RequestError

# Any number that nobody else locks on the server.
LOCK = 5_381_770_006
TABLE = sql.Identifier("operations", CERTIFICATE_ASSOCIATIONS.name)
# The rule as text: a number in JSON would be read as a float.
SELECTED = sql.SQL(", ").join(
    sql.SQL("rule::text AS rule") if name == "rule" else sql.Identifier(name)
    for name in CERTIFICATE_ASSOCIATIONS.columns
)
IN_ORDER = sql.SQL(
    " ORDER BY course_id, batch_id NULLS FIRST, tenant_id, certificate_type, valid_from, opened_at,"
    " version_id"
)


def hold(connection: Connection[DictRow]) -> None:
    """Be the only writer of the ledger until the transaction ends; others wait."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def versions_of(
    connection: Connection[DictRow],
    *,
    course_id: str,
    tenant_id: str | None = None,
    batch_id: str | None = None,
    only_open: bool = False,
) -> list[dict[str, Any]]:
    """The versions of one batch, or of a course within a tenant, or of a course wherever."""
    where: sql.Composable = sql.SQL("course_id = %(course_id)s")
    if batch_id is not None:
        where = sql.SQL("batch_id = %(batch_id)s")
    elif tenant_id is not None:
        where = where + sql.SQL(" AND batch_id IS NULL AND tenant_id = %(tenant_id)s")
    if only_open:
        where = where + sql.SQL(" AND valid_to IS NULL")
    ids = {"course_id": course_id, "tenant_id": tenant_id, "batch_id": batch_id}
    return read(connection, where, ids)


def open_versions_of_issuer(
    connection: Connection[DictRow], issuer_id: str
) -> list[dict[str, Any]]:
    return read(
        connection, sql.SQL("issuer_id = %(issuer)s AND valid_to IS NULL"), {"issuer": issuer_id}
    )


def open_platform_versions(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    """What the last look at the platform found, as the ledger holds it."""
    return read(connection, sql.SQL("fingerprint IS NOT NULL AND valid_to IS NULL"), {})


def all_versions(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    return read(connection, sql.SQL("true"), {})


def read(
    connection: Connection[DictRow], where: sql.Composable, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return connection.execute(
        sql.SQL("SELECT {} FROM {} WHERE ").format(SELECTED, TABLE) + where + IN_ORDER, values
    ).fetchall()


def was_ever_held(connection: Connection[DictRow], slot: str) -> bool:
    """Whether the ledger has any version, open or closed, that took this slot."""
    row = connection.execute(
        sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE slot = %s) AS held").format(TABLE), [slot]
    ).fetchone()
    return bool(row and row["held"])


def insert(connection: Connection[DictRow], rows: Sequence[Mapping[str, Any]]) -> None:
    """Open versions; RequestError where another one holds the slot at that time."""
    if not rows:
        return
    columns = CERTIFICATE_ASSOCIATIONS.columns
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        TABLE,
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(
            sql.SQL("%(rule)s::jsonb") if name == "rule" else sql.Placeholder(name)
            for name in columns
        ),
    )
    try:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
    except (psycopg.errors.ExclusionViolation, psycopg.errors.UniqueViolation) as error:
        raise RequestError(
            "The ledger promised one template at a time in each place; a version that is there"
            f" overlaps the new one: {error.diag.message_detail}. See `certificate history`; where"
            " the clock of this machine was set back, wait until it has caught up."
        ) from None


def close(
    connection: Connection[DictRow],
    version_ids: Sequence[str],
    *,
    valid_to: datetime,
    unsure_until: datetime | None = None,
    closed_at: datetime,
    closed_by: str,
    close_reason: str | None,
) -> None:
    """End versions, the only change that the ledger knows."""
    connection.execute(
        sql.SQL(
            # A version that was seen once only ends where it began: it was never surely there.
            "UPDATE {} SET valid_to = greatest(valid_from, %(valid_to)s),"
            " unsure_until = %(unsure_until)s, closed_at = %(closed_at)s,"
            " closed_by = %(closed_by)s, close_reason = %(close_reason)s"
            " WHERE version_id = ANY(%(version_ids)s) AND valid_to IS NULL"
        ).format(TABLE),
        {
            "version_ids": list(version_ids), "valid_to": valid_to, "unsure_until": unsure_until,
            "closed_at": closed_at, "closed_by": closed_by, "close_reason": close_reason,
        },
    )  # fmt: skip


def last_watch(connection: Connection[DictRow]) -> dict[str, Any] | None:
    """The newest look at the platform; None where nobody ever looked."""
    return connection.execute(
        "SELECT * FROM operations.certificate_watches ORDER BY watched_as_of DESC LIMIT 1"
    ).fetchone()


def note_watch(connection: Connection[DictRow], row: Mapping[str, Any]) -> None:
    columns = CERTIFICATE_WATCHES.columns
    connection.execute(
        sql.SQL("INSERT INTO operations.certificate_watches ({}) VALUES ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(map(sql.Placeholder, columns)),
        ),
        row,
    )
