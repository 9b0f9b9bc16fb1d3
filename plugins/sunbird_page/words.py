"""The words of the page: codes of the store as people say them."""

from typing import Any

KINDS = {
    "progress-exhaust": "Progress",
    "userinfo-exhaust": "Learner details",
    "response-exhaust": "Answers",
}
STATUSES = {"0": "upcoming", "1": "running", "2": "ended"}
MOVES = {
    "started": "began",
    "ended": "ended",
    "extended": "were extended",
    "start_moved": "had their start moved",
    "status_missing": "had no status before",
    "removed": "are gone",
}
TARGETS = {"batch_table": "batch table", "search": "search index", "course": "course page"}
MESSAGES = {
    "exhaust_ready": "A mentor's files",
    "exhaust_failed": "A refusal to a mentor",
    "exhaust_late": "A word that a request is late",
    "missed_certificates": "The nightly report",
    "usage_weekly": "The weekly summary",
    "textbook_adoption": "An answer about adopted textbooks",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HOUR, DAY = 60, 24 * 60


def day(text: str) -> str:
    """21 Nov 2026 of 2026-11-21."""
    year, month, number = text.split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"


def days_of(batch: dict[str, Any]) -> str:
    """From its first day to its last, as far as they are known."""
    first, last = batch["start_on"], batch["end_on"]
    if first and last:
        return f"{day(first)} to {day(last)}"
    return f"from {day(first)}" if first else f"until {day(last)}" if last else "days not known"


def grouped(number: float | None) -> str:
    """A count with a comma at each thousand; a dash where there is none."""
    return "–" if number is None else f"{number:,.0f}"


def plural(number: int, one: str, many: str = "") -> str:
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def minutes(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:.1f} min" if number < 10 else age(int(number))


def age(number: int | None) -> str:
    """Minutes as a person says them."""
    if number is None:
        return "–"
    if number < 2 * HOUR:
        return f"{number} min"
    if number < 2 * DAY:
        return f"{number // HOUR} h"
    return f"{number // DAY} days"


def state_of(request: dict[str, Any], promised: int) -> tuple[str, str]:
    """How a request stands: a tone for the colour and the shape, and the words."""
    is_late = (request["minutes"] or 0) > promised
    if request["delivery"] == "sent":
        name = "mailed" if request["status"] == "SUCCESS" else "refused, and told why"
        return ("late" if is_late else "good" if name == "mailed" else "note"), name
    if request["delivery"] in ("undeliverable", "failed"):
        return "late", "no mail arrived"
    if request["delivery"] == "held":
        return "note", "held for a person"
    if request["status"] in ("SUCCESS", "FAILED"):
        return ("late" if is_late else "open"), "waits for the mail"
    name = "waits for its turn" if request["status"] == "SUBMITTED" else "is being made"
    return ("late" if is_late else "open"), name
