"""A real PostgreSQL for the whole run, and a fresh, migrated database for each test."""

import os
import shutil
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest

from jobs.contracts.metrics import METRIC_TABLES
from jobs.settings import PREFIX, Settings
from jobs.storage import postgres
from jobs.storage.migrations.run import migrate
from jobs.storage.objects import FolderObjects
from jobs.storage.store import Reader, Store, reader_login

TEMPLATE = "template_store"


def roomy_memory():
    """A folder in memory, where a database is made four times as fast; None where it is small."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30 else None


@pytest.fixture(scope="session")
def store_home():
    """The home of the tests' own server, which forgets to fsync."""
    # Not pytest's own folder: it is closed to the account that runs the server for root.
    home = Path(tempfile.mkdtemp(prefix="sunbird-batch-tests-", dir=roomy_memory()))
    home.chmod(0o755)
    try:
        with postgres.using(home, durable=False):
            yield home
    finally:
        postgres.destroy(home)
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def server_url(store_home):
    """The superuser's URL of the tests' server."""
    return postgres.start(store_home)


@pytest.fixture
def empty_database(server_url):
    """The URL of a database with nothing in it."""
    url = postgres.make_database(server_url, f"empty_{uuid.uuid4().hex}")
    yield url
    drop(server_url, url)


@pytest.fixture(scope="session")
def migrated_template(server_url, store_home):
    url = postgres.make_database(server_url, TEMPLATE)
    migrate(url, request_table="job_request")
    opened(url, store_home)
    return TEMPLATE


@pytest.fixture
def store(server_url, store_home, migrated_template):
    """A migrated database that no other test has seen, with its readers' logins."""
    name = f"store_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        # Half the time of the way through the log, which a server that forgets needs not.
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE {migrated_template} STRATEGY FILE_COPY"
        )
    url = postgres.swap_database(server_url, name)
    yield opened(url, store_home)
    drop(server_url, url)


@pytest.fixture
def ask(store):
    """ask(query, *values) -> rows of the store, as its owner."""

    def answer(query, *values):
        with psycopg.connect(store.url) as connection:
            return connection.execute(query, values).fetchall()

    return answer


@pytest.fixture
def own_home():
    """A home whose embedded PostgreSQL is this test's alone."""
    folder = Path(tempfile.mkdtemp(prefix="sunbird-batch-home-"))
    folder.chmod(0o755)
    yield folder / "var"
    postgres.destroy(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture
def objects(tmp_path):
    """An object store in a folder of the test."""
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def make_settings(tmp_path, monkeypatch):
    """make_settings(**overrides) -> Settings: a home of the test's own, no outside environment."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)

    def made(**overrides) -> Settings:
        return Settings(**{"home": tmp_path / "home", **overrides})

    return made


def opened(url: str, home: Path) -> Store:
    """A store whose readers log in by themselves."""
    return Store(url, *(reader_login(url, home, Reader(role)) for role in ("analyst", "operator")))


def drop(server_url: str, url: str) -> None:
    name = url.rsplit("/", 1)[1]
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def place(contract) -> str:
    """Where the store keeps a contract's table."""
    if contract.name in METRIC_TABLES:
        return f"metrics.{contract.name}"
    return f"{'public' if contract.name == 'job_request' else 'operations'}.{contract.name}"


def answers(url: str) -> bool:
    """Whether a server takes this URL."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
