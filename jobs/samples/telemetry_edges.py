"""What is odd in the telemetry, each under an id of its own: `mid_of(edge)`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from jobs.samples.courses import READING
from jobs.samples.edges import Edge
from jobs.samples.places import NATIONAL
from jobs.samples.staff import MENTOR_BIG, fixed_id
from jobs.samples.telemetry_events import (
    certificate_click,
    content_download,
    impression,
    play,
    report_click,
    scan,
    session,
)
from jobs.samples.textbooks import MATHS_7, SCIENCE_7

CODE, SECOND = MATHS_7.codes[0], SCIENCE_7.codes[0]
CONTENT, BOOK = MATHS_7.content_ids[0], MATHS_7.textbook_id
# The folder that most of them are in, counted back from the last one: one of plain lines.
BACK = 2


def mid_of(edge: Edge) -> str:
    return fixed_id(f"telemetry {edge.name}")


def edge_events(last: date) -> dict[date, list[Any]]:
    """Events, and lines as they are, by the day that they arrive on."""
    day = last - timedelta(days=BACK)
    noon = datetime.combine(day, time(7), UTC)

    def of(edge: Edge, **more: Any) -> dict[str, Any]:
        place = {"at": noon, "device": fixed_id(f"device {edge.name}"), "state": "Gujarat"}
        return place | {"mid": mid_of(edge)} | more

    found: dict[date, list[Any]] = {day: []}
    for edge, make in HERE.items():
        found[day] += make(of(edge))
    again = play(CONTENT, BOOK, **of(Edge.TELEMETRY_SENT_AGAIN))
    found[day] += [again, again]
    found[last] = [again | {"syncts": again["syncts"] + 2 * 86_400_000}]
    collision = of(Edge.TELEMETRY_SAME_MID)
    found[day] += [
        play(CONTENT, BOOK, seconds=10.0, **collision),
        play(CONTENT, BOOK, seconds=20.0, **collision),
    ]
    for edge, days in {Edge.TELEMETRY_LATE: 5, Edge.TELEMETRY_TOO_LATE: 20}.items():
        what = of(edge, at=noon - timedelta(days=days), arrived=noon)
        found[day].append(certificate_click(fixed_id("late clicker"), READING.course_id, **what))
    return found


def text_of_old_form(told: dict[str, Any]) -> list[str]:
    return [f'{{"eid":"SEARCH","mid":"{told["mid"]}","ets":15353']


def double_click(told: dict[str, Any]) -> list[Any]:
    """Twice within a second; each click has an id of its own."""
    second = told | {"mid": f"{told['mid']}-2", "at": told["at"] + timedelta(seconds=1)}
    who = fixed_id("double clicker")
    return [certificate_click(who, READING.course_id, **one) for one in (told, second)]


def without(event: dict[str, Any], *names: str) -> list[Any]:
    return [{name: value for name, value in event.items() if name not in names}]


def with_edata(event: dict[str, Any], **more: Any) -> list[Any]:
    return [event | {"edata": event["edata"] | more}]


def portal_click(told: dict[str, Any], **more: Any) -> list[Any]:
    what: dict[str, Any] = {"product": "portal"} | more
    return [certificate_click(fixed_id("portal clicker"), READING.course_id, **what, **told)]


def owned(codes: Any, **more: Any) -> Callable[[dict[str, Any]], list[Any]]:
    what: dict[str, Any] = {"owner": NATIONAL.channel, "size": 3} | more
    return lambda told: [scan(codes, **what, **told)]


HERE: dict[Edge, Callable[[dict[str, Any]], list[Any]]] = {
    Edge.TELEMETRY_TORN: text_of_old_form,
    Edge.TELEMETRY_CODES_AS_LIST: owned([CODE]),
    Edge.TELEMETRY_TWO_CODES: owned([CODE, SECOND], owner=None),
    Edge.TELEMETRY_BLANK_CODE: owned([""]),
    Edge.TELEMETRY_CODE_IN_SMALL_LETTERS: owned(f" {CODE.lower()} "),
    Edge.TELEMETRY_CODES_MISSPELT: owned(CODE, key="dialCodes", size=112_402),
    Edge.TELEMETRY_SIZE_MISSING: owned(CODE, size=None),
    Edge.TELEMETRY_FILTER_AS_OBJECT: lambda told: with_edata(
        impression(**told), filters={"channel": {}, "dialcodes": CODE}
    ),
    Edge.TELEMETRY_CLOCK_AHEAD: lambda told: [
        content_download(
            CONTENT, **told | {"at": told["at"] + timedelta(days=3), "arrived": told["at"]}
        )
    ],
    Edge.TELEMETRY_OF_1970: lambda told: [
        content_download(CONTENT, **told | {"at": datetime(1970, 1, 2, tzinfo=UTC)})
        | {"syncts": int(told["at"].timestamp() * 1000)}
    ],
    Edge.TELEMETRY_CDATA_NULL: lambda told: [
        event | {"context": event["context"] | {"cdata": None}}
        for event in [report_click(READING.course_id, user=MENTOR_BIG, **told)]
    ],
    Edge.TELEMETRY_WITHOUT_OBJECT: lambda told: without(play(CONTENT, BOOK, **told), "object"),
    Edge.TELEMETRY_EMPTY_ROLLUP: lambda told: [play(CONTENT, None, **told)],
    Edge.TELEMETRY_WITHOUT_MID: lambda told: without(content_download(CONTENT, **told), "mid"),
    Edge.TELEMETRY_SUMMED_UP_LATER: lambda told: [
        play(CONTENT, BOOK, later=timedelta(hours=13), **told)
    ],
    Edge.TELEMETRY_IN_THE_EVENING: lambda told: [
        session(**told | {"at": told["at"].replace(hour=20)})
    ],
    Edge.TELEMETRY_DOUBLE_CLICK: double_click,
    Edge.TELEMETRY_OF_OTHERS: lambda told: portal_click(
        told, button="profile-download-others-certificate"
    ),
    Edge.TELEMETRY_DOWNLOAD_ELSEWHERE: lambda told: [
        report_click(READING.course_id, user=MENTOR_BIG, page="org-admin-dashboard", **told)
    ],
    Edge.TELEMETRY_OF_NOBODY: lambda told: [
        certificate_click(None, READING.course_id, **told),
    ],
    Edge.TELEMETRY_BY_DESKTOP: lambda told: [content_download(CONTENT, product="desktop", **told)],
    Edge.TELEMETRY_STATES_DISAGREE: lambda told: [
        play(CONTENT, BOOK, declared="Karnataka", **told)
    ],
}
