"""A queue to work on: rows asked for, taken, ended and looked at."""

from datetime import UTC, datetime, timedelta

from psycopg import sql

from jobs.storage.requests import Requests

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
QUEUE = Requests()
KIND = "progress-exhaust"


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def submit(store, request_id="R1", *, at=NOW, batch_id="b1", queue=QUEUE, channel="up"):
    with store.transaction() as connection:
        return queue.submit(
            connection, tag="t:up" if request_id == "R1" else f"{request_id}:up",
            request_id=request_id, job_id=KIND,
            request_data={"batchId": batch_id}, requested_by="asha", requested_channel=channel,
            encryption_key=None, now=at,
        )  # fmt: skip


def claim(store, run_id="run-1", *, at=NOW, limit=10, queue=QUEUE):
    with store.transaction() as connection:
        return queue.claim(
            connection, run_id=run_id, job_id=KIND, limit=limit, tries=3, lease_seconds=120, now=at
        )


def row(store, request_id="R1", table="job_request"):
    with store.transaction() as connection:
        return connection.execute(
            sql.SQL("SELECT * FROM {} WHERE request_id = %s").format(sql.Identifier(table)),
            [request_id],
        ).fetchone()


def change(store, assignments, request_id="R1"):
    with store.transaction() as connection:
        connection.execute(
            sql.SQL("UPDATE job_request SET {} WHERE request_id = %s").format(sql.SQL(assignments)),
            [request_id],
        )


def fail(store, lease, *, message="no", iteration=1, at=NOW):
    with store.transaction() as connection:
        QUEUE.fail(connection, lease, message=message, iteration=iteration, now=at)


def succeed(store, lease, *, at=NOW):
    with store.transaction() as connection:
        QUEUE.succeed(connection, lease, download_urls=["k"], file_created_at=at, now=at)


def held_leases(store):
    with store.transaction() as connection:
        return connection.execute("SELECT * FROM operations.lease").fetchall()
