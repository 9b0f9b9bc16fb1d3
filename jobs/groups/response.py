"""A group's activity as the portal reads it: the shape that the LMS answers with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jobs.groups.names import COMPLETED_COUNT

Row = Mapping[str, Any]


def response(group: Row, members: Iterable[Row], names: Mapping[str, str]) -> dict[str, Any]:
    """One entry per member, in the order of their ids; `names` by user id, where they are known."""
    entries = sorted(members, key=lambda row: str(row["user_id"]))
    return {
        "groupId": group["group_id"],
        "activity": {
            "id": group["activity_id"],
            "type": group["activity_type"],
            "agg": group_metrics(group),
        },
        "members": [member(row, names.get(row["user_id"])) for row in entries],
    }


def group_metrics(group: Row) -> list[dict[str, Any]]:
    found = {
        "enrolmentCount": group["enrolment_count"],
        COMPLETED_COUNT: group["completed_count"],
        "meanScore": group["mean_score_pct"],
        "bestScore": group["best_score_pct"],
    }
    told = {name: value for name, value in found.items() if value is not None}
    return [metric(name, value, group["last_updated_at"]) for name, value in told.items()]


def member(row: Row, name: str | None) -> dict[str, Any]:
    aggregates = row["aggregates"] or {}
    own = {
        COMPLETED_COUNT: row["completed_count"],
        "progress": row["progress_pct"],
        "score": row["score_pct"],
    }
    told = {one: value for one, value in own.items() if value is not None}
    told |= {one: aggregates[one] for one in sorted(aggregates) if one not in own}
    return {
        "name": name,
        "userId": row["user_id"],
        "role": row["role"],
        "status": row["status"],
        "createdBy": row["created_by"],
        "batchId": row["batch_id"],
        "agg": [metric(one, value, row["last_updated_at"]) for one, value in told.items()],
    }


def metric(name: str, value: float, last_updated_at: datetime | None) -> dict[str, Any]:
    is_whole = isinstance(value, float) and value.is_integer()
    return {
        "metric": name,
        "value": int(value) if is_whole else value,
        "lastUpdatedOn": last_updated_at and round(last_updated_at.timestamp() * 1000),
    }
