"""Looks for one learner's data in every place that this software keeps any in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.groups import GROUP_TABLES
from jobs.contracts.learning import BATCHES, CLEAN_TABLES
from jobs.errors import UnavailableError
from jobs.privacy.searching import ERASED, KEPT, Place
from jobs.settings import Settings
from jobs.storage import event_people, exhaust_files, traces
from jobs.storage.clustered import ClusteredTable
from jobs.storage.event_files import EventFiles
from jobs.storage.rewriting import USER, find_learner, left_aside
from jobs.storage.snapshots import Snapshot, latest, versions
from jobs.storage.store import Store

TABLES: dict[str, Contract] = CLEAN_TABLES | EXHAUST_TABLES | GROUP_TABLES

EVENTS = "the events stay and name nobody"
LISTS = "ids only: tells for a year who was in a file that was given out"
LOG = "ids only: the law asks for a year of it, and no row can be taken out"
PLATFORM = "the platform's record of who runs a batch: change it there"
OWN = "what they asked for themselves: an id, and no data of theirs"
ELSEWHERE = "not a copy of the platform's data: decided by who keeps that table"


def search(settings: Settings, store: Store, user_id: str, now: datetime) -> list[Place]:
    """Every place with what was found there; the files themselves are told by their lists."""
    with store.transaction() as connection:
        published = {name: versions(connection, name) for name in TABLES}
    try:
        places = [
            place
            for name, contract in TABLES.items()
            for place in in_table(contract, published[name], user_id)
        ]
        named = event_people.files_naming(EventFiles(settings.clean_lake), user_id)
        places.append(Place("usage events", sum(named.values()), ERASED, EVENTS))
    except FileNotFoundError as error:
        raise UnavailableError(
            "A version of a table was purged while it was searched. Nothing was lost: run the"
            " command again."
        ) from error
    with store.transaction() as connection:
        files = exhaust_files.holding(connection, user_id)
        keys = [file["object_key"] for file in files if file["removed_at"] is None]
        waiting = len(traces.waiting_with(connection, keys))
        others = traces.in_other_tables(connection, user_id)
        places += [
            Place("files in the object store", len(keys), ERASED),
            Place("messages waiting with such files", waiting, ERASED),
            Place("open links to such files", traces.open_links(connection, keys, now), ERASED),
            Place("lists of who was in which file", len(files), KEPT, LISTS),
            Place("audit log", traces.in_audit_log(connection, user_id), KEPT, LOG),
            Place(
                "requests of their own",
                traces.own_requests(connection, user_id, settings.job_request_table),
                KEPT,
                OWN,
            ),
            *(Place(f"store: {name}", n, KEPT, ELSEWHERE) for name, n in others.items()),
        ]
        newest = latest(connection, BATCHES.name)
    mentored = batches_of(newest, user_id) if newest else 0
    places.append(Place("batches that they made or mentor", mentored, KEPT, PLATFORM))
    return places


def in_table(contract: Contract, published: list[Snapshot], user_id: str) -> list[Place]:
    """The table's versions together, and the rows that were kept out of them."""
    found = [find_learner(version, contract, user_id) for version in published]
    kept_out = sum(one.kept_out_count for one in found)
    rows = sum(one.row_count for one in found)
    aside = len(left_aside(published, user_id))
    return [
        *([Place(f"table {contract.name}", rows, ERASED)] if USER in contract.columns else []),
        Place(f"kept out of {contract.name}", kept_out, ERASED),
        *([Place(f"left aside of {contract.name}", aside, ERASED)] if aside else []),
    ]


def batches_of(snapshot: Snapshot, user_id: str) -> int:
    columns = ["created_by", "mentors"]
    table = ClusteredTable(snapshot, BATCHES)
    return sum(is_theirs(row, user_id) for page in table.scan(columns) for row in page.to_pylist())


def is_theirs(row: dict[str, Any], user_id: str) -> bool:
    return row["created_by"] == user_id or user_id in (row["mentors"] or ())
