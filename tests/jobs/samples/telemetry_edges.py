"""What is odd in the telemetry is there, read with no help from what wrote it."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobs.samples.edges import Edge
from jobs.samples.telemetry_edges import mid_of
from tests.jobs.samples.raw_lake import Lake

Events = list[dict[str, Any]]
DAY_MS = 86_400_000


def lines(lake: Lake) -> list[str]:
    found: list[str] = []
    for file in sorted(Path(lake.folder / "telemetry").rglob("*.jsonl*")):
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        found += data.decode().splitlines()
    return found


def events(lake: Lake, edge: Edge) -> Events:
    """The events whose `mid` begins with the edge's."""
    told = [line for line in lines(lake) if f'"{mid_of(edge)}' in line]
    return [json.loads(line) for line in told]


def one(check: Callable[[dict[str, Any]], bool], edge: Edge) -> Callable[[Lake], bool]:
    return lambda lake: [check(event) for event in events(lake, edge)] == [True]


def codes(event: dict[str, Any]) -> Any:
    return event["edata"]["filters"]["dialcodes"]


def days_late(event: dict[str, Any]) -> int:
    return int((event["syncts"] - event["ets"]) // DAY_MS)


def is_torn(lake: Lake) -> bool:
    [line] = [line for line in lines(lake) if mid_of(Edge.TELEMETRY_TORN) in line]
    return not line.endswith("}")


def is_without_mid(lake: Lake) -> bool:
    return len([1 for line in lines(lake) if line.endswith("}") and '"mid"' not in line]) == 1


def is_double(lake: Lake) -> bool:
    first, second = events(lake, Edge.TELEMETRY_DOUBLE_CLICK)
    return bool(0 < second["ets"] - first["ets"] <= 2000 and first["mid"] != second["mid"])


def differ(lake: Lake) -> bool:
    first, second = events(lake, Edge.TELEMETRY_SAME_MID)
    return bool(first["mid"] == second["mid"] and first["edata"] != second["edata"])


def came_again(lake: Lake) -> bool:
    stamps = sorted(event["syncts"] for event in events(lake, Edge.TELEMETRY_SENT_AGAIN))
    return stamps[0] == stamps[1] and stamps[2] - stamps[1] == 2 * DAY_MS


SINGLE: dict[Edge, Callable[[dict[str, Any]], bool]] = {
    Edge.TELEMETRY_LATE: lambda e: days_late(e) == 5,
    Edge.TELEMETRY_TOO_LATE: lambda e: days_late(e) == 20,
    Edge.TELEMETRY_CLOCK_AHEAD: lambda e: days_late(e) == -3,
    Edge.TELEMETRY_OF_1970: lambda e: e["ets"] < 2 * DAY_MS,
    Edge.TELEMETRY_CODES_AS_LIST: lambda e: len(codes(e)) == 1 and isinstance(codes(e), list),
    Edge.TELEMETRY_TWO_CODES: lambda e: len(codes(e)) == 2 and "dialcodedata" not in e,
    Edge.TELEMETRY_BLANK_CODE: lambda e: codes(e) == [""],
    Edge.TELEMETRY_CODE_IN_SMALL_LETTERS: lambda e: codes(e) != codes(e).strip().upper(),
    Edge.TELEMETRY_CODES_MISSPELT: lambda e: "dialCodes" in e["edata"]["filters"],
    Edge.TELEMETRY_SIZE_MISSING: lambda e: e["edata"]["size"] is None,
    Edge.TELEMETRY_FILTER_AS_OBJECT: lambda e: e["eid"] != "SEARCH" and bool(codes(e)),
    Edge.TELEMETRY_CDATA_NULL: lambda e: e["context"]["cdata"] is None,
    Edge.TELEMETRY_WITHOUT_OBJECT: lambda e: "object" not in e,
    Edge.TELEMETRY_EMPTY_ROLLUP: lambda e: e["object"]["rollup"] == {},
    Edge.TELEMETRY_SUMMED_UP_LATER: lambda e: (
        e["ets"] - e["edata"]["eks"]["start_time"] == 13 * 3_600_000
    ),
    Edge.TELEMETRY_IN_THE_EVENING: lambda e: (
        e["edata"]["eks"]["start_time"] % DAY_MS == 20 * 3_600_000
    ),
    Edge.TELEMETRY_OF_OTHERS: lambda e: "others" in e["edata"]["id"],
    Edge.TELEMETRY_DOWNLOAD_ELSEWHERE: lambda e: (
        e["edata"]["id"] == "download" and e["edata"]["pageid"] != "course-progress-dashboard"
    ),
    Edge.TELEMETRY_OF_NOBODY: lambda e: e["actor"]["id"] == e["context"]["did"],
    Edge.TELEMETRY_BY_DESKTOP: lambda e: e["context"]["env"] == "downloadManager",
    Edge.TELEMETRY_STATES_DISAGREE: lambda e: (
        e["devicedata"]["state"] != e["devicedata"]["userdeclared"]["state"]
    ),
}
TELEMETRY_EDGES: dict[Edge, Callable[[Lake], bool]] = {
    Edge.TELEMETRY_TORN: is_torn,
    Edge.TELEMETRY_WITHOUT_MID: is_without_mid,
    Edge.TELEMETRY_DOUBLE_CLICK: is_double,
    Edge.TELEMETRY_SAME_MID: differ,
    Edge.TELEMETRY_SENT_AGAIN: came_again,
} | {edge: one(check, edge) for edge, check in SINGLE.items()}
