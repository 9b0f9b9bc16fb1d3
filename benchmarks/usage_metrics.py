"""Usage metrics of a day: counted from its events and published, Spark start included.

10,000 textbooks with 90,000 codes and 300,000 contents, each adopted by five states. Beside it
DuckDB counting the same from the raw telemetry, whose rows are compared.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from benchmarks.measure import Cost, cost_of
from benchmarks.usage_platform import ADOPTERS, TENANT, write_adoptions, write_dimensions
from benchmarks.usage_telemetry import ARRIVAL, write_telemetry
from jobs.settings import Settings
from jobs.storage import postgres
from jobs.storage.store import open_store

SIZES = (2_000_000, 20_000_000)

ADOPTER = " ".join(
    f"WHEN '{state}' THEN '{TENANT}{100 + number}'" for number, state in enumerate(ADOPTERS)
)
# What somebody who knows these files would write: the same rules where these data need them.
IN_DUCKDB = f"""
WITH told AS (
    SELECT
        mid,
        CASE
            WHEN eid = 'SEARCH' THEN 'scan' WHEN eid = 'INTERACT' THEN 'download'
            WHEN dimensions.type = 'content' THEN 'play' ELSE 'session'
        END AS kind,
        coalesce(dimensions.channel, context.channel) AS channel,
        CASE WHEN eid = 'ME_WORKFLOW_SUMMARY' THEN dimensions.did END AS device_id,
        object.rollup.l1 AS book,
        dialcodedata.channel AS code_channel,
        edata.size > 0 AS is_successful,
        round(edata.eks.time_spent * 1000)::BIGINT AS milliseconds,
        CASE devicedata.state {ADOPTER} END AS adopter,
        coalesce(edata.eks.start_time, ets)::BIGINT AS moment
    FROM read_parquet('{{files}}')
    WHERE
        (eid = 'SEARCH' AND edata.filters.dialcodes IS NOT NULL)
        OR (eid = 'INTERACT' AND edata.subtype = 'ContentDownload-Success')
        OR (eid = 'ME_WORKFLOW_SUMMARY')
),

once AS (
    SELECT DISTINCT ON (mid) * FROM told
    WHERE (make_timestamp(moment * 1000) + INTERVAL '330 minutes')::DATE = DATE '{{day}}'
),

owned AS (
    SELECT
        *,
        book LIKE 'do_3200000000000%' AND right(book, 7)::INT < 10000 AS is_known,
        '{TENANT}' || (right(book, 7)::INT % 40 + 100) AS publisher
    FROM once
),

credited AS (
    SELECT
        *,
        CASE kind
            WHEN 'session' THEN channel
            WHEN 'scan' THEN coalesce(adopter, code_channel)
            ELSE CASE WHEN is_known THEN coalesce(adopter, publisher) ELSE '' END
        END AS owner
    FROM owned
)

SELECT
    CASE
        WHEN GROUPING(owner) = 1 THEN 'overall' WHEN owner = '' THEN 'unattributed' ELSE 'tenant'
    END AS owner_scope,
    CASE WHEN GROUPING(owner) = 1 THEN '' ELSE owner END AS owner_channel,
    count(*) FILTER (WHERE kind = 'scan') AS scan_count,
    count(*) FILTER (WHERE kind = 'scan' AND NOT is_successful) AS failed_scan_count,
    count(*) FILTER (WHERE kind = 'download') AS download_count,
    count(*) FILTER (WHERE kind = 'play') AS play_count,
    count(DISTINCT device_id) FILTER (WHERE kind = 'play') AS play_device_count,
    coalesce(sum(milliseconds) FILTER (WHERE kind = 'play'), 0)::BIGINT AS play_milliseconds,
    count(*) FILTER (WHERE kind = 'session') AS session_count,
    count(*) FILTER (
        WHERE kind <> 'session' AND adopter IS NOT NULL AND (kind = 'scan' OR is_known)
    ) AS adopted_credit_count
FROM credited
GROUP BY GROUPING SETS ((owner), ())
"""
OURS = """
SELECT owner_scope, owner_channel, scan_count, failed_scan_count, download_count, play_count,
    play_device_count, round(play_hours * 3600000)::bigint AS play_milliseconds, session_count,
    adopted_credit_count
FROM metrics.usage_daily
WHERE day = %s AND platform = 'all'
    AND scan_count + download_count + play_count + session_count > 0
"""


def run(folder: Path) -> Iterator[str]:
    costs = {}
    for events in SIZES:
        both, metrics, told = measured(folder / f"usage-{events}", events)
        costs[events] = metrics
        yield f"| {events:,} events: landed, and all usage metrics of the day | {both} | one run |"
        yield f"| of it the metrics, after the events, Spark start included | {metrics} | one run |"
        yield f"| usage_daily by DuckDB from the raw files, {told} | one run |"
    small, large = (costs[events].seconds for events in SIZES)
    yield f"| ten times the events cost | {large / small:.1f} times | one run each |"


def measured(home: Path, events: int) -> tuple[Cost, Cost, str]:
    if not (home / "lake" / "telemetry").is_dir():
        write_telemetry(home / "lake", events=events)
    postgres.destroy(home)
    shutil.rmtree(home / "lake" / "clean", ignore_errors=True)
    write_dimensions(home)
    variables = {"SUNBIRD_BATCH_HOME": str(home), "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "4g"}
    cost_of(["jobs", "refresh", "batches", "enrolments", "collections"], variables)
    with open_store(Settings(home=home)) as store:
        write_adoptions(store)
    arguments = ["jobs", "usage", "--from", ARRIVAL, "--to", ARRIVAL]
    both = cost_of(arguments, variables)
    metrics = cost_of(arguments, variables)
    began = perf_counter()
    promised = by_duckdb(home)
    seconds = perf_counter() - began
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        found = {tuple(row.values()) for row in connection.execute(OURS, [ARRIVAL])}
    rows = len(found ^ promised)
    return (
        both,
        metrics,
        (
            f"{len(promised)} rows, {rows} differ | {seconds:.1f} s;"
            f" ratio of both {both.seconds / seconds:.1f}"
        ),
    )


def by_duckdb(home: Path) -> set[tuple[Any, ...]]:
    files = home / "lake" / "telemetry" / ARRIVAL / "*.parquet"
    with duckdb.connect(config={"threads": 2, "memory_limit": "4GB"}) as connection:
        return set(connection.execute(IN_DUCKDB.format(files=files, day=ARRIVAL)).fetchall())
