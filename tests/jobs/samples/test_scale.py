import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jobs.contracts.raw import RAW_TABLES
from jobs.samples import scale
from jobs.samples.scale import write_scaled
from jobs.samples.scale_tables import SCALE_KEY, SCALE_SALT
from jobs.samples.staff import MENTOR_BIG
from jobs.sources.cipher import decrypt

AS_OF = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LARGE = {"enrolments": 6_000, "batches": 30, "users": 2_000, "big_batch": 1_500}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("scale")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "ROWS_PER_FILE", 2_500)
        write_scaled(target, **LARGE, activity=14_000, as_of=AS_OF)
    return target


def rows(lake: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(lake / table).to_pylist()


def test_first_batch_has_as_many_learners_as_asked_and_nobody_twice(lake: Path) -> None:
    seats = [(row["batchid"], row["userid"]) for row in rows(lake, "user_enrolments")]
    first = rows(lake, "course_batch")[0]["batchid"]

    assert len(seats) == len(set(seats)) == 6_000
    assert Counter(batch for batch, _ in seats)[first] == 1_500


def test_rows_of_a_batch_are_spread_over_the_files(lake: Path) -> None:
    first = rows(lake, "course_batch")[0]["batchid"]

    files = sorted((lake / "user_enrolments").glob("*.parquet"))

    assert len(files) == 3
    assert all(first in pq.read_table(f)["batchid"].to_pylist()[:100] for f in files)


@pytest.mark.parametrize(
    "table",
    ["course_batch", "user_enrolments", "users", "assessment_aggregator", "user_activity_agg"],
)
def test_tables_have_the_columns_and_types_of_their_contract(lake: Path, table: str) -> None:
    for path in (lake / table).glob("*.parquet"):
        assert pq.read_schema(path).equals(RAW_TABLES[table].arrow_schema())


def test_content_status_holds_contents_of_the_course_itself(lake: Path) -> None:
    leaves = {
        row["identifier"]: json.loads(row["hierarchy"])["leafNodes"]
        for row in rows(lake, "content_hierarchy")
    }

    for row in rows(lake, "user_enrolments"):
        begun = dict(row["contentstatus"] or [])
        assert list(begun) == leaves[row["courseid"]][: len(begun)]
        assert (row["completedon"] is not None) == (len(begun) == 14)
        assert [status for status in begun.values() if status != 2] == (
            [1] if begun and row["completedon"] is None else []
        )


def test_activity_and_attempts_belong_to_seats_that_exist(lake: Path) -> None:
    seats = {(r["userid"], r["batchid"]) for r in rows(lake, "user_enrolments")}
    activity, attempts = rows(lake, "user_activity_agg"), rows(lake, "assessment_aggregator")
    keys = {(r["activity_id"], r["user_id"], r["context_id"]) for r in activity}

    assert len(keys) == len(activity) == 14_000
    assert {(r["user_id"], r["context_id"].removeprefix("cb:")) for r in activity} <= seats
    assert {(r["user_id"], r["batch_id"]) for r in attempts} <= seats
    assert all(0 <= r["total_score"] <= r["total_max_score"] for r in attempts)


def test_every_learner_is_a_user_and_the_mentor_can_be_mailed(lake: Path) -> None:
    users = {row["userid"]: row for row in rows(lake, "users")}
    sealed = users[MENTOR_BIG]["email"]

    assert {row["userid"] for row in rows(lake, "user_enrolments")} <= set(users)
    assert "@" in decrypt(sealed, key=SCALE_KEY, salt=SCALE_SALT)


def test_same_seed_gives_the_same_rows(lake: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(scale, "ROWS_PER_FILE", 2_500)
    write_scaled(tmp_path, **LARGE, activity=14_000, as_of=AS_OF)

    assert rows(tmp_path, "user_enrolments") == rows(lake, "user_enrolments")


def test_batch_larger_than_all_users_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="big batch"):
        write_scaled(tmp_path, enrolments=100, batches=2, users=10, big_batch=50)
