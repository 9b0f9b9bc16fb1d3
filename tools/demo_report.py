"""What came out of the demo, in plain words, with paths."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from psycopg import sql

from jobs.settings import Settings
from jobs.storage.objects import Objects, open_objects
from jobs.storage.store import Store
from tools.demo_certificates import certificate_lines
from tools.demo_privacy import privacy_lines
from tools.demo_summaries import summary_lines
from tools.demo_textbook_reports import textbook_report_lines
from tools.demo_textbooks import textbook_lines
from tools.demo_usage import usage_lines

REQUESTS = """
SELECT
    r.request_id, r.tag, r.status, r.err_message, r.download_urls, r.dt_job_submitted,
    d.kind, d.status AS delivery_status, d.sent_at
FROM public.{} AS r
LEFT JOIN operations.delivery AS d ON d.tag = r.tag AND d.request_id = r.request_id
WHERE r.request_id = ANY(%s)
ORDER BY r.tag
"""
QUARANTINED = """
SELECT q.source_table, q.reason, SUM(q.row_count)::bigint AS row_count
FROM operations.quarantine AS q
WHERE q.snapshot_id IN (
    SELECT DISTINCT ON (s.table_name) s.snapshot_id
    FROM operations.snapshot AS s
    ORDER BY s.table_name ASC, s.published_at DESC
)
GROUP BY q.source_table, q.reason
ORDER BY q.source_table, q.reason
"""
STATUS_CHANGES = """
SELECT c.reason, count(*) AS row_count
FROM operations.batch_status_change AS c
WHERE c.written_at >= %s
GROUP BY c.reason
ORDER BY c.reason
"""
STATUS_PROBLEMS = """
SELECT s.problem, count(*) AS row_count
FROM operations.batch_status AS s
WHERE s.problem IS NOT NULL
GROUP BY s.problem
ORDER BY s.problem
"""


def report(
    settings: Settings, store: Store, request_ids: list[str], *, since: datetime
) -> tuple[str, bool]:
    """The text, and whether each request was answered and its answer sent."""
    with store.transaction() as connection:
        query = sql.SQL(REQUESTS).format(sql.Identifier(settings.job_request_table))
        requests = connection.execute(query, [request_ids]).fetchall()
        quarantined = connection.execute(QUARANTINED).fetchall()
        changes = connection.execute(STATUS_CHANGES, [since]).fetchall()
        problems = connection.execute(STATUS_PROBLEMS).fetchall()
    is_complete = all(is_answered(request) for request in requests)
    parts = [
        "",
        "WHAT CAME OUT",
        *section("Requests", request_lines(requests, open_objects(settings))),
        *section("Mails", mail_lines(settings, since)),
        *section("Batches whose status moved", status_lines(changes, problems)),
        *section("Rows kept out by the refresh, and why", quarantine_lines(quarantined)),
        *section("Certificates", certificate_lines(store, open_objects(settings))),
        *section("Batches and groups", summary_lines(store, open_objects(settings))),
        *section("Personal data", privacy_lines(store, open_objects(settings))),
        *section("Textbooks that a state adopted", textbook_lines(store)),
        *section("Reports on textbooks", textbook_report_lines(settings, store)),
        *section("Usage of the last day", usage_lines(store, open_objects(settings))),
        *section("Next", next_lines()),
    ]
    if not is_complete:
        parts += ["", "Not every request was answered by mail: see the first list."]
    return "\n".join(parts), is_complete


def section(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines or ["none"])]


def is_answered(request: dict[str, Any]) -> bool:
    return request["status"] in ("SUCCESS", "FAILED") and request["delivery_status"] == "sent"


def request_lines(requests: list[dict[str, Any]], objects: Objects) -> list[str]:
    lines = []
    for request in requests:
        lines.append(f"{request['tag']}: {request['status']}, {answer(request)}")
        if request["err_message"]:
            lines.append(f"  {request['err_message']}")
        lines += [f"  {objects.place(key)}" for key in request["download_urls"] or []]
    return lines


def answer(request: dict[str, Any]) -> str:
    if request["sent_at"] is None:
        return f"its mail is {request['delivery_status'] or 'not written yet'}"
    minutes = (request["sent_at"] - request["dt_job_submitted"]).total_seconds() / 60
    return f"mailed {minutes:.1f} minutes after it was asked"


def mail_lines(settings: Settings, since: datetime) -> list[str]:
    if settings.smtp_host is not None:
        return [f"sent through {settings.smtp_host}"]
    lines = []
    for path in new_mails(settings.mailbox, since):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        lines.append(f"{message['Subject']}")
        lines.append(f"  to {masked(str(message['To']))}: {path}")
    return lines


def new_mails(mailbox: Path, since: datetime) -> list[Path]:
    """The messages written since then, oldest first."""
    found = [(path.stat().st_mtime, path) for path in mailbox.rglob("*.eml")]
    return [path for at, path in sorted(found) if datetime.fromtimestamp(at, UTC) >= since]


def masked(address: str) -> str:
    """First two letters and the domain."""
    name, at, domain = address.strip("<> ").rpartition("@")
    return f"{name[:2]}***{at}{domain}" if at else "***"


def quarantine_lines(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['source_table']}: {row['row_count']} {row['reason']}" for row in rows]


def status_lines(changes: list[dict[str, Any]], problems: list[dict[str, Any]]) -> list[str]:
    moved = [f"{row['row_count']} {row['reason']}" for row in changes]
    kept = [f"{row['row_count']} reported: {row['problem']}" for row in problems]
    return [*(moved or ["none since the last run"]), *kept]


def next_lines() -> list[str]:
    return [
        "open a mail in any mail program, or a zip in any file manager",
        "make airflow    the same DAGs in Airflow's own pages, by the clock",
        "make pictures   the mails, a certificate and the DAG's page as pictures",
        "make demo       once more: new requests, new files",
        "make down       stops what still runs; nothing does now",
    ]
