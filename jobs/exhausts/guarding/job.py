"""One request at a time, failing alone: what is wrong with it is told, and the others go on."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from jobs.errors import (
    ArchiveError,
    ContractError,
    FencedError,
    GateError,
    RequestError,
    SettingsError,
    UnavailableError,
)
from jobs.exhausts import requests
from jobs.exhausts.answering.job import Desk, language_of, refuse, try_again
from jobs.exhausts.planning.job import PlatformCipher, Tables, is_reachable, learner_of
from jobs.storage.leases import Lease, keep_alive
from jobs.storage.request_rows import Request

log = structlog.get_logger()

# The requester can do nothing about these, and a later run may find them gone: the request stays.
NOT_ITS_FAULT = (UnavailableError, SettingsError, ContractError)
LAST_FRAMES = 4
GATE_REASON = (
    "The rows of the batch did not pass our checks, so no file was sent. The platform's team sees"
    " this too and will mend it; ask again tomorrow."
)


@dataclass(frozen=True)
class Bench:
    """What every request of a run is worked on with."""

    desk: Desk
    tables: Tables
    platform: PlatformCipher
    as_of: datetime


# What is done with a request, its lease, its requester's row and its entries; what came out.
Work = Callable[[Bench, Request, Lease, dict[str, Any] | None, list[dict[str, Any]]], str]


@dataclass(frozen=True)
class Trouble:
    """Why a request failed: a sentence for its requester, and whether the team must know."""

    reason: str
    is_ours: bool = False


def attempt_all(bench: Bench, held: list[tuple[Request, Lease]], work: Work) -> Counter[str]:
    """The work for each request in turn, and how often each outcome came out."""
    outcomes: Counter[str] = Counter()
    for turn, (request, lease) in enumerate(held):
        with bench.desk.store.transaction() as connection:
            keep_alive(connection, [waiting for _, waiting in held[turn:]], bench.desk.clock())
        outcomes[attempt(bench, request, lease, work)] += 1
    return outcomes


def attempt(bench: Bench, request: Request, lease: Lease, work: Work) -> str:
    """What came out of the work: its own word, `failed`, `put back`, or `lost` to another run."""
    learner = None
    entries = list(request.processed_batches)
    try:
        try:
            learner = learner_of(bench.tables, request.requested_by)
            return work(bench, request, lease, learner, entries)
        except (FencedError, *NOT_ITS_FAULT):
            raise
        except (RequestError, ArchiveError) as error:
            trouble = Trouble(str(error))
        except GateError as error:
            log.error("gate_stopped_request", request_id=request.request_id, found=str(error))
            trouble = Trouble(GATE_REASON, is_ours=True)
        except Exception as error:
            log_fault(request, error)
            state = requests.broken(
                requests.State(request.status, request.iteration),
                tries=bench.desk.settings.request_tries,
            )
            if state.status == requests.SUBMITTED:
                try_again(bench.desk, request, lease, iteration=state.iteration)
                return "put back"
            trouble = Trouble(fault_reason(state.iteration), is_ours=True)
        refuse(
            bench.desk,
            request,
            lease,
            reason=trouble.reason,
            entries=entries,
            language=language_of(learner, bench.desk.settings),
            is_reachable=is_reachable(learner, bench.platform),
            tell_team=trouble.is_ours,
        )
    except FencedError:
        log.warning("request_taken_over", request_id=request.request_id, run_id=lease.run_id)
        return "lost"
    return "failed"


def log_fault(request: Request, error: Exception) -> None:
    # Without the error's message, which can quote a learner's row.
    frames = traceback.extract_tb(error.__traceback__)[-LAST_FRAMES:]
    log.error(
        "request_broke",
        request_id=request.request_id,
        error=type(error).__name__,
        at=[f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames],
    )


def fault_reason(times: int) -> str:
    return (
        f"An unexpected fault stopped the file {times} times. The platform's team sees this too;"
        " ask again tomorrow, or write to them with the request's id."
    )
