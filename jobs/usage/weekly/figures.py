"""What the weekly summary says: numbers of the week beside the week before, and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jobs.delivery.wording import grouped, share

Row = Mapping[str, Any]
WEEK = timedelta(days=7)
# How long before the week the trends begin.
TREND = 7 * WEEK
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CLIENT_NAMES = {
    "all": "All",
    "portal": "Portal",
    "mobile_web": "Mobile web",
    "app": "Mobile app",
    "desktop": "Desktop app",
    "portal_unknown": "Portal, device unknown",
    "unknown": "Unknown",
}


@dataclass(frozen=True)
class Rows:
    """The rows of metric tables that a week is made of, of its trend's days."""

    usage: Sequence[Row]
    certificates: Sequence[Row]
    reports: Sequence[Row]
    top_courses: Sequence[Row]
    tenants: Sequence[Row]


@dataclass(frozen=True)
class Figure:
    """A number of the week and of the week before; `code` is what messages call it."""

    code: str
    name: str
    now: int
    before: int | None

    @property
    def change(self) -> str:
        """As +12 %; a word where there is nothing to compare with."""
        if not self.before:
            return "no week before" if self.before is None else "none the week before"
        percent = round(100 * (self.now - self.before) / self.before)
        return "as the week before" if percent == 0 else f"{percent:+d} % on the week before"


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday, as far as its days are counted."""

    first_on: date
    day_count: int
    is_final: bool
    figures: tuple[Figure, ...]
    failed_share: str
    certificates: tuple[Row, ...]
    reports: Row | None
    rows: Rows

    @property
    def last_on(self) -> date:
        return self.first_on + WEEK - timedelta(days=1)

    @property
    def title(self) -> str:
        first, last = self.first_on, self.last_on
        begin = f"{first.day} {MONTHS[first.month - 1]}" if first.month != last.month else first.day
        year = f" {first.year}" if first.year != last.year else ""
        return f"{begin}{year} – {last.day} {MONTHS[last.month - 1]} {last.year}"


def week_of(first_on: date, rows: Rows) -> Week:
    every = [row for row in rows.usage if row["platform"] == "all"]
    clicks = [row for row in rows.certificates if row["client"] == "all"]
    days = [row for row in every if is_in(row, first_on)]
    scans = total(every, first_on, "scan_count")
    return Week(
        first_on=first_on,
        day_count=len(days),
        is_final=bool(days) and all(row["is_final"] for row in days),
        figures=(
            figure("scans", "QR code scans", every, first_on, lambda row: row["scan_count"]),
            figure("plays", "Content plays", every, first_on, lambda row: row["play_count"]),
            figure("hours", "Hours of content", every, first_on, lambda row: row["play_hours"]),
            figure(
                "downloads", "Content downloads", every, first_on, lambda row: row["download_count"]
            ),
            figure(
                "certificate_downloads",
                "Certificate downloads",
                clicks,
                first_on,
                lambda row: row["download_on_day_count"],
            ),
            figure(
                "report_downloads",
                "Report downloads",
                rows.reports,
                first_on,
                lambda row: row["download_on_day_count"],
            ),
        ),
        failed_share=share(total(every, first_on, "failed_scan_count"), scans) if scans else "",
        certificates=latest(rows.certificates, first_on),
        reports=next(iter(latest(rows.reports, first_on)), None),
        rows=rows,
    )


def is_in(row: Row, first_on: date) -> bool:
    return bool(first_on <= row["day"] < first_on + WEEK)


def total(rows: Sequence[Row], first_on: date, name: str) -> int:
    return sum(row[name] for row in rows if is_in(row, first_on))


def figure(
    code: str, name: str, rows: Sequence[Row], first_on: date, value: Callable[[Row], float]
) -> Figure:
    before = [value(row) for row in rows if is_in(row, first_on - WEEK)]
    return Figure(
        code,
        name,
        round(sum(value(row) for row in rows if is_in(row, first_on))),
        round(sum(before)) if before else None,
    )


def latest(rows: Sequence[Row], first_on: date) -> tuple[Row, ...]:
    """The rows of the week's last counted day."""
    days = [row["day"] for row in rows if is_in(row, first_on)]
    return tuple(row for row in rows if days and row["day"] == max(days))


def certificate_words(week: Week) -> str:
    every = next((row for row in week.certificates if row["client"] == "all"), None)
    if every is None:
        return "No certificate ratio was counted this week."
    if not every["issued_count"]:
        return "No certificates have been issued yet, so there is no ratio."
    part = share(every["downloaded_certificate_count"], every["issued_count"])
    return (
        f"Of {grouped(every['issued_count'])} certificates issued to date,"
        f" {grouped(every['downloaded_certificate_count'])} ({part}) were downloaded at least once."
        f" There were {grouped(every['download_count'])} downloads in all, a ratio of"
        f" {decimal(every['download_ratio'])}."
    )


def report_words(week: Week) -> str:
    row = week.reports
    if row is None:
        return "No report ratio was counted this week."
    if not row["batch_count"]:
        return "There are no batches yet, so there is no ratio."
    delivered = row["mailed_count"] + row["link_opening_count"]
    return (
        f"Progress reports of {grouped(row['batch_count'])} batches were downloaded"
        f" {grouped(row['download_count'])} times in the portal, a ratio of"
        f" {decimal(row['download_ratio'])} per batch. Our own mails and links gave out"
        f" {grouped(delivered)} more."
    )


def usage_words(week: Week) -> str:
    scans, plays, hours = week.figures[:3]
    failed = f", {week.failed_share} of which found nothing" if week.failed_share else ""
    return (
        f"{grouped(scans.now)} QR codes were scanned{failed}. Content was played"
        f" {grouped(plays.now)} times, for {grouped(hours.now)} hours."
    )


def caution(week: Week) -> str:
    """What a reader must know before trusting the numbers; empty where all is closed."""
    if week.day_count < 7:
        return f"Only {week.day_count} of the week's 7 days are counted."
    return "" if week.is_final else "Late events can still change some days of this week."


def decimal(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    # A ratio that is small is not none.
    return f"{ratio:.3f}" if 0 < ratio < 0.1 else f"{ratio:.2f}"
