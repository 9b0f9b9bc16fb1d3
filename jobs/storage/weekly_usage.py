"""The rows of metric tables that a weekly summary is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

TOP_COURSES, TOP_TENANTS = 8, 6
QUERIES = {
    "usage": (
        "SELECT day, platform, scan_count, successful_scan_count, failed_scan_count,"
        " download_count, play_count, play_hours, is_final FROM metrics.usage_daily"
        " WHERE owner_scope = 'overall' AND day BETWEEN %(trend_on)s AND %(last_on)s ORDER BY day"
    ),
    "certificates": (
        "SELECT day, client, issued_count, issued_on_day_count, download_count,"
        " download_on_day_count, downloaded_certificate_count, download_ratio,"
        " unique_download_ratio, coverage_ratio FROM metrics.certificate_download_ratio_daily"
        " WHERE scope = 'all_courses' AND day BETWEEN %(trend_on)s AND %(last_on)s ORDER BY day"
    ),
    "reports": (
        "SELECT day, batch_count, download_count, download_on_day_count, download_ratio,"
        " mailed_count, link_opening_count, delivered_ratio, user_count"
        " FROM metrics.report_download_ratio_daily"
        " WHERE scope = 'all_courses' AND day BETWEEN %(trend_on)s AND %(last_on)s ORDER BY day"
    ),
    "top_courses": (
        "SELECT course_id, max(course_name) AS course_name,"
        " sum(download_on_day_count)::bigint AS download_count,"
        " (array_agg(issued_count ORDER BY day DESC))[1] AS issued_count,"
        " (array_agg(unique_download_ratio ORDER BY day DESC))[1] AS unique_download_ratio"
        " FROM metrics.certificate_download_ratio_daily"
        " WHERE scope = 'course' AND client = 'all' AND day BETWEEN %(first_on)s AND %(last_on)s"
        " GROUP BY course_id HAVING sum(download_on_day_count) > 0"
        " ORDER BY download_count DESC, course_id LIMIT %(courses)s"
    ),
    "tenants": (
        "SELECT scope_id AS channel, scope_name AS tenant_name, batch_count, download_count,"
        " download_ratio, delivered_ratio FROM metrics.report_download_ratio_daily"
        " WHERE scope = 'tenant' AND day = (SELECT max(day)"
        " FROM metrics.report_download_ratio_daily WHERE day BETWEEN %(first_on)s AND %(last_on)s)"
        " ORDER BY batch_count DESC, scope_id LIMIT %(tenants)s"
    ),
}


def weekly_rows(
    connection: Connection[DictRow], *, trend_on: date, first_on: date
) -> Mapping[str, list[dict[str, Any]]]:
    """Rows by what they are for, from the trend's first day to the end of the week."""
    asked = {
        "trend_on": trend_on,
        "first_on": first_on,
        "last_on": first_on + timedelta(days=6),
        "courses": TOP_COURSES,
        "tenants": TOP_TENANTS,
    }
    return {name: connection.execute(query, asked).fetchall() for name, query in QUERIES.items()}
