"""Every role, every table of the store, every verb: what may be done, tried and looked up."""

import psycopg
import pytest

from jobs.contracts.operations import STORE_TABLES
from tests.store_fixtures import place

CONTRACTS = list(STORE_TABLES.values())
# A role that was given nothing, as everybody who may log in to the server.
NOBODY = "batch_nobody"
ROLES = ("owner", "operator", "analyst", "portal", NOBODY)
ONLY_ADDED_TO = {
    ("audit_log", "UPDATE"), ("audit_log", "DELETE"), ("audit_log", "TRUNCATE"),
    ("audit_head", "DELETE"), ("audit_head", "TRUNCATE"), ("audit_head", "UPDATE"),
}  # fmt: skip

every_table = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)


@pytest.fixture
def as_role(store):
    """as_role(role, statement): None, or the error that refused it; nothing is kept."""
    with psycopg.connect(store.url) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {NOBODY}")
        connection.execute(f"CREATE ROLE {NOBODY} NOLOGIN")

        def tried(role, statement):
            try:
                with connection.transaction(force_rollback=True):
                    if role != "owner":
                        connection.execute(f"SET LOCAL ROLE {role}")
                    connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege as error:
                return error
            except psycopg.Error:
                # It was let in, and stumbled over what the row must hold.
                return None
            return None

        yield tried
        connection.rollback()


def expected(role, contract, verb):
    """Whether a role may do this to the whole table, as the contracts say."""
    if role == "owner":
        return (contract.name, verb) not in ONLY_ADDED_TO
    if role == "operator":
        return verb == "SELECT" and not any(one.personal for one in contract.fields)
    return role == "portal" and (contract.name, verb) == ("job_request", "INSERT")


# ruff: noqa: S608 -- the names are those of the contracts
def statement(contract, verb):
    # The last column: a key may be one that nobody writes.
    table, column = place(contract), contract.fields[-1].name
    return {
        "SELECT": f"SELECT * FROM {table}",
        "INSERT": f"INSERT INTO {table} ({column}) VALUES (NULL)",
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table}",
        "TRUNCATE": f"TRUNCATE {table}",
    }[verb]


@every_table
def test_what_a_role_may_do_is_what_the_contract_says(as_role, contract):
    found = {
        (role, verb): as_role(role, statement(contract, verb)) is None
        for role in ROLES
        for verb in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    }
    wanted = {pair: expected(pair[0], contract, pair[1]) for pair in found}
    assert found == wanted


@every_table
def test_operator_reads_each_column_that_is_not_personal_and_analyst_none(as_role, contract):
    read = {
        (role, one.name)
        for role in ("operator", "analyst")
        for one in contract.fields
        if as_role(role, f'SELECT "{one.name}" FROM {place(contract)}') is None
    }
    assert read == {("operator", one.name) for one in contract.fields if not one.personal}


def test_analyst_reads_views_over_tables_that_are_closed_to_analysts(as_role):
    for name in ("table_freshness", "exhaust_minutes"):
        assert as_role("analyst", f"SELECT * FROM metrics.{name}") is None
    assert "schema operations" in str(as_role("analyst", "SELECT * FROM operations.snapshot"))


@every_table
def test_who_somebody_is_is_always_marked_as_personal(contract):
    telling = ("user_id", "user_ids", "requested_by", "asked_by", "recorded_by", "encryption_key")
    unmarked = [
        one.name
        for one in contract.fields
        if (one.name in telling or one.name.endswith("_user_id")) and not one.personal
    ]
    assert unmarked == []


def test_no_role_but_the_owner_runs_or_makes_anything(as_role, ask):
    made = {
        role: as_role(role, f"CREATE TABLE {schema}.mine (x int)") is None
        for role in ROLES[1:]
        for schema in ("operations", "metrics", "migrations")
    }
    assert made == dict.fromkeys(ROLES[1:], False)
    owners = ask(
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class"
        " WHERE relnamespace IN ('operations'::regnamespace, 'metrics'::regnamespace)"
    )
    assert len(owners) == 1
