"""The page beside a store with something in it; for the browser, beside a small Sunbird."""

import os
import tempfile
import time
from pathlib import Path

import pytest

# Its Airflow is this one's too: whichever is imported first says where its folder is.
import tests.dags.conftest  # noqa: F401
from jobs.settings import PREFIX
from jobs.storage import postgres
from jobs.storage.migrations.run import migrate
from tests.plugins.browser_fixtures import chromium, sunbird, visit  # noqa: F401 -- fixtures
from tests.plugins.forms import BATCH, HELD, NAME
from tests.plugins.server import served
from tests.store_fixtures import opened


@pytest.fixture(scope="module")
def page_store(server_url, store_home, migrated_template):
    """The store that the page of this module shows."""
    name = f"page_{os.getpid()}_{time.monotonic_ns()}"
    url = postgres.make_database(server_url, name)
    migrate(url, request_table="job_request")
    return opened(url, store_home)


@pytest.fixture(scope="module")
def page(page_store):
    """The page, served by Airflow beside a store alone."""
    keys = {f"{PREFIX}PLATFORM_KEY": "0123456789abcdef", f"{PREFIX}PLATFORM_SALT": "salt"}
    with (
        tempfile.TemporaryDirectory(prefix="page-of-tests-") as folder,
        served(Path(folder) / "var", page_store, keys) as served_page,
    ):
        yield served_page


@pytest.fixture(scope="module")
def something(page_store):
    """A batch, and a request of a mentor."""
    with page_store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.batch_status (batch_id, course_id, status, batch_name,"
            " fingerprint) VALUES (%s, 'do_1', 1, %s, 1)",
            [BATCH, NAME],
        )
        connection.execute(
            "INSERT INTO job_request (tag, request_id, job_id, status, request_data, requested_by,"
            " dt_job_submitted) VALUES ('t', 'r1', 'progress-exhaust', 'SUBMITTED',"
            " '{\"batchId\": \"b1\"}', 'the-mentor', now())"
        )


@pytest.fixture
def held(page_store):
    """held() -> the state of a message that is held, as it is now."""
    with page_store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.delivery (delivery_id, kind, recipient_user_id, status,"
            " attempts, created_at, is_personal, facts, attachments)"
            " VALUES (%s, 'exhaust_ready', 'the-mentor', 'held', 1, now(), true, '{}',"
            ' \'[{"key": "k", "sha256": "s", "file_name": "f.zip"}]\')'
            " ON CONFLICT (delivery_id) DO UPDATE SET status = 'held'",
            [HELD],
        )

    def now():
        with page_store.transaction() as connection:
            return connection.execute(
                "SELECT status FROM operations.delivery WHERE delivery_id = %s", [HELD]
            ).fetchone()["status"]

    return now
