"""One row per question and attempt, from the platform's table and from its archive."""

import json

from pyspark.sql import functions as F

from jobs.contracts.raw import ASSESSMENT_AGGREGATOR, ASSESSMENT_ARCHIVE
from jobs.contracts.responses import RESPONSES
from jobs.sources.keys import first_of_key
from jobs.sources.responses import (
    archived_attempts,
    live_attempts,
    responses,
    without_empty_twins,
)

ATTEMPT = {
    "user_id": "asha",
    "course_id": "do_1",
    "batch_id": "b1",
    "content_id": "q",
    "attempt_id": "a1",
}
FORMULA = r"A=\pi r^2"


def asked(id="k1", **parts):
    return {"id": id, "score": 1.0, "max_score": 2.0, "type": "mcq", "title": "?", **parts}


def frame(spark, contract, rows):
    told = [{**ATTEMPT, **row} for row in rows]
    return spark.createDataFrame(
        [
            tuple(
                json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value
                for value in (row.get(name) for name in contract.columns)
            )
            for row in told
        ],
        ", ".join(f"`{name}` string" for name in contract.columns),
    )


def refined(spark, live=(), archived=()):
    return responses(
        live_attempts(frame(spark, ASSESSMENT_AGGREGATOR, live)),
        archived_attempts(frame(spark, ASSESSMENT_ARCHIVE, archived)),
    )


def table(spark, live=(), archived=()):
    """The rows as the refresh writes them, in the order of the key."""
    made = refined(spark, live, archived)
    rows = made.rows.withColumn("bucket", F.lit(0))
    single = first_of_key(rows, RESPONSES, made.best_first, within="bucket")
    whole = RESPONSES.conform(without_empty_twins(single, within="bucket").drop("bucket"))
    return [row.asDict() for row in whole.orderBy(*RESPONSES.key).collect()]


def kept_out(spark, live=(), archived=()):
    made = refined(spark, live, archived).kept_out
    return sorted((name, *row) for name, rows in made.items() for row in rows.collect())


def test_each_question_of_each_attempt_is_a_row_and_every_attempt_counts(spark):
    rows = table(
        spark,
        live=[
            {"attempt_id": "a1", "question": [asked("k1"), asked("k2")]},
            {"attempt_id": "a2", "question": [asked("k1", score="0.5", duration=12.5)]},
        ],
    )

    assert [(r["attempt_id"], r["question_id"]) for r in rows] == [
        ("a1", "k1"), ("a1", "k2"), ("a2", "k1"),
    ]  # fmt: skip
    assert (rows[2]["question_score"], rows[2]["question_seconds"]) == (0.5, 13)


def test_options_and_response_are_the_json_that_the_app_sent(spark):
    options = [{"1": json.dumps({"text": FORMULA})}, {"answer": '{"correct":["1"]}'}]
    response = [{"1": json.dumps({"text": 'says "नमस्ते",\nबाय'}, ensure_ascii=False)}]
    (row,) = table(spark, live=[{"question": [asked(params=options, resvalues=response)]}])

    assert json.loads(row["question_options"]) == options
    assert json.loads(row["question_response"]) == response


def test_parts_that_are_text_are_json_too(spark):
    parts = {"params": '[{"1": "x"}]', "resvalues": "[not json"}
    (row,) = table(spark, live=[{"question": [asked(**parts)]}])

    assert json.loads(row["question_options"]) == [{"1": "x"}]
    assert json.loads(row["question_response"]) == "[not json"


def test_question_as_a_list_of_structs_is_read_like_its_json(spark):
    whole = frame(spark, ASSESSMENT_AGGREGATOR, [{"question": [asked(params=[{"1": FORMULA}])]}])
    kind = "array<struct<id string, score double, params array<map<string, string>>>>"
    native = whole.withColumn("question", F.from_json("question", kind))
    made = responses(live_attempts(native), archived_attempts(frame(spark, ASSESSMENT_ARCHIVE, [])))

    (row,) = made.rows.collect()
    assert (row["question_id"], row["question_score"]) == ("k1", 1.0)
    assert json.loads(row["question_options"]) == [{"1": FORMULA}]


def test_archived_attempt_joins_the_live_ones_and_its_twin_counts_once(spark):
    live = {
        "attempt_id": "a2",
        "question": [asked("k1", title="live")],
        "last_attempted_on": "1573848000000",
    }
    rows = table(
        spark,
        live=[live],
        archived=[
            {"folder": "b1_do_1", "question": [asked("k1", title="old")]},
            live | {"folder": "b1_do_1", "question": [asked("k1"), asked("k2", title="more")]},
        ],
    )

    assert [(r["attempt_id"], r["question_id"], r["question_title"]) for r in rows] == [
        ("a1", "k1", "old"), ("a2", "k1", "live"), ("a2", "k2", "more"),
    ]  # fmt: skip
    assert rows[1]["attempted_at"].isoformat() == "2019-11-15T20:00:00"


def test_two_question_sets_of_one_attempt_id_do_not_collide(spark):
    rows = table(spark, live=[{"content_id": c, "question": [asked("k1")]} for c in ("q", "r")])

    assert [(r["content_id"], r["question_id"]) for r in rows] == [("q", "k1"), ("r", "k1")]


def test_attempt_without_questions_is_one_row_unless_the_other_source_has_them(spark):
    rows = table(
        spark,
        live=[
            {"attempt_id": "a1", "question": None},
            {"attempt_id": "a2", "question": "[]"},
            {"attempt_id": "a3", "question": "null"},
        ],
        archived=[{"attempt_id": "a1", "folder": "b1_do_1", "question": [asked("k1")]}],
    )

    assert [(r["attempt_id"], r["question_id"], r["question_type"]) for r in rows] == [
        ("a1", "k1", "mcq"), ("a2", "", None), ("a3", "", None),
    ]  # fmt: skip


def test_questions_without_an_id_are_told_apart_by_their_place(spark):
    rows = table(spark, live=[{"question": [asked(" "), asked("k1"), asked(None)]}])

    assert [(r["question_id"], r["unnamed_number"]) for r in rows] == [("", 1), ("", 3), ("k1", 0)]


def test_what_cannot_be_read_is_kept_out_with_its_reason(spark):
    torn = '[{"id": "k1"'
    assert kept_out(
        spark,
        live=[{"question": torn}, {"attempt_id": None}, {"question": [asked()]}],
        archived=[
            {"folder": "b1_do_1", "question": torn},
            {"folder": "b2_do_1", "question": [asked()]},
            {"folder": "b1_do_1", "attempt_id": None},
            {"folder": "b9_do_1", "batch_id": None},
            {"question": [asked()]},
        ],
    ) == [
        ("assessment_aggregator", "unreadable_question", "b1", "asha"),
        ("assessment_archive", "missing_attempt_id", "b1", "asha"),
        ("assessment_archive", "missing_batch_id", "b9", "asha"),
        ("assessment_archive", "other_folder", "b2", "asha"),
        ("assessment_archive", "unreadable_question", "b1", "asha"),
    ]  # fmt: skip
