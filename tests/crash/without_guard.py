"""Runs a command with one guard taken out: the proof that the judge would notice.

python without_guard.py GUARD ARGUMENTS...
"""

import sys
from uuid import uuid4


def stable_message_id():
    from jobs.delivery.composing import job

    original = job.compose
    job.compose = lambda *a, **k: original(*a, **{**k, "delivery_id": str(uuid4())})


def note_after_the_answer():
    from jobs.delivery import job
    from jobs.storage.crash_points import crash_point

    def deliver(mailer, delivery):
        message = job.prepared(mailer, delivery)
        with mailer.store.transaction() as connection:
            job.deliveries.mark_sent(connection, delivery, server_said="", now=mailer.at())
        crash_point("send: composed")
        mailer.carrier.send(message)
        return "sent"

    job.deliver = deliver


def files_are_renamed_when_whole():
    from jobs.storage.crash_points import crash_point
    from jobs.storage.objects import FolderObjects

    def put(self, key, path):
        content = path.read_bytes()
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content[: len(content) // 2])
        crash_point("upload: written aside")
        target.write_bytes(content)

    FolderObjects.put = put


def leases_are_taken_over():
    from jobs.storage import requests

    original = requests.take
    requests.take = lambda *a, **k: original(*a, **k) if k["is_free"] else None


def left_files_are_cleared():
    from jobs.storage import aside

    aside.clear = lambda folder: None


GUARDS = {
    guard.__name__: guard
    for guard in (
        stable_message_id,
        note_after_the_answer,
        files_are_renamed_when_whole,
        leases_are_taken_over,
        left_files_are_cleared,
    )
}


if __name__ == "__main__":
    GUARDS[sys.argv.pop(1)]()
    from jobs.__main__ import main

    main()
