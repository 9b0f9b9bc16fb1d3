"""A request that searches for courses instead of naming batches, as Sunbird's `searchFilter` does.

The filters are those of Sunbird's composite search, as far as the table `collections` holds the
field. A filter that cannot be applied here is refused by its name: without it, more batches would
be found than were asked for.
"""

from __future__ import annotations

from typing import Any

from jobs.errors import RequestError
from jobs.exhausts.requests import ANY_NUMBER, as_object, batches_asked

# Sunbird's name of each filter, and the column that it is compared with.
FIELDS = {
    "identifier": "collection_id",
    "name": "collection_name",
    "channel": "channel",
    "status": "status",
}
COLUMNS = list(FIELDS.values())
# They say what a search shows, not what it finds.
WITHOUT_EFFECT = {"fields", "facets", "sort_by"}

Filters = dict[str, list[str]]


def filters_of(request_data: Any) -> Filters | None:
    """The filters of a request that searches; None where it names its batches.

    Raises RequestError with a sentence for the requester where they cannot be applied.
    """
    asked = as_object(request_data)
    search = asked.get("searchFilter")
    if not search:
        return None
    if asked.get("batchId") or asked.get("batchFilter"):
        raise RequestError(
            "The request names batches and searches for courses too. Ask for one of both."
        )
    body = search.get("request", search) if isinstance(search, dict) else None
    filters = body.get("filters") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(filters, dict) or not filters:
        raise RequestError(
            "The request's searchFilter cannot be read: it is"
            ' {"request": {"filters": {...}}} with at least one of the filters'
            f" {', '.join(FIELDS)}."
        )
    unknown = [name for name in filters if name not in FIELDS]
    unknown += [name for name in body if name not in WITHOUT_EFFECT | {"filters"}]
    if unknown:
        raise RequestError(
            f"The search cannot be made with {', '.join(map(str, unknown))}. Known filters are"
            f" {', '.join(FIELDS)}; leave the others out."
        )
    return {name: values_of(name, value) for name, value in filters.items()}


def values_of(name: str, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str) and one.strip() for one in values):
        raise RequestError(
            f"The filter {name} of the search cannot be read: it is a text or a list of texts."
        )
    return [one.strip() for one in values]


def finds(filters: Filters, collection: dict[str, Any]) -> bool:
    """Whether the search finds a collection: by names in any case, by the other fields exactly."""
    return all(
        comparable(name, collection.get(FIELDS[name])) in {comparable(name, one) for one in values}
        for name, values in filters.items()
    )


def comparable(name: str, value: str | None) -> str | None:
    return value.strip().casefold() if value and name == "name" else value


def refuse_empty(found: int, withheld: int, *, limit: int) -> None:
    """RequestError where nothing is left of what the search found, or too much."""
    if not found and withheld:
        raise RequestError(
            f"The search finds {withheld} batches, and you are neither the creator nor a mentor of"
            " any, nor an administrator of their organisation. Ask their creators to add you."
        )
    if not found:
        raise RequestError(
            "The search finds no batch. Check its filters and ask again; a new course or batch is"
            " known after about an hour."
        )
    if found > limit:
        raise RequestError(
            f"The search finds {found} batches that you may have, and one request may hold {limit}."
            " Narrow the search, for example by identifier, and ask in several requests."
        )


def asked_for(request_data: Any) -> str:
    """What a request asks for, in a word for people; empty where it cannot be read."""
    try:
        filters = filters_of(request_data)
        if filters is not None:
            return f"search by {', '.join(filters)}"
        return " ".join(batches_asked(request_data, limit=ANY_NUMBER))
    except RequestError:
        return ""
