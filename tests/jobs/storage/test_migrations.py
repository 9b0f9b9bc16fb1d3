"""The store's tables are the contracts', may be undone, and open only what they should."""

import re
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

from jobs.contracts.metrics import METRIC_TABLES
from jobs.contracts.operations import STORE_TABLES
from jobs.errors import UnavailableError
from jobs.storage import postgres
from jobs.storage.connect import connect
from jobs.storage.migrations import run
from jobs.storage.migrations.files import SQL, head
from jobs.storage.server import DATABASE
from jobs.storage.store import Reader, Store
from tests.store_fixtures import place

CONNECT = Path(__file__).parents[3] / "docs" / "connect.md"
CONTRACTS = [*STORE_TABLES.values(), *METRIC_TABLES.values()]

SHAPE = """
SELECT table_schema, table_name, column_name, column_default, is_nullable, data_type
FROM information_schema.columns
WHERE table_schema IN ('public', 'operations', 'metrics')
ORDER BY table_schema, table_name, ordinal_position
"""

SUNBIRDS_OWN = """
CREATE TABLE dev_job_request (
    tag varchar(100), request_id varchar(50), job_id varchar(50), status varchar(50),
    request_data json, requested_by varchar(50), requested_channel varchar(50),
    dt_job_submitted timestamp, download_urls text[], dt_file_created timestamp,
    dt_job_completed timestamp, execution_time int, err_message varchar(300),
    encryption_key varchar(500), batch_number int, processed_batches text,
    PRIMARY KEY (tag, request_id)
)
"""


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_columns_are_those_of_the_contract(ask, contract):
    found = ask(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        place(contract),
    )

    assert found == [(one.name, one.type.postgres, one.required) for one in contract.fields]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_key_is_that_of_the_contract(ask, contract):
    found = ask(
        "SELECT attname FROM pg_constraint"
        " CROSS JOIN unnest(conkey) WITH ORDINALITY AS key (number, place)"
        " INNER JOIN pg_attribute ON attrelid = conrelid AND attnum = key.number"
        " WHERE contype = 'p' AND conrelid = to_regclass(%s) ORDER BY key.place",
        place(contract),
    )

    assert tuple(name for (name,) in found) == contract.key


@pytest.mark.parametrize(
    ("contract", "one"),
    # Of metric tables the gate looks at the values before they are published.
    [(table, one) for table in STORE_TABLES.values() for one in table.fields if one.one_of],
    ids=lambda part: part.name,
)
def test_values_are_held_to_the_contract(ask, contract, one):
    (clause,) = [
        clause
        for (clause,) in ask(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid = to_regclass(%s)",
            place(contract),
        )
        if f"({one.name} = " in clause
    ]

    assert set(clause.split("'")[1::2]) == set(one.one_of)


def test_store_has_no_table_without_a_contract(ask):
    found = ask(
        "SELECT schemaname || '.' || tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'migrations')"
    )

    assert {name for (name,) in found} == {place(contract) for contract in CONTRACTS}


def test_latest_snapshot_of_each_table_is_its_freshness(store, ask):
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.snapshot VALUES"
            " ('s1', 'batches', '/s1', 4, 10, 1, '2026-01-01Z', '2026-01-01 01:00Z'),"
            " ('s2', 'batches', '/s2', 4, 12, 0, '2026-01-02Z', '2026-01-02 01:00Z'),"
            " ('s3', 'progress', '/s3', 4, 7, 2, '2026-01-01Z', '2026-01-01 02:00Z')"
        )

    found = ask("SELECT table_name, row_count, quarantined_count FROM metrics.table_freshness")

    assert sorted(found) == [("batches", 12, 0), ("progress", 7, 2)]


def test_every_revision_has_its_two_files_and_its_stub():
    numbers = sorted(file.name.removesuffix(".up.sql") for file in SQL.glob("*.up.sql"))
    downs = sorted(file.name.removesuffix(".down.sql") for file in SQL.glob("*.down.sql"))
    stubs = sorted(
        stub.stem.removeprefix("r")
        for stub in (SQL.parents[1] / "jobs/storage/migrations/versions").glob("r*.py")
    )

    assert numbers == downs == stubs
    assert head() == numbers[-1].split("_")[0]


def test_migrations_go_up_down_and_up_again(empty_database):
    def shape():
        with psycopg.connect(empty_database) as connection:
            return connection.execute(SHAPE).fetchall()

    run.migrate(empty_database, request_table="job_request")
    first = shape()
    run.move(empty_database, "base", request_table="job_request")
    assert shape() == []
    run.migrate(empty_database, request_table="job_request")

    assert shape() == first
    assert first


def test_undoing_keeps_requests(empty_database):
    run.migrate(empty_database, request_table="job_request")
    with psycopg.connect(empty_database) as connection:
        connection.execute(
            "INSERT INTO job_request (tag, request_id, job_id, status, request_data)"
            " VALUES ('t', 'r', 'progress-exhaust', 'SUCCESS', '{}')"
        )

    run.move(empty_database, "base", request_table="job_request")
    run.migrate(empty_database, request_table="job_request")

    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT request_id FROM job_request").fetchall() == [("r",)]


def test_request_table_of_a_sunbird_is_left_as_it_is(empty_database):
    def shape():
        with psycopg.connect(empty_database) as connection:
            return [
                connection.execute(
                    "SELECT * FROM pg_indexes WHERE tablename = 'dev_job_request'"
                ).fetchall(),
                connection.execute(
                    "SELECT conname FROM pg_constraint"
                    " WHERE conrelid = 'public.dev_job_request'::regclass ORDER BY conname"
                ).fetchall(),
                connection.execute(
                    "SELECT attname, atttypid::regtype::text, col_description(attrelid, attnum)"
                    " FROM pg_attribute WHERE attrelid = 'public.dev_job_request'::regclass"
                    " ORDER BY attnum"
                ).fetchall(),
            ]

    with psycopg.connect(empty_database) as connection:
        connection.execute(SUNBIRDS_OWN)
    before = shape()

    run.migrate(empty_database, request_table="dev_job_request")
    assert shape() == before
    with psycopg.connect(empty_database) as connection:
        connection.execute("SET ROLE operator")
        connection.execute("SELECT status FROM public.dev_job_request")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT encryption_key FROM public.dev_job_request")
    with psycopg.connect(empty_database) as connection:
        connection.execute("SET ROLE analyst")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT status FROM public.dev_job_request")

    run.move(empty_database, "base", request_table="dev_job_request")
    assert shape() == before


@pytest.mark.full
def test_user_who_may_make_no_roles_gets_by_with_those_of_the_page(own_home):
    # Roles belong to the whole server: this one is the test's own.
    owner = postgres.start(own_home, durable=False)
    (roles,) = re.findall(r"```sql\n(CREATE ROLE.+?)```", CONNECT.read_text("utf-8"), re.DOTALL)
    url = make_conninfo(owner, user="batch", password="batch")
    with psycopg.connect(owner, autocommit=True) as administrator:
        administrator.execute("CREATE ROLE batch LOGIN PASSWORD 'batch'")
        administrator.execute(f"GRANT CREATE ON DATABASE {DATABASE} TO batch")
        administrator.execute("GRANT CREATE ON SCHEMA public TO batch")

        with pytest.raises(UnavailableError, match="create the roles analyst, operator and portal"):
            run.migrate(url, request_table="job_request")
        administrator.execute(roles)
    run.migrate(url, request_table="job_request")

    for role in Reader:
        with Store(url).reader_transaction(role) as connection:
            assert connection.execute("TABLE table_freshness").fetchall() == []


def test_migration_that_fails_leaves_nothing(empty_database):
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE SCHEMA metrics")
        connection.execute("CREATE TABLE metrics.table_freshness (in_the_way integer)")

    with pytest.raises(Exception, match="table_freshness"):
        run.migrate(empty_database, request_table="job_request")

    with connect(empty_database, row_factory=tuple_row) as connection:
        assert connection.execute("SELECT to_regclass('operations.lease')").fetchone() == (None,)
        assert run.applied(connection) == (None, None)
