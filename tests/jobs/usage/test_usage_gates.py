"""The identities as gates: a day whose tables do not add up is not published, and says why."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from jobs.contracts.usage_metrics import SCANS_BY_CODE_DAILY, USAGE_DAILY, USAGE_DAILY_BY_STATE
from jobs.errors import GateError
from jobs.quality.metrics.job import publish_partitions
from jobs.storage.metrics import Partition
from tests.jobs.usage.usage_platform import adopt

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
COUNTS = {
    field.name: 0.0 if field.name.endswith("_hours") else 0
    for field in USAGE_DAILY.fields
    if field.name.endswith(("_count", "_hours"))
}


def usage_row(scope, channel="", platform="all", **counts):
    row = {"day": DAY, "owner_scope": scope, "owner_channel": channel, "platform": platform}
    return row | COUNTS | {"is_final": False} | counts


def day_of_usage():
    """One tenant's 3 scans (1 failed) and 2 plays of one device in the app, and one unmapped."""
    own = {"scan_count": 3, "successful_scan_count": 2, "failed_scan_count": 1, "play_count": 2}
    own |= {"play_device_count": 1, "play_hours": 0.5}
    lost = {"scan_count": 1, "failed_scan_count": 1, "unmapped_scan_count": 1}
    both = own | {"scan_count": 4, "failed_scan_count": 2, "unmapped_scan_count": 1}
    usage = [
        usage_row(scope, channel, platform, **counts)
        for scope, channel, counts in (
            ("tenant", "gj", own), ("unmapped", "", lost), ("overall", "", both)
        )
        for platform in ("all", "app")
    ]  # fmt: skip
    states = [
        {name: row[name] for name in USAGE_DAILY_BY_STATE.columns if name in row}
        | {"state_code": "IN-GJ"}
        for row in usage
        if row["platform"] == "all"
    ]
    codes = [
        {name: row[name] for name in SCANS_BY_CODE_DAILY.columns if name in row} | {"code": "A1"}
        for row in states
        if row["owner_scope"] != "overall"
    ]
    return usage, states, codes


def publish(store, usage, states, codes):
    contracts = (USAGE_DAILY, USAGE_DAILY_BY_STATE, SCANS_BY_CODE_DAILY)
    partitions = [
        Partition(contract, pa.Table.from_pylist(rows, contract.arrow_schema()), NOW, {"day": DAY})
        for contract, rows in zip(contracts, (usage, states, codes), strict=True)
    ]
    return publish_partitions(store, partitions, now=NOW)


def test_day_that_adds_up_is_published(store):
    assert publish(store, *day_of_usage()) == {
        "usage_daily": 6,
        "usage_daily_by_state": 3,
        "scans_by_code_daily": 2,
    }


OVERALL_APP = 5


@pytest.mark.parametrize(
    ("table", "row", "change", "check"),
    [
        (0, 0, {"play_count": 3}, "owners add up to the whole"),
        (0, 0, {"play_hours": 0.75}, "owners add up to the whole"),
        (0, OVERALL_APP, {"session_count": 1}, "platforms add up to all"),
        (0, 0, {"successful_scan_count": 3}, "scans are successful or failed"),
        (0, OVERALL_APP, {"play_device_count": 2}, "no device without an event and none twice"),
        (0, 0, {"adopted_credit_count": 1}, "adopted credit has an adoption"),
        (1, 0, {"play_count": 1}, "states add up to the owner"),
        (2, 0, {"scan_count": 2}, "codes add up to the owner"),
    ],
)
def test_day_that_does_not_add_up_is_not_published(store, ask, table, row, change, check):
    tables = day_of_usage()
    tables[table][row] |= change

    with pytest.raises(GateError, match=check):
        publish(store, *tables)

    assert ask("SELECT count(*) FROM metrics.usage_daily") == [(0,)]
    failed = "SELECT DISTINCT check_name FROM operations.gate_verdict WHERE verdict = 'failed'"
    assert (check,) in ask(failed)


def test_credit_needs_an_adoption_that_held_on_the_day(store):
    credited = day_of_usage()
    for row in credited[0]:
        if row["owner_scope"] != "unmapped":
            row["adopted_credit_count"] = 2
    with store.transaction() as connection:
        adopt(connection, valid_to=datetime(2026, 11, 1, tzinfo=UTC))

    with pytest.raises(GateError, match="adopted credit has an adoption"):
        publish(store, *credited)

    with store.transaction() as connection:
        adopt(connection, valid_from=datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert publish(store, *credited)["usage_daily"] == 6
