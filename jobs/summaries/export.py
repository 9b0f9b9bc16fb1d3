"""The collection summary as JSON lines, under the names that Sunbird's own file has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

FOLDER = "collection-summary-reports-v2"
# In the order of the file; ours by Sunbird's name.
NAMES = {
    "contentorg": "content_org",
    "batchid": "batch_id",
    "courseid": "collection_id",
    "collectionname": "collection_name",
    "batchname": "batch_name",
    "startdate": "start_on",
    "enddate": "end_on",
    "hascertified": "has_certificate",
    "state": "state",
    "district": "district",
    "enrolleduserscount": "enrolment_count",
    "completionuserscount": "completion_count",
    "certificateissuedcount": "certificate_count",
    "contentstatus": "collection_status",
    "keywords": "keywords",
    "channel": "channel",
    "timestamp": "computed_at",
    "orgname": "org_name",
    "createdfor": "created_for",
    "medium": "medium",
    "subject": "subject",
    "usertype": "user_type",
    "usersubtype": "user_sub_type",
}
LISTS = frozenset({"contentorg", "keywords", "createdfor", "medium", "subject"})


def file_names(day: date) -> tuple[str, str]:
    """The day's file, and the one that is always the newest."""
    return (
        f"{FOLDER}/collection-summary-report-{day:%Y%m%d}.json",
        f"{FOLDER}/collection-summary-report-latest.json",
    )


def write_lines(path: Path, pages: Iterable[Iterable[Mapping[str, Any]]]) -> int:
    """Write the rows, what is absent left out; returns how many."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for page in pages:
            for row in page:
                file.write(json.dumps(line(row), ensure_ascii=False, separators=(",", ":")) + "\n")
                rows += 1
    return rows


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said(name, row[ours]) for name, ours in NAMES.items() if row[ours] is not None}


def said(name: str, value: Any) -> Any:
    if name == "batchid":
        return f"batch-{value}"
    if name in LISTS:
        return json.loads(value)
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    return value.isoformat() if isinstance(value, date) else value
