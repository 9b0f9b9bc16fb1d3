"""Which attempts are invalid, and what a learner's score is without them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.certificates.score_check import affected, best, instructions, score_check

AT = datetime(2026, 2, 1, tzinfo=UTC)
CONTENTS = {
    "quiz": {"content_type": "SelfAssess", "total_questions": 3},
    "set": {"content_type": "Practice", "total_questions": 2},
    "film": {"content_type": "Resource", "total_questions": 3},
    "untold": {"content_type": "SelfAssess", "total_questions": None},
}


def attempt(user, attempt_id, score=1.0, content="quiz", day=0, max_score=3.0):
    return {
        "batch_id": "b1", "user_id": user, "collection_id": "do_1", "content_id": content,
        "attempt_id": attempt_id, "attempted_at": AT + timedelta(days=day), "score": score,
        "max_score": max_score,
    }  # fmt: skip


def checked(*held):
    """held: (attempt, questions in it or None where they are unreadable)"""
    counts = {
        (row["user_id"], row["content_id"], row["attempt_id"]): n
        for row, n in held
        if n is not None
    }
    return score_check(
        [row for row, _ in held],
        counts,
        CONTENTS,
        assessments={"set"},
        content_types=["SelfAssess"],
    )


def test_only_what_differs_from_a_known_total_is_invalid_and_the_rest_is_named():
    found = checked(
        (attempt("asha", "right"), 3),
        (attempt("asha", "short", 3.0), 2),
        (attempt("asha", "long", 2.0), 4),
        (attempt("asha", "empty"), 0),
        (attempt("asha", "torn"), None),
        (attempt("asha", "u1", content="untold"), 5),
        (attempt("asha", "f1", content="film"), 5),
        (attempt("asha", "g1", content="gone"), 5),
        (attempt("asha", "s1", content="set"), 2),
    )
    assert found.named == {
        "answers_missing": 1, "answers_unreadable": 1, "not_an_assessment": 1,
        "question_count_differs": 2, "unknown_content": 1, "unknown_total": 1, "valid": 2,
    }  # fmt: skip
    assert [
        (row["attempt_id"], row["question_count"], row["total_questions"]) for row in found.invalid
    ] == [("long", 4, 3), ("short", 2, 3)]


def test_a_score_is_counted_anew_from_the_valid_attempts_with_its_own_maximum():
    found = checked(
        (attempt("asha", "1", 2.0, day=0, max_score=4.0), 3),
        (attempt("asha", "2", 3.0, day=1), 2),
        (attempt("ravi", "1", 3.0), 2),
        (attempt("meena", "1", 3.0), 3),
    )
    keys = ("user_id", "score_before", "max_score_before", "attempts_before", "score", "max_score",
            "attempts")  # fmt: skip
    assert [tuple(row[key] for key in keys) for row in found.corrections] == [
        ("asha", 3.0, 3.0, 2, 2.0, 4.0, 1),
        ("ravi", 3.0, 3.0, 1, None, None, 0),
    ]


def test_certificates_of_those_learners_are_listed_and_the_aggregator_is_told_once_each():
    found = checked(
        (attempt("asha", "1", 3.0), 2),
        (attempt("asha", "2", 3.0, day=5), 2),
        (attempt("meena", "1"), 3),
    )
    held = {"asha": [{"identifier": "c1", "name": "Completion"}, {"id": "c2"}], "meena": [{}]}
    assert [
        (row["user_id"], row["certificate_id"], row["certificate_name"], row["contents"])
        for row in affected(found.corrections, held)
    ] == [("asha", "c1", "Completion", ["quiz"]), ("asha", "c2", None, ["quiz"])]
    assert instructions(found.corrections, found.invalid) == [
        {"assessmentTs": 1770336000000, "batchId": "b1", "courseId": "do_1", "userId": "asha",
         "contentId": "quiz"}
    ]  # fmt: skip


scored = st.tuples(st.integers(0, 50), st.integers(0, 40))


@given(st.lists(scored, max_size=6), st.lists(scored, max_size=6))
def test_taking_attempts_out_never_raises_the_best_share(kept, gone):
    def made(pairs, prefix):
        return [
            attempt("asha", f"{prefix}{n}", won / 10, max_score=most / 10)
            for n, (won, most) in enumerate(pairs)
        ]

    def share(row):
        return min(row["score"] / row["max_score"], 1) if row else -1

    before = share(best(made(kept, "k") + made(gone, "g")))
    assert share(best(made(kept, "k"))) <= before
