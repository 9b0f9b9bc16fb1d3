"""A small Sunbird that is refreshed once, its portal, and real servers for files and mail."""

import json
import os
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime

import boto3
import psycopg
import pytest
from moto.server import ThreadedMotoServer

from jobs.refresh import job
from jobs.samples.job import run_samples
from jobs.settings import PREFIX, Settings
from jobs.sources.cipher import encrypt
from jobs.storage import postgres
from tests.end_to_end.oracle import Oracle
from tests.mail_fixtures import PASSWORD, USER
from tests.store_fixtures import opened

BUCKET = "exhausts"


class Sunbird:
    """The platform: its raw files, its published tables, and the table that its portal writes."""

    def __init__(self, home, store, refreshed):
        self.home, self.store, self.refreshed = home, store, refreshed
        self.settings = Settings(home=home)
        self.key, self.salt = self.settings.platform_secrets()
        self.oracle = Oracle(self.settings.lake, key=self.key, salt=self.salt)

    def ask(self, *batch_ids, by, channel, key=None, kind="progress-exhaust"):
        """Write a request as the portal does, with the portal's rights; its id."""
        request_id = uuid.uuid4().hex.upper()
        with self.store.transaction() as connection:
            connection.execute("SET LOCAL ROLE portal")
            connection.execute(
                "INSERT INTO public.job_request (tag, request_id, job_id, status, request_data,"
                " requested_by, requested_channel, dt_job_submitted, iteration, encryption_key)"
                " VALUES (%s, %s, %s, 'SUBMITTED', %s, %s, %s, now(), 0, %s)",
                [
                    f"{request_id}:{channel}", request_id, kind,
                    json.dumps({"batchFilter": list(batch_ids)}), by, channel,
                    encrypt(key, key=self.key, salt=self.salt) if key else None,
                ],
            )  # fmt: skip
        return request_id

    def request(self, request_id):
        with self.store.transaction() as connection:
            return connection.execute(
                "SELECT * FROM job_request WHERE request_id = %s", [request_id]
            ).fetchone()

    def environment(self, **settings):
        """What a command of this platform is started with, and nothing else of ours."""
        outside = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
        told = self.places | settings
        return outside | {f"{PREFIX}{name.upper()}": str(value) for name, value in told.items()}

    @property
    def places(self):
        return {
            "home": self.home, "store_url": self.store.url,
            "analyst_store_url": self.store.analyst_url,
            "operator_store_url": self.store.operator_url,
        }  # fmt: skip


@pytest.fixture(scope="session")
def sunbird(spark, server_url, store_home, migrated_template, tmp_path_factory):
    """300 learners in 12 batches, refreshed with the tests' one Spark session."""
    home, name = tmp_path_factory.mktemp("sunbird"), f"sunbird_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated_template}")
    url = postgres.swap_database(server_url, name)
    store = opened(url, store_home)

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    with pytest.MonkeyPatch.context() as patch:
        for variable in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(variable)
        settings = Settings(home=home, lake_buckets=2)
        run_samples(settings, learners=300, as_of=datetime.now(UTC))
        patch.setattr(job, "spark_session", shared_session)
        # Spark's Python workers read this platform's key, not that of the session's first home.
        patch.setitem(spark.sparkContext.environment, f"{PREFIX}HOME", str(home))
        settings = Settings(home=home, lake_buckets=2)
        made = job.run_refresh(
            settings, store, tables=[], due_only=False, clock=lambda: datetime.now(UTC)
        )
        platform = Sunbird(home, store, made)
    yield platform
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bucket(monkeypatch):
    """Settings of a server that speaks S3, with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    endpoint = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="ap-south-1")
    where = {"LocationConstraint": "ap-south-1"}
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    yield {"objects_url": f"s3://{BUCKET}/reports", "s3_endpoint_url": endpoint}
    server.stop()


@pytest.fixture
def mail_server(smtp_server, certificates):
    """A server that takes mail over TLS from who logs in, and the settings to reach it."""
    server = smtp_server(starttls=certificates.good, login=True)
    server.settings = {
        "smtp_host": "localhost", "smtp_port": server.port, "smtp_security": "starttls",
        "smtp_user": USER, "smtp_password": PASSWORD, "smtp_ca_file": certificates.ca_file,
    }  # fmt: skip
    return server
