"""The LMS as it is told: HTTP with a bound on the whole exchange, and its batch table by SQL."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from jobs.errors import SettingsError

LONGEST_ANSWER = 32 << 20


@dataclass(frozen=True)
class Reply:
    """What came back: `status` None where nothing did, and `said` why."""

    status: int | None
    body: bytes
    said: str


def call(
    method: str,
    url: str,
    body: bytes,
    *,
    content_type: str,
    authorization: str | None,
    timeout_seconds: float,
) -> Reply:
    """One request on a connection of its own, so that a second answer meets no other request."""
    parts = urlsplit(url)
    headers = {"Content-Type": content_type, "Accept": "application/json", "Connection": "close"}
    if authorization:
        headers["Authorization"] = authorization
    connection = connection_to(url, timeout_seconds)
    try:
        with closing(connection):
            connection.connect()
            # A server that sends a byte now and then would never meet a time-out per read.
            ends = threading.Timer(timeout_seconds, cut_off, [connection.sock])
            ends.daemon = True
            ends.start()
            try:
                path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
                connection.request(method, path, body=body, headers=headers)
                answer = connection.getresponse()
                read = answer.read(LONGEST_ANSWER)
                if answer.length:
                    return Reply(None, b"", "an answer that was cut off")
                return Reply(answer.status, read, "")
            finally:
                ends.cancel()
    except TimeoutError:
        return Reply(None, b"", f"no answer within {timeout_seconds:g} s")
    except (OSError, http.client.HTTPException) as error:
        return Reply(None, b"", f"no answer: {type(error).__name__}")


def connection_to(url: str, timeout_seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError(
            "A URL of the LMS cannot be used: promised is http://host:port/path or https://…"
            " Mend SUNBIRD_BATCH_SEARCH_URL or SUNBIRD_BATCH_CONTENT_URL."
        )
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(host, port, timeout=timeout_seconds)


def cut_off(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def write_statuses(
    url: str, table: str, rows: Sequence[tuple[str, str, int]], *, timeout_seconds: float
) -> tuple[set[str], Reply]:
    """Set (course id, batch id, status) in the LMS's own batch table; a row is never made.

    Returns the batches that were found there, and the server's answer as HTTP would give it:
    200, 400 for what another try would not change, or None.
    """
    statement = sql.SQL(
        "UPDATE {table} AS held SET status = wanted.status"
        " FROM unnest(%s::text[], %s::text[], %s::integer[]) AS wanted (courseid, batchid, status)"
        " WHERE held.courseid = wanted.courseid AND held.batchid = wanted.batchid"
        " RETURNING held.batchid"
    ).format(table=sql.Identifier(*table.split(".")))
    columns = [list(column) for column in zip(*rows, strict=True)]
    try:
        with psycopg.connect(
            url.removeprefix("jdbc:"),
            connect_timeout=max(2, round(timeout_seconds)),
            options=f"-c statement_timeout={round(timeout_seconds * 1000)}",
            application_name="sunbird-batch",
        ) as connection:
            found = connection.execute(statement, columns).fetchall()
    except psycopg.OperationalError as error:
        return set(), Reply(None, b"", f"no answer: {type(error).__name__}")
    except psycopg.Error as error:
        return set(), Reply(400, b"", f"SQL state {error.sqlstate}")
    return {row[0] for row in found}, Reply(200, b"", "")
