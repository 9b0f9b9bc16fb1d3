"""The example queries of docs/queries: three of each metric table, that an analyst can run."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from jobs.contracts.metrics import METRIC_TABLES
from jobs.contracts.types import BOOLEAN, DATE, DOUBLE, INSTANT, INTEGER, JSON, LONG
from jobs.storage.store import Reader

QUERIES = Path(__file__).parents[1] / "docs" / "queries"
CONTRACTS = list(METRIC_TABLES.values())
DAY = date(2026, 11, 20)

every_table = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)


def statements(contract):
    """(what it answers, the SELECT) of each example."""
    text = (QUERIES / f"{contract.name}.sql").read_text(encoding="utf-8")
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return [re.fullmatch(r"((?:-- .+\n)+)(SELECT\b.+|WITH\b.+)", one, re.DOTALL) for one in parts]


def made_up(field, number):
    """Some value that the contract allows; a key's columns differ from row to row."""
    if field.one_of:
        return field.one_of[number % len(field.one_of)]
    return {
        BOOLEAN: number % 2 == 0,
        DATE: DAY - timedelta(days=number),
        DOUBLE: min(number / 10, field.at_most or 1.0),
        INSTANT: datetime(2026, 11, 21, tzinfo=UTC),
        INTEGER: number,
        JSON: "{}",
        LONG: number,
    }.get(field.type, f"{field.name} {number}")


@pytest.fixture
def filled(store):
    """A store with ten made-up rows in each metric table."""
    with store.transaction() as connection:
        for contract in CONTRACTS:
            statement = sql.SQL("INSERT INTO {} VALUES ({})").format(
                sql.Identifier("metrics", contract.name),
                sql.SQL(", ").join(sql.Placeholder() * len(contract.fields)),
            )
            rows = [[made_up(field, n) for field in contract.fields] for n in range(10)]
            connection.cursor().executemany(statement, rows)
    return store


@every_table
def test_there_are_three_examples_that_say_what_they_answer(contract):
    found = statements(contract)

    assert len(found) == 3
    assert all(found)
    assert all(contract.name in one.group(2) for one in found)


def test_examples_are_of_tables_that_there_are():
    assert {file.stem for file in QUERIES.glob("*.sql")} == set(METRIC_TABLES)


def test_analyst_runs_each_example(filled):
    for contract in CONTRACTS:
        for _, query in (one.groups() for one in statements(contract)):
            with filled.reader_transaction(Reader.ANALYST) as connection:
                found = connection.execute(query)
                names = [column.name for column in found.description]
                assert "?column?" not in names, contract.name
                assert len(set(names)) == len(names), contract.name
                found.fetchall()


def test_analyst_reads_each_metric_table_and_changes_none(filled):
    with psycopg.connect(filled.analyst_url, autocommit=True) as connection:
        for contract in CONTRACTS:
            table = sql.Identifier("metrics", contract.name)
            count = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
            assert count == (10,)
            for verb in ("DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql.SQL(verb).format(table))
