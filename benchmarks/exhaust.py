"""From the claim to the mail server's 250: one batch of one lakh, many of them, and small ones."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from benchmarks.measure import Cost, cost_of, median_of
from benchmarks.platform import MENTOR, TENANT, batch_id, make_platform
from jobs.exhausts.job import submit_request
from jobs.settings import Settings
from jobs.storage.postgres import free_port
from jobs.storage.store import open_store

KIND = "progress-exhaust"
CASES = {
    # name: (learners per batch, batches asked for, each in a request of its own, repeats)
    "one of 100,000": (100_000, 1, 5),
    "ten of 100,000 at once": (100_000, 10, 1),
    "twenty of 5,000": (5_000, 20, 3),
    "one of 5,000": (5_000, 1, 5),
}


@contextmanager
def mail_server() -> Iterator[int]:
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port(), data_size_limit=64 << 20)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def mailing_to(home: Path, port: int) -> dict[str, str]:
    """The settings of a command that answers from old tables and mails to this server."""
    return {
        "SUNBIRD_BATCH_HOME": str(home),
        "SUNBIRD_BATCH_SMTP_HOST": "127.0.0.1",
        "SUNBIRD_BATCH_SMTP_PORT": str(port),
        "SUNBIRD_BATCH_SMTP_SECURITY": "none",
        "SUNBIRD_BATCH_STALE_MINUTES": "100000",
        "SUNBIRD_BATCH_CONSENT_MINUTES": "100000",
    }


def answered(home: Path, port: int, batches: int) -> Cost:
    """Ask for each batch, then answer all in one command; every file is a new one."""
    settings = Settings(home=home)
    with open_store(settings) as store:
        for number in range(batches):
            submit_request(
                settings,
                store,
                kind=KIND,
                batch_ids=[batch_id(number)],
                requested_by=MENTOR,
                channel=TENANT,
                tag=f"{number}-{os.urandom(4).hex()}",
                now=datetime.now(UTC),
            )
    return cost_of(["jobs", "exhaust", KIND], mailing_to(home, port))


def run(folder: Path) -> Iterator[str]:
    """Each case as a line: 40 extra columns (20 nested collections, 20 assessments) in all."""
    for name, (learners, batches, repeats) in CASES.items():
        home = folder / f"exhaust-{learners}-{batches}"
        make_platform(home, learners=learners, batches=batches, modules=20, assessments=20)
        with mail_server() as port:
            cost = median_of(repeats, lambda h=home, p=port, b=batches: answered(h, p, b))
        shutil.rmtree(home / "objects", ignore_errors=True)
        yield f"| exhaust, {name} | {cost} | median of {repeats} |"
