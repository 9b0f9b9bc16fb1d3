"""The files of daily usage under the headers that portals read: `daily_metrics.csv` and `.json`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jobs.contracts.usage_events import APP, DESKTOP, PORTAL
from jobs.contracts.usage_metrics import ALL

# A day of one owner: its rows of `usage_daily` by platform.
Day = Mapping[str, Mapping[str, Any]]
Cell = Callable[[Day], str]

TWO_PLACES = Decimal("0.01")


def count(platform: str, column: str) -> Cell:
    return lambda day: str(day[platform][column])


def hours(platform: str, column: str) -> Cell:
    return lambda day: two_places(day[platform][column])


def percentage(column: str) -> Cell:
    # Of no scans none failed: the readers of the file know no empty cell.
    return lambda day: two_places(100 * (day[ALL][column] or 0))


def two_places(value: float) -> str:
    """Rounded half up as it is written: 2.675 is 2.68."""
    return str(Decimal(str(value)).quantize(TWO_PLACES, rounding=ROUND_HALF_UP))


def sessions(platform: str, name: str) -> dict[str, Cell]:
    return {
        f"Total {name} Sessions": count(platform, "session_count"),
        f"Total Devices on {name}": count(platform, "session_device_count"),
        f"Total Time on {name} (in hours)": hours(platform, "session_hours"),
    }


def plays(platform: str, name: str) -> dict[str, Cell]:
    return {
        f"Total Content Plays on {name}": count(platform, "play_count"),
        f"Total Devices that played content on {name}": count(platform, "play_device_count"),
        f"Content Play Time on {name} (in hours)": hours(platform, "play_hours"),
    }


SCANS: dict[str, Cell] = {
    "Total QR scans": count(ALL, "scan_count"),
    "Successful QR Scans": count(ALL, "successful_scan_count"),
    "Failed QR Scans": count(ALL, "failed_scan_count"),
}
DOWNLOADS: dict[str, Cell] = {
    "Total Content Downloads in Mobile App": count(APP, "download_count"),
    "Total Content Downloads in Desktop App": count(DESKTOP, "download_count"),
}
PLAYS: dict[str, Cell] = {
    **plays(APP, "Mobile App"),
    **plays(PORTAL, "Portal"),
    **plays(DESKTOP, "Desktop App"),
    "Total Content Plays": count(ALL, "play_count"),
    "Total Devices that played content": count(ALL, "play_device_count"),
    "Total Content Play Time (in hours)": hours(ALL, "play_hours"),
}
FAILED: dict[str, Cell] = {"Percentage (%) of Failed QR Scans": percentage("failed_scan_ratio")}

OVERALL_CELLS: dict[str, Cell] = {
    **SCANS,
    "Unmapped QR Scans": count(ALL, "unmapped_scan_count"),
    **FAILED,
    "Percentage (%) of Unmapped QR Scans": percentage("unmapped_scan_ratio"),
    **DOWNLOADS,
    **sessions(APP, "Mobile App"),
    **sessions(DESKTOP, "Desktop App"),
    **PLAYS,
}
TENANT_CELLS: dict[str, Cell] = {**SCANS, **FAILED, **DOWNLOADS, **PLAYS}


def daily_metrics(
    rows: Iterable[Mapping[str, Any]], cells: Mapping[str, Cell]
) -> tuple[list[str], list[list[str]], date | None]:
    """(header, lines, last day) of one owner's rows of `usage_daily`, all platforms, any order."""
    by_day: dict[date, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        by_day.setdefault(row["day"], {})[row["platform"]] = row
    lines = [
        [f"{day:%d-%m-%Y}", *(cell(by_day[day]) for cell in cells.values())]
        for day in sorted(by_day)
    ]
    return ["Date", *cells], lines, max(by_day, default=None)


def as_csv(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().encode()


def as_json(header: Sequence[str], lines: Sequence[Sequence[str]], last_day: date | None) -> bytes:
    """The form that the portal's charts read: every value a text, the last day in milliseconds."""
    at = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) if last_day else None
    told = {
        "keys": list(header),
        "data": [dict(zip(header, line, strict=True)) for line in lines],
        "tableData": [list(line) for line in lines],
        "metadata": {"lastUpdatedOn": at.timestamp() * 1000 if at else None},
    }
    return json.dumps(told, ensure_ascii=False).encode()
