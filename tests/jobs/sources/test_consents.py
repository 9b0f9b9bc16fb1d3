"""Consents as the platform holds them, into one clear row each."""

from datetime import UTC, datetime

from pyspark.sql import functions as F

from jobs.contracts.consents import CONSENTS, PLATFORM_SETTINGS
from jobs.contracts.raw_privacy import GUARDIAN_CONSENT, SYSTEM_SETTINGS, USER_CONSENT
from jobs.sources.consents import consents, platform_settings
from jobs.sources.keys import first_of_key
from tests.tables import table_of

given = table_of(USER_CONSENT)
guardians = table_of(GUARDIAN_CONSENT)
settings = table_of(SYSTEM_SETTINGS)


def rows_of(user_consent, guardian_consent):
    refined = consents(user_consent, guardian_consent)
    single = first_of_key(
        refined.rows.withColumn("bucket", F.lit(0)), CONSENTS, refined.best_first, within="bucket"
    )
    return {row["user_id"]: row for row in single.select(*CONSENTS.columns).collect()}


def test_of_several_rows_the_newest_counts_and_the_no_where_it_is_unclear(spark):
    found = rows_of(
        given("""
            | user_id | consumer_id | object_id | status  | expiry               | last_updated_on      | created_on           |
            | plain   | up          | do_1      | Active  | 2027-01-01T00:00:00Z | 2026-10-01T00:00:00Z |                      |
            | again   | up          | do_1      | REVOKED | 2027-01-01T00:00:00Z | 2026-10-01T00:00:00Z |                      |
            | again   | up          | do_1      | ACTIVE  | 2027-01-01T00:00:00Z | 2026-10-02T00:00:00Z |                      |
            | tie     | up          | do_1      | ACTIVE  | 2027-01-01T00:00:00Z | 2026-10-01T00:00:00Z |                      |
            | tie     | up          | do_1      | REVOKED | 2027-01-01T00:00:00Z | 2026-10-01T00:00:00Z |                      |
            | notime  | up          | do_1      | ACTIVE  | 2027-01-01T00:00:00Z | 2026-10-01T00:00:00Z |                      |
            | notime  | up          | do_1      | REVOKED | 2027-01-01T00:00:00Z |                      |                      |
            | first   | up          | do_1      | ACTIVE  |                      |                      | 2026-09-01T00:00:00Z |
        """),
        guardians("""
            | user_id | verified_on          | expiry               |
            | plain   | 2026-01-01T00:00:00Z | 2026-02-01T00:00:00Z |
            | plain   | 2026-03-01T00:00:00Z |                      |
        """),
    )
    status = {id: row["status"] for id, row in found.items()}
    assert status == {
        "plain": "active", "again": "active", "tie": "revoked", "notime": "revoked",
        "first": "active",
    }  # fmt: skip
    assert found["first"]["expires_at"] is None
    assert found["first"]["updated_at"] is not None
    assert found["plain"]["guardian_verified_at"] == datetime(2026, 3, 1, tzinfo=UTC).replace(
        tzinfo=None
    )
    assert found["plain"]["guardian_expires_at"] is None
    assert found["again"]["guardian_verified_at"] is None


def test_the_settings_of_the_platform_by_their_id(spark):
    refined = platform_settings(
        settings("""
            | id             | field          | value |
            | custodianOrgId | custodianOrgId | 0130  |
        """)
    )
    rows = refined.rows.select(*PLATFORM_SETTINGS.columns).collect()
    assert [tuple(row) for row in rows] == [("custodianOrgId", "0130")]
