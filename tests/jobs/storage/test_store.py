"""Opening the store: migrated, shared, and clear about what is in the way."""

import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from jobs.errors import SettingsError, UnavailableError
from jobs.storage import postgres
from jobs.storage.migrations.run import LOCK
from jobs.storage.store import Reader, Store, open_store

ROOT = Path(__file__).parents[3]

OPEN = """
import sys
from pathlib import Path
from jobs.settings import Settings
from jobs.storage.store import open_store
with open_store(Settings(store_url=sys.argv[1])) as store, store.transaction() as connection:
    print(connection.execute("SELECT count(*) AS n FROM operations.lease").fetchone()["n"])
"""

WAITING = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND NOT granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

LOADED = """
import sys
from jobs.settings import Settings
from jobs.storage.store import open_store
with open_store(Settings(store_url=sys.argv[1])) as store:
    pass
print("alembic" in sys.modules, "sqlalchemy" in sys.modules)
"""


def count_of_policies(store) -> int:
    with store.transaction() as connection:
        return connection.execute("SELECT count(*) AS n FROM operations.policy").fetchone()["n"]


def add_policy(connection) -> None:
    connection.execute("INSERT INTO operations.policy VALUES ('ka', 'progress-exhaust', 'PLAIN')")


def test_transaction_keeps_what_it_did(store):
    with store.transaction() as connection:
        add_policy(connection)

    assert count_of_policies(store) == 1


def test_transaction_that_fails_keeps_nothing(store):
    def fail_within_transaction():
        with store.transaction() as connection:
            add_policy(connection)
            raise LookupError

    with pytest.raises(LookupError):
        fail_within_transaction()

    assert count_of_policies(store) == 0


def test_sessions_are_in_utc(store):
    with store.transaction() as connection:
        assert connection.execute("SHOW timezone").fetchone() == {"TimeZone": "UTC"}


def test_embedded_store_is_made_migrated_and_open_to_its_readers(make_settings):
    home = Path(tempfile.mkdtemp(prefix="sunbird-batch-home-"))
    home.chmod(0o755)
    settings = make_settings(home=home)
    try:
        for _ in range(2):
            with open_store(settings) as store:
                assert count_of_policies(store) == 0
                for role in Reader:
                    with store.reader_transaction(role) as connection:
                        row = connection.execute("SELECT session_user").fetchone()
                        assert row == (role,)
        for role in Reader:
            assert (home / "store" / f"{role}_password").stat().st_mode & 0o777 == 0o600
        assert not postgres.status(home).is_running
    finally:
        postgres.destroy(home)
        shutil.rmtree(home)


def test_store_of_a_setting_is_migrated_by_its_first_opener(make_settings, empty_database):
    with open_store(make_settings(store_url=SecretStr(empty_database))) as store:
        assert count_of_policies(store) == 0


def test_concurrent_openers_migrate_one_after_the_other(empty_database):
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        openers = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-c", OPEN, empty_database],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
            for _ in range(4)
        ]
        until = time.monotonic() + 60
        while connection.execute(WAITING).fetchone() != (4,):
            assert time.monotonic() < until, "nobody waits for the lock"
            time.sleep(0.05)

    told = [opener.communicate() for opener in openers]

    assert [opener.returncode for opener in openers] == [0, 0, 0, 0], told
    assert {out for out, _ in told} == {"0\n"}


def test_store_that_is_up_to_date_does_not_wake_the_migrations(store):
    told = subprocess.run(
        [sys.executable, "-c", LOADED, store.url],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )

    assert told.stdout == "False False\n"


def test_store_of_a_newer_version_is_left_alone(store, make_settings):
    with store.transaction() as connection:
        connection.execute("UPDATE migrations.alembic_version SET version_num = '9999'")

    with (
        pytest.raises(UnavailableError, match="revision 9999, made by a newer version"),
        open_store(make_settings(store_url=SecretStr(store.url))),
    ):
        pass


@pytest.mark.parametrize(
    ("url", "error", "told"),
    [
        ("postgresql://me:canary@127.0.0.1:1/batch", UnavailableError, "127.0.0.1:1"),
        ("postgresql+psycopg://me:canary@127.0.0.1:1/batch", SettingsError, "SUNBIRD_BATCH"),
        ("postgresql://me:canary@127.0.0.1:port/batch", SettingsError, "SUNBIRD_BATCH"),
        ("postgresql://me:can@canary@127.0.0.1:1/batch", SettingsError, "%40"),
        ("postgresql://me:canary/canary@127.0.0.1:1/batch", SettingsError, "%2F"),
        ("postgresql://me:1/canary@127.0.0.1:1/batch", SettingsError, "%2F"),
        ("host=127.0.0.1 port=1 password=canary user=me", UnavailableError, "127.0.0.1:1"),
    ],
)
def test_store_that_cannot_be_reached_is_told_without_its_password(make_settings, url, error, told):
    with (
        pytest.raises(error, match=told) as raised,
        open_store(make_settings(store_url=SecretStr(url))),
    ):
        pass

    assert "canary" not in "".join(traceback.format_exception(raised.value))


def test_wrong_password_is_told_without_it(make_settings, store):
    url = psycopg.conninfo.make_conninfo(store.url, password="canary")

    with (
        pytest.raises(UnavailableError, match="password authentication failed") as raised,
        open_store(make_settings(store_url=SecretStr(url))),
    ):
        pass

    assert "canary" not in "".join(traceback.format_exception(raised.value))


def test_store_that_goes_away_is_unavailable_and_not_a_bug(store):
    def end_own_session():
        with store.transaction() as connection:
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(UnavailableError, match="nothing was lost"):
        end_own_session()


def test_urls_are_not_shown_with_the_store(store):
    assert "postgresql" not in repr(store)


@pytest.mark.parametrize("own_login", [True, False])
@pytest.mark.parametrize("role", Reader)
def test_reader_writes_nothing(store, role, own_login):
    store = store if own_login else Store(store.url)

    def write():
        with store.reader_transaction(role) as connection:
            connection.execute("CREATE TEMPORARY TABLE mine AS SELECT 1")

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        write()


@pytest.mark.parametrize("own_login", [True, False])
def test_operator_sees_metrics_and_no_requester(store, own_login):
    store = store if own_login else Store(store.url)

    with store.reader_transaction(Reader.OPERATOR) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("operator",)
        assert connection.execute("TABLE table_freshness").fetchall() == []
        assert connection.execute("SELECT status FROM job_request").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT requested_by FROM job_request")
