"""The store itself keeps the history of certificates as it was written."""

import psycopg
import pytest

from jobs.certificates.exporting.job import export_associations
from jobs.certificates.ledger import opened
from jobs.contracts.certificates import CERTIFICATE_ASSOCIATIONS
from jobs.storage.certificate_ledger import close, insert
from tests.jobs.certificates.ledger_fixtures import DAY, NOW

ROW = {
    "scope": "course", "course_id": "do_1", "tenant_id": "north", "certificate_type": "completion",
    "slot": "s", "template_id": "do_t", "origin": "command", "valid_from": NOW, "opened_at": NOW,
    "opened_by": "meena",
    "rule": '{"op":"AND","rules":[{"key":"score","cmp":">=","value":"79.5"}]}',
}  # fmt: skip


@pytest.fixture
def held(store):
    """A version that is open since NOW."""
    row = opened(ROW)
    with store.transaction() as connection:
        insert(connection, [row])
    return row


def test_two_versions_never_hold_one_slot_at_once(store, held):
    for begins in (NOW - DAY, NOW, NOW + DAY):
        with pytest.raises(Exception, match="one template at a time"), store.transaction() as one:
            insert(one, [opened(ROW, valid_from=begins, template_id="do_t9")])
    with store.transaction() as connection:
        close(connection, [held["version_id"]], valid_to=NOW + DAY, closed_at=NOW, closed_by="m",
              close_reason="r")  # fmt: skip
        insert(connection, [opened(ROW, valid_from=NOW + DAY), opened(ROW, slot="other")])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE operations.certificate_associations SET template_id = 'do_t9'",
        "UPDATE operations.certificate_associations SET rule = '{}'",
        "UPDATE operations.certificate_associations SET valid_from = valid_from - interval '1 day'",
        "DELETE FROM operations.certificate_associations",
    ],
)
def test_version_is_never_rewritten(store, held, change):
    with (
        pytest.raises(psycopg.errors.RaiseException, match="as it was written"),
        psycopg.connect(store.url) as connection,
    ):
        connection.execute(change)


def test_version_is_closed_once(store, held, ask):
    ending = "UPDATE operations.certificate_associations SET valid_to = valid_from + interval '1 day', closed_at = now()"
    with psycopg.connect(store.url) as connection:
        connection.execute(ending)
    for change in (
        ending,
        "UPDATE operations.certificate_associations SET valid_to = NULL, closed_at = NULL",
    ):
        with (
            pytest.raises(psycopg.errors.RaiseException, match="as it was written"),
            psycopg.connect(store.url) as connection,
        ):
            connection.execute(change)
    assert ask(
        "SELECT count(*) FROM operations.certificate_associations WHERE valid_to > valid_from"
    ) == [(1,)]


def test_ledger_is_exported_whole_with_its_rules_as_shape_and_values(store, held, tmp_path):
    import pyarrow.parquet as pq

    with store.transaction() as connection:
        assert export_associations(connection, tmp_path / "ledger.parquet") == 1
    table = pq.read_table(tmp_path / "ledger.parquet")
    [row] = table.to_pylist()

    assert table.column_names == [*CERTIFICATE_ASSOCIATIONS.columns, "rule_shape", "rule_values"]
    assert row["rule"] == ROW["rule"]
    assert row["rule_shape"] == '{"op":"AND","rules":[{"key":"score","cmp":">="}]}'
    assert row["rule_values"] == ["79.5"]
