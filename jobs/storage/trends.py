"""Figures by day, of the metric tables, to a role that only reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

QUERIES = {
    "usage": (
        "SELECT day, platform, successful_scan_count, failed_scan_count, download_count,"
        " play_count, is_final FROM metrics.usage_daily"
        " WHERE owner_scope = 'overall' AND day BETWEEN %(first_on)s AND %(last_on)s"
        " ORDER BY day, platform"
    ),
    "certificates": (
        "SELECT day, client, issued_count, download_count, download_ratio,"
        " unique_download_ratio FROM metrics.certificate_download_ratio_daily"
        " WHERE scope = 'all_courses' AND day BETWEEN %(first_on)s AND %(last_on)s"
        " ORDER BY day, client"
    ),
    "reports": (
        "SELECT day, batch_count, download_count, download_ratio, delivered_ratio"
        " FROM metrics.report_download_ratio_daily"
        " WHERE scope = 'all_courses' AND day BETWEEN %(first_on)s AND %(last_on)s ORDER BY day"
    ),
    "completions": (
        "SELECT day, sum(enrolment_count)::bigint AS enrolment_count,"
        " sum(completion_count)::bigint AS completion_count,"
        " sum(certificate_count)::bigint AS certificate_count"
        " FROM metrics.collection_summary_daily"
        " WHERE day BETWEEN %(first_on)s AND %(last_on)s GROUP BY day ORDER BY day"
    ),
    "minutes": (
        "SELECT (sent_at AT TIME ZONE %(timezone)s)::date AS day, count(*) AS answers,"
        " percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS p50, max(minutes) AS longest"
        " FROM metrics.exhaust_minutes"
        " WHERE (sent_at AT TIME ZONE %(timezone)s)::date BETWEEN %(first_on)s AND %(last_on)s"
        " GROUP BY day ORDER BY day"
    ),
}


def trend_rows(
    connection: Connection[DictRow], *, first_on: date, last_on: date, timezone: str
) -> Mapping[str, list[dict[str, Any]]]:
    """Rows by what they are about, from the first day to the last."""
    asked = {"first_on": first_on, "last_on": last_on, "timezone": timezone}
    return {name: connection.execute(query, asked).fetchall() for name, query in QUERIES.items()}
