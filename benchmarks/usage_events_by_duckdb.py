"""What an expert would write in DuckDB for the same: telemetry to events, counted once.

It shares no code with `jobs/`. Duplicates are looked for among narrow rows first, as ours are.
"""

from pathlib import Path

import duckdb

RAW = """
SELECT
    CASE WHEN eid = 'ME_WORKFLOW_SUMMARY' AND dimensions.type = 'content'
        AND dimensions.mode = 'play' THEN 'play'
    WHEN eid = 'ME_WORKFLOW_SUMMARY' AND dimensions.type = 'app' THEN 'session'
    WHEN eid = 'SEARCH' AND edata.filters.dialcodes <> '' THEN 'scan'
    WHEN eid = 'INTERACT' AND edata.subtype = 'ContentDownload-Success' THEN 'content_download'
    WHEN eid = 'INTERACT' AND (edata.subtype = 'download-certificate-clicked'
        OR edata.id = 'profile-download-certificate') THEN 'certificate_click'
    WHEN eid = 'INTERACT' AND edata.id = 'download'
        AND edata.pageid = 'course-progress-dashboard' THEN 'report_click'
    END AS kind,
    mid AS event_id,
    epoch_ms((CASE WHEN eid = 'ME_WORKFLOW_SUMMARY' THEN edata.eks.start_time ELSE ets END)::BIGINT)
        AT TIME ZONE 'UTC' AS event_at,
    epoch_ms(syncts::BIGINT) AT TIME ZONE 'UTC' AS arrived_at,
    coalesce(dimensions.pdata.id, context.pdata.id) AS producer,
    list_filter(context.cdata, lambda c: c.type = 'Device')[1].id AS device,
    context, object, edata, dimensions, devicedata, userdata, dialcodedata, uid, actor
FROM {source}
WHERE eid IN ('ME_WORKFLOW_SUMMARY', 'SEARCH', 'INTERACT')
"""

EVENTS = """
WITH raw AS ({raw}),

told AS (
    SELECT
        CAST(event_at AT TIME ZONE 'Asia/Kolkata' AS DATE) AS day,
        kind,
        event_id,
        event_at,
        arrived_at,
        kind IN ('play', 'session') AS is_summary,
        string_split(producer, '.')[-1] AS platform,
        CASE WHEN string_split(producer, '.')[-1] <> 'portal'
            THEN string_split(producer, '.')[-1]
        WHEN device IN ('Mobile', 'Tab') THEN 'mobile_web' ELSE 'portal' END AS client,
        CASE WHEN is_summary THEN dimensions.channel ELSE context.channel END AS channel,
        CASE WHEN is_summary THEN dimensions.sid ELSE context.sid END AS session_id,
        CASE WHEN is_summary THEN dimensions.did ELSE context.did END AS device_id,
        CASE WHEN is_summary THEN uid WHEN kind <> 'scan' THEN actor.id END AS user_id,
        CASE WHEN kind = 'scan' THEN edata.filters.dialcodes END AS code,
        CASE WHEN kind = 'scan' THEN dialcodedata.channel END AS code_channel,
        CASE WHEN kind = 'scan' THEN edata.size > 0 END AS is_successful,
        CASE WHEN kind NOT IN ('scan', 'session') THEN object.id END AS object_id,
        CASE WHEN kind NOT IN ('scan', 'session') THEN object.type END AS object_type,
        CASE WHEN kind NOT IN ('scan', 'session') THEN object.rollup.l1 END AS collection_id,
        CASE WHEN kind = 'certificate_click'
            THEN list_filter(context.cdata, lambda c: c.type = 'Course')[1].id
        WHEN kind = 'report_click' THEN object.id END AS course_id,
        CASE WHEN is_summary THEN edata.eks.time_spent END AS seconds,
        devicedata.countrycode AS country_code,
        devicedata.userdeclared.state AS declared_state,
        devicedata.state AS address_state,
        userdata.state AS profile_state
    FROM raw
    WHERE kind IS NOT NULL
),

again AS (SELECT event_id FROM told GROUP BY event_id HAVING count(*) > 1),

kept AS (
    SELECT * FROM told ANTI JOIN again USING (event_id)
    UNION ALL
    SELECT * FROM told SEMI JOIN again USING (event_id)
    QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY arrived_at) = 1
)

SELECT * EXCLUDE (is_summary) FROM kept
WHERE day = DATE '{day}'
"""

COMPARED = (
    "day, kind, event_id, event_at, arrived_at, platform, client, channel, session_id, device_id,"
    " user_id, code, code_channel, is_successful, object_id, object_type, collection_id, course_id,"
    " seconds, country_code, declared_state, address_state, profile_state"
)


def connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "10GB"})
    connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
    return connection


def events_by_duckdb(lake: Path, arrival: str, target: Path, *, shape: Path | None) -> None:
    """Write `target`/day=…/kind=…/*.parquet; `shape` is a Parquet file of lines' types."""
    folder = lake / "telemetry" / arrival
    with connected() as connection:
        source = f"read_parquet('{folder}/*.parquet')"
        if shape is not None:
            types = connection.sql(f"DESCRIBE SELECT * FROM '{shape}'").fetchall()
            columns = ", ".join(f"'{name}': '{kind}'" for name, kind, *_ in types)
            source = f"read_json('{folder}/*.jsonl', columns = {{{columns}}})"
        connection.execute(
            f"COPY ({EVENTS.format(raw=RAW.format(source=source), day=arrival)}) TO '{target}'"
            " (FORMAT parquet, PARTITION_BY (day, kind))"
        )


def difference(landed: Path, run: Path, day: str, theirs: Path) -> int:
    """How many events one of the two has and the other has not."""
    placed = f"read_parquet('{landed}/*/*/part={day}/*/*.parquet', hive_partitioning = true)"
    dropped = f"read_parquet('{run}/rows=dropped/day={day}/*.parquet')"
    clicks = f"read_parquet('{run}/rows=clicks/is_double=false/day={day}/*/*.parquet',"
    clicks += " hive_partitioning = true)"
    ours = (
        f"SELECT {COMPARED} FROM {placed} AS landed"
        " WHERE kind NOT IN ('certificate_click', 'report_click')"
        f" AND row_id NOT IN (SELECT row_id FROM {dropped})"
        f" UNION ALL SELECT {COMPARED} FROM {clicks}"
    )
    other = (
        f"SELECT {COMPARED} FROM read_parquet('{theirs}/*/*/*.parquet', hive_partitioning = true)"
    )
    with connected() as connection:
        return sum(
            connection.sql(f"SELECT count(*) FROM (({a}) EXCEPT ALL ({b}))").fetchall()[0][0]
            for a, b in ((ours, other), (other, ours))
        )
