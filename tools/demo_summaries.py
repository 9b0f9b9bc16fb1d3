"""The part of the demo about batches and groups: summary, groups, and what could be mended."""

from jobs.contracts.repairs import RESOLVED
from jobs.storage.objects import Objects
from jobs.storage.store import Store

LATEST = "collection-summary-reports-v2/collection-summary-report-latest.json"
SUMMED = """
SELECT
    max(day) AS day, count(DISTINCT batch_id) AS batches, sum(enrolment_count) AS enrolments,
    sum(completion_count) AS completions, sum(certificate_lag_count) AS lag
FROM metrics.collection_summary_daily
WHERE day = (SELECT max(day) FROM metrics.collection_summary_daily)
"""
GROUPS = """
SELECT group_id, activity_id, member_count, enrolment_count, completed_count
FROM metrics.group_activity
ORDER BY member_count DESC, activity_type
LIMIT 1
"""
REPAIRS = """
SELECT problem, count(*) AS n FROM operations.enrolment_repair
WHERE state <> %s GROUP BY problem ORDER BY problem
"""


def summary_lines(store: Store, objects: Objects) -> list[str]:
    with store.transaction() as connection:
        summed = connection.execute(SUMMED).fetchone()
        group = connection.execute(GROUPS).fetchone()
        repairs = connection.execute(REPAIRS, [RESOLVED]).fetchall()
    lines = []
    if summed and summed["day"]:
        lines.append(
            f"{summed['day']}: {summed['batches']} batches, {summed['enrolments']} enrolments,"
            f" {summed['completions']} completions, {summed['lag']} of them without a certificate"
        )
        lines.append(f"  {objects.place(LATEST)}")
    if group:
        lines.append(
            f"a group of {group['member_count']}: {group['enrolment_count']} enrolled,"
            f" {group['completed_count']} completed; the portal's answer:"
        )
        lines.append(
            f"  python -m jobs group-activity --group {group['group_id']}"
            f" --activity {group['activity_id']}"
        )
    lines += [f"{row['n']} enrolments that could be mended: {row['problem']}" for row in repairs]
    return lines
