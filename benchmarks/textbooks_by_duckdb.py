"""The six tables of the textbook reports by DuckDB, written apart from the project's queries."""

from pathlib import Path

import duckdb
import psycopg

MONDAY = "date_trunc('week', timezone('Asia/Kolkata', now()))::DATE"
SETUP = """
CREATE TABLE books AS SELECT * FROM read_parquet('{textbooks}/**/*.parquet');
CREATE TABLE tenants AS SELECT * FROM read_csv('{organisations}/*.csv', all_varchar = true);
CREATE TABLE adoptions AS SELECT * FROM read_csv('{aside}/adoptions.csv', all_varchar = true);
CREATE TABLE scans AS SELECT * FROM read_csv('{aside}/scans.csv');
"""
OF_THE_STORE = {
    "adoptions": "SELECT textbook_id, board, adopting_channel FROM operations.textbook_adoption",
    "scans": "SELECT owner_channel, code, scan_count FROM metrics.scans_by_code_daily",
}
VIEWS = """
CREATE VIEW reported AS SELECT * FROM books WHERE status IN ('Live', 'Review', 'Draft');
CREATE VIEW shown AS
SELECT channel AS owner, 'own' AS ownership, board AS shown_board, * FROM reported
UNION ALL
SELECT a.adopting_channel, 'adopted', a.board, r.*
FROM adoptions AS a JOIN reported AS r ON r.textbook_id = a.textbook_id AND r.status = 'Live';
CREATE VIEW unit AS
SELECT version_id, generate_subscripts(nodes, 1) - 1 AS place, unnest(nodes) AS u, chapter_count
FROM reported;
CREATE VIEW figure AS
SELECT version_id,
    sum(len(u.codes))::BIGINT AS codes,
    sum(CASE WHEN u.content_count > 0 THEN len(u.codes) ELSE 0 END)::BIGINT AS full_codes,
    sum(CASE WHEN u.content_count = 0 AND u.chapter <= chapter_count / 2.0
        THEN len(u.codes) ELSE 0 END)::BIGINT AS empty_1,
    sum(CASE WHEN u.content_count = 0 AND u.chapter > chapter_count / 2.0
        THEN len(u.codes) ELSE 0 END)::BIGINT AS empty_2,
    max(CASE WHEN place = 0 THEN u.content_count END)::BIGINT AS contents,
    count(*) FILTER (WHERE place > 0 AND u.unit_count = 0) AS leaves,
    count(*) FILTER (WHERE place > 0 AND u.unit_count = 0 AND u.content_count = 0) AS empty_leaves
FROM unit GROUP BY version_id;
CREATE VIEW scanned AS
SELECT code, owner_channel, sum(scan_count)::BIGINT AS n FROM scans GROUP BY ALL;
CREATE VIEW scanned_by_all AS SELECT code, sum(scan_count)::BIGINT AS n FROM scans GROUP BY ALL;
CREATE VIEW place AS
SELECT s.owner, s.ownership, s.textbook_id, s.version_id, s.shown_board, s.status, n.place,
    n.u, n.chapter_count
FROM shown AS s JOIN unit AS n ON n.version_id = s.version_id;
CREATE VIEW member AS
SELECT DISTINCT o.scope, o.channel, o.ownership, k.dimension, k.value, s.version_id, s.status
FROM shown AS s,
LATERAL (
    SELECT 'tenant' AS scope, s.owner AS channel, unnest(['all', s.ownership]) AS ownership
    UNION ALL SELECT 'overall', '', unnest(['all', 'own']) WHERE s.ownership = 'own'
    UNION ALL SELECT 'overall', '', 'adopted' WHERE s.ownership = 'adopted'
) AS o,
LATERAL (
    SELECT 'total' AS dimension, '' AS value
    UNION ALL SELECT 'grade', unnest(s.grades)
    UNION ALL SELECT 'subject', unnest(s.subjects)
) AS k;
CREATE VIEW grouped AS
SELECT DISTINCT scope, channel, ownership, dimension, value FROM member
UNION
SELECT 'tenant', channel, unnest(['all', 'own', 'adopted']), 'total', '' FROM tenants
UNION
SELECT 'overall', '', unnest(['all', 'own', 'adopted']), 'total', '';
"""
SUMMARY = """
SELECT {monday} AS week_on, g.scope AS owner_scope, g.channel AS owner_channel, g.ownership,
    g.dimension, g.value, {counted}
FROM grouped AS g LEFT JOIN member AS m ON (m.scope, m.channel, m.ownership, m.dimension, m.value)
    = (g.scope, g.channel, g.ownership, g.dimension, g.value) {only}
LEFT JOIN figure AS f ON f.version_id = m.version_id
GROUP BY ALL {having}
"""
CODES_COUNTED = """coalesce(sum(f.full_codes), 0)::BIGINT AS code_with_content_count,
    coalesce(sum(f.codes - f.full_codes), 0)::BIGINT AS code_without_content_count"""
QUERIES = {
    "qr_status_textbook": f"""
SELECT {MONDAY} AS week_on, s.owner AS owner_channel, s.ownership, s.textbook_id,
    s.shown_board AS board, array_to_string(s.grades, ',') AS grades, f.codes AS code_count,
    f.full_codes AS code_with_content_count, f.empty_1 AS term_1_without_content_count,
    f.empty_2 AS term_2_without_content_count
FROM shown AS s LEFT JOIN figure AS f ON f.version_id = s.version_id WHERE s.status = 'Live'""",
    "qr_status_code": f"""
SELECT {MONDAY} AS week_on, p.owner AS owner_channel, p.textbook_id, p.shown_board AS board,
    p.place AS node_number, p.u.names[1] AS level_1_name, p.u.names[2] AS level_2_name, c.code,
    CASE WHEN p.u.chapter <= p.chapter_count / 2.0 THEN 'T1' ELSE 'T2' END AS term,
    p.u.content_count::BIGINT AS content_count, coalesce(mine.n, 0) AS scan_count,
    coalesce(everyones.n, 0) AS all_scan_count
FROM place AS p, LATERAL (SELECT unnest(p.u.codes) AS code) AS c
LEFT JOIN scanned AS mine ON mine.code = c.code AND mine.owner_channel = p.owner
LEFT JOIN scanned_by_all AS everyones ON everyones.code = c.code
WHERE p.status = 'Live'""",
    "qr_status_summary": SUMMARY.format(
        monday=MONDAY,
        counted=f"count(m.version_id) AS textbook_count, {CODES_COUNTED}",
        only="AND m.status = 'Live'",
        having="HAVING g.dimension = 'total' OR count(m.version_id) > 0",
    ),
    "textbook_creation": f"""
SELECT {MONDAY} AS week_on, s.owner AS owner_channel, s.ownership, s.textbook_id, s.version_id,
    s.shown_board AS board, s.status, f.contents AS content_count, f.leaves AS leaf_count,
    f.empty_leaves AS leaf_without_content_count
FROM shown AS s LEFT JOIN figure AS f ON f.version_id = s.version_id""",
    "textbook_creation_node": f"""
SELECT {MONDAY} AS week_on, p.owner AS owner_channel, p.version_id, p.shown_board AS board,
    p.place AS node_number, p.u.names[5] AS level_5_name, c.code,
    CASE WHEN p.place = 0 OR p.u.unit_count > 0 THEN 'QR Linked'
        WHEN c.code = '' THEN 'Leaf Node' ELSE 'Leaf Node & QR Linked' END AS node_type,
    p.u.content_count::BIGINT AS content_count, coalesce(mine.n, 0) AS scan_count
FROM place AS p, LATERAL (
    SELECT unnest(CASE WHEN len(p.u.codes) > 0 THEN p.u.codes ELSE [''] END) AS code
) AS c
LEFT JOIN scanned AS mine ON mine.code = c.code AND mine.owner_channel = p.owner
WHERE len(p.u.codes) > 0 OR (p.place > 0 AND p.u.unit_count = 0)""",
    "textbook_creation_summary": SUMMARY.format(
        monday=MONDAY,
        counted=f"""count(*) FILTER (WHERE m.status = 'Live') AS live_count,
    count(*) FILTER (WHERE m.status = 'Review') AS review_count,
    count(*) FILTER (WHERE m.status = 'Draft') AS draft_count,
    count(*) FILTER (WHERE f.codes > 0) AS with_codes_count, {CODES_COUNTED}""",
        only="",
        having="",
    ),
}


def prepare(
    beside: duckdb.DuckDBPyConnection, textbooks: str, organisations: Path, url: str, aside: Path
) -> None:
    """The clean table, and what the store holds, as tables of its own."""
    with psycopg.connect(url) as connection:
        for name, query in OF_THE_STORE.items():
            statement = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)"
            with (
                (aside / f"{name}.csv").open("wb") as file,
                connection.cursor().copy(statement) as rows,
            ):
                for block in rows:
                    file.write(block)
    beside.execute("SET threads = 2")
    beside.execute(SETUP.format(textbooks=textbooks, organisations=organisations, aside=aside))
    beside.execute(VIEWS)
