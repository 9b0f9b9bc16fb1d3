"""What a person took out of the scores stays out of every table that is made of attempts."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest

from jobs.certificates.reconciliation import Tables, reconciliation
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ACTIVITY, ATTEMPTS
from jobs.refresh import job
from jobs.storage.clustered import open_table
from jobs.storage.lake import read_clustered
from jobs.storage.score_checks import keep_copies, keep_corrections
from jobs.storage.snapshots import latest
from tests.jobs.certificates.nightly.night import CONTRACTS, Case, frames_of
from tests.jobs.refresh.test_incremental import CATALOGUE, START, Lake, enrolment

BATCHES = ["b1", "b2", "b3", "b4"]
TABLES = ("activity", "attempts")
OTHERS = ("batches", "enrolments", "learners", "collections", "progress")
DONE = "2026-11-10T00:00:00Z"
RULE = '{"enrollment": {"status": 2}, "assessment": {"score": {">=": 80}}}'
BY_SCORE = "\n".join(
    ["| batch_id | course_id | rule |", *(f"| {one} | do_1 | {RULE} |" for one in BATCHES)]
)
# Both tell what changed, so that a refresh makes the buckets alone in which anything did.
TOLD = "".join(
    f'[{table}]\npath = "{{lake}}/{table}"\n{changed}'
    for table, changed in (
        ("user_enrolments", ""),
        ("assessment_aggregator", 'changed_at = "updated_on"\n'),
        ("user_activity_agg", 'changed_at = "agg_last_updated"\n'),
    )
)


def attempt(batch_id, name, score):
    return {
        "course_id": "do_1", "batch_id": batch_id, "user_id": "asha", "content_id": "quiz",
        "attempt_id": name, "total_score": score, "total_max_score": 4.0,
        "last_attempted_on": f"2026-11-0{name}T06:00:00Z", "updated_on": "2026-11-09T00:00:00Z",
    }  # fmt: skip


def figures(batch_id):
    return {
        "activity_type": "Course", "activity_id": "do_1", "user_id": "asha",
        "context_id": f"cb:{batch_id}",
        "aggregates": {"score:quiz": 4.0, "max_score:quiz": 4.0, "attempts_count:quiz": 2.0},
        "agg_last_updated": {"score:quiz": "2026-11-09T00:00:00Z"},
    }  # fmt: skip


@pytest.fixture
def lake(make_settings, monkeypatch, spark, store, tmp_path):
    """Asha tried a quiz twice in each of four batches, the second time with all points."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(CATALOGUE + TOLD)
    lake = Lake(make_settings(lake_buckets=8, lake_catalogue=catalogue), store)
    hierarchy = {
        "identifier": "do_1",
        "leafNodes": ["quiz"],
        "children": [{"identifier": "quiz", "contentType": "SelfAssess", "name": "Quiz"}],
    }
    lake.put("content_hierarchy", [{"identifier": "do_1", "hierarchy": json.dumps(hierarchy)}])
    lake.put("users", [{"userid": "asha", "firstname": "Asha"}])
    lake.put("course_batch", [{"courseid": "do_1", "batchid": "b1"}])
    lake.put("user_enrolments", [enrolment(batch) for batch in BATCHES])
    lake.put("user_activity_agg", [figures(batch) for batch in BATCHES])
    lake.put(
        "assessment_aggregator",
        [attempt(one, name, won) for one in BATCHES for name, won in (("1", 1.0), ("2", 4.0))],
    )
    lake.refresh(*TABLES, minutes=0)
    return lake


def take_out(lake, batch_id, *names):
    of = {"batch_id": batch_id, "user_id": "asha", "course_id": "do_1", "content_id": "quiz"}
    signed = {"applied_at": lake.now(), "applied_by": "Meena"}
    held = rows(lake, ATTEMPTS, batch_id)
    with lake.store.transaction() as connection:
        keep_copies(connection, [
            of | signed | one | {"reason": "question_count_differs", "question_count": 1,
                                 "total_questions": 2, "answers": "[]"}
            for one in held if one["attempt_id"] in names
        ])  # fmt: skip
        left = [one for one in held if one["attempt_id"] not in names]
        keep_corrections(connection, [
            of | signed | {
                "score_before": 4.0, "max_score_before": 4.0, "attempts_before": 2,
                "score": left[0]["score"] if left else None,
                "max_score": left[0]["max_score"] if left else None,
                "attempts": len(left), "certificate_count": 0, "data_as_of": START,
            }
        ])  # fmt: skip


def rows(lake, contract, batch_id):
    with lake.store.transaction() as connection:
        return open_table(connection, contract).rows(batch_id)


def score(lake, batch_id):
    [row] = rows(lake, PROGRESS, batch_id)
    return dict(row["score_pct"] or {}).get("quiz")


def told(lake, batch_id):
    [row] = rows(lake, ACTIVITY, batch_id)
    return dict(row["aggregates"])


def test_attempts_go_and_figures_follow_in_the_batches_concerned_alone(lake):
    before = lake.files("attempts")
    take_out(lake, "b1", "2")
    take_out(lake, "b2", "1", "2")
    # Nothing changed at the source: only the buckets of these two are made anew.
    made = lake.refresh(*TABLES)

    assert made["attempts"].row_count == 2 * len(BATCHES) - 3
    assert made["attempts"].quarantined == {"assessment_aggregator.taken_out_by_a_person": 3}
    assert [one["attempt_id"] for one in rows(lake, ATTEMPTS, "b1")] == ["1"]
    assert (told(lake, "b1")["score:quiz"], told(lake, "b3")["score:quiz"]) == (1.0, 4.0)
    assert told(lake, "b2") == {}
    after = lake.files("attempts")
    assert 1 <= len([one for one in before if after.get(one) != before[one]]) <= 2


@pytest.mark.full
def test_scores_of_exhausts_follow(lake):
    lake.refresh("enrolments", "learners", "collections", "progress")
    assert score(lake, "b1") == 100
    take_out(lake, "b1", "2")
    take_out(lake, "b2", "1", "2")
    lake.refresh(*TABLES, "progress")
    assert [score(lake, batch) for batch in BATCHES] == [25, None, 100, 100]


@pytest.mark.full
def test_certificate_is_not_earned_by_an_attempt_that_was_taken_out(lake, spark):
    def missed():
        night = frames_of(spark, [Case(0, {"associations": BY_SCORE})])
        with lake.store.transaction() as connection:
            published = {
                name: read_clustered(spark, contract, latest(connection, name).path)
                for name, contract in CONTRACTS.items()
                if name in (*TABLES, *OTHERS)
            }
        found = reconciliation(
            Tables(**(night | published)), as_of=START + timedelta(days=1), timezone="UTC",
            keep=lambda frame, _: frame.localCheckpoint(),
        ).findings  # fmt: skip
        return sorted(row.batch_id for row in found.where("reason = 'earned'").collect())

    done = {"status": 2, "completedon": DONE}
    lake.put("user_enrolments", [enrolment(one) | done for one in BATCHES])
    lake.put("course_batch", [{"courseid": "do_1", "batchid": one} for one in BATCHES])
    lake.refresh(*TABLES, *OTHERS)
    assert missed() == BATCHES
    take_out(lake, "b1", "2")
    take_out(lake, "b2", "1", "2")
    lake.refresh(*TABLES, *OTHERS)
    assert missed() == ["b3", "b4"]
