"""The embedded PostgreSQL, with real processes and real kills."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from jobs.errors import UnavailableError
from jobs.storage import cluster, postgres

ROOT = Path(__file__).parents[3]

USE = """
import sys
from pathlib import Path
from jobs.storage import postgres
with postgres.using(Path(sys.argv[1]), durable=False) as url:
    print(url, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def home():
    folder = Path(tempfile.mkdtemp(prefix="sunbird-batch-home-"))
    folder.chmod(0o755)
    yield folder / "var"
    postgres.destroy(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture
def user_of():
    """user_of(home) -> another process inside `using`, and the URL that it got."""
    started = []

    def use(home):
        process = subprocess.Popen(
            [sys.executable, "-c", USE, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        return process

    yield use
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def postmaster(home) -> int:
    pid_file = cluster.find(home).data / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0])


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def wait_until(holds) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)


def test_server_starts_for_its_first_user_and_stops_with_the_last(home):
    with postgres.using(home, durable=False) as url:
        assert answers(url)
        with postgres.using(home, durable=False) as same:
            assert same == url
        assert answers(url)

    assert not answers(url)
    assert not postgres.status(home).is_running


def test_what_was_written_is_there_after_a_restart(home):
    with postgres.using(home, durable=False) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    with postgres.using(home, durable=False) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_eight_processes_at_once_start_one_server(home, user_of):
    users = [user_of(home) for _ in range(8)]

    urls = {user.stdout.readline().strip() for user in users}

    assert len(urls) == 1
    assert answers(urls.pop())


def test_server_outlives_a_user_while_another_is_inside(home, user_of):
    other = user_of(home)
    url = other.stdout.readline().strip()

    with postgres.using(home, durable=False):
        assert postgres.status(home).is_used
    assert answers(url)

    other.communicate("leave\n")
    assert not answers(url)


def test_killed_user_leaves_no_lock_behind(home, user_of):
    killed = user_of(home)
    url = killed.stdout.readline().strip()

    killed.send_signal(signal.SIGKILL)
    killed.wait()

    assert answers(url)
    assert not postgres.status(home).is_used
    with postgres.using(home, durable=False) as same:
        assert same == url
    assert not answers(url)


def test_killed_server_starts_again_over_its_stale_pid_file(home):
    with postgres.using(home, durable=False) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        process = postmaster(home)
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{process}/cwd").exists())

        again = postgres.start(home, durable=False)
        with psycopg.connect(again) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_pid_file_that_names_another_process_does_not_stop_a_start(home):
    with postgres.using(home, durable=False):
        pid_file = cluster.find(home).data / "postmaster.pid"
        text = pid_file.read_text()
    # A process of the same account, as PostgreSQL ignores the others by itself.
    stranger = subprocess.Popen(["sleep", "600"], **cluster.account())
    try:
        pid_file.write_text(text.replace(text.splitlines()[0], str(stranger.pid), 1))
        cluster.hand_over(pid_file)

        with postgres.using(home, durable=False) as url:
            assert answers(url)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_port_that_somebody_else_took_is_given_up(home):
    with postgres.using(home, durable=False):
        port = postgres.status(home).port

    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with postgres.using(home, durable=False) as url:
            assert answers(url)
            assert postgres.status(home).port != port


def test_store_up_keeps_the_server_without_users_until_store_down(home):
    postgres.up(home)
    url = postgres.start(home)
    with postgres.using(home):
        pass
    assert answers(url)
    assert "kept by" in str(postgres.status(home))

    assert postgres.down(home) == "The store is stopped."
    assert not answers(url)


def test_store_down_waits_for_the_last_user(home, user_of):
    user = user_of(home)
    url = user.stdout.readline().strip()

    assert "in use" in postgres.down(home)
    assert answers(url)

    user.communicate("leave\n")
    assert not answers(url)


def test_server_writes_durably_unless_told_otherwise(home):
    with postgres.using(home) as url, psycopg.connect(url) as connection:
        settings = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("fsync", "full_page_writes", "synchronous_commit")
        ]

    assert settings == ["on", "on", "on"]


def test_server_listens_on_loopback_and_refuses_a_wrong_password(home):
    with postgres.using(home, durable=False) as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        wrong = url.replace(cluster.find(home).password, "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_password_is_for_its_owner_only(home):
    with postgres.using(home, durable=False):
        mode = (home / "store" / "password").stat().st_mode

    assert mode & 0o777 == 0o600


def test_log_of_the_server_holds_no_values_of_statements(home):
    with postgres.using(home, durable=False) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
            connection.execute("INSERT INTO people VALUES ('Canary Name')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO people VALUES ('Canary Name')")
        log = cluster.find(home).log.read_text()

    assert "duplicate key" in log
    assert "Canary" not in log


def test_lost_password_is_told_and_loses_no_data(home):
    with postgres.using(home, durable=False):
        pass
    password = home / "store" / "password"
    text = password.read_text()
    password.unlink()

    with pytest.raises(UnavailableError, match="Put them back from a backup"):
        postgres.start(home, durable=False)

    password.write_text(text)
    with postgres.using(home, durable=False) as url:
        assert answers(url)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must step aside for another account")
def test_files_of_a_home_that_is_closed_are_kept_where_the_server_can_reach_them(home):
    closed = home.parent / "closed"
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
def test_programs_of_a_closed_environment_are_copied_once(home, monkeypatch):
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(cluster.programs().parent, closed / "pginstall18", symlinks=True)
    monkeypatch.setattr(cluster, "REACHABLE", (home.parent / "reachable",))

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
