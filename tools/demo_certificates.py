"""The part of the demo about certificates: found at night, approved by command, issued."""

import os
import subprocess
import sys

from jobs.contracts.missed_certificates import EARNED
from jobs.settings import PREFIX
from jobs.storage.certificate_approvals import groups
from jobs.storage.objects import Objects
from jobs.storage.store import Store
from tools.airflow_home import ROOT
from tools.progress import Progress

# What a platform's team would have set; what the environment says already stays.
SETTINGS = {
    "TEAM_ADDRESS": "implementation.team@sunbird.example",
    "ANALYST_ADDRESSES": '["analysts@sunbird.example"]',
    "CERTIFICATES_URL": "https://sunbird.example",
    # The small Sunbird's templates were attached before anybody of it completed.
    "CERTIFICATE_BASELINE_ON": "2020-01-01",
}
STATES = """
SELECT state, reason, count(*) AS row_count
FROM operations.missed_certificate
GROUP BY state, reason
ORDER BY state, reason
"""
ISSUED = """
SELECT pdf_key FROM operations.certificate_issued ORDER BY issued_at DESC, certificate_id LIMIT 1
"""


def set_up() -> None:
    """Before Airflow starts: its tasks get the environment of the demo."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(f"{PREFIX}{name}", value)


def approve(store: Store, progress: Progress) -> None:
    """As a person would, for the batch whose learners wait longest: the command is shown."""
    with store.transaction() as connection:
        waiting = [one for one in groups(connection) if one.reason == EARNED]
    if not waiting:
        progress.say("Certificates: none waits for an approval")
        return
    command = ["certificate", "approve", "--batch", waiting[0].batch_id, "--by", "demo"]
    ended = subprocess.run(
        [sys.executable, "-m", "jobs", *command], cwd=ROOT, capture_output=True, text=True
    )
    said = (ended.stdout.strip() or ended.stderr.strip()).splitlines()
    progress.say(f"python -m jobs {' '.join(command)}: {said[-1] if said else ended.returncode}")


def certificate_lines(store: Store, objects: Objects) -> list[str]:
    with store.transaction() as connection:
        rows = connection.execute(STATES).fetchall()
        issued = connection.execute(ISSUED).fetchone()
    lines = [
        f"{row['row_count']} {row['state']}"
        + ("" if row["reason"] == EARNED else f": {row['reason']}")
        for row in rows
    ]
    return [*lines, *([f"one of them: {objects.place(issued['pdf_key'])}"] if issued else [])]
