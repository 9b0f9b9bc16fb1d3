"""A refresh that is ended by SIGKILL at a named step: readers see whole versions only."""

import json
from datetime import timedelta

import pytest

from jobs.contracts.learning import BATCHES
from jobs.storage.clustered import open_table
from jobs.storage.snapshots import versions
from tests.crash import judge
from tests.crash.drive import points

# In this order, so that one platform serves for all: nothing published, then one, then two.
IN_ORDER = (
    "refresh: version written",
    "refresh: before the commit",
    "refresh: published",
    "purge: forgotten, not removed",
)


def write_batches(drive, name):
    """One raw batch of that name."""
    row = {"courseid": "do_1", "batchid": "b1", "name": name, "createdby": "asha"}
    file = drive.settings.lake / "course_batch" / "a.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")


def visible(drive):
    """What a reader sees: the name of the one batch."""
    with drive.store.transaction() as connection:
        (row,) = open_table(connection, BATCHES).rows("b1")
    return row["batch_name"]


def folders(drive):
    return {path.name for path in (drive.settings.clean_lake / BATCHES.name).iterdir()}


def published(drive):
    with drive.store.transaction() as connection:
        return {version.snapshot_id for version in versions(connection, BATCHES.name)}


@pytest.mark.full
def test_killed_refresh_shows_the_old_version_or_the_new_one_and_leaves_nothing_for_long(drive):
    assert points("refresh") == sorted(IN_ORDER)
    drive.values |= {"snapshots_kept": 1, "lake_buckets": 2, "spark_master": "local[1]"}
    seen = []
    for number, point in enumerate(IN_ORDER):
        write_batches(drive, f"version {number}")
        assert drive.run("refresh", "batches", kill_at=point) == -9, drive.last.stderr[-2000:]
        seen.append(visible(drive))
    assert seen == ["Batch b1", "Batch b1", "version 2", "version 3"]

    write_batches(drive, "whole")
    for folder in folders(drive) - published(drive):
        drive.age(drive.settings.clean_lake / BATCHES.name / folder, timedelta(days=2))
    assert drive.run("refresh", "batches") == 0, drive.last.stderr[-2000:]
    assert visible(drive) == "whole"
    assert folders(drive) == published(drive)
    assert judge.was_killed(judge.read(drive.path))
