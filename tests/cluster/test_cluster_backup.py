"""A backup brings back all of it, a damaged one says so, and nothing is lost by a restore unasked."""

from datetime import UTC, datetime

import psycopg
import pytest
from pydantic import SecretStr

from jobs.storage.audit import Entry, append
from jobs.storage.postgres import make_database, swap_database
from jobs.storage.store import open_store
from tools.cluster_backup import MANIFEST, STORE, drill, make, restore
from tools.cluster_dumps import BackupError, counts_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
REQUEST = """
INSERT INTO job_request (tag, request_id, job_id, status, request_data)
VALUES ('tag', %s, 'progress-exhaust', 'SUCCESS', '{"batchId": "b1"}')
"""
SNAPSHOT = """
INSERT INTO operations.snapshot
VALUES ('s1', 'batches', %s, 4, 10, 1, '2026-01-01Z', '2026-01-01 01:00Z')
"""


@pytest.fixture
def platform(store, make_settings):
    """A store with a request, a published table and its log; keys, a table's file and one for a mentor."""
    settings = make_settings(store_url=SecretStr(store.url))
    for name, text in {
        "secrets/platform_key": "0123456789abcdef\n",
        "secrets/certificate_keys/1.pem": "a key",
        "secrets/spark/spark-defaults.conf": "made by the setup",
        "lake/clean/batches/s1/bucket=0/part-0.parquet": "rows",
        "lake/users/raw.parquet": "the platform's own",
        "objects/progress/file.zip": "a file",
        "tmp/half": "nobody's",
    }.items():
        (settings.home / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.home / name).write_text(text)
    with store.transaction() as connection:
        connection.execute(REQUEST, ["r1"])
        connection.execute(SNAPSHOT, [str(settings.home / "lake/clean/batches/s1")])
        for event in ("file_published", "mail_sent"):
            append(connection, Entry(event, request_id="r1"), NOW)
    return settings, store


def rows_of(url):
    with psycopg.connect(url) as connection:
        return {
            table: sorted(map(str, connection.execute(f"TABLE {table}").fetchall()))
            for table in counts_of(url, requests="job_request")
        }


def files_of(home):
    return {
        str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()
    }


def test_drill_restores_to_a_new_server_and_says_what_came_back(platform, tmp_path):
    settings, store = platform

    manifest = make(settings, store, tmp_path / "backup", None)
    told = drill(settings, tmp_path / "backup")

    assert manifest["tables"]["public.job_request"] == 1
    assert manifest["tables"]["operations.audit_log"] == 2
    assert f"{len(manifest['tables'])} tables" in told
    assert set(files_of(tmp_path / "backup" / "home")) == {
        "secrets/platform_key",
        "secrets/certificate_keys/1.pem",
        "lake/clean/batches/s1/bucket=0/part-0.parquet",
        "objects/progress/file.zip",
    }
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_restore_into_an_empty_database_brings_back_every_row_and_file(
    platform, tmp_path, empty_database, make_settings
):
    settings, store = platform
    make(settings, store, tmp_path / "backup", None)
    new = make_settings(home=tmp_path / "new home", store_url=SecretStr(empty_database))

    restore(new, tmp_path / "backup", None, replace=False)

    here = {
        table: [row.replace(str(settings.home), str(new.home)) for row in rows]
        for table, rows in rows_of(store.url).items()
    }
    assert rows_of(empty_database) == here
    assert files_of(new.home) == files_of(tmp_path / "backup" / "home")
    with open_store(new) as restored, restored.reader_transaction("operator") as connection:
        assert connection.execute("SELECT request_id FROM public.job_request").fetchall()


def test_restore_over_something_is_refused_and_replaces_it_when_told_so(platform, tmp_path):
    settings, store = platform
    make(settings, store, tmp_path / "backup", None)
    before = rows_of(store.url)
    with store.transaction() as connection:
        connection.execute(REQUEST, ["r2"])
    (settings.home / "secrets" / "platform_key").write_text("another\n")

    with pytest.raises(BackupError, match="add --replace to lose it"):
        restore(settings, tmp_path / "backup", None, replace=False)
    assert rows_of(store.url) != before
    restore(settings, tmp_path / "backup", None, replace=True)

    assert rows_of(store.url) == before
    assert (settings.home / "secrets" / "platform_key").read_text() == "0123456789abcdef\n"
    # What is not in a backup is left alone.
    assert (settings.home / "lake" / "users" / "raw.parquet").exists()


def test_restore_that_fails_half_way_changes_nothing(platform, tmp_path):
    settings, store = platform
    make(settings, store, tmp_path / "backup", None)
    with store.transaction() as connection:
        connection.execute(REQUEST, ["r2"])
        # The platform's own: it keeps the request table from being replaced.
        connection.execute("CREATE VIEW of_the_portal AS SELECT tag FROM job_request")
    before = rows_of(store.url), files_of(settings.home)

    with pytest.raises(BackupError, match="of_the_portal depends on table"):
        restore(settings, tmp_path / "backup", None, replace=True)

    assert (rows_of(store.url), files_of(settings.home)) == before


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), "no whole backup"),
        (
            lambda folder: (folder / STORE).write_bytes(b"not a dump"),
            r"changed or missing.*store\.dump",
        ),
        (lambda folder: (folder / "home/secrets/platform_key").unlink(), "changed or missing.*key"),
    ],
    ids=["no manifest", "another dump", "a key less"],
)
def test_damaged_backup_is_told_before_anything_is_lost(platform, tmp_path, damage, told):
    settings, store = platform
    make(settings, store, tmp_path / "backup", None)
    before = rows_of(store.url)
    damage(tmp_path / "backup")

    with pytest.raises(BackupError, match=told):
        restore(settings, tmp_path / "backup", None, replace=True)
    assert rows_of(store.url) == before


def test_backup_whose_published_table_is_gone_fails_its_drill(platform, tmp_path):
    settings, store = platform
    (settings.home / "lake/clean/batches/s1/bucket=0/part-0.parquet").unlink()
    make(settings, store, tmp_path / "backup", None)

    with pytest.raises(BackupError, match=r"lacks published tables: .*lake/clean/batches/s1"):
        drill(settings, tmp_path / "backup")


def test_airflows_database_comes_back_too(platform, tmp_path, server_url):
    settings, store = platform
    airflow = make_database(server_url, "airflow_backup_test")
    with psycopg.connect(airflow) as connection:
        connection.execute("CREATE TABLE dag_run (id integer)")
        connection.execute("INSERT INTO dag_run VALUES (7)")
    try:
        make(settings, store, tmp_path / "backup", airflow)
        with psycopg.connect(airflow) as connection:
            connection.execute("DELETE FROM dag_run")
            connection.execute("CREATE TABLE newer (id integer)")
        restore(settings, tmp_path / "backup", airflow, replace=True)

        assert counts_of(airflow) == {"public.dag_run": 1}
    finally:
        with psycopg.connect(swap_database(server_url, "postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE airflow_backup_test WITH (FORCE)")
