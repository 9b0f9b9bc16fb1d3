"""What an expert would write in DuckDB for the same refresh: raw tables to progress by batch.

It shares no code with `jobs/`: the outline of the courses is read here a second time, for the
regular trees of the large Sunbird only.
"""

import json
from pathlib import Path

import duckdb
import pyarrow as pa

BUCKETS = 16

PROGRESS = """
WITH seats AS (
    SELECT *
    FROM read_parquet('{lake}/user_enrolments/*.parquet')
    QUALIFY row_number() OVER (
        PARTITION BY batchid, userid ORDER BY active DESC, completedon NULLS LAST, status DESC
    ) = 1
),

people AS (
    SELECT
        u.*,
        coalesce(x.originalexternalid, x.externalid) AS external_id
    FROM read_parquet('{lake}/users/*.parquet') AS u
    LEFT JOIN read_parquet('{lake}/usr_external_identity/*.parquet') AS x
        ON u.userid = x.userid AND lower(x.provider) = lower(u.channel)
),

best AS (
    SELECT
        batch_id,
        user_id,
        course_id,
        content_id,
        arg_max(
            struct_pack(points := total_score, most := total_max_score),
            row(least(total_score, total_max_score) / total_max_score, last_attempted_on,
                total_score, attempt_id)
        ) AS won
    FROM read_parquet('{lake}/assessment_aggregator/*.parquet')
    SEMI JOIN assessed USING (course_id, content_id)
    WHERE total_max_score > 0 AND total_score IS NOT NULL
    GROUP BY ALL
),

told AS (
    SELECT
        substr(context_id, 4) AS batch_id,
        user_id,
        activity_id AS course_id,
        content_id,
        struct_pack(
            points := aggregates['score:' || content_id],
            most := aggregates['max_score:' || content_id]
        ) AS won
    FROM read_parquet('{lake}/user_activity_agg/*.parquet') AS a
    INNER JOIN assessed AS s ON a.activity_id = s.course_id
    WHERE aggregates['max_score:' || content_id] > 0
),

scored AS (
    SELECT
        batch_id,
        user_id,
        course_id,
        map_from_entries(
            list(row(content_id, ceil(100 * least(won.points, won.most) / won.most)::INT)
                ORDER BY content_id)
        ) AS score_pct,
        ceil(100 * least(sum(won.points), sum(won.most)) / sum(won.most))::INT AS total_score_pct
    FROM (
        SELECT * FROM best
        UNION ALL
        SELECT * FROM told ANTI JOIN best USING (batch_id, user_id, course_id, content_id)
    )
    GROUP BY ALL
),

counted AS (
    SELECT
        substr(context_id, 4) AS batch_id,
        user_id,
        map_from_entries(list(row(activity_id, aggregates['completedCount']))) AS module_counts
    FROM read_parquet('{lake}/user_activity_agg/*.parquet')
    SEMI JOIN modules USING (activity_id)
    GROUP BY ALL
)

SELECT
    s.batchid AS batch_id,
    s.userid AS user_id,
    s.courseid AS collection_id,
    CASE WHEN NOT s.active THEN 'left_batch' WHEN s.enrolled_date IS NULL THEN 'no_enrolment_date'
    END AS left_out_reason,
    p.rootorgid AS root_org_id,
    p.external_id,
    concat_ws(' ', p.firstname, p.lastname) AS user_name,
    p.email AS email_cipher,
    p.phone AS phone_cipher,
    p.orgname AS org_name,
    p.state,
    p.district,
    p.block,
    p.cluster,
    p.schoolname AS school_name,
    CAST(s.enrolled_date AT TIME ZONE 'Asia/Kolkata' AS DATE) AS enrolled_on,
    CAST(s.completedon AT TIME ZONE 'Asia/Kolkata' AS DATE) AS completed_on,
    CASE WHEN s.completedon IS NOT NULL THEN 100 ELSE
        (len(list_intersect(c.leaves, done)) * 200 + len(c.leaves)) // (len(c.leaves) * 2)
    END::INT AS progress_pct,
    CASE WHEN cardinality(s.contentstatus) > 0 THEN map_from_entries(list_transform(
        c.modules, lambda m: row(m.id,
            ((len(list_intersect(m.leaves, done)) * 200 + len(m.leaves))
            // (len(m.leaves) * 2))::INT)
    )) ELSE map_from_entries(list_transform(
        c.modules, lambda m: row(m.id,
            ((least(coalesce(n.module_counts[m.id], 0), len(m.leaves))::INT * 200 + len(m.leaves))
            // (len(m.leaves) * 2))::INT)
    )) END AS module_progress,
    g.score_pct,
    g.total_score_pct,
    hash(s.batchid) % {buckets} AS bucket
FROM (
    SELECT *, map_keys(map_from_entries(list_filter(
        map_entries(contentstatus), lambda e: e.value = 2))) AS done
    FROM seats
) AS s
LEFT JOIN courses AS c ON s.courseid = c.course_id
LEFT JOIN people AS p ON s.userid = p.userid
LEFT JOIN scored AS g
    ON s.batchid = g.batch_id AND s.userid = g.user_id AND s.courseid = g.course_id
LEFT JOIN counted AS n ON s.batchid = n.batch_id AND s.userid = n.user_id
ORDER BY bucket, batch_id, user_id
"""

# What of a row must be equal in both.
COMPARED = (
    "batch_id, user_id, collection_id, left_out_reason, root_org_id, external_id, user_name,"
    " email_cipher, phone_cipher, org_name, state, district, block, cluster, school_name,"
    " enrolled_on, completed_on, progress_pct, total_score_pct,"
    " list_sort(map_entries(module_progress))::TEXT AS modules,"
    " list_sort(map_entries(score_pct))::TEXT AS scores"
)


def refresh_by_duckdb(lake: Path, target: Path) -> None:
    """Write `target`/bucket=…/*.parquet, sorted by batch and learner."""
    with duckdb.connect(config={"threads": 2, "memory_limit": "8GB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        courses, modules, assessed = outlines(lake)
        connection.register("courses", courses)
        connection.register("modules", modules)
        connection.register("assessed", assessed)
        connection.execute(
            f"COPY ({PROGRESS.format(lake=lake, buckets=BUCKETS)}) TO '{target}'"
            " (FORMAT parquet, PARTITION_BY (bucket), ROW_GROUP_SIZE 20000)"
        )


def outlines(lake: Path) -> tuple[pa.Table, pa.Table, pa.Table]:
    rows = duckdb.sql(
        f"SELECT identifier, hierarchy FROM '{lake}/content_hierarchy/*.parquet'"
    ).fetchall()
    courses, modules, assessed = [], [], []
    for course_id, text in rows:
        tree = json.loads(text)
        nested = [
            {"id": child["identifier"], "leaves": leaves(child)}
            for child in tree["children"]
            if child.get("contentType") == "Course" and child.get("visibility") == "Default"
        ]
        courses.append({"course_id": course_id, "leaves": leaves(tree), "modules": nested})
        modules += [{"activity_id": module["id"]} for module in nested]
        assessed += [
            {"course_id": course_id, "content_id": node["identifier"]}
            for node in below(tree)
            if node.get("contentType") == "SelfAssess"
            or node.get("primaryCategory") == "Practice Question Set"
        ]
    return (
        pa.Table.from_pylist(courses),
        pa.Table.from_pylist(modules),
        pa.Table.from_pylist(assessed),
    )


def below(node: dict) -> list[dict]:
    return [inner for child in node.get("children") or [] for inner in [child, *below(child)]]


def leaves(node: dict) -> list[str]:
    return [inner["identifier"] for inner in below(node) if not inner.get("children")]


def difference(ours: str, theirs: Path) -> int:
    """How many rows one of the two has and the other has not."""
    sides = [
        f"(SELECT {COMPARED} FROM read_parquet('{path}/*/*.parquet'))" for path in (ours, theirs)
    ]
    with duckdb.connect(config={"threads": 2, "memory_limit": "10GB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return sum(
            connection.sql(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchall()[0][0]
            for one, other in (sides, reversed(sides))
        )
