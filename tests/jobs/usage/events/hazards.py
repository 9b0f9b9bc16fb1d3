"""Telemetry with every hazard, each under a `mid` that says what it is."""

from datetime import UTC, datetime, timedelta

from jobs.samples.telemetry_events import (
    certificate_click,
    content_download,
    impression,
    play,
    report_click,
    scan,
    session,
)
from tests.jobs.usage.events.telemetry_platform import NOON, told

EVENING = datetime(2026, 11, 20, 18, 45, tzinfo=UTC)


def altered(event, **more):
    return event | more


def in_context(event, **more):
    return event | {"context": event["context"] | more}


EVENTS = [
    # Scans.
    scan("C1", owner="nat", size=1, **told("text")),
    scan(["c1 "], owner="nat", size=0, **told("list")),
    scan(["C1", "C2"], owner=None, size=2, **told("two")),
    scan([""], owner="nat", size=1, **told("blank")),
    scan("  ", owner="nat", size=1, **told("blanks")),
    scan(" c1 ", owner="nat", size=None, **told("small")),
    scan("C1", owner="nat", size=112_402, key="dialCodes", **told("misspelt")),
    altered(scan([], owner=None, size=9, **told("no code"))),
    altered(scan("C1", owner="nat", size=1, **told("many")), topn=[{"a": 1}]),
    # Plays and sessions.
    play(
        "do_1", "do_book", later=timedelta(hours=13), **told("play", EVENING - timedelta(hours=1))
    ),
    play("do_1", None, product="desktop", **told("no book")),
    {k: v for k, v in play("do_1", "do_book", **told("no object")).items() if k != "object"},
    session(seconds=9.5, **told("session")),
    play("do_1", "do_book", seconds=-1.0, **told("negative")),
    altered(play("do_1", "do_book", **told("begun unknown")), edata={"eks": {}}, context={}),
    # Downloads.
    content_download("do_1", **told("download")),
    content_download("do_1", product="desktop", **told("desktop")),
    # Clicks.
    certificate_click("u1", "do_course", **told("app click")),
    certificate_click("u1", "do_course", product="portal", device_kind="Tab", **told("tab")),
    certificate_click("u1", "do_course", product="portal", device_kind="Desktop", **told("desk")),
    certificate_click(
        "u1",
        "do_course",
        product="portal",
        button="profile-download-others-certificate",
        **told("others"),
    ),
    altered(
        certificate_click(
            "u1", "do_course", product="portal", device_kind="?", **told("by browser")
        ),
        devicedata={"uaspec": {"system": "Android"}},
    ),
    in_context(
        certificate_click(None, "do_c", product="portal", **told("nobody")),
        cdata=[{"id": "do_c", "type": "Course"}, {"id": "cert-1", "type": "Certificate"}],
    ),
    report_click("do_course", user="m1", **told("report")),
    report_click(
        "do_course", user="m1", batch="b1", button="download-score-report", **told("score")
    ),
    report_click("do_course", user="m1", page="org-dashboard", **told("elsewhere")),
    report_click(
        "do_course",
        user="m1",
        batch="b1",
        button="progress-exhaust",
        page="on-demand-reports",
        **told("exhaust"),
    ),
    in_context(report_click("do_course", user="m1", **told("null cdata")), cdata=None),
    # Clocks.
    content_download("do_1", **told("evening", EVENING)),
    content_download("do_1", **told("ahead", NOON + timedelta(days=3), arrived=NOON)),
    content_download("do_1", **told("a bit ahead", NOON + timedelta(hours=23), arrived=NOON)),
    content_download("do_1", **told("old", datetime(1970, 1, 2, tzinfo=UTC), arrived=NOON)),
    content_download("do_1", **told("late", NOON - timedelta(days=8), arrived=NOON)),
    content_download("do_1", **told("in time", NOON - timedelta(days=7), arrived=NOON)),
    altered(content_download("do_1", **told("exponent")), ets="1.7641566E12"),
    altered(content_download("do_1", **told("no clock")), ets=None),
    altered(content_download("do_1", **told("no stamp")), syncts=None),
    altered(content_download("do_1", **told("bad stamp")), syncts=17),
    altered(content_download("do_1", **told("folder")), ets=2e12, syncts=2e12),
    # Shapes, and what nobody counts.
    altered(content_download("do_1", **told("text object")), object="do_1"),
    altered(content_download("do_1", **told("lost")), mid=""),
    impression(**told("impression")),
    altered(impression(**told("a word")), edata={"query": "SEARCH dialcodes INTERACT download"}),
]
TORN = [
    '{"eid":"SEARCH","mid":"torn","ets":15353',
    '{"eid":"INTERACT","mid":"broken","edata":{"id":"download",}}',
    "not JSON",
    '{"eid":"IMPRESSION"}{"eid":"SEARCH","mid":"jammed"}',
]
