"""The tenants' rules for protecting files, as the store holds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow


def policies(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    """How files must be protected: one row per tenant and kind of file, with their keys."""
    return connection.execute(
        "SELECT channel, job_id, security_level, public_key, text_key, changed_at"
        " FROM operations.policy ORDER BY channel, job_id"
    ).fetchall()


def set_policy(connection: Connection[DictRow], policy: dict[str, Any], now: datetime) -> None:
    """The rule from now on; what it replaces is gone, its keys too."""
    connection.execute(
        "INSERT INTO operations.policy"
        " (channel, job_id, security_level, public_key, text_key, changed_at) VALUES"
        " (%(channel)s, %(job_id)s, %(security_level)s, %(public_key)s, %(text_key)s, %(now)s)"
        " ON CONFLICT (channel, job_id) DO UPDATE SET security_level = EXCLUDED.security_level,"
        " public_key = EXCLUDED.public_key, text_key = EXCLUDED.text_key,"
        " changed_at = EXCLUDED.changed_at",
        policy | {"now": now},
    )


def remove_policy(connection: Connection[DictRow], channel: str, job_id: str) -> bool:
    """Whether there was one."""
    removed = connection.execute(
        "DELETE FROM operations.policy WHERE channel = %s AND job_id = %s", [channel, job_id]
    )
    return removed.rowcount > 0
