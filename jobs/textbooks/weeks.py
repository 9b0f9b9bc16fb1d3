"""The week of a report, its academic year, and the folders that its files are published in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jobs.textbooks.files import OVERALL_FOLDER

JUNE = 6
PLAIN_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Week:
    """`starts_on` is its Monday; scans are counted over whole days of the academic year."""

    starts_on: date
    scans_from: date
    scans_until: date


def week_at(as_of: datetime, timezone: str) -> Week:
    today = as_of.astimezone(ZoneInfo(timezone)).date()
    return Week(
        starts_on=today - timedelta(days=today.weekday()),
        # On 1 June itself the year that ended the day before is whole, and shown once more.
        scans_from=academic_year_of(today - timedelta(days=1)),
        scans_until=today - timedelta(days=1),
    )


def academic_year_of(day: date) -> date:
    """The 1 June that the day's academic year began with."""
    return date(day.year if day.month >= JUNE else day.year - 1, JUNE, 1)


def folders_of(slugs: Mapping[str, str]) -> dict[str, str]:
    """The folder of each channel: its slug, or the channel where that cannot be a folder's name.

    A slug of two tenants would let one's files take the place of the other's.
    """
    times = Counter(slugs.values())
    return {
        channel: slug
        if times[slug] == 1 and PLAIN_FOLDER.fullmatch(slug) and slug != OVERALL_FOLDER
        else f"tenant-{re.sub(r'[^A-Za-z0-9_-]', '_', channel)}"
        for channel, slug in sorted(slugs.items())
    }
