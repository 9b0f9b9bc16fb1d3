"""What the weekly reports on textbooks say, and where their files are."""

from jobs.settings import Settings
from jobs.storage.objects import open_objects
from jobs.storage.store import Store

TOTALS = """
SELECT ownership, live_count, review_count, draft_count, hierarchy_problem_count
FROM metrics.textbook_creation_summary
WHERE
    owner_scope = 'overall' AND dimension = 'total'
    AND week_on = (SELECT max(week_on) FROM metrics.textbook_creation_summary)
"""
EMPTY_CODES = """
SELECT
    count(*) AS code_count,
    count(*) FILTER (WHERE content_count = 0) AS empty_count,
    sum(all_scan_count)::bigint AS scan_count
FROM metrics.qr_status_code
WHERE
    ownership = 'own'
    AND week_on = (SELECT max(week_on) FROM metrics.qr_status_code)
"""
FOLDER = "portal_dashboards/overall"


def textbook_report_lines(settings: Settings, store: Store) -> list[str]:
    with store.transaction() as connection:
        totals = {row["ownership"]: row for row in connection.execute(TOTALS).fetchall()}
        codes = connection.execute(EMPTY_CODES).fetchone()
    if not totals or codes is None:
        return []
    own, adopted = totals["own"], totals["adopted"]
    return [
        f"{own['live_count']} live, {own['review_count']} in review, {own['draft_count']} drafts;"
        f" {adopted['live_count']} of them shown by other states;"
        f" {own['hierarchy_problem_count']} named and not counted, for want of a usable hierarchy",
        f"QR codes: {codes['code_count']} places in live textbooks, {codes['empty_count']} of them"
        f" without content; scanned {codes['scan_count'] or 0} times since 1 June",
        f"files as the portal reads them, per tenant and of all: {place(settings)}",
    ]


def place(settings: Settings) -> str:
    return open_objects(settings).place(FOLDER)
