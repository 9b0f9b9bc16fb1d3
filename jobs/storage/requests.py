"""The request queue in the store: Sunbird's table, and the leases of those who work on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow

from jobs.storage.leases import Lease, check_fence, release, renew, take
from jobs.storage.request_rows import COLUMNS, Request, milliseconds, request_of, shortened
from jobs.storage.request_turns import in_turn


@dataclass(frozen=True)
class Requests:
    """The queue under the name that the setting `job_request_table` gives it."""

    table: str = "job_request"

    def submit(
        self,
        connection: Connection[DictRow],
        *,
        tag: str,
        request_id: str,
        job_id: str,
        request_data: dict[str, Any],
        requested_by: str,
        requested_channel: str | None,
        encryption_key: str | None,
        now: datetime,
    ) -> Request:
        """The request's row. One that failed, or whose files are gone, starts afresh."""
        connection.execute(
            self.sql(
                "INSERT INTO {table} (tag, request_id, job_id, status, request_data, requested_by,"
                " requested_channel, encryption_key, dt_job_submitted, iteration)"
                " VALUES (%(tag)s, %(request_id)s, %(job_id)s, 'SUBMITTED', %(request_data)s,"
                " %(requested_by)s, %(requested_channel)s, %(encryption_key)s, %(now)s, 0)"
                " ON CONFLICT (tag, request_id) DO UPDATE SET status = 'SUBMITTED', iteration = 0,"
                " request_data = EXCLUDED.request_data, encryption_key = EXCLUDED.encryption_key,"
                " dt_job_submitted = EXCLUDED.dt_job_submitted, dt_job_completed = NULL,"
                " err_message = NULL, processed_batches = NULL WHERE {table}.status = 'FAILED'"
                " OR {table}.status = 'SUCCESS' AND {table}.download_urls IS NULL"
            ),
            {
                "tag": tag,
                "request_id": request_id,
                "job_id": job_id,
                "request_data": json.dumps(request_data),
                "requested_by": requested_by,
                "requested_channel": requested_channel,
                "encryption_key": encryption_key,
                "now": now,
            },
        )
        return self.one(connection, tag, request_id)

    def one(self, connection: Connection[DictRow], tag: str, request_id: str) -> Request:
        row = connection.execute(
            self.sql("SELECT {columns} FROM {table} WHERE tag = %s AND request_id = %s"),
            [tag, request_id],
        ).fetchone()
        if row is None:
            raise LookupError(f"The request {request_id} with the tag {tag} is not in the queue.")
        return request_of(row)

    def claim(
        self,
        connection: Connection[DictRow],
        *,
        run_id: str,
        job_id: str,
        limit: int,
        tries: int,
        lease_seconds: int,
        now: datetime,
        timezone: str = "Asia/Kolkata",
    ) -> list[Lease]:
        """Take what is submitted, what nobody works on any more, and what this run held before."""
        abandoned = now - timedelta(seconds=lease_seconds)
        rows = in_turn(
            connection,
            table=self.table,
            job_id=job_id,
            run_id=run_id,
            abandoned=abandoned,
            timezone=timezone,
            limit=limit,
        )
        leases = []
        for row in rows:
            lease = take(
                connection,
                tag=row["tag"],
                request_id=row["request_id"],
                run_id=run_id,
                is_free=row["is_new"],
                abandoned=abandoned,
                now=now,
            )
            if lease and row["is_new"]:
                self.begin(connection, lease, tries=tries)
            if lease and row["is_new"] and row["has_ended_before"]:
                self.renew_times(connection, lease, now=now)
            if lease:
                leases.append(lease)
        return leases

    def begin(self, connection: Connection[DictRow], lease: Lease, *, tries: int) -> None:
        # Who submits a request again whose tries were spent has all of them anew.
        self.update(
            connection,
            lease,
            "status = 'PROCESSING', iteration = CASE WHEN COALESCE(iteration, 0) >= %(tries)s"
            " THEN 0 ELSE COALESCE(iteration, 0) END",
            tries=tries,
        )

    def renew_times(self, connection: Connection[DictRow], lease: Lease, *, now: datetime) -> None:
        # A portal that submits a failed request again changes its status and nothing else.
        self.update(
            connection,
            lease,
            "dt_job_submitted = %(now)s, dt_job_completed = NULL, err_message = NULL,"
            " processed_batches = NULL",
            now=now,
        )

    def held(
        self, connection: Connection[DictRow], *, run_id: str, job_id: str, now: datetime
    ) -> list[tuple[Request, Lease]]:
        """The requests that a run holds, in turns, with leases renewed for this process.

        An earlier process of the same run that still lives is fenced off by that.
        """
        rows = connection.execute(
            self.sql(
                "SELECT {columns} FROM {table} AS request JOIN (SELECT tag, request_id,"
                " row_number() OVER (PARTITION BY requested_channel"
                " ORDER BY dt_job_submitted NULLS FIRST, tag, request_id) AS turn FROM {table}"
                " JOIN operations.lease USING (tag, request_id) WHERE run_id = %(run_id)s) AS own"
                " USING (tag, request_id)"
                " WHERE job_id = %(job_id)s AND status = 'PROCESSING' ORDER BY turn,"
                " dt_job_submitted NULLS FIRST, tag, request_id FOR UPDATE OF request"
            ),
            {"job_id": job_id, "run_id": run_id},
        ).fetchall()
        return [
            (one, lease)
            for one in map(request_of, rows)
            if (
                lease := renew(
                    connection, tag=one.tag, request_id=one.request_id, run_id=run_id, now=now
                )
            )
        ]

    def note_batches(
        self, connection: Connection[DictRow], lease: Lease, entries: list[dict[str, Any]]
    ) -> None:
        """Keep what is done of a request, so that another process goes on from there."""
        self.hold(connection, lease)
        self.update(
            connection, lease, "processed_batches = %(entries)s", entries=json.dumps(entries)
        )

    def succeed(
        self,
        connection: Connection[DictRow],
        lease: Lease,
        *,
        download_urls: list[str],
        file_created_at: datetime,
        now: datetime,
    ) -> None:
        """The request is answered; whoever calls enqueues the message in the same transaction."""
        self.hold(connection, lease)
        self.update(
            connection,
            lease,
            "status = 'SUCCESS', download_urls = %(urls)s, dt_file_created = %(created)s,"
            " dt_job_completed = %(now)s, execution_time = %(millis)s, err_message = NULL",
            urls=download_urls,
            created=file_created_at,
            now=now,
            millis=milliseconds(now - lease.claimed_at),
        )
        release(connection, lease)

    def fail(
        self,
        connection: Connection[DictRow],
        lease: Lease,
        *,
        message: str,
        iteration: int,
        now: datetime,
    ) -> None:
        """The request cannot be answered, for the reason in the message."""
        self.hold(connection, lease)
        self.update(
            connection,
            lease,
            "status = 'FAILED', err_message = %(message)s, iteration = %(iteration)s,"
            " dt_job_completed = %(now)s, execution_time = %(millis)s, download_urls = NULL,"
            " processed_batches = NULL",
            message=shortened(message),
            iteration=iteration,
            now=now,
            millis=milliseconds(now - lease.claimed_at),
        )
        release(connection, lease)

    def retry(self, connection: Connection[DictRow], lease: Lease, *, iteration: int) -> None:
        """Back into the queue; what is done of the request is kept."""
        self.hold(connection, lease)
        again = "status = 'SUBMITTED', iteration = %(iteration)s"
        self.update(connection, lease, again, iteration=iteration)
        release(connection, lease)

    def hold(self, connection: Connection[DictRow], lease: Lease) -> None:
        # The row before its lease, as `claim` does: the other order could deadlock with it.
        connection.execute(
            self.sql("SELECT 1 FROM {table} WHERE tag = %s AND request_id = %s FOR UPDATE"),
            [lease.tag, lease.request_id],
        )
        check_fence(connection, lease)

    def update(
        self, connection: Connection[DictRow], lease: Lease, assignments: str, **values: Any
    ) -> None:
        connection.execute(
            self.sql(
                f"UPDATE {{table}} SET {assignments}"  # noqa: S608 -- literals of this module
                " WHERE tag = %(tag)s AND request_id = %(request_id)s"
            ),
            {**vars(lease), **values},
        )

    def sql(self, statement: str) -> sql.Composed:
        return sql.SQL(statement).format(
            table=sql.Identifier("public", self.table),
            columns=sql.SQL(", ").join(map(sql.Identifier, COLUMNS)),
        )
