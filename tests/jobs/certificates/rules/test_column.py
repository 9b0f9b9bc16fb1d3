"""A rule in Spark has three values, exact scores and ranks with ties, as a second opinion says."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from jobs.certificates.rules.column import verdict
from jobs.certificates.rules.conversion import converted
from jobs.certificates.rules.facts import RULE_FACTS
from jobs.certificates.rules.model import keys_of, read_rule, shape_of, values_of
from tests.jobs.certificates.rules.oracle import opinion

DAY = datetime(2026, 3, 1, tzinfo=UTC)
MILLION = 1_000_000
LEARNERS = 7


def rule(*conditions, op="AND"):
    parts = [dict(zip(("key", "cmp", "value"), text.split(), strict=True)) for text in conditions]
    return converted({"op": op, "rules": parts}, tenant_id=None).rule


def points(won, most):
    return {"score_points": round(won * MILLION), "score_max_points": round(most * MILLION)}


def judged(spark, batches):
    """For each (rule, learners) the learners' verdicts, all of them in one question to Spark."""
    rows = [
        {"batch_id": f"{number:04}", "version_id": "v", "user_id": f"{place:04}",
         "rule_shape": shape_of(asked), "rule_values": values_of(asked)} | one
        for number, (asked, people) in enumerate(batches)
        for place, one in enumerate(people)
    ]  # fmt: skip
    frame = spark.createDataFrame(
        [tuple(row.get(name) for name in RULE_FACTS.columns) for row in rows],
        RULE_FACTS.spark_schema(),
    )
    said = frame.select(
        "batch_id", "user_id", verdict({row["rule_shape"] for row in rows}).alias("v")
    )
    found = [[] for _ in batches]
    for row in sorted(said.collect(), key=lambda row: (row.batch_id, row.user_id)):
        found[int(row.batch_id)].append(row.v)
    return found


SCORES = [
    (79.99, 100, "score >= 80", "not_met"),  # the progress report shows 80
    (7.999999, 10, "score >= 80", "not_met"),
    (8, 10, "score >= 80", "met"),
    (0.7999999999999999, 1, "score >= 80", "met"),  # eight questions of 0.1 in binary
    (7, 25, "score = 28", "met"),  # 28.000000000000004 in binary
    (1, 3, "score < 33.333334", "met"),
    (1, 3, "score > 33.333333", "met"),
    (12, 10, "score = 100", "met"),
    (0, 10, "score >= 0", "met"),
    (0, 10, "score != 0", "not_met"),
]  # fmt: skip


def test_score_is_compared_exactly_and_never_rounded(spark):
    found = judged(spark, [(rule(said), [points(won, most)]) for won, most, said, _ in SCORES])

    assert [one.outcome for [one] in found] == [outcome for *_, outcome in SCORES]


def test_what_is_not_known_is_unknown_with_its_reason_and_decides_only_where_it_must(spark):
    score, age, home = rule("score >= 80"), rule("age <= 20"), rule("rootOrgId = north")
    either = rule("score >= 80", "age <= 20", op="OR")
    both = rule("score >= 80", "age <= 20")
    cases = [
        (score, {}, "unknown", "score >= 80: no_score"),
        (score, points(5, 0), "unknown", "score >= 80: max_score_missing"),
        (
            score, points(9, 10) | {"score_problem": "assessment_type_unknown"},
            "unknown", "score >= 80: assessment_type_unknown",
        ),
        (age, {}, "unknown", "age <= 20: no_birth_date"),
        (home, {"root_org_id": "custodian"}, "not_met", None),
        (home, {"root_org_id": ""}, "unknown", "rootOrgId = north: no_organisation"),
        (either, points(9, 10), "met", "age <= 20: no_birth_date"),
        (either, points(7, 10), "unknown", "age <= 20: no_birth_date"),
        (both, points(7, 10), "not_met", "age <= 20: no_birth_date"),
        (both, points(9, 10), "unknown", "age <= 20: no_birth_date"),
    ]  # fmt: skip
    found = judged(spark, [(asked, [facts]) for asked, facts, *_ in cases])

    assert [(one.outcome, *one.unknown) for [one] in found] == [
        (outcome, *([why] if why else [])) for *_, outcome, why in cases
    ]
    assert found[6][0].met == ["score >= 80"]


def test_the_first_of_a_batch_are_ranked_with_ties_when_it_has_ended(spark):
    ended = {"batch_has_ended": True}
    equal = points(9, 10) | ended | {"completed_at": DAY}
    early, late = ({"score_reached_at": DAY + timedelta(days=n)} for n in (0, 1))
    north, south = {"root_org_id": "north"}, {"root_org_id": "south"}
    of_north = rule("rootOrgId = north", "top max 1")
    found = judged(
        spark,
        [
            (rule("top max 5"), [equal] * 6),
            (rule("top max 1"), [equal | late, equal | early]),
            (rule("top max 2"), [equal | late, equal | early]),
            (of_north, [points(10, 10) | ended | south, points(9, 10) | ended | north]),
            (rule("top max 5"), [points(9, 10) | {"batch_has_ended": False}]),
        ],
    )

    assert [[one.outcome for one in batch] for batch in found] == [
        ["met"] * 6,
        ["not_met", "met"],
        ["met", "met"],
        ["not_met", "met"],
        ["unknown"],
    ]
    assert found[3][0].not_met == ["rootOrgId = north", "top 1"]
    assert found[4][0].unknown == ["top 5: batch_not_ended"]


def some_rule(chance, depth=0):
    if depth < 2 and chance.random() < 0.45:
        parts = [some_rule(chance, depth + 1) for _ in range(chance.randint(1, 3))]
        return {"op": chance.choice(["AND", "OR"]), "rules": parts}
    key = chance.choice(
        ["rootOrgId", "age", "timespent", "score", "score", "status", "completed", "top"]
    )
    if key == "top":
        return {"key": "top", "cmp": "max", "value": str(chance.randint(1, 4))}
    value = {
        "rootOrgId": ["north", "south"], "age": ["20", "35"], "timespent": ["60000"],
        "status": ["1", "2"], "score": ["33.333333", "50", "80", "66.666667"],
        "completed": ["60", "100", "33.5"],
    }[key]  # fmt: skip
    signs = ["=", "!="] if key == "rootOrgId" else ["=", "!=", "<", "<=", ">", ">="]
    return {"key": key, "cmp": chance.choice(signs), "value": chance.choice(value)}


def some_facts(chance):
    def maybe(*values):
        return chance.choice([None, *values, *values])

    won, most = chance.choice([(1, 3), (2, 3), (4, 5), (8, 10), (7.99, 10), (3, 2), (0, 4)])
    return {
        "root_org_id": maybe("north", "south", ""), "age": maybe(19, 20, 36),
        "timespent_ms": maybe(59_999, 60_000, 10**18), "score_points": maybe(round(won * MILLION)),
        "score_max_points": chance.choice([None, 0, *[most * MILLION] * 6]),
        "score_problem": chance.choice([None] * 6 + ["assessment_type_unknown"]),
        "score_reached_at": maybe(DAY, DAY + timedelta(days=1)), "status": maybe(1, 2),
        "completed_count": maybe(3, 5, 6), "leaf_count": chance.choice([None, 0, 5, 5, 5]),
        "completed_at": maybe(DAY, DAY + timedelta(days=1)),
    }  # fmt: skip


def some_batch(chance, shapes):
    # The same few shapes with other values: a platform has no more.
    whole = some_rule(random.Random(chance.randrange(shapes)))
    asked = read_rule(json.dumps(whole if "op" in whole else {"op": "AND", "rules": [whole]}))
    has_ended = chance.choice([True, True, True, False, None])
    people = [some_facts(chance) | {"batch_has_ended": has_ended} for _ in range(LEARNERS)]
    return asked, [one | {"user_id": f"{place:04}"} for place, one in enumerate(people)]


@pytest.mark.parametrize(
    ("batches", "shapes"), [(120, 8), pytest.param(400, 200, marks=pytest.mark.full)]
)
def test_spark_agrees_with_the_second_opinion_on_any_rule(spark, batches, shapes):
    chance = random.Random(6)
    drawn = [some_batch(chance, shapes) for _ in range(batches)]
    expected = [
        [opinion(json.loads(asked.text()), one, people) for one in people]
        for asked, people in drawn
    ]

    found = judged(spark, drawn)

    assert [[one.outcome for one in batch] for batch in found] == expected
    assert {outcome for batch in expected for outcome in batch} == {"met", "not_met", "unknown"}
    assert any("top" in keys_of(shape_of(asked)) for asked, _ in drawn)
    counts = {len([*one.met, *one.not_met, *one.unknown]) == len(values_of(asked))
              for (asked, _), batch in zip(drawn, found, strict=True) for one in batch}  # fmt: skip
    assert counts == {True}
