"""One request at a time, failing alone: what is wrong with it is told, and the others go on."""

from __future__ import annotations

import traceback
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import structlog

from jobs.errors import (
    ArchiveError,
    BatchError,
    ContractError,
    FencedError,
    GateError,
    RequestError,
    SettingsError,
    UnavailableError,
)
from jobs.exhausts import requests
from jobs.exhausts.answering.job import Desk, language_of, refuse, try_again
from jobs.exhausts.kinds import Kind
from jobs.exhausts.planning.job import PlatformCipher, Tables, is_reachable, learner_of
from jobs.storage.leases import Lease, keep_alive
from jobs.storage.request_rows import Request

log = structlog.get_logger()

# The requester can do nothing about these, and a later run may find them gone: the request stays.
NOT_ITS_FAULT = (UnavailableError, SettingsError, ContractError)
LAST_FRAMES = 4
# What stands in the way of so many stands in the way of the rest: they wait for the next run.
SET_ASIDE_BEFORE_STOPPING = 3
GATE_REASON = (
    "The rows of the batch did not pass our checks, so no file was sent. The platform's team sees"
    " this too and will mend it; ask again tomorrow."
)


@dataclass(frozen=True)
class Bench:
    """What every request of a run is worked on with."""

    kind: Kind
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


@dataclass
class Turns:
    """The requests that wait for a worker, what came out of the others, and what stood in the way.

    Several workers take from it.
    """

    waiting: deque[tuple[Request, Lease]]
    outcomes: Counter[str] = field(default_factory=Counter)
    set_aside: list[tuple[Request, Lease, BatchError]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def next(self, bench: Bench) -> tuple[Request, Lease] | None:
        """The next request, with a sign of life for all that wait; None where work should end."""
        with self.lock:
            if not self.waiting or len(self.set_aside) >= SET_ASIDE_BEFORE_STOPPING:
                return None
            with bench.desk.store.transaction() as connection:
                keep_alive(connection, [lease for _, lease in self.waiting], bench.desk.clock())
            return self.waiting.popleft()

    def work_off(self, bench: Bench, work: Work) -> None:
        while turn := self.next(bench):
            request, lease = turn
            try:
                outcome = attempt(bench, request, lease, work)
            except NOT_ITS_FAULT as error:
                with self.lock:
                    self.set_aside.append((request, lease, error))
            else:
                with self.lock:
                    self.outcomes[outcome] += 1


def attempt_all(
    bench: Bench, held: list[tuple[Request, Lease]], work: Work, *, workers: int = 1
) -> Counter[str]:
    """The work for each request, and how often each outcome came out.

    Where something that no requester can mend stood in the way of some requests only, they are
    put back without a spent try and the others are answered; where it stood in the way of all,
    it is raised.
    """
    turns = Turns(deque(held))
    if min(workers, len(held)) == 1:
        turns.work_off(bench, work)
    else:
        with ThreadPoolExecutor(workers, thread_name_prefix="exhaust") as pool:
            for done in [pool.submit(turns.work_off, bench, work) for _ in range(workers)]:
                done.result()
    if turns.set_aside and not turns.outcomes:
        raise turns.set_aside[0][2]
    for request, lease, error in turns.set_aside:
        log.error("request_set_aside", request_id=request.request_id, reason=str(error))
        with suppress(FencedError):
            try_again(bench.desk, request, lease, iteration=request.iteration)
        turns.outcomes["set aside"] += 1
    return turns.outcomes


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
