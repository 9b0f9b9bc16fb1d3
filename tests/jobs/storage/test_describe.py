"""What the store says of its tables, and what it lets its roles do with them."""

import pytest

from jobs.contracts.metrics import METRIC_TABLES
from jobs.contracts.operations import STORE_TABLES
from jobs.storage.migrations import run
from tests.store_fixtures import place

ROLES = ("analyst", "operator", "portal")
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
COLUMN_VERBS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
CONTRACTS = list(STORE_TABLES.values())
DESCRIBED = [*CONTRACTS, *METRIC_TABLES.values()]


@pytest.mark.parametrize("contract", DESCRIBED, ids=lambda contract: contract.name)
def test_comments_are_those_of_the_contract(ask, contract):
    found = ask(
        "SELECT col_description(attrelid, attnum) FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 ORDER BY attnum",
        place(contract),
    )

    assert ask("SELECT obj_description(to_regclass(%s))", place(contract)) == [(contract.grain,)]
    assert [meaning for (meaning,) in found] == [one.told for one in contract.fields]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_roles_hold_exactly_the_privileges_meant_for_them(ask, contract):
    table = place(contract)
    on_table = {
        (role, verb)
        for role in ROLES
        for verb in VERBS
        if ask("SELECT has_table_privilege(%s, %s, %s)", role, table, verb) == [(True,)]
    }
    on_columns = {
        (role, verb, one.name)
        for role in ROLES
        for verb in COLUMN_VERBS
        for one in contract.fields
        if ask("SELECT has_column_privilege(%s, %s, %s, %s)", role, table, one.name, verb)
        == [(True,)]
    }

    writes = [("portal", "INSERT")] if contract.name == "job_request" else []
    reads = {("operator", "SELECT", one.name) for one in contract.fields if not one.personal}
    assert on_table == set(writes)
    assert on_columns == reads | {(*write, one.name) for write in writes for one in contract.fields}


def test_analyst_and_operator_read_the_metrics_and_portal_does_not(ask):
    names = [*METRIC_TABLES, "table_freshness", "exhaust_minutes"]
    held = {
        (role, verb, name)
        for name in names
        for role in ROLES
        for verb in VERBS
        if ask(
            "SELECT has_table_privilege(%s, %s, %s) AND has_schema_privilege(%s, 'metrics', 'USAGE')",
            role,
            f"metrics.{name}",
            verb,
            role,
        )
        == [(True,)]
    }

    assert held == {(role, "SELECT", name) for role in ("analyst", "operator") for name in names}


def test_analyst_enters_no_schema_of_ours_but_the_metrics(ask):
    entered = {
        (role, schema)
        for role in ROLES
        for schema in ("operations", "metrics", "migrations")
        if ask("SELECT has_schema_privilege(%s, %s, 'USAGE')", role, schema) == [(True,)]
    }

    assert entered == {("analyst", "metrics"), ("operator", "metrics"), ("operator", "operations")}


@pytest.mark.parametrize("role", ROLES)
def test_roles_make_nothing_of_their_own(ask, role):
    for schema in ("public", "operations", "metrics", "migrations"):
        assert ask("SELECT has_schema_privilege(%s, %s, 'CREATE')", role, schema) == [(False,)]


def test_contract_that_changed_is_described_anew(store):
    with store.transaction() as connection:
        connection.execute("COMMENT ON TABLE migrations.alembic_version IS 'of another contract'")
        connection.execute("COMMENT ON TABLE operations.lease IS 'old'")
        # As the first release laid them, and one by hand.
        connection.execute("GRANT USAGE ON SCHEMA operations TO analyst")
        connection.execute("GRANT SELECT (status) ON operations.delivery, job_request TO analyst")
        connection.execute("GRANT SELECT ON operations.delivery TO operator")

    run.migrate(store.url, request_table="job_request")

    with store.transaction() as connection:
        comment, *may = (
            connection.execute(
                "SELECT obj_description('operations.lease'::regclass) AS comment,"
                " has_column_privilege('operator', 'operations.delivery', 'server_said', 'SELECT')"
                " AS more, has_schema_privilege('analyst', 'operations', 'USAGE') AS enters,"
                " has_any_column_privilege('analyst', 'operations.delivery', 'SELECT') AS reads,"
                " has_any_column_privilege('analyst', 'job_request', 'SELECT') AS asks"
            )
            .fetchone()
            .values()
        )
    assert (comment, may) == (STORE_TABLES["lease"].grain, [False] * 4)
