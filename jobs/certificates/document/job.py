"""Makes many certificates on several processes, in order, with memory for a few of them."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process

from jobs.certificates.document.desk import Desk
from jobs.certificates.document.errors import CertificateHeld
from jobs.certificates.document.facts import Assets, Facts, Template
from jobs.certificates.document.paper import Certificate, make_certificate

Order = tuple[Facts, Template, Assets]
Outcome = Certificate | CertificateHeld
CHUNK = 32
# Chunks that wait for each process, so that none is idle while results are written.
AHEAD = 3


def certificates_of(
    orders: Iterable[Order], desk: Desk, *, processes: int = 2
) -> Iterator[tuple[Order, Outcome]]:
    """Each order with its certificate, or with why it is held; one that is held stops no other."""
    waiting = iter(orders)
    if processes == 1:
        for order in waiting:
            yield order, outcome_of(order, desk)
        return
    # A fork of a process with threads may hang; a fresh one costs half a second, once.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=end_with_parent
    ) as pool:
        running: deque[tuple[Sequence[Order], Future[list[Outcome]]]] = deque()
        while True:
            while len(running) < processes * AHEAD and (chunk := list(islice(waiting, CHUNK))):
                running.append((chunk, pool.submit(outcomes_of, chunk, desk)))
            if not running:
                return
            done, future = running.popleft()
            yield from zip(done, future.result(), strict=True)


def outcomes_of(orders: Sequence[Order], desk: Desk) -> list[Outcome]:
    return [outcome_of(order, desk) for order in orders]


def outcome_of(order: Order, desk: Desk) -> Outcome:
    try:
        return make_certificate(*order, desk)
    except CertificateHeld as held:
        return held


def end_with_parent() -> None:
    """A killed parent closes no queue: without this its workers would wait for ever."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
