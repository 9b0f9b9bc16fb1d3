"""SQL of the groups' figures."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import DictRow


def activities_of(connection: Connection[DictRow], group_id: str) -> list[DictRow]:
    """The figures of a group's activities."""
    return connection.execute(
        "SELECT * FROM metrics.group_activity WHERE group_id = %s"
        " ORDER BY activity_id, activity_type",
        [group_id],
    ).fetchall()
