"""Starts real commands, ends them at named steps, and writes down what happened."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from jobs.exhausts.job import submit_request
from jobs.exhausts.requests import KINDS
from jobs.refresh.plan import TABLES
from jobs.settings import PREFIX
from jobs.storage.objects import ASIDE, FolderObjects
from tests.jobs.exhausts.small_platform import KEY, SALT, batch, course, learner, person

ROOT = Path(__file__).resolve().parents[2]
POINT = re.compile(r'crash_point\("([^"]+)"\)')
ANSWER = ["exhaust", "progress-exhaust", "--run"]
ROUNDS = 8


def points(*steps):
    """The named places of these steps, as the code has them."""
    found = {
        name for path in (ROOT / "jobs").rglob("*.py") for name in POINT.findall(path.read_text())
    }
    return sorted(name for name in found if name.partition(":")[0] in steps)


class Drive:
    """A small platform whose requests are answered by processes that die."""

    def __init__(self, folder, store, publish_rows, make_settings, server):
        self.store, self.server = store, server
        self.home, self.temporary = folder / "home", folder / "tmp"
        self.temporary.mkdir()
        self.path = folder / "history.jsonl"
        self.values = {
            "home": str(self.home),
            "store_url": store.url,
            "analyst_store_url": store.analyst_url,
            "operator_store_url": store.operator_url,
            "platform_key": KEY,
            "platform_salt": SALT,
            "smtp_host": "127.0.0.1",
            "smtp_port": str(server.port),
            "smtp_security": "none",
            "lease_seconds": "1",
        }
        self.settings = make_settings(**self.values)
        self.objects = FolderObjects(self.settings.objects)
        self.mails_told = 0
        hold_platform(publish_rows)

    def write(self, event, **facts):
        with self.path.open("a", encoding="utf-8") as history:
            history.write(json.dumps({"event": event, **facts}) + "\n")

    def ask(self, batch_id="b1", answer="SUCCESS"):
        request_id = submit_request(
            self.settings, self.store, kind=next(iter(KINDS)), batch_ids=[batch_id],
            requested_by="asha", channel="up", now=datetime.now(UTC),
        )  # fmt: skip
        self.write("asked", request_id=request_id, answer=answer)
        return request_id

    def run(self, *arguments, kill_at=None, without=None, **settings):
        """One command, to its end; what is to be seen afterwards is written down at once."""
        program = (
            [str(ROOT / "tests/crash/without_guard.py"), without] if without else ["-m", "jobs"]
        )
        values = {**self.values, **settings} | ({"kill_at": kill_at} if kill_at else {})
        environment = {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}
        inherited = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
        }
        self.last = subprocess.run(
            [sys.executable, *program, *(arguments or [*ANSWER, uuid4().hex])],
            cwd=ROOT,
            env=inherited
            | environment
            | {"PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)}
            | {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.write("run", kill_at=kill_at, ended=self.last.returncode, without=without)
        self.tell_mails()
        self.write("objects", files=[seen(self.objects, key) for key in self.keys()])
        return self.last.returncode

    def keys(self):
        root = self.objects.root
        return sorted(
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.is_file() and ASIDE not in path.parts
        )

    def tell_mails(self):
        taken = list(self.server.messages)
        for mail in taken[self.mails_told :]:
            (file,) = list(mail.message.iter_attachments()) or [None]
            self.write(
                "mail",
                message_id=mail.message["Message-ID"],
                request_id=re.search(r"Request ID: (\S+)", plain(mail.message))[1],
                is_whole=file is None or is_whole(file.get_content()),
            )
        self.mails_told = len(taken)

    def until_quiet(self, without=None):
        for _ in range(ROUNDS):
            self.run(without=without)
            if not self.open_work():
                break
            # A lease of one second is given up before the next round.
            time.sleep(0.5)

    def open_work(self):
        return self.select(
            "SELECT request_id FROM job_request WHERE status IN ('SUBMITTED', 'PROCESSING')"
        ) + self.select(
            "SELECT delivery_id FROM operations.delivery WHERE status IN ('pending', 'sending')"
        )

    def left_aside(self):
        return [
            str(path.relative_to(self.home.parent))
            for folder in (self.home, self.temporary)
            for path in folder.rglob(".*.part")
        ]

    def age(self, path, by):
        """It looks as old as it does to a run that much later."""
        past = time.time() - by.total_seconds()
        os.utime(path, (past, past))

    def end(self):
        requests = self.select(
            "SELECT request_id, status, processed_batches FROM job_request ORDER BY request_id"
        )
        states = self.select(
            "SELECT status, count(*) AS n FROM operations.delivery GROUP BY status"
        )
        self.write(
            "end",
            requests=[
                {
                    "request_id": row["request_id"],
                    "status": row["status"],
                    "noted": [
                        {"key": entry["filePath"], "sha256": entry["sha256"]}
                        for entry in row["processed_batches"] or []
                        if entry.get("filePath")
                    ],
                }
                for row in requests
            ],
            deliveries={row["status"]: row["n"] for row in states},
            leases=len(self.select("SELECT 1 FROM operations.lease")),
            left_aside=self.left_aside(),
        )

    def select(self, statement):
        with self.store.transaction() as connection:
            return connection.execute(statement).fetchall()


def crash(drive, point, without=None):
    """One request, a command killed at the point, then commands until all is quiet."""
    drive.ask()
    drive.run(kill_at=point, without=without)
    drive.until_quiet(without=without)
    if drive.left_aside():
        # What the dead process left is cleared by whoever comes next.
        for name in drive.left_aside():
            drive.age(drive.home.parent / name, timedelta(minutes=5))
        drive.ask("b2")
        drive.until_quiet(without=without)
    drive.end()


def hold_platform(publish_rows):
    held = {
        "progress": [
            learner("u2", stage="completed", completed_on=date(2026, 11, 5)),
            learner("u1", module_progress={"do_m": 10}),
            learner("v1", "b2"),
        ],
        "batches": [batch("b1"), batch("b2")],
        "collections": [course("do_1")],
        "learners": [person("asha")],
    }
    for name, contract in TABLES.items():
        publish_rows(contract, held.get(name, []), data_as_of=datetime.now(UTC))


def seen(objects, key):
    content = objects.read(key)
    return {
        "key": key,
        "sha256": hashlib.sha256(content).hexdigest(),
        "is_whole": is_whole(content),
    }


def is_whole(content):
    try:
        return zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    except zipfile.BadZipFile:
        return False


def plain(message):
    return message.get_body(("plain",)).get_content()
