"""The rule for a batch's status, written a second time from its sentences, in plain Python."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
AT = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)  # midnight in India: the 22nd begins
NOT_A_DAY = ["31-02-2026", "2026-02-31", "0000-00-00", "soon", "2026-13-01", "20261122"]


@dataclass
class Case:
    """A raw row and the status that the last run left, None where there was none."""

    start_text: str | None = None
    end_text: str | None = None
    enrolment_text: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    status: int | None = None


def expected(case, at=AT):
    """(status, problem, day that enrolment ends)."""
    today = at.astimezone(INDIA).date()
    start, is_start_bad = judged(case.start, case.start_text)
    end, is_end_bad = judged(case.end, case.end_text)
    last, is_last_bad = judged(None, case.enrolment_text)
    if last is None and end is not None:
        last = end - timedelta(days=1)
        if start is not None and last < start:
            last = start
    keeps = case.status if case.status in (0, 1, 2) else 0
    if is_start_bad or is_end_bad:
        return keeps, "unparsable_date", last
    if start and end and end < start:
        return keeps, "end_before_start", last
    problem = "no_start_date" if start is None else None
    if problem is None and is_last_bad:
        problem = "unparsable_enrolment_end"
    last_instant = end and datetime.combine(end, time(23, 59, 59, 999999), INDIA)
    if last_instant and at > last_instant:
        return 2, problem, last
    if start is None:
        return keeps, problem, last
    return int(today >= start), problem, last


def judged(instant, text):
    """(day, whether something was given that is no day)."""
    if instant is not None:
        return instant.astimezone(INDIA).date(), False
    if text is None or not text.strip():
        return None, False
    try:
        return date.fromisoformat(text.strip().replace("T", " ").split(" ")[0]), False
    except ValueError:
        return None, True


def cases(count, seed=20261121):
    """Random cases around the instant, the hard ones often."""
    draw = random.Random(seed)

    def a_day():
        return date(2026, 11, 22) + timedelta(days=draw.choice([-400, -30, -2, -1, 0, 1, 2, 30]))

    def a_text():
        kind = draw.random()
        if kind < 0.25:
            return draw.choice([None, "", "  "])
        if kind < 0.4:
            return draw.choice([bad for bad in NOT_A_DAY if bad != "20261122"])
        return a_day().isoformat() + draw.choice(["", "", " 00:00:00:000+0530", "T10:15:00.000Z"])

    def an_instant():
        if draw.random() < 0.6:
            return None
        local = datetime.combine(a_day(), draw.choice([time(0), time(23, 59, 59, 999000)]), INDIA)
        return local.astimezone(UTC)

    return [
        Case(
            a_text(), a_text(), a_text(), an_instant(), an_instant(),
            draw.choice([None, 0, 1, 2, 7]),
        )
        for _ in range(count)
    ]  # fmt: skip
