"""The usage of the demo: what a day came to, whose it was, and the files that portals read."""

from jobs.storage.objects import Objects
from jobs.storage.store import Store

LAST_DAY = """
SELECT day, scan_count, failed_scan_count, unmapped_scan_count, download_count, play_count,
    play_device_count, play_hours, session_count
FROM metrics.usage_daily
WHERE owner_scope = 'overall' AND platform = 'all'
ORDER BY day DESC LIMIT 1
"""
OWNERS = """
SELECT COALESCE(owner_name, owner_scope) AS owner, scan_count, download_count, play_count
FROM metrics.usage_daily
WHERE day = %s AND owner_scope <> 'overall' AND platform = 'all'
    AND scan_count + download_count + play_count > 0
ORDER BY play_count DESC, owner
"""
CREDITED = """
SELECT owner_name, sum(adopted_credit_count)::bigint AS event_count
FROM metrics.usage_daily
WHERE owner_scope = 'tenant' AND platform = 'all' AND adopted_credit_count > 0
GROUP BY owner_name ORDER BY owner_name
"""
OVERALL_FILE = "portal_dashboards/overall/daily_metrics.csv"


def usage_lines(store: Store, objects: Objects) -> list[str]:
    with store.transaction() as connection:
        whole = connection.execute(LAST_DAY).fetchone()
        if whole is None:
            return []
        owners = connection.execute(OWNERS, [whole["day"]]).fetchall()
        credited = connection.execute(CREDITED).fetchall()
    return [
        f"{whole['day']}: {whole['scan_count']} scans ({whole['failed_scan_count']} failed,"
        f" {whole['unmapped_scan_count']} unmapped), {whole['download_count']} downloads,"
        f" {whole['play_count']} plays on {whole['play_device_count']} devices"
        f" ({whole['play_hours']:.1f} hours), {whole['session_count']} sessions",
        *(
            f"  {row['owner']}: {row['scan_count']} scans, {row['download_count']} downloads,"
            f" {row['play_count']} plays"
            for row in owners
        ),
        *(
            f"{row['owner_name']} is credited with {row['event_count']} events of all days, for a"
            " textbook that it had adopted"
            for row in credited
        ),
        *([objects.place(OVERALL_FILE)] if objects.exists(OVERALL_FILE) else []),
    ]
