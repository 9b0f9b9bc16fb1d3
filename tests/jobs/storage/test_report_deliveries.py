"""What the store itself knows of downloads: mails that held a file, and links that were opened."""

from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest

from jobs.storage.report_deliveries import export_deliveries, export_own_certificates

SENT = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
FILE = (
    "INSERT INTO operations.exhaust_file (object_key, file_sha256, job_id, tag, request_id,"
    " batch_id, row_count, learner_count, made_at) VALUES (%s, %s, %s, 't', 'r', %s, 1, 1, now())"
)
REPLACED = "UPDATE operations.exhaust_file SET removed_at = now(), removed_reason = 'replaced'"
MAIL = (
    "INSERT INTO operations.delivery (delivery_id, kind, attachments, status, attempts, created_at,"
    " sent_at, is_personal) VALUES (%s, %s, %s, %s, 1, now(), %s, true)"
)
LINK = (
    "INSERT INTO operations.link (link_sha256, object_key, file_name, file_bytes, delivery_id,"
    " recipient_role, created_at, expires_at, file_sha256) VALUES (%s, %s, 'f', 1, %s, 'requester',"
    " now(), now(), %s)"
)
OPENED = "INSERT INTO operations.link_opening (link_sha256, opened_at) VALUES (%s, %s)"


def attached(*keys):
    files = ", ".join(f'{{"key": "{key}", "sha256": "{sha}"}}' for key, sha in keys)
    return f"[{files}]"


@pytest.fixture
def exported(store, tmp_path):
    """What was given out of two batches, and what does not count."""
    with store.transaction() as connection:
        for row in (
            ("k1", "s1", "progress-exhaust", "b1"),
            # The same file entered again, and another under its key since.
            ("k1", "s1", "progress-exhaust", "b1"),
            ("k1", "s2", "progress-exhaust", "b9"),
            ("k2", "s2", "progress-exhaust", "b2"),
            ("k3", "s3", "userinfo-exhaust", "b3"),
        ):
            connection.execute(FILE, row)
            connection.execute(REPLACED)
        two = attached(("k1", "s1"), ("k2", "s2"))
        for row in (
            ("d1", "exhaust_ready", two, "sent", SENT),
            ("d2", "exhaust_ready", attached(("k1", "s1")), "failed", None),
            ("d3", "exhaust_failed", attached(("k1", "s1")), "sent", SENT),
            ("d4", "exhaust_ready", attached(("k3", "s3")), "sent", SENT),
        ):
            connection.execute(MAIL, row)
        # The second file was too large for the mail.
        connection.execute(LINK, ["l2", "k2", "d1", "s2"])
        for opened in ("2026-11-20T18:29Z", "2026-11-20T18:30Z", "2026-11-20T20:00Z"):
            connection.execute(OPENED, ["l2", opened])
        export_deliveries(
            connection, tmp_path / "d.parquet", job_id="progress-exhaust", timezone="Asia/Kolkata"
        )
    return pq.read_table(tmp_path / "d.parquet").to_pylist()


def test_files_mailed_and_links_opened_are_counted_by_day_in_india_and_batch(exported):
    day, next_day = date(2026, 11, 20), date(2026, 11, 21)
    assert sorted(tuple(row.values()) for row in exported) == [
        (day, "b2", 0, 1),
        (next_day, "b1", 1, 0),
        (next_day, "b2", 0, 2),
    ]


def test_of_nothing_issued_here_the_columns_are_there(store, tmp_path):
    with store.transaction() as connection:
        export_own_certificates(connection, tmp_path / "own.parquet")

    table = pq.read_table(tmp_path / "own.parquet")
    assert table.num_rows == 0
    assert "certificate_id" in table.column_names
