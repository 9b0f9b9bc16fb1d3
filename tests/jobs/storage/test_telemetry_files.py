"""Folders of telemetry: on this machine, and where only Spark can look."""

from datetime import date

import pytest

from jobs.errors import UnavailableError
from jobs.storage.catalogue import Source
from jobs.storage.telemetry_files import arrival_folders, format_of

DAYS = [date(2026, 11, day) for day in (18, 19, 20)]


@pytest.fixture
def root(tmp_path):
    """Two days of files, one of them in an inner folder, and what is none."""
    for name in ("2026-11-18/a.jsonl.gz", "2026-11-20/hour=1/b.parquet", "2026-11-20/c.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "2026-11-18" / "_SUCCESS").touch()
    (tmp_path / "2026-11-19").mkdir()
    return tmp_path


def found(spark, path, form="folders"):
    folders = arrival_folders(spark, Source("telemetry", form, str(path)), DAYS)
    names = {
        folder.day.day: [
            sorted(path.rpartition("/")[2] for path in paths)
            for paths in (folder.json_lines, folder.parquet)
        ]
        for folder in folders
    }
    return names, [folder.fingerprint for folder in folders]


def test_folders_hold_files_of_either_form_at_any_depth(spark, root):
    names, _ = found(spark, root)
    assert names == {18: [["a.jsonl.gz"], []], 20: [["c.json"], ["b.parquet"]]}


def test_store_that_only_spark_reaches_is_listed_alike(spark, root):
    assert found(spark, f"file://{root}")[0] == found(spark, root)[0]
    assert found(spark, f"file://{root}/nowhere")[0] == {}


def test_fingerprint_changes_with_a_file_and_not_without(spark, root):
    _, before = found(spark, root)
    assert found(spark, root)[1] == before
    (root / "2026-11-18" / "late.jsonl").write_bytes(b"y")
    after = found(spark, root)[1]
    assert (after[0] != before[0], after[1] == before[1]) == (True, True)


def test_format_that_is_said_is_that_of_all_files(spark, root):
    assert found(spark, root, "json")[0][20] == [["b.parquet", "c.json"], []]


def test_ending_that_tells_no_format_is_named(spark, root):
    (root / "2026-11-20" / "notes.txt").touch()
    with pytest.raises(UnavailableError, match=r"notes\.txt"):
        found(spark, root)


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.json.gz", "json"), ("a.jsonl", "json"), ("a.parquet", "parquet"), ("a", ""), ("a.gz", "")],
)
def test_format_is_told_by_the_ending(name, form):
    assert format_of(name) == form
