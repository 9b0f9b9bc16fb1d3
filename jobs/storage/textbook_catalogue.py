"""The catalogue of textbooks in the store: replaced as a whole or book by book, and looked into."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from jobs import lineage
from jobs.contracts.adoptions import TEXTBOOK_CATALOGUE
from jobs.storage.adoptions import insert

# Whether a reader sees a textbook is decided on one row, never on what several have in common;
# where a board shows a book by adoption and by its publisher, it is shown as adopted.
SEEN = """
WITH seen AS (
    SELECT DISTINCT ON (textbook_id) *
    FROM operations.textbook_catalogue
    WHERE is_shown
    AND CASE
        WHEN %(board)s::text IS NOT NULL THEN board = %(board)s
        WHEN %(page)s::text IS NOT NULL THEN listed_channel = %(page)s OR NOT is_adopted
        ELSE NOT is_adopted
    END
    AND (%(medium)s::text IS NULL OR %(medium)s = ANY(mediums))
    AND (%(grade)s::text IS NULL OR %(grade)s = ANY(grades))
    AND (%(subject)s::text IS NULL OR %(subject)s = ANY(subjects))
    ORDER BY
        textbook_id,
        coalesce(listed_channel = %(page)s, false) DESC,
        is_adopted DESC,
        listing_id
)

SELECT * FROM seen
ORDER BY coalesce(listed_channel = %(page)s, false) DESC, name, textbook_id
LIMIT %(limit)s
"""


def hold(connection: Connection[DictRow]) -> None:
    """Be the only one who writes the catalogue until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('textbook catalogue'))")


def replace(
    connection: Connection[DictRow],
    rows: Sequence[Mapping[str, Any]],
    textbook_ids: Collection[str] | None = None,
) -> None:
    """The rows of these textbooks, or all, instead of those that are there."""
    lineage.note_made(lineage.OPERATIONS, TEXTBOOK_CATALOGUE.name)
    connection.execute(
        "DELETE FROM operations.textbook_catalogue"
        " WHERE %(ids)s::text[] IS NULL OR textbook_id = ANY(%(ids)s)",
        {"ids": None if textbook_ids is None else list(textbook_ids)},
    )
    insert(connection, TEXTBOOK_CATALOGUE, rows)


def seen(
    connection: Connection[DictRow],
    *,
    board: str | None = None,
    medium: str | None = None,
    grade: str | None = None,
    subject: str | None = None,
    page: str | None = None,
    limit: int = 1000,
) -> list[dict[str, Any]]:
    """What a reader with this board, medium, grade and subject sees, in the order of a tenant's
    page: first what the tenant published or adopted. Without a board a textbook is the publisher's,
    but on the page of the tenant that adopted it."""
    return connection.execute(
        SEEN,
        {
            "board": board,
            "medium": medium,
            "grade": grade,
            "subject": subject,
            "page": page,
            "limit": limit,
        },
    ).fetchall()
