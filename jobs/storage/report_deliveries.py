"""What the store itself knows of downloads: exhausts mailed or opened, certificates issued here."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import Connection, sql
from psycopg.rows import DictRow

PAGE = 10_000
INSTANT = pa.timestamp("us", tz="UTC")
DELIVERIES = pa.schema(
    {"day": pa.date32(), "batch_id": pa.string(), "mailed_count": pa.int64(),
     "link_opening_count": pa.int64()}
)  # fmt: skip
OWN_CERTIFICATES = pa.schema(
    {"certificate_id": pa.string(), "user_id": pa.string(), "course_id": pa.string(),
     "batch_id": pa.string(), "template_name": pa.string(), "issued_at": INSTANT,
     "completed_at": INSTANT, "status": pa.string()}
)  # fmt: skip


def export_deliveries(
    connection: Connection[DictRow], file: Path, *, job_id: str, timezone: str
) -> None:
    """One row per day and batch: files that a sent mail held, and openings of links to others."""
    query = sql.SQL(
        "WITH given_out AS ("
        " SELECT DISTINCT delivery.sent_at, delivery.delivery_id, one.key, one.sha256"
        " FROM operations.delivery"
        " CROSS JOIN jsonb_to_recordset(delivery.attachments) AS one (key text, sha256 text)"
        " WHERE delivery.kind = 'exhaust_ready' AND delivery.status = 'sent'"
        # A file that is too large for the mail is given out by its link alone.
        " AND NOT EXISTS (SELECT FROM operations.link WHERE link.object_key = one.key"
        " AND link.delivery_id = delivery.delivery_id)),"
        " file AS (SELECT DISTINCT object_key, file_sha256, batch_id"
        " FROM operations.exhaust_file WHERE job_id = {job_id}),"
        " happened AS ("
        " SELECT given_out.sent_at AS at, file.batch_id, 1 AS mailed, 0 AS opened FROM given_out"
        " INNER JOIN file ON file.object_key = given_out.key"
        " AND file.file_sha256 = given_out.sha256"
        " UNION ALL"
        " SELECT opening.opened_at, file.batch_id, 0, 1 FROM operations.link_opening AS opening"
        " INNER JOIN operations.link USING (link_sha256)"
        " INNER JOIN file ON file.object_key = link.object_key"
        " AND file.file_sha256 = link.file_sha256)"
        " SELECT (at AT TIME ZONE {timezone})::date AS day, batch_id,"
        " sum(mailed)::bigint AS mailed_count, sum(opened)::bigint AS link_opening_count"
        " FROM happened GROUP BY 1, 2"
    ).format(job_id=sql.Literal(job_id), timezone=sql.Literal(timezone))
    export(connection, query, DELIVERIES, file)


def export_own_certificates(connection: Connection[DictRow], file: Path) -> None:
    """Certificates that were issued here, revoked ones too."""
    columns = sql.SQL(", ").join(map(sql.Identifier, OWN_CERTIFICATES.names))
    query = sql.SQL("SELECT {} FROM operations.certificate_issued").format(columns)
    export(connection, query, OWN_CERTIFICATES, file)


def export(
    connection: Connection[DictRow], query: sql.Composed, schema: pa.Schema, file: Path
) -> None:
    """A query's rows as Parquet, page by page."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with (
        pq.ParquetWriter(file, schema) as out,
        connection.cursor(name=f"export_{file.stem}") as cursor,
    ):
        cursor.execute(query)
        while rows := cursor.fetchmany(PAGE):
            out.write_table(pa.Table.from_pylist(rows, schema=schema))
