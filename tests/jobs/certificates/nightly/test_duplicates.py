"""Learners who are in the source twice: a dump and its changes hold one row each."""

import pytest
from pyspark.sql import functions as F

from jobs.certificates.entitlements import entitlements
from jobs.certificates.offers import batch_offers, course_offers, versions
from jobs.certificates.reconciliation import needs_a_look
from jobs.contracts.learning import ENROLMENTS
from jobs.contracts.raw import USER_ENROLMENTS
from jobs.sources.enrolments import enrolments
from jobs.sources.keys import first_of_key
from tests.jobs.certificates.nightly.night import AS_OF, Case, frames_of
from tests.tables import table_of

OF_A_BATCH = Case(60, {"associations": "| version_id |\n| v1 |", "batches": "| batch_id |\n| b |"})
HELD = '[{"identifier": "x", "name": "Course completion"}]'
ROWS = f"""
    | userid  | courseid | batchid | active | status | completedon         | issued_certificates | datetime            |
    | same    | 60-c     | 60-b    | true   | 2      | 2026-02-01T10:00:00 |                     | 2026-02-01T10:00:00 |
    | same    | 60-c     | 60-b    | true   | 2      | 2026-02-01T10:00:00 |                     | 2026-02-01T10:00:00 |
    | moved   | 60-c     | 60-b    | true   | 1      |                     |                     | 2026-01-20T10:00:00 |
    | moved   | 60-c     | 60-b    | true   | 2      | 2026-02-01T10:00:00 |                     | 2026-02-01T10:00:00 |
    | issued  | 60-c     | 60-b    | true   | 2      | 2026-02-01T10:00:00 |                     | 2026-02-01T10:00:00 |
    | issued  | 60-c     | 60-b    | true   | 2      | 2026-02-01T10:00:00 | {HELD}              | 2026-02-01T11:00:00 |
    | revoked | 60-c     | 60-b    | true   | 2      | 2026-02-01T10:00:00 | {HELD}              | 2026-02-01T11:00:00 |
    | revoked | 60-c     | 60-b    | true   | 2      | 2026-02-01T10:00:00 |                     | 2026-03-01T10:00:00 |
"""


@pytest.mark.parametrize("is_turned", [False, True], ids=["dump first", "changes first"])
def test_case_60_a_learner_who_is_there_twice_is_found_once_as_the_row_written_last_says(
    spark, is_turned
):
    raw = table_of(USER_ENROLMENTS)(ROWS).coalesce(1)
    number = F.monotonically_increasing_id()
    made = enrolments(raw.orderBy(-number if is_turned else number))
    rows = first_of_key(
        made.rows.withColumn("bucket", F.lit(0)), ENROLMENTS, made.best_first, within="bucket"
    )
    frames = frames_of(spark, [OF_A_BATCH])
    offered = versions(frames["associations"])
    offers = batch_offers(offered, frames["batches"]), course_offers(offered)

    found = entitlements(rows, *offers, as_of=AS_OF, keeps_issued=False).where(needs_a_look())

    assert sorted(row.user_id for row in found.collect()) == ["moved", "revoked", "same"]
