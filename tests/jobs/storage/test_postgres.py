"""The embedded PostgreSQL, with real processes and real kills."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from jobs.storage import cluster, postgres
from tests.store_fixtures import answers

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


def postmaster(own_home) -> int:
    pid_file = cluster.find(own_home).data / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0])


def wait_until(holds) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)


def test_server_starts_for_its_first_user_and_stops_with_the_last(own_home):
    with postgres.using(own_home, durable=False) as url:
        assert answers(url)
        with postgres.using(own_home, durable=False) as same:
            assert same == url
        assert answers(url)

    assert not answers(url)
    assert not postgres.status(own_home).is_running


def test_what_was_written_is_there_after_a_restart(own_home):
    with postgres.using(own_home, durable=False) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    with postgres.using(own_home, durable=False) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_eight_processes_at_once_start_one_server(own_home, user_of):
    users = [user_of(own_home) for _ in range(8)]

    urls = {user.stdout.readline().strip() for user in users}

    assert len(urls) == 1
    assert answers(urls.pop())


def test_server_outlives_a_user_while_another_is_inside(own_home, user_of):
    other = user_of(own_home)
    url = other.stdout.readline().strip()

    with postgres.using(own_home, durable=False):
        assert postgres.status(own_home).is_used
    assert answers(url)

    other.communicate("leave\n")
    assert not answers(url)


def test_killed_user_leaves_no_lock_behind(own_home, user_of):
    killed = user_of(own_home)
    url = killed.stdout.readline().strip()

    killed.send_signal(signal.SIGKILL)
    killed.wait()

    assert answers(url)
    assert not postgres.status(own_home).is_used
    with postgres.using(own_home, durable=False) as same:
        assert same == url
    assert not answers(url)


def test_killed_server_starts_again_over_its_stale_pid_file(own_home):
    with postgres.using(own_home, durable=False) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        process = postmaster(own_home)
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{process}/cwd").exists())

        again = postgres.start(own_home, durable=False)
        with psycopg.connect(again) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_pid_file_that_names_another_process_does_not_stop_a_start(own_home):
    with postgres.using(own_home, durable=False):
        pid_file = cluster.find(own_home).data / "postmaster.pid"
        text = pid_file.read_text()
    # A process of the same account, as PostgreSQL ignores the others by itself.
    stranger = subprocess.Popen(["sleep", "600"], **cluster.account())
    try:
        pid_file.write_text(text.replace(text.splitlines()[0], str(stranger.pid), 1))
        cluster.hand_over(pid_file)

        with postgres.using(own_home, durable=False) as url:
            assert answers(url)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_port_that_somebody_else_took_is_given_up(own_home):
    with postgres.using(own_home, durable=False):
        port = postgres.status(own_home).port

    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with postgres.using(own_home, durable=False) as url:
            assert answers(url)
            assert postgres.status(own_home).port != port


def test_store_up_keeps_the_server_without_users_until_store_down(own_home):
    postgres.up(own_home)
    url = postgres.start(own_home)
    with postgres.using(own_home):
        pass
    assert answers(url)
    assert "kept by" in str(postgres.status(own_home))

    assert postgres.down(own_home) == "The store is stopped."
    assert not answers(url)


def test_store_down_waits_for_the_last_user(own_home, user_of):
    user = user_of(own_home)
    url = user.stdout.readline().strip()

    assert "in use" in postgres.down(own_home)
    assert answers(url)

    user.communicate("leave\n")
    assert not answers(url)


def test_server_writes_durably_unless_told_otherwise(own_home):
    with postgres.using(own_home) as url, psycopg.connect(url) as connection:
        settings = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("fsync", "full_page_writes", "synchronous_commit")
        ]

    assert settings == ["on", "on", "on"]


def test_server_listens_on_loopback_and_refuses_a_wrong_password(own_home):
    with postgres.using(own_home, durable=False) as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        wrong = url.replace(cluster.find(own_home).password, "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
