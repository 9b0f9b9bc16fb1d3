"""What the demo says of personal data: who was given whose, and that the log of it is whole."""

from datetime import UTC, datetime

from jobs.errors import GateError
from jobs.privacy.reporting.job import report_learner
from jobs.privacy.verifying.job import verify
from jobs.storage.objects import Objects
from jobs.storage.store import Store

# Whoever is in the most files: the one with the longest report.
IN_MOST_FILES = """
SELECT named.user_id
FROM operations.exhaust_file_learners AS held, unnest(held.user_ids) AS named (user_id)
GROUP BY named.user_id
ORDER BY count(DISTINCT held.file_id) DESC, named.user_id
LIMIT 1
"""


def privacy_lines(store: Store, objects: Objects) -> list[str]:
    """A learner's report in one line, and whether the audit log is as it was written."""
    with store.transaction() as connection:
        row = connection.execute(IN_MOST_FILES).fetchone()
    lines = []
    if row is not None:
        user_id = row["user_id"]
        files = report_learner(store, user_id, asked_by="demo", now=datetime.now(UTC))
        mailed = sum(1 for file in files if file["mailed_at"])
        lines.append(f"one learner is in {len(files)} files, {mailed} of them mailed:")
        lines.append(f"  python -m jobs privacy report --user {user_id}")
    try:
        found = verify(store, objects)
    except GateError as error:
        return [*lines, f"audit log: {error}"]
    return [*lines, f"audit log: whole, {found.rows} rows (python -m jobs audit verify)"]
