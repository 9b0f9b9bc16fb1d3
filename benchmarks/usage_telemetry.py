"""A day's telemetry of a large platform: mixed kinds, most of them not counted, some sent twice.

Written by DuckDB as nested Parquet or as JSON lines, in the folder of its arrival day.
"""

from itertools import accumulate
from pathlib import Path

import duckdb

ARRIVAL = "2026-11-20"
# 00:00 UTC of the arrival day, in milliseconds.
MIDNIGHT = 1_795_132_800_000
FILE_ROWS = 1_000_000
# Every hundredth event is sent a second time, a few minutes later.
SENT_TWICE = 100

# Of ten thousand events. DIKSHA told of 500 million events, 5.9 million sessions and 45.7 million
# page views a day, so that few are counted; here are rather more of those than it told of.
AS_PUBLISHED = {
    "play": 600, "scan": 100, "download": 100, "session": 150, "certificate": 20, "report": 10,
    "impression": 1000, "interact": 4000, "log": 1000, "search": 500, "start": 1260, "end": 1260,
}  # fmt: skip
# The worst that can be thought of: nearly every second event is counted.
DENSE = {
    "play": 3000, "scan": 500, "download": 500, "session": 300, "certificate": 100, "report": 50,
    "impression": 1050, "interact": 2000, "log": 1000, "search": 500, "start": 500, "end": 500,
}  # fmt: skip

EVENTS = """
WITH numbers AS (
    SELECT
        n,
        CASE WHEN n % {sent_twice} = 0 THEN n - 1 ELSE n END AS i,
        n % {sent_twice} = 0 AS again
    FROM range({first}, {last}) AS t(n)
),

drawn AS (
    SELECT
        i,
        again,
        hash(i) % 10000 AS r,
        hash(i, 1) % 3000000 AS who,
        hash(i, 2) % 1000000 AS what,
        {midnight} - 14400000 + (hash(i, 3) % 86400000)::BIGINT AS moment,
        md5(i::VARCHAR) AS mid
    FROM numbers
),

told AS (
    SELECT
        *,
        {kinds} AS kind,
        -- One course has every fifth event.
        CASE WHEN what % 5 = 0 THEN 'do_31000000000000000001'
        ELSE 'do_3200000000000' || lpad((what % 20000)::VARCHAR, 7, '0') END AS collection,
        'do_3300000000000' || lpad((what % 300000)::VARCHAR, 7, '0') AS content,
        md5((who % 2000000)::VARCHAR) AS did,
        substr(md5('u' || who), 1, 8) || '-' || substr(md5('v' || who), 1, 27) AS uid,
        CASE who % 4 WHEN 0 THEN 'portal' WHEN 1 THEN 'portal' ELSE 'app' END AS platform,
        ['Karnataka', 'Gujarat', 'Delhi', 'Kerala', 'Bihar', 'Assam'][(who % 6)::INT + 1] AS state
    FROM drawn
)

SELECT
    CASE kind
        WHEN 'play' THEN 'ME_WORKFLOW_SUMMARY' WHEN 'session' THEN 'ME_WORKFLOW_SUMMARY'
        WHEN 'scan' THEN 'SEARCH' WHEN 'search' THEN 'SEARCH' WHEN 'impression' THEN 'IMPRESSION'
        WHEN 'log' THEN 'LOG' WHEN 'start' THEN 'START' WHEN 'end' THEN 'END' ELSE 'INTERACT'
    END AS eid,
    (CASE WHEN kind IN ('play', 'session') THEN moment + 3600000 ELSE moment END)::DOUBLE AS ets,
    (moment + 14400000 + CASE WHEN again THEN 300000 ELSE 0 END)::DOUBLE AS syncts,
    '3.0' AS ver,
    CASE WHEN kind IN ('play', 'session') THEN upper(mid) ELSE 'INTERACT:' || mid END AS mid,
    CASE WHEN kind IN ('play', 'session') THEN uid END AS uid,
    CASE WHEN kind IN ('scan', 'search')
        THEN {{'id': 'org.sunbird.learning.platform', 'type': 'System'}}
        ELSE {{'id': uid, 'type': 'User'}}
    END AS actor,
    {{
        'channel': '0123207707019919' || (who % 40 + 100),
        'env': CASE kind WHEN 'download' THEN 'sdk'
            WHEN 'certificate' THEN 'profile' WHEN 'report' THEN 'course' ELSE 'contentplayer' END,
        'pdata': {{'id': 'prod.diksha.' || platform, 'pid': 'sunbird', 'ver': '5.1.0'}},
        'sid': md5('s' || who), 'did': did,
        'cdata': CASE WHEN kind = 'certificate' AND platform = 'portal' THEN [
            {{'id': 'course:download:cert', 'type': 'Feature'}},
            {{'id': CASE WHEN who % 3 = 0 THEN 'Mobile' ELSE 'Desktop' END, 'type': 'Device'}},
            {{'id': collection, 'type': 'Course'}}
        ] ELSE [{{'id': md5('c' || what), 'type': 'ContentSession'}}] END,
        'rollup': {{'l1': '0123207707019919' || (who % 40 + 100)}}
    }} AS context,
    CASE kind
        WHEN 'scan' THEN {{'id': 'C' || (what % 90000), 'type': 'DialCode', 'ver': NULL,
            'rollup': {{'l1': NULL}}}}
        WHEN 'certificate' THEN {{'id': collection, 'type': 'Certificate', 'ver': NULL,
            'rollup': {{'l1': NULL}}}}
        WHEN 'report' THEN {{'id': collection, 'type': 'Course', 'ver': '1.0',
            'rollup': {{'l1': NULL}}}}
        WHEN 'session' THEN NULL
        ELSE {{'id': content, 'type': 'Content', 'ver': '1.0', 'rollup': {{'l1': collection}}}}
    END AS object,
    {{
        'id': CASE kind WHEN 'certificate' THEN CASE platform WHEN 'portal'
                THEN 'profile-download-certificate' END
            WHEN 'report' THEN 'download' WHEN 'interact' THEN 'next-' || (what % 50) END,
        'type': CASE kind WHEN 'interact' THEN 'TOUCH' WHEN 'search' THEN 'content' END,
        'subtype': CASE kind WHEN 'download' THEN 'ContentDownload-Success'
            WHEN 'certificate' THEN CASE platform WHEN 'app' THEN 'download-certificate-clicked' END
            END,
        'pageid': CASE kind WHEN 'report' THEN 'course-progress-dashboard'
            WHEN 'certificate' THEN 'profile-read' ELSE 'content-detail' END,
        'state': NULL::VARCHAR,
        'mode': CASE kind WHEN 'start' THEN 'play' END,
        'query': CASE kind WHEN 'search' THEN 'fractions ' || what END,
        'size': CASE kind WHEN 'scan' THEN what % 10 WHEN 'search' THEN 40 END,
        'filters': CASE kind
            WHEN 'scan' THEN {{'dialcodes': 'C' || (what % 90000)}}
            WHEN 'search' THEN {{'dialcodes': NULL}} END,
        'eks': CASE WHEN kind IN ('play', 'session') THEN {{'start_time': moment::DOUBLE,
            'end_time': (moment + 60000)::DOUBLE, 'time_diff': 60.5,
            'time_spent': (what % 9000) / 10.0 + 0.1, 'interact_events_count': 3.0}} END,
        'params': CASE WHEN kind IN ('interact', 'log', 'impression')
            THEN repeat(md5('e' || i), 12) END
    }} AS edata,
    CASE WHEN kind IN ('play', 'session') THEN {{
        'did': did, 'sid': md5('s' || who), 'channel': '0123207707019919' || (who % 40 + 100),
        'type': CASE kind WHEN 'play' THEN 'content' ELSE 'app' END,
        'mode': CASE kind WHEN 'play' THEN 'play' END,
        'pdata': {{'id': 'prod.diksha.' || platform, 'pid': 'contentplayer', 'ver': '5.1.0'}}
    }} END AS dimensions,
    {{
        'country': 'India', 'countrycode': 'IN', 'state': state, 'statecode': 'XX',
        'iso3166statecode': 'IN-XX', 'city': 'Town ' || (who % 500),
        'userdeclared': CASE WHEN who % 3 = 0 THEN {{'state': state, 'district': 'District'}} END,
        'uaspec': {{'agent': 'Chrome', 'ver': '119', 'system': 'Windows',
            'raw': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ' || did}}
    }} AS devicedata,
    {{'usertype': 'teacher', 'state': CASE WHEN who % 2 = 0 THEN state END}} AS userdata,
    CASE WHEN kind = 'scan' THEN {{'identifier': 'C' || (what % 90000),
        'channel': '0123207707019919' || (what % 40 + 100)}} END AS dialcodedata,
    [uid] AS tags
FROM told
"""


def kinds(shares: dict[str, int]) -> str:
    """The kind of an event by `r`, a random number below ten thousand."""
    ends = accumulate(shares.values())
    cases = [f"WHEN r < {end} THEN '{kind}'" for kind, end in zip(shares, ends, strict=True)]
    return f"CASE {' '.join(cases)} END"


def write_telemetry(
    lake: Path, *, events: int, is_json: bool = False, shares: dict[str, int] | None = None
) -> None:
    """Fill `lake`/telemetry/<arrival day>, a file per million events; `AS_PUBLISHED` by default."""
    folder = lake / "telemetry" / ARRIVAL
    folder.mkdir(parents=True)
    form = "(FORMAT json)" if is_json else "(FORMAT parquet, ROW_GROUP_SIZE 200000)"
    ending = "jsonl" if is_json else "parquet"
    with duckdb.connect(config={"threads": 2, "memory_limit": "4GB"}) as connection:
        for number, first in enumerate(range(1, events + 1, FILE_ROWS)):
            select = EVENTS.format(
                first=first, last=min(first + FILE_ROWS, events + 1), sent_twice=SENT_TWICE,
                midnight=MIDNIGHT, kinds=kinds(shares or AS_PUBLISHED),
            )  # fmt: skip
            connection.execute(f"COPY ({select}) TO '{folder}/part-{number:03}.{ending}' {form}")
