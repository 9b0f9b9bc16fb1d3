"""What the weekly message to analysts says: the week's numbers; the trends are in its file."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from jobs.delivery.batch_view import Files
from jobs.delivery.facts import WeeklyFacts, WeeklyFigureFacts
from jobs.delivery.wording import Wording, grouped, share


def weekly_subject(facts: WeeklyFacts, wording: Wording) -> str:
    return week_in_words(facts, wording)


def week_in_words(facts: WeeklyFacts, wording: Wording) -> str:
    _ = wording.say
    first, last = (day_in_words(day, wording) for day in (facts.first_on, facts.last_on))
    return _("Usage of the week %(first)s – %(last)s") % {"first": first, "last": last}


def day_in_words(day: date, wording: Wording) -> str:
    return wording.day(datetime.combine(day, time(12), wording.zone))


def weekly(facts: WeeklyFacts, files: Files, wording: Wording) -> dict[str, Any]:
    _ = wording.say
    headline = week_in_words(facts, wording)
    words = names(wording)
    return {
        "preheader": headline,
        "headline": headline,
        "caution": caution(facts, wording),
        "figures": [
            (words.get(one.code, one.code), grouped(one.now), change(one, wording))
            for one in facts.figures
        ],
        "ratios": ratios(facts, wording),
        "files": [
            _("Trends, ratios and courses, on two pages, are attached: %(name)s") % {"name": name}
            for name in sorted(files.attached)
        ],
        "links": [(name, link.url) for name, link in sorted(files.links.items())],
        "as_of": _("Data as of %(moment)s.") % {"moment": wording.moment(facts.made_at)},
        "why": _("This mailbox is on the list of analysts, who are told every Monday."),
    }


def change(one: WeeklyFigureFacts, wording: Wording) -> str:
    _ = wording.say
    if not one.before:
        return ""
    percent = round(100 * (one.now - one.before) / one.before)
    return _("%(change)s on the week before") % {"change": f"{percent:+d}%"}


def ratios(facts: WeeklyFacts, wording: Wording) -> list[tuple[str, str]]:
    _ = wording.say
    told = []
    if facts.issued_count:
        downloaded, issued = facts.downloaded_certificate_count, facts.issued_count
        part = f"{share(downloaded, issued)} ({grouped(downloaded)} / {grouped(issued)})"
        told.append((_("Certificates downloaded, of those issued to date"), part))
    if facts.batch_count:
        per_batch = facts.report_download_count / facts.batch_count
        told.append((_("Progress reports downloaded per batch, to date"), f"{per_batch:.2f}"))
    return told


def caution(facts: WeeklyFacts, wording: Wording) -> str:
    _ = wording.say
    if facts.day_count < 7:
        return _("Only %(n)s of the week's 7 days are counted.") % {"n": facts.day_count}
    return "" if facts.is_final else _("Late events can still change some days of this week.")


def names(wording: Wording) -> dict[str, str]:
    _ = wording.say
    return {
        "scans": _("QR code scans"),
        "plays": _("Content plays"),
        "hours": _("Hours of content"),
        "downloads": _("Content downloads"),
        "certificate_downloads": _("Certificate downloads"),
        "report_downloads": _("Report downloads"),
    }
