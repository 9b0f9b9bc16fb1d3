"""The invariant of the queue, judged at each run: no request is stranded."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import structlog

from jobs.exhausts import requests
from jobs.quality.job import record
from jobs.quality.verdicts import Verdict
from jobs.settings import Settings
from jobs.storage.store import Store
from jobs.storage.stranded import open_requests, stranded

log = structlog.get_logger()

CHECK = "no request is stranded"


def look_for_stranded(settings: Settings, store: Store, *, now: datetime) -> int:
    """How many requests are left alone; the verdict is kept, and each reason is an alarm."""
    table = settings.job_request_table
    with store.transaction() as connection:
        alone = stranded(connection, table=table, job_ids=list(requests.KINDS), now=now)
        verdict = Verdict(
            subject=table,
            check_name=CHECK,
            # Nothing is published here that it could stop.
            severity="warn",
            verdict="failed" if alone else "passed",
            found_count=len({row["request_id"] for row in alone}),
            checked_count=open_requests(connection, table=table),
        )
        record(connection, [verdict], now)
    for reason, count in Counter(row["reason"] for row in alone).items():
        first = next(row["request_id"] for row in alone if row["reason"] == reason)
        log.error("requests_stranded", reason=reason, requests=count, first=first)
    return len(alone)
