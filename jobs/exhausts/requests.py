"""A request's life: what it asks for, and which states it goes through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jobs.errors import RequestError

# Each kind of file and the word for it in file names.
KINDS = {
    "progress-exhaust": "progress",
    "userinfo-exhaust": "userinfo",
    "response-exhaust": "response",
}

SUBMITTED, PROCESSING, SUCCESS, FAILED = "SUBMITTED", "PROCESSING", "SUCCESS", "FAILED"
# What is in the queue already is told as it is, whatever the setting allows today.
ANY_NUMBER = 1_000_000


@dataclass(frozen=True)
class State:
    """Where a request is: `iteration` counts the builds that failed for a reason of its own."""

    status: str
    iteration: int = 0


def asked_again(state: State) -> State:
    """Asking again starts a failed request afresh, and changes no other."""
    return State(SUBMITTED) if state.status == FAILED else state


def claimed(state: State, *, tries: int) -> State:
    """A run takes the request. One whose tries were spent before it was asked again has new ones:
    Sunbird's portal keeps the count when it submits a failed request again."""
    must_be(state, SUBMITTED, PROCESSING)
    is_spent = state.status == SUBMITTED and state.iteration >= tries
    return State(PROCESSING, 0 if is_spent else state.iteration)


def answered(state: State) -> State:
    must_be(state, PROCESSING)
    return replace(state, status=SUCCESS)


def refused(state: State) -> State:
    """The request cannot be answered; trying again without a change would not help."""
    must_be(state, PROCESSING)
    return State(FAILED, state.iteration + 1)


def broken(state: State, *, tries: int) -> State:
    """The build failed unexpectedly: it is tried again until the tries are spent."""
    failed = refused(state)
    return failed if failed.iteration >= tries else replace(failed, status=SUBMITTED)


def must_be(state: State, *statuses: str) -> None:
    if state.status not in statuses:
        raise ValueError(f"A request that is {state.status} cannot be taken on from there.")


def refuse_unknown_kind(kind: str) -> None:
    if kind not in KINDS:
        raise RequestError(
            f"The request asks for the kind {kind!r}, which is not made here. Ask for one of:"
            f" {', '.join(KINDS)}."
        )


def batches_asked(request_data: Any, *, limit: int) -> list[str]:
    """The batches that a request names, each once, in its order.

    Raises RequestError with a sentence for the requester when it names none, or too many.
    """
    asked = as_object(request_data)
    single, several = asked.get("batchId"), asked.get("batchFilter")
    named = [*([single] if single else []), *(several if isinstance(several, list) else [])]
    if (several and not isinstance(several, list)) or not all(
        isinstance(batch_id, str) and batch_id.strip() for batch_id in named
    ):
        raise RequestError(
            "The request's batches cannot be read: batchId is a text and batchFilter a list of"
            " texts. Ask again from the batch's page."
        )
    batch_ids = list(dict.fromkeys(batch_id.strip() for batch_id in named))
    if not batch_ids:
        raise RequestError("The request names no batch. Ask again and choose at least one batch.")
    if len(batch_ids) > limit:
        raise RequestError(
            f"The request names {len(batch_ids)} batches, and one request may name {limit}."
            " Ask for them in several requests."
        )
    return batch_ids


def purpose_of(
    request_data: Any, purposes: Collection[str], *, otherwise: str | None
) -> str | None:
    """What the file is asked for; `otherwise` where the request does not say.

    Raises RequestError where it says something that is not on the list.
    """
    purpose = as_object(request_data).get("purpose")
    if purpose is None or purpose == "":
        return otherwise
    if purpose not in purposes:
        raise RequestError(
            f"The request's purpose, {str(purpose)[:40]!r}, is not one for which files are made:"
            f" {', '.join(purposes)}. Ask again with one of these."
        )
    return str(purpose)


def as_object(request_data: Any) -> dict[str, Any]:
    if isinstance(request_data, str):
        try:
            request_data = json.loads(request_data)
        except ValueError:
            request_data = None
    if not isinstance(request_data, dict):
        raise RequestError("The request cannot be read: it is not a JSON object. Ask again.")
    return request_data


def request_data_of(batch_ids: Collection[str]) -> dict[str, Any]:
    """The request's body as a portal would write it."""
    named = list(dict.fromkeys(batch_ids))
    return {"batchId": named[0]} if len(named) == 1 else {"batchFilter": named}


def stored_tag(tag: str, channel: str | None) -> str:
    return f"{tag}:{channel}" if channel else tag


def tag_of(batch_ids: Collection[str]) -> str:
    """A tag for a request that was given none: other batches, another request."""
    named = sorted(set(batch_ids))
    if len(named) == 1:
        return named[0]
    digest = hashlib.sha256("|".join(named).encode()).hexdigest()[:8]
    return f"{named[0]}-and-{len(named) - 1}-more-{digest}"


def tag_of_body(body: dict[str, Any]) -> str:
    """The same for a body that names its batches, or searches."""
    if "searchFilter" in body:
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:8]
        return f"search-{digest}"
    return tag_of(batches_asked(body, limit=ANY_NUMBER))


def is_same_wish(one: tuple[Any, str | None], other: tuple[Any, str | None]) -> bool:
    """Whether two requests ask for the same batches and purpose with the same key (equal keys are
    equal ciphertext); each is the body and the key."""
    return wish_of(one[0]) == wish_of(other[0]) and (one[1] or None) == (other[1] or None)


def wish_of(request_data: Any) -> Any:
    """What is asked for, without regard to order; a body that cannot be read is itself."""
    try:
        asked = as_object(request_data)
        if asked.get("searchFilter"):
            return asked
        return frozenset(batches_asked(asked, limit=ANY_NUMBER)), asked.get("purpose") or None
    except RequestError:
        return repr(request_data)


def request_id_of(job_id: str, tag: str, requested_by: str, channel: str | None, day: date) -> str:
    """Sunbird's own id: one request per kind, tag, user, tenant and day."""
    seed = f"{job_id}|{tag}|{requested_by}|{channel or ''}|{day.isoformat()}"
    # An id that Sunbird's portal computes in the same way; it protects nothing.
    return hashlib.md5(seed.encode()).hexdigest().upper()  # noqa: S324
