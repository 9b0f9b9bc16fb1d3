"""The place that an order names, looked up in the published tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.ledger import Scope
from jobs.certificates.orders import Order
from jobs.contracts.learning import BATCHES, COLLECTIONS
from jobs.errors import RequestError
from jobs.storage.certificate_ledger import versions_of
from jobs.storage.clustered import open_table

# Both are published on the platform; the second is not found by its search.
PUBLISHED = ("Live", "Unlisted")
ENDED = 2
BATCH_COLUMNS = ["batch_id", "collection_id", "created_for"]


@dataclass(frozen=True)
class Place:
    """A scope, the tenants whose issuers may sign there, and what a person should know of it."""

    scope: Scope
    tenants: tuple[str, ...]
    notes: list[str] = field(default_factory=list)


def place_of(connection: Connection[DictRow], order: Order, *, must_be_published: bool) -> Place:
    """Raises RequestError where the course or batch is not there, or not as it must be."""
    if order.batch_id is not None:
        place = place_of_batch(connection, order.batch_id, is_new=must_be_published)
    else:
        place = place_of_course(connection, str(order.course_id), str(order.tenant_id))
    if must_be_published:
        refuse_unpublished(connection, place.scope.course_id)
    return place


def place_of_batch(connection: Connection[DictRow], batch_id: str, *, is_new: bool) -> Place:
    found = open_table(connection, BATCHES)
    rows = found.rows(batch_id)
    if not rows:
        return place_in_ledger(connection, batch_id, is_new=is_new)
    batch = rows[0]
    tenants = tenants_of(batch)
    if not tenants and is_new:
        raise RequestError(
            f"Batch {batch_id} promised a tenant (createdFor); the platform has none for it, so"
            " nobody can say who may issue there. Mend the batch, and refresh."
        )
    tenant_id = tenants[0] if len(tenants) == 1 else None
    notes = ["The batch has ended: only who completes it from now on can earn this."]
    return Place(
        Scope(batch["collection_id"], tenant_id, batch_id),
        tenants,
        notes if is_new and batch["status"] == ENDED else [],
    )


def place_in_ledger(connection: Connection[DictRow], batch_id: str, *, is_new: bool) -> Place:
    """A batch that the platform dropped can still be removed from the ledger."""
    there = versions_of(connection, course_id="", batch_id=batch_id, only_open=True)
    if is_new or not there:
        raise RequestError(
            f"--batch {batch_id} promised a batch of the platform; the table `batches` has none of"
            " this id. Check the id, or run `python -m jobs refresh batches` where it is new."
        )
    return Place(Scope(there[0]["course_id"], there[0]["tenant_id"], batch_id), ())


def place_of_course(connection: Connection[DictRow], course_id: str, tenant_id: str) -> Place:
    has_batch = any(
        batch["collection_id"] == course_id and tenant_id in tenants_of(batch)
        for page in open_table(connection, BATCHES).scan(BATCH_COLUMNS)
        for batch in page.to_pylist()
    )
    notes = [] if has_batch else [f"No batch of the course is of tenant {tenant_id} yet."]
    return Place(Scope(course_id, tenant_id), (tenant_id,), notes)


def tenants_of(batch: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in batch["created_for"] or () if one))


def refuse_unpublished(connection: Connection[DictRow], course_id: str) -> None:
    rows = open_table(connection, COLLECTIONS).rows(course_id)
    status = rows[0]["status"] if rows else None
    if status not in PUBLISHED:
        found = f"it is {status}" if status else "the platform's contents have none of this id"
        raise RequestError(
            f"Course {course_id} promised to be published; {found}. Publish it first, or check the"
            " id; where it is new, run `python -m jobs refresh collections`."
        )
