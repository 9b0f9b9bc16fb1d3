"""Ten requests of all kinds at once, each for 100,000 learners, until the last mail is accepted."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.answers import publish_answers
from benchmarks.exhaust import mail_server, mailing_to
from benchmarks.measure import Cost, cost_of
from benchmarks.platform import MENTOR, TENANT, batch_id, make_platform
from benchmarks.user_info import give_consents
from jobs.exhausts.job import submit_request
from jobs.settings import Settings
from jobs.storage.store import open_store

LEARNERS, QUESTIONS = 100_000, 20
# The kind, and the batch of each request; a key of its own makes each a file of its own.
ASKED = (
    *(("progress-exhaust", number) for number in range(4)),
    *(("userinfo-exhaust", 0) for _ in range(3)),
    *(("response-exhaust", 0) for _ in range(3)),
)


def run(folder: Path) -> Iterator[str]:
    home = folder / "mixed"
    make_platform(home, learners=LEARNERS, batches=4, modules=20, assessments=20)
    give_consents(home, LEARNERS)
    publish_answers(home, learners=LEARNERS, questions=QUESTIONS)
    ask(home)
    with mail_server() as port:
        costs = [answered(home, kind, port) for kind in dict.fromkeys(kind for kind, _ in ASKED)]
    with open_store(Settings(home=home)) as store, store.transaction() as connection:
        states = connection.execute(
            "SELECT status, count(*) AS n FROM operations.delivery GROUP BY status"
        ).fetchall()
    seconds, peak = sum(cost.seconds for cost in costs), max(cost.peak_bytes for cost in costs)
    told = ", ".join(f"{row['n']} {row['status']}" for row in states)
    yield (
        f"| ten requests of three kinds at once, {LEARNERS:,} learners each, one kind after the"
        f" other: {told} | {seconds:.1f} s wall, {peak / 2**30:.2f} GiB | one run |"
    )


def ask(home: Path) -> None:
    settings = Settings(home=home)
    with open_store(settings) as store:
        for kind, number in ASKED:
            submit_request(
                settings,
                store,
                kind=kind,
                batch_ids=[batch_id(number)],
                requested_by=MENTOR,
                channel=TENANT,
                tag=os.urandom(4).hex(),
                key=f"words without relation {os.urandom(4).hex()}",
                now=datetime.now(UTC),
            )


def answered(home: Path, kind: str, port: int) -> Cost:
    return cost_of(
        ["jobs", "exhaust", kind],
        mailing_to(home, port) | {"SUNBIRD_BATCH_LINKS_URL": "https://files.example"},
    )
