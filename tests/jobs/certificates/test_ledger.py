"""What the ledger says about an instant: active, unsure, before the ledger, or not."""

from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import functions as F

from jobs.certificates.ledger import Scope, name_key, opened, standing, standing_of
from jobs.contracts.certificates import CERTIFICATE_ASSOCIATIONS

DAY = timedelta(days=1)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def day(number):
    return None if number is None else FIRST + number * DAY


# (origin, unsure_since, valid_from, valid_to, unsure_until, completed, standing), in days
STOOD = [
    ("command", None, 2, None, None, 2, "active"),  # the very instant counts as attached
    ("command", None, 2, None, None, 1, "inactive"),
    ("command", None, 2, None, None, 99, "active"),
    ("command", None, 2, 4, None, 3, "active"),
    ("command", None, 2, 4, None, 4, "inactive"),  # and the end does not
    ("command", None, 2, 2, None, 2, "inactive"),
    ("watched", 1, 2, 4, 5, 0, "inactive"),
    ("watched", 1, 2, 4, 5, 1, "unsure"),
    ("watched", 1, 2, 4, 5, 2, "active"),
    ("watched", 1, 2, 4, 5, 4, "unsure"),
    ("watched", 1, 2, 4, 5, 5, "inactive"),
    ("watched", 1, 2, 2, 5, 2, "unsure"),  # seen at one look only
    ("baseline", None, 2, None, None, 1, "before_ledger"),
    ("baseline", None, 2, 4, 5, 1, "before_ledger"),
    ("baseline", None, 2, 4, None, 4, "inactive"),
]


def versions():
    for origin, since, begins, ends, until, completed, how in STOOD:
        yield (
            {"origin": origin, "unsure_since": day(since), "valid_from": day(begins),
             "valid_to": day(ends), "unsure_until": day(until)},
            day(completed),
            how,
        )  # fmt: skip


def test_version_stands_half_open_and_unsure_only_between_looks():
    assert [standing_of(version, at) for version, at, _ in versions()] == [row[-1] for row in STOOD]


def test_spark_says_the_same_and_nothing_without_a_completion(spark):
    names = ["origin", "unsure_since", "valid_from", "valid_to", "unsure_until", "completed_at"]
    kinds = "string, {} timestamp".format(" timestamp, ".join(names[1:]))
    rows = [(*(version[name] for name in names[:-1]), at) for version, at, _ in versions()]
    frame = spark.createDataFrame([*rows, (*rows[0][:-1], None)], f"origin {kinds}")

    found = [row[0] for row in frame.select(standing(F.col("completed_at"))).collect()]

    assert found == [*(row[-1] for row in STOOD), None]


def test_slots_of_different_places_types_and_platform_templates_differ():
    slots = [
        Scope("c", "north").slot("completion"),
        Scope("c", "south").slot("completion"),
        Scope("c", "north").slot("merit"),
        Scope("c", "north", "b").slot("completion"),
        Scope("c", "north", "b").slot("completion", "t1"),
        Scope("c", "north", "b").slot("completion", "t2"),
        Scope('c","north', "x").slot("completion"),
    ]
    assert len(set(slots)) == len(slots)


def test_row_is_whole_and_its_id_is_of_what_it_says():
    row = {"slot": "s", "template_id": "t", "valid_from": FIRST}

    one = opened(row, opened_by="meena", valid_to=FIRST)
    assert list(one) == CERTIFICATE_ASSOCIATIONS.columns
    assert one["valid_to"] is None
    assert one["version_id"] == opened(row, opened_by="ravi")["version_id"]
    assert one["version_id"] != opened(row, template_name="other")["version_id"]


@pytest.mark.parametrize(
    "written", ["Merit  Certificate", " merit\ncertificate ", "MERIT CERTIFICATE"]
)
def test_names_are_the_same_whatever_their_case_and_blanks(written):
    assert name_key(written) == "merit certificate"
