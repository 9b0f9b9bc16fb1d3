"""Fifty learners through a real Airflow: runs that succeed and runs that fail tell nobody of them."""

import json
import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
import pytest

from jobs.contracts.protection import PUBLIC_KEY
from jobs.samples import batches, places, staff
from jobs.samples.job import run_samples
from jobs.settings import PREFIX, load_settings
from jobs.sources.cipher import encrypt
from jobs.storage.postgres import swap_database
from jobs.storage.store import open_store
from tests.canary.planting import plant
from tests.canary.search import EMAIL, EXTERNAL_ID, NAME, PHONE, Finds, Keys
from tests.canary.strings import CANARIES, PASSWORD
from tests.jobs.delivery.age_readers import Pair
from tools.airflow_home import DATABASE, ROOT
from tools.follow import RunFailedError, follow
from tools.local_airflow import local_airflow
from tools.progress import Progress

PAIR = Pair()
BIG, NORTH = batches.BIG.batch_id, places.NORTH.org_id
PROGRESS, USER_INFO, RESPONSES = "progress-exhaust", "userinfo-exhaust", "response-exhaust"
DAGS = ["progress_exhaust", "userinfo_exhaust", "response_exhaust"]
# What the file of each kind is for.
OF_A_FILE = {
    "progress_": {NAME, EXTERNAL_ID},
    "userinfo_": {NAME, EXTERNAL_ID, EMAIL, PHONE},
    "response_": {NAME},
}


class Sunbird:
    """The home of one Airflow, and what is asked of it."""

    def __init__(self, home):
        self.home = home
        self.settings = load_settings()
        self.key, self.salt = self.settings.platform_secrets()
        self.told = []

    def ask(self, kind, *, by=staff.MENTOR_BIG, key=None, sealed=None):
        request_id = uuid.uuid4().hex.upper()
        body = json.dumps({"batchId": BIG})
        sealed = encrypt(key, key=self.key, salt=self.salt) if key else sealed
        with open_store(self.settings) as store, store.transaction() as connection:
            connection.execute(
                "INSERT INTO public.job_request (tag, request_id, job_id, status, request_data,"
                " requested_by, requested_channel, dt_job_submitted, iteration, encryption_key)"
                " VALUES (%s, %s, %s, 'SUBMITTED', %s, %s, %s, now(), 0, %s)",
                [request_id, request_id, kind, body, by, NORTH, sealed],
            )
        return request_id

    def statuses(self, *request_ids):
        with open_store(self.settings) as store, store.transaction() as connection:
            rows = connection.execute(
                "SELECT request_id, status FROM job_request WHERE request_id = ANY(%s)",
                [list(request_ids)],
            ).fetchall()
        known = {row["request_id"]: row["status"] for row in rows}
        return [known[request_id] for request_id in request_ids]

    def command(self, *arguments, **settings):
        told = {f"{PREFIX}{name.upper()}": value for name, value in settings.items()}
        ended = subprocess.run(
            [sys.executable, "-m", "jobs", *arguments],
            cwd=ROOT, env=os.environ | told, capture_output=True, text=True,
        )  # fmt: skip
        self.told += [ended.stdout, ended.stderr]
        return ended.returncode

    @contextmanager
    def changed_progress(self, change):
        """The big batch's published rows, made into what no refresh would write."""
        with open_store(self.settings) as store, store.transaction() as connection:
            found = connection.execute(
                "SELECT path FROM operations.snapshot WHERE table_name = 'progress'"
                " ORDER BY published_at DESC LIMIT 1"
            ).fetchone()
        parts = [
            part
            for part in (self.home / found["path"]).glob("bucket=*/*.parquet")
            if BIG in pq.read_table(part, columns=["batch_id"])["batch_id"].to_pylist()
        ]
        kept = {part: part.read_bytes() for part in parts}
        try:
            for part in parts:
                change(part)
            yield
        finally:
            for part, content in kept.items():
                part.write_bytes(content)


def beyond_the_gate(part):
    table = pq.read_table(part)
    place = table.schema.get_field_index("progress_pct")
    wrong = pa.array([150] * len(table), table.schema.field(place).type)
    pq.write_table(table.set_column(place, table.schema.field(place), wrong), part)


def unreadable(part):
    content = bytearray(part.read_bytes())
    middle = len(content) // 4
    content[middle : middle + 64] = b"\xff" * 64
    part.write_bytes(bytes(content))


@pytest.fixture
def sunbird(own_home, tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    events = own_home / "tmp" / "events"
    events.mkdir(parents=True)
    (tmp_path / "temporary").mkdir()
    conf = {"spark.eventLog.enabled": "true", "spark.eventLog.dir": f"file://{events}"}
    for name, value in {
        f"{PREFIX}HOME": str(own_home),
        f"{PREFIX}SPARK_CONF": json.dumps(conf | {"spark.eventLog.compress": "false"}),
        f"{PREFIX}EXHAUST_FORMATS": '["csv", "xlsx"]',
        f"{PREFIX}TEAM_ADDRESS": "team@platform.example",
        "TMPDIR": str(tmp_path / "temporary"),
        "AIRFLOW__API__PORT": "18080",
    }.items():
        monkeypatch.setenv(name, value)
    run_samples(load_settings(), learners=300, as_of=datetime.now(UTC))
    return Sunbird(own_home)


def run(airflow, *dag_ids):
    for dag_id in dag_ids:
        follow(airflow, dag_id, Progress())


def runs_that_succeed(sunbird, airflow):
    good = [
        sunbird.ask(PROGRESS),
        sunbird.ask(PROGRESS, key=PASSWORD),
        sunbird.ask(USER_INFO, key=PASSWORD),
        sunbird.ask(RESPONSES, key=PASSWORD),
    ]
    bad = [
        sunbird.ask(PROGRESS, by=staff.TEACHER),
        sunbird.ask(PROGRESS, sealed="not the platform's"),
        sunbird.ask(USER_INFO),
        sunbird.ask(USER_INFO, key="Kanaripass"),
    ]
    run(airflow, "refresh", *DAGS, "delivery")
    (sunbird.home / "pem").write_text(PAIR.public())
    command = ["policy", "set", "--tenant", NORTH, "--kind", USER_INFO, "--level", PUBLIC_KEY]
    command += ["--by", "test", "--public-key-file", str(sunbird.home / "pem")]
    assert sunbird.command(*command) == 0
    good.append(sunbird.ask(USER_INFO))
    run(airflow, "userinfo_exhaust", "delivery")
    assert set(sunbird.statuses(*good)) == {"SUCCESS"}
    assert set(sunbird.statuses(*bad)) == {"FAILED"}


def runs_that_fail(sunbird, airflow):
    stopped = sunbird.ask(PROGRESS)
    with sunbird.changed_progress(beyond_the_gate):
        run(airflow, "progress_exhaust")
    assert sunbird.statuses(stopped) == ["FAILED"]
    broken = sunbird.ask(PROGRESS)
    with sunbird.changed_progress(unreadable):
        for _ in range(3):
            run(airflow, "progress_exhaust")
    assert sunbird.statuses(broken) == ["FAILED"]
    secret = sunbird.home / "secrets" / "platform_key"
    right = secret.read_text()
    secret.write_text("another key 1234\n")
    waiting = sunbird.ask(USER_INFO)
    with pytest.raises(RunFailedError):
        run(airflow, "userinfo_exhaust")
    secret.write_text(right)
    assert sunbird.statuses(waiting) != ["SUCCESS"]
    sunbird.ask(PROGRESS, key=PASSWORD)
    # Half an archive and its workbook stay in the folder for half-made files.
    assert sunbird.command("exhaust", PROGRESS, kill_at="archive: in the middle") == -9
    run(airflow, "delivery")


def searched(sunbird, store_url, temporary, keys):
    finds = Finds(keys)
    # The lake is theirs, and nothing else is.
    finds.look_into("home", sunbird.home, without=[sunbird.home / "lake"])
    finds.look_into("temporary", temporary)
    finds.look_into_database("store", store_url)
    finds.look_into_database("airflow", swap_database(store_url, DATABASE))
    finds.look("commands", "".join(sunbird.told).encode())
    return finds


def may_be_at(place):
    """What a place may hold: a file for its requester, in the object store and in the mail."""
    if "/objects/" in place or "/mailbox/" in place:
        return next((kinds for word, kinds in OF_A_FILE.items() if f"!{word}" in place), set())
    return set()


@pytest.mark.full
@pytest.mark.timeout(1500)
def test_the_fifty_are_found_where_they_belong_only(sunbird, tmp_path):
    sealed = plant(sunbird.settings)
    temporary = tmp_path / "temporary"
    with local_airflow(sunbird.home, Progress(), runs_schedules=False) as airflow:
        airflow.wait_until_ready(Progress())
        runs_that_succeed(sunbird, airflow)
        runs_that_fail(sunbird, airflow)
        with open_store(sunbird.settings) as store:
            bare = searched(sunbird, store.url, temporary, Keys(sealed=sealed))
            identity = pyrage.ssh.Identity.from_buffer(PAIR.secret())
            every_key = Keys((PASSWORD,), (identity,), sealed)
            opened = searched(sunbird, store.url, temporary, every_key)
            leak = sunbird.home / "airflow" / "logs" / "leak.log"
            leak.write_text(f"a careless line about {CANARIES[0].first}")
            leaking = searched(sunbird, store.url, temporary, Keys())

    assert bare.elsewhere(may_be_at) == {}
    assert opened.elsewhere(may_be_at) == {}
    assert set(leaking.elsewhere(may_be_at)) == {"home/airflow/logs/leak.log"}
    # Without the key nothing of a locked file can be read; with it, the fifty are in there.
    assert not any("userinfo_" in place for place in bare.found)
    assert {EMAIL, PHONE} <= set().union(*opened.found.values())
    # All the places that must be quiet were there to be looked at; the killed command left some.
    for place in ("tmp/events", "airflow/logs", "mailbox", "objects"):
        assert any((sunbird.home / place).rglob("*")), place
    assert list(temporary.rglob("file.zip"))
