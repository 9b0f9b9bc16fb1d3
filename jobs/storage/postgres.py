"""The embedded PostgreSQL: starts by itself, is shared by a home's processes, stops with the last.

In <home>/store: `start.lock` is held while starting or stopping, `users.lock` is shared by whoever
uses the server, `keep` leaves it running with no users, `port` is where it listened last.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from jobs.errors import UnavailableError
from jobs.storage import cluster as files
from jobs.storage import locks
from jobs.storage.server import DATABASE, answering, halt, is_alive, launch, recorded_port
from jobs.storage.server import free_port as free_port
from jobs.storage.server import is_free as is_free


@dataclass(frozen=True)
class Status:
    """What `store status` tells."""

    is_running: bool = False
    is_kept: bool = False
    is_used: bool = False
    port: int | None = None
    folder: Path | None = None

    def __str__(self) -> str:
        if self.folder is None:
            return "The store was never started."
        if not self.is_running:
            return f"The store is stopped; its files are in {self.folder}."
        why = "in use" if self.is_used else "kept by `store up`" if self.is_kept else "unused"
        return f"The store runs on 127.0.0.1:{self.port}, {why}; its files are in {self.folder}."


@contextmanager
def using(home: Path, *, durable: bool = True) -> Iterator[str]:
    """The owner's URL, of a server that runs as long as anybody is inside."""
    store = files.store_folder(home)
    try:
        with locks.shared(store / "users.lock"):
            yield start(home, durable=durable)
    finally:
        stop_if_unused(home)


def start(home: Path, *, durable: bool = True) -> str:
    """The URL of the home's server, started if it is not running."""
    url = answering(home)
    if url is not None:
        return url
    store = files.store_folder(home)
    with locks.alone(store / "start.lock"):
        url = answering(home)
        if url is not None:
            return url
        cluster = files.find(home) or files.make(home, durable=durable)
        launch(cluster, durable=durable)
        url = answering(home, "postgres")
        if url is None:
            raise UnavailableError(
                f"The embedded PostgreSQL of {home} started but refuses its owner."
                f" If {store / 'password'} was changed, put it back; its log is {cluster.log}."
            )
        return make_database(url, DATABASE)


def up(home: Path) -> str:
    """Start it and leave it running when nobody uses it."""
    with using(home):
        (home / "store" / "keep").touch()
    return f"The store runs on 127.0.0.1:{recorded_port(home)} until `store down`."


def down(home: Path) -> str:
    """Stop it: now, or with the last process that uses it."""
    (home / "store" / "keep").unlink(missing_ok=True)
    if stop_if_unused(home):
        return "The store is stopped."
    return "The store is in use: it stops with the last process that uses it."


def status(home: Path) -> Status:
    cluster = files.find(home)
    if cluster is None:
        return Status()
    store = home / "store"
    # The start lock keeps this look from passing for a user to somebody who leaves.
    with (
        locks.alone(store / "start.lock"),
        locks.alone_if_free(store / "users.lock") as is_unused,
    ):
        return Status(
            is_running=is_alive(cluster),
            is_kept=(store / "keep").exists(),
            is_used=not is_unused,
            port=recorded_port(home),
            folder=cluster.folder,
        )


def destroy(home: Path) -> None:
    """Stop the server, whoever uses it, and remove its files."""
    cluster = files.find(home)
    if cluster is None:
        return
    with locks.alone(home / "store" / "start.lock"):
        halt(cluster)
        shutil.rmtree(cluster.folder)
        passwords = ("password", "analyst_password", "operator_password")
        for name in ("location.json", *passwords, "port", "keep"):
            (home / "store" / name).unlink(missing_ok=True)


def make_database(url: str, name: str) -> str:
    """The URL of a database on the same server, made when it is not there yet."""
    with psycopg.connect(swap_database(url, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return swap_database(url, name)


def swap_database(url: str, name: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{name}"


def stop_if_unused(home: Path) -> bool:
    cluster = files.find(home)
    if cluster is None:
        return True
    store = home / "store"
    with locks.alone(store / "start.lock"), locks.alone_if_free(store / "users.lock") as is_alone:
        if not is_alone or (store / "keep").exists():
            return False
        halt(cluster)
    return True
