"""The tenants' rules for protecting files, as the store holds them."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import DictRow


def policies(connection: Connection[DictRow]) -> list[dict[str, str]]:
    """How files must be protected: one row per tenant and kind of file."""
    return connection.execute(
        "SELECT channel, job_id, security_level FROM operations.policy"
    ).fetchall()
