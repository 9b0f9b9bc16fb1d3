"""Tenants, textbooks and adoptions that the telemetry of the usage benches is credited by."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from jobs.storage.store import Store

TEXTBOOKS, CODES, CONTENTS = 10_000, 90_000, 300_000
TENANT = "0123207707019919"
# Who adopted every textbook; nobody did for Assam, whose devices are the publishers'.
ADOPTERS = {"Karnataka": "IN-KA", "Gujarat": "IN-GJ", "Delhi": "IN-DL", "Kerala": "IN-KL",
            "Bihar": "IN-BR"}  # fmt: skip
KEPT_FOR = "2026-11-01"

BOOK = "'do_3200000000000' || lpad((n % 10000)::VARCHAR, 7, '0')"
KEYS = f"""
COPY (
    SELECT
        key_kind,
        key,
        [{BOOK}] AS live_textbook_ids,
        '{TENANT}' || (n % 40 + 100) AS publisher_channel,
        false AS is_ambiguous
    FROM (
        SELECT 'book' AS key_kind, {BOOK} AS key, n FROM range({TEXTBOOKS}) AS t(n)
        UNION ALL
        SELECT 'code', 'C' || n, n FROM range({CODES}) AS t(n)
        UNION ALL
        SELECT 'content', 'do_3300000000000' || lpad(n::VARCHAR, 7, '0'), n
        FROM range({CONTENTS}) AS t(n)
    )
) TO '{{}}' (FORMAT parquet)
"""
TENANTS = f"""
COPY (
    SELECT
        '{TENANT}' || (n + 100) AS channel,
        'org-' || n AS org_id,
        'tenant-' || n AS slug,
        'Tenant ' || n AS name
    FROM range(40) AS t(n)
) TO '{{}}' (FORMAT parquet)
"""
RAW = {
    "course_batch": '{"courseid": "do_31000000000000000001", "batchid": "b1"}',
    "user_enrolments": '{"userid": "u1", "courseid": "do_31000000000000000001", "batchid": "b1"}',
    "content_hierarchy": '{"identifier": "do_31000000000000000001", "hierarchy": "{}"}',
}


def write_dimensions(home: Path) -> None:
    """Keep the tenants and textbooks as of an early day, and the least that ratios ask for."""
    folder = home / "lake" / "clean" / "usage_dimensions" / KEPT_FOR
    for name, query in (("usage_tenants", TENANTS), ("usage_textbook_keys", KEYS)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        duckdb.sql(query.format(folder / name / "a.parquet"))
    for name, row in RAW.items():
        table = home / "lake" / name
        table.mkdir(parents=True, exist_ok=True)
        (table / "a.jsonl").write_text(row + "\n")


def write_adoptions(store: Store) -> None:
    """Every textbook adopted by five states, all the time."""
    with store.transaction() as connection:
        connection.execute("DELETE FROM operations.textbook_adoption")
        for number, code in enumerate(ADOPTERS.values()):
            connection.execute(
                "INSERT INTO operations.textbook_adoption (adoption_id, textbook_id, board,"
                " publisher_channel, adopting_channel, state_code, framework_id, mode,"
                " adopter_id, file_id, row_number, valid_from)"
                " SELECT n || '-' || %(code)s,"
                " 'do_3200000000000' || lpad(n::text, 7, '0'), %(code)s, 'p',"
                " %(channel)s, %(code)s, 'f', 'asis', 'u', 'f', n + 1, %(at)s"
                " FROM generate_series(0, %(last)s) AS n",
                {
                    "code": code,
                    "channel": f"{TENANT}{100 + number}",
                    "at": datetime(2026, 1, 1, tzinfo=UTC),
                    "last": TEXTBOOKS - 1,
                },
            )
