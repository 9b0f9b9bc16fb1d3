"""The three tables of daily usage, on drawn events: the known flaws of older jobs among them."""

import pytest
from pyspark.sql import functions as F

from jobs.contracts.usage_credits import CREDITED_EVENTS, USAGE_TENANTS
from jobs.contracts.usage_metrics import SCANS_BY_CODE_DAILY, USAGE_DAILY, USAGE_DAILY_BY_STATE
from jobs.storage.metric_queries import run_metric
from jobs.usage.states import state_names
from tests.tables import table_of

EVENTS = """
    | kind             | owner_scope  | owner_channel | platform | device_id | code | is_successful | milliseconds | state_code | is_adopted_credit |
    | scan             | tenant       | nat           | unknown  |           | AAA  | true          | 0            | IN-GJ      | false             |
    | scan             | tenant       | nat           | app      |           | AAA  | false         | 0            | IN-DL      | false             |
    | scan             | tenant       | gj            | app      |           | AAA  | true          | 0            | IN-GJ      | true              |
    | scan             | unmapped     |               | app      |           | QQQ  | false         | 0            | IN-GJ      | false             |
    | scan             | unmapped     |               | app      |           | YYY  | true          | 0            | unknown    | false             |
    | play             | tenant       | nat           | app      | d1        |      | false         | 1800000      | IN-GJ      | false             |
    | play             | tenant       | nat           | portal   | d1        |      | false         | 1440001      | IN-GJ      | false             |
    | play             | tenant       | gj            | app      | d1        |      | false         | 0            | IN-GJ      | true              |
    | play             | tenant       | gj            | desktop  | d2        |      | false         | 1000         | IN-DL      | false             |
    | play             | unattributed |               | app      |           |      | false         | 1000         | unknown    | false             |
    | play             | ambiguous    |               | app      | d3        |      | false         | 1000         | abroad     | false             |
    | content_download | tenant       | gj            | app      |           |      | false         | 0            | IN-GJ      | false             |
    | session          | tenant       | gj            | app      | d1        |      | false         | 7200000      | IN-GJ      | false             |
    | session          | unmapped     |               | app      | d1        |      | false         | 1            | IN-GJ      | false             |
    """
DAY = "2026-11-20"


def drawn_credits(drawing=EVENTS):
    unset = {"day": F.lit(DAY).cast("date"), "code": F.coalesce("code", F.lit(""))}
    flags = ("is_location_unknown", "is_location_conflict", "is_tied")
    return table_of(CREDITED_EVENTS)(drawing).withColumns(
        unset
        | {"owner_channel": F.coalesce("owner_channel", F.lit(""))}
        | {name: F.coalesce(name, F.lit(False)) for name in flags}
    )


@pytest.fixture(scope="module")
def views(spark):
    return {
        "credited_events": drawn_credits(),
        "usage_tenants": table_of(USAGE_TENANTS)("""
            | channel | org_id | slug | name     |
            | nat     | o1     | nat  | National |
            | gj      | o2     | gj   | Gujarat  |
            | idle    | o3     | idle | Idle     |
        """),
        "state_names": state_names(spark),
        "days": spark.createDataFrame([(DAY, False)], "day string, is_final boolean").withColumn(
            "day", F.col("day").cast("date")
        ),
    }


@pytest.fixture(scope="module")
def usage(spark, views):
    """(scope, channel, platform) to the row."""
    table = USAGE_DAILY.conform(run_metric(spark, "usage/usage_daily", views, {}))
    return {(row.owner_scope, row.owner_channel, row.platform): row for row in table.collect()}


def test_device_of_two_platforms_or_two_tenants_is_counted_once(usage):
    devices = {key: row.play_device_count for key, row in usage.items() if row.play_device_count}

    assert devices == {
        ("tenant", "nat", "app"): 1,
        ("tenant", "nat", "portal"): 1,
        ("tenant", "nat", "all"): 1,
        ("tenant", "gj", "app"): 1,
        ("tenant", "gj", "desktop"): 1,
        ("tenant", "gj", "all"): 2,
        ("ambiguous", "", "app"): 1,
        ("ambiguous", "", "all"): 1,
        ("overall", "", "app"): 2,
        ("overall", "", "portal"): 1,
        ("overall", "", "desktop"): 1,
        ("overall", "", "all"): 3,
    }
    assert usage["overall", "", "all"].session_device_count == 1


def test_scans_of_every_channel_without_a_slug_are_unmapped_and_none_disappears(usage):
    whole = usage["overall", "", "all"]

    assert (whole.scan_count, whole.unmapped_scan_count, whole.unmapped_scan_ratio) == (5, 2, 0.4)
    assert usage["unmapped", "", "all"].scan_count == 2
    assert usage["tenant", "nat", "all"].unmapped_scan_count == 0


def test_failed_share_of_the_whole_has_the_failures_of_unmapped_scans_in_it(usage):
    whole = usage["overall", "", "all"]

    assert (whole.failed_scan_count, whole.failed_scan_ratio) == (2, 0.4)
    assert usage["tenant", "nat", "all"].failed_scan_ratio == 0.5


def test_owner_without_failed_scans_or_without_any_has_its_row(usage):
    assert usage["tenant", "gj", "all"].failed_scan_count == 0
    assert usage["tenant", "gj", "all"].failed_scan_ratio == 0.0
    idle = usage["tenant", "idle", "all"]
    assert (idle.owner_slug, idle.scan_count, idle.failed_scan_ratio) == ("idle", 0, None)
    assert len(usage) == (3 + 4) * 5


def test_hours_are_told_whole_and_add_up_whoever_they_are_of(usage):
    hours = {key: row.play_hours for key, row in usage.items() if key[2] == "all"}

    assert hours["tenant", "nat", "all"] == 3240001 / 3600000
    owners = sum(value for key, value in hours.items() if key[0] != "overall")
    assert hours["overall", "", "all"] == pytest.approx(owners, abs=1e-9)
    assert usage["overall", "", "all"].session_hours == 7200001 / 3600000


def test_play_that_took_no_time_is_a_play(usage):
    assert usage["tenant", "gj", "app"].play_count == 1
    assert usage["overall", "", "all"].play_count == 6


def test_every_count_of_the_owners_adds_up_to_the_whole_and_every_platform_to_all(usage):
    added = [name for name in USAGE_DAILY.columns if name.endswith("_count")]
    added = [name for name in added if "device" not in name]

    for name in added:
        values = {key: row[name] for key, row in usage.items()}
        whole = values["overall", "", "all"]
        owners = [
            n for (scope, _, where), n in values.items() if scope != "overall" and where == "all"
        ]
        platforms = [
            n for (scope, _, where), n in values.items() if scope == "overall" and where != "all"
        ]
        assert (name, sum(owners), sum(platforms)) == (name, whole, whole)


def test_states_hold_each_event_where_the_device_was(spark, views):
    table = run_metric(spark, "usage/usage_daily_by_state", views, {})
    rows = {
        (row.owner_scope, row.owner_channel, row.state_code): row
        for row in USAGE_DAILY_BY_STATE.conform(table).collect()
    }

    whole = {key[2]: row for key, row in rows.items() if key[0] == "overall"}
    assert {code: (row.scan_count, row.play_count) for code, row in whole.items()} == {
        "IN-GJ": (3, 3),
        "IN-DL": (1, 1),
        "unknown": (1, 1),
        "abroad": (0, 1),
    }
    assert whole["IN-GJ"].play_device_count == 1
    assert (whole["IN-GJ"].state_name, whole["abroad"].state_name) == ("Gujarat", None)
    assert rows["tenant", "gj", "IN-GJ"].adopted_credit_count == 2
    assert rows["tenant", "gj", "IN-GJ"].owner_slug == "gj"


def test_scans_of_a_code_are_told_by_whom_they_are_credited_to(spark, views):
    table = SCANS_BY_CODE_DAILY.conform(run_metric(spark, "usage/scans_by_code_daily", views, {}))

    assert {
        (row.owner_channel, row.code): (row.scan_count, row.failed_scan_count)
        for row in table.collect()
    } == {("nat", "AAA"): (2, 1), ("gj", "AAA"): (1, 0), ("", "QQQ"): (1, 1), ("", "YYY"): (1, 0)}
