"""The embedded PostgreSQL's files: who may read them, and where they are for root."""

import os
import shutil

import psycopg
import pytest

from jobs.errors import UnavailableError
from jobs.storage import cluster, postgres
from tests.store_fixtures import answers


def test_password_is_for_its_owner_only(own_home):
    with postgres.using(own_home, durable=False):
        mode = (own_home / "store" / "password").stat().st_mode

    assert mode & 0o777 == 0o600


def test_log_of_the_server_holds_no_values_of_statements(own_home):
    with postgres.using(own_home, durable=False) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
            connection.execute("INSERT INTO people VALUES ('Canary Name')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO people VALUES ('Canary Name')")
        log = cluster.find(own_home).log.read_text()

    assert "duplicate key" in log
    assert "Canary" not in log


def test_lost_password_is_told_and_loses_no_data(own_home):
    with postgres.using(own_home, durable=False):
        pass
    password = own_home / "store" / "password"
    text = password.read_text()
    password.unlink()

    with pytest.raises(UnavailableError, match="Put them back from a backup"):
        postgres.start(own_home, durable=False)

    password.write_text(text)
    with postgres.using(own_home, durable=False) as url:
        assert answers(url)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must step aside for another account")
def test_files_of_a_home_that_is_closed_are_kept_where_the_server_can_reach_them(own_home):
    closed = own_home.parent / "closed"
    closed.mkdir(mode=0o700)
    try:
        with postgres.using(closed / "var", durable=False) as url:
            assert answers(url)
            folder = postgres.status(closed / "var").folder
        assert not folder.is_relative_to(closed)
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        postgres.destroy(closed / "var")
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must step aside for another account")
def test_programs_of_a_closed_environment_are_copied_once(own_home, monkeypatch):
    closed = own_home.parent / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(cluster.programs().parent, closed / "pginstall18", symlinks=True)
    monkeypatch.setattr(cluster, "REACHABLE", (own_home.parent / "reachable",))

    copy = cluster.reachable(closed / "pginstall18")

    assert cluster.can_run(copy / "bin" / "postgres")
    assert cluster.reachable(closed / "pginstall18") == copy
    assert [folder.name for folder in copy.parent.iterdir()] == [copy.name]


def test_home_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")

    with (
        pytest.raises(UnavailableError, match="SUNBIRD_BATCH_HOME"),
        postgres.using(tmp_path / "file" / "var"),
    ):
        pass
