"""Days of the small Sunbird's telemetry: scans, plays, downloads, sessions, clicks, the rest."""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.samples.courses import READING
from jobs.samples.places import NATIONAL
from jobs.samples.staff import CREATOR, MENTOR_BIG, MENTOR_SOUTH, fixed_id
from jobs.samples.telemetry_edges import edge_events
from jobs.samples.telemetry_events import (
    Event,
    certificate_click,
    content_download,
    impression,
    play,
    report_click,
    scan,
    session,
)
from jobs.samples.textbooks import ENGLISH_6, GUJARATI_7, MATHS_7, SCIENCE_7, SOCIAL_8

TELEMETRY = "telemetry"
# Arrival days before the day of the samples, which has telemetry too.
DAYS = 8
# One day comes as Parquet, one as plain lines; the others are packed.
IN_PARQUET, PLAIN = 4, 2
BOOKS = (MATHS_7, SCIENCE_7, SOCIAL_8, ENGLISH_6, GUJARATI_7)
# As platforms write them; the last is nobody's.
STATES = ("Gujarat", "Karnataka", "Kerala", "Tamil Nadu", "Orissa", "")
MENTORS = (MENTOR_BIG, MENTOR_SOUTH, CREATOR)
MOBILE = ("Mobile", "Tab", "Desktop")


def write_telemetry(lake: Path, as_of: datetime, enrolments: Sequence[dict[str, Any]]) -> int:
    """Write the folders of the last arrival days; returns the number of lines."""
    rng = np.random.default_rng(as_of.date().toordinal())
    last = as_of.astimezone(UTC).date()
    by_day: dict[date, list[Event | str]] = defaultdict(list)
    for back in range(DAYS, -1, -1):
        day = last - timedelta(days=back)
        # Nothing of the last day is of its hours to come.
        over = int((as_of - datetime.combine(day, time(), UTC)).total_seconds()) - 3600
        seconds = max(60, min(86_000, over))
        by_day[day] += events_of(rng, day, certified(enrolments), seconds)
    for day, more in edge_events(last).items():
        by_day[day] += more
    for day, events in by_day.items():
        write_day(lake / TELEMETRY / day.isoformat(), events, back=(last - day).days)
    return sum(len(events) for events in by_day.values())


def certified(enrolments: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Who holds a certificate, and of which course."""
    found = {
        (row["userid"], row["courseid"])
        for row in enrolments
        if row["userid"] and row["courseid"] and row["issued_certificates"]
    }
    return sorted(found)


def events_of(
    rng: np.random.Generator, day: date, holders: list[tuple[str, str]], seconds: int
) -> list[Event]:
    """What happened from one midnight in UTC to the next: India's day begins in the evening."""
    midnight = datetime.combine(day, time(), UTC)

    def one(some: Sequence[Any]) -> Any:
        return some[int(rng.integers(len(some)))]

    def at() -> dict[str, Any]:
        device = fixed_id(f"device {rng.integers(400)}")
        moment = midnight + timedelta(seconds=int(rng.integers(seconds)))
        return {"at": moment, "device": device, "state": one(STATES), "mid": mid_of(rng)}

    def some_scan() -> Event:
        book = one(BOOKS)
        return scan(one(book.codes), owner=book.channel, size=int(rng.integers(4)), **at())

    def some_play() -> Event:
        book, product = one(BOOKS), one(("app", "app", "portal", "desktop"))
        user = fixed_id(f"reader {rng.integers(300)}")
        spent = round(float(rng.gamma(2, 90)), 2)
        return play(
            one(book.content_ids), book.textbook_id, product=product, user=user, seconds=spent,
            **at(),
        )  # fmt: skip

    def some_certificate_click() -> Event:
        (user, course), product = one(holders), one(("app", "portal"))
        return certificate_click(user, course, product=product, device_kind=one(MOBILE), **at())

    makers: dict[Callable[[], Event], int] = {
        some_scan: 30,
        some_play: 40,
        lambda: content_download(one(one(BOOKS).content_ids), **at()): 12,
        lambda: session(seconds=round(float(rng.gamma(2, 300)), 2), **at()): 16,
        lambda: report_click(READING.course_id, user=one(MENTORS), **at()): 3,
        some_certificate_click: 8 if holders else 0,
        lambda: impression(channel=NATIONAL.channel, **at()): 25,
    }
    return [make() for make, count in makers.items() for _ in range(count)]


def mid_of(rng: np.random.Generator) -> str:
    return rng.bytes(16).hex().upper()


def write_day(folder: Path, events: list[Event | str], *, back: int) -> None:
    folder.mkdir(parents=True)
    if back == IN_PARQUET:
        # Of a list of rows the first one's names would be all.
        table = pa.Table.from_struct_array(pa.array(events))
        pq.write_table(table, folder / "part-00000.parquet")
        return
    lines = "".join(
        (event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)) + "\n"
        for event in events
    ).encode()
    if back == PLAIN:
        (folder / "part-00000.jsonl").write_bytes(lines)
    else:
        # Without the time of packing: the same bytes each time.
        (folder / "part-00000.jsonl.gz").write_bytes(gzip.compress(lines, mtime=0))
