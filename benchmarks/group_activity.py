"""Group activity of many groups, Spark start and publish included."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.measure import cost_of, seconds_of
from benchmarks.night_platform import BUCKETS, snapshot, write, written
from benchmarks.night_platform import table_folder as folder_of
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.groups import GROUP_ACTIVITY_MEMBER
from jobs.contracts.learning import ACTIVITY, COLLECTIONS, LEARNERS
from jobs.settings import Settings
from jobs.storage.snapshots import latest, publish
from jobs.storage.store import open_store

GROUPS, MEMBERS, COURSES = 100_000, 50, 5_000
USER = "printf('%08x-0000-4000-8000-%012d', hash({0}) % 4294967296, {0})"
RAW = {
    "groups": f"SELECT printf('g%d', n) AS id, 'active' AS status FROM range({GROUPS}) AS t (n)",
    "group_member": f"""
        SELECT printf('g%d', n // {MEMBERS}) AS groupid, 'member' AS role, 'active' AS status,
            {USER.format("(n * 7919 % 1000000)")} AS userid
        FROM range({GROUPS * MEMBERS}) AS t (n)""",
    "group_activity": f"""
        SELECT printf('g%d', n) AS groupid, printf('do_%d', n % {COURSES}) AS id, 'Course' AS type
        FROM range({GROUPS}) AS t (n)""",
}
# Nine of ten members are enrolled, one in twenty in two batches; eight of ten have aggregates.
SEATS = f"""
CREATE TABLE seats AS
SELECT DISTINCT {USER.format("(n * 7919 % 1000000)")} AS user_id,
    printf('do_%d', n // {MEMBERS} % {COURSES}) AS collection_id,
    printf('%019d', n // {MEMBERS} % {COURSES} * 2 + b) AS batch_id,
    hash(n * 7919 % 1000000, n // {MEMBERS} % {COURSES}, b) AS h
FROM range({GROUPS * MEMBERS}) AS t (n), range(2) AS two (b)
WHERE hash(n * 7919 % 1000000, n // {MEMBERS} % {COURSES}) % 100 < 90
    AND (b = 0 OR hash(n * 7919 % 1000000) % 20 = 0)
"""
OF_PROGRESS = f"""
SELECT batch_id, user_id, collection_id, true AS is_known, false AS has_certificate,
    CASE WHEN h % 41 = 0 THEN 'left_batch' END AS left_out_reason,
    CASE WHEN h % 10 < 4 THEN 'completed' ELSE 'in_progress' END AS stage,
    CASE WHEN h % 10 < 4 THEN 100 ELSE (h % 97)::INT END::INT AS progress_pct,
    CASE WHEN h % 3 = 0 THEN (h % 101)::INT END AS total_score_pct,
    (h % {BUCKETS})::INT AS bucket
FROM seats
"""
OF_ACTIVITY = f"""
SELECT batch_id, user_id, 'Course' AS activity_type, collection_id AS activity_id,
    MAP {{'completedCount': (h % 15)::DOUBLE, 'score:q': (h % 9)::DOUBLE, 'max_score:q': 9.0}}
        ::MAP(VARCHAR, DOUBLE) AS aggregates,
    TIMESTAMPTZ '2026-02-01 00:00:00+00' + INTERVAL (h % 1000003) SECOND AS last_updated_at,
    (h % {BUCKETS})::INT AS bucket
FROM seats WHERE h % 100 < 88
"""
IN_DUCKDB = """
CREATE OR REPLACE TABLE found AS
WITH progress AS (SELECT * FROM read_parquet('{progress}', hive_partitioning = false)),
activity AS (SELECT * FROM read_parquet('{activity}', hive_partitioning = false)),
facts AS (
    SELECT p.user_id, p.collection_id, arg_max({{
            'batch': p.batch_id, 'done': p.stage = 'completed', 'score': p.total_score_pct,
            'pct': p.progress_pct, 'count': a.aggregates['completedCount']}},
        ROW(a.last_updated_at IS NOT NULL,
            coalesce(a.last_updated_at, TIMESTAMPTZ '1970-01-01 00:00:00+00'),
            p.stage = 'completed', p.progress_pct, p.batch_id)) AS f
    FROM progress AS p
    LEFT JOIN activity AS a
        ON p.user_id = a.user_id AND p.batch_id = a.batch_id AND p.collection_id = a.activity_id
    WHERE p.left_out_reason IS NULL
    GROUP BY ALL
)
SELECT m.groupid AS group_id, m.userid AS user_id, g.id AS activity_id, f.f.batch AS batch_id,
    coalesce(f.f.done, false) AS is_completed,
    coalesce(f.f.count, round(f.f.pct * 10 / 100.0), 0)::BIGINT AS completed_count,
    f.f.score AS score_pct
FROM read_parquet('{group_member}') AS m
INNER JOIN read_parquet('{group_activity}') AS g ON m.groupid = g.groupid
LEFT JOIN facts AS f ON m.userid = f.user_id AND g.id = f.collection_id;
CREATE OR REPLACE TABLE of_groups AS
SELECT group_id, activity_id, count(*) AS members, count(batch_id) AS enrolled,
    count(*) FILTER (is_completed) AS completed, count(score_pct) AS scored,
    max(score_pct) AS best
FROM found GROUP BY ALL
"""
DIFFERENCE = """
SELECT count(*) FROM (
    SELECT group_id, user_id, activity_id, batch_id, is_completed, completed_count, score_pct
    FROM read_parquet('{ours}', hive_partitioning = false)
) AS ours FULL JOIN found AS theirs ON ours.group_id = theirs.group_id
    AND ours.user_id = theirs.user_id AND ours.activity_id = theirs.activity_id
WHERE (ours.batch_id, ours.is_completed, ours.completed_count, ours.score_pct) IS DISTINCT FROM
    (theirs.batch_id, theirs.is_completed, theirs.completed_count, theirs.score_pct)
"""


def run(folder: Path) -> Iterator[str]:
    home = folder / "group-activity"
    if not (home / "lake" / "clean" / "MADE").is_file():
        shutil.rmtree(home, ignore_errors=True)
        make(home)
    variables = {"SUNBIRD_BATCH_HOME": str(home), "SUNBIRD_BATCH_SPARK_DRIVER_MEMORY": "4g"}
    ours = cost_of(["jobs", "group-activity"], variables)
    one = cost_of(["jobs", "group-activity", "--group", "g7", "--activity", "do_7"], variables)
    cost_of(["jobs", "store", "down"], variables)
    rows, seconds = beside_duckdb(home)
    yield f"| group activity, {GROUPS:,} groups of {MEMBERS} members | {ours} | one run |"
    yield (
        f"| the same in DuckDB ({rows:,} members, all compared), nothing published |"
        f" {seconds:.1f} s wall, {ours.seconds / seconds:.1f} times faster | one run |"
    )
    yield f"| a group's answer for the portal, of those | {one} | one run |"


def make(home: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'; SET memory_limit = '4GB'")
        for name, query in RAW.items():
            (home / "lake" / name).mkdir(parents=True)
            target = home / "lake" / name / "part-0.parquet"
            connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
        connection.execute(SEATS)
        write(connection, home, PROGRESS, OF_PROGRESS)
        write(connection, home, ACTIVITY, OF_ACTIVITY)
    courses: list[dict[str, object]] = [
        {"collection_id": f"do_{n}", "mandatory_nodes": [f"c{m}" for m in range(10)]}
        for n in range(COURSES)
    ]
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        publish(connection, written(home, COLLECTIONS, courses), [])
        publish(connection, written(home, LEARNERS, [{"user_id": "nobody"}]), [])
        publish(connection, snapshot(home, PROGRESS), [])
        publish(connection, snapshot(home, ACTIVITY), [])
    (home / "lake" / "clean" / "MADE").touch()


def beside_duckdb(home: Path) -> tuple[int, float]:
    """The members that both have, and DuckDB's seconds; ValueError where they differ."""
    files = {name: f"{folder_of(home, name)}/*/*.parquet" for name in ("progress", "activity")}
    files |= {name: str(home / "lake" / name / "*.parquet") for name in RAW}
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        made = latest(connection, GROUP_ACTIVITY_MEMBER.name)
        groups = connection.execute(
            "SELECT group_id, activity_id, member_count, enrolment_count, completed_count,"
            " scored_count, best_score_pct FROM metrics.group_activity"
        ).fetchall()
    assert made is not None
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'; SET memory_limit = '6GB'")
        seconds = seconds_of(1, lambda: connection.execute(IN_DUCKDB.format(**files)))
        ours = f"{made.path}/*/*.parquet"
        [[wrong]] = connection.execute(DIFFERENCE.format(ours=ours)).fetchall()
        theirs = set(connection.execute("SELECT * FROM of_groups").fetchall())
    differing = theirs ^ {tuple(row.values()) for row in groups}
    if wrong or differing:
        raise ValueError(f"{wrong} members and {len(differing)} groups differ: {[*differing][:4]}")
    return made.row_count, seconds
