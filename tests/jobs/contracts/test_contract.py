"""A contract refuses what it was not promised, with every difference at once."""

import pytest
from pyspark.sql import functions as F

from jobs.contracts.contract import Contract, Field
from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.operations import STORE_TABLES
from jobs.contracts.raw import RAW_TABLES
from jobs.contracts.types import INTEGER, TEXT, map_of
from jobs.errors import ContractError

TABLES = RAW_TABLES | CLEAN_TABLES | EXHAUST_TABLES | STORE_TABLES
SEATS = Contract(
    name="seats",
    grain="one row per learner",
    key=("user_id",),
    fields=(
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("marks", INTEGER, "marks", at_least=0),
        Field("per_test", map_of(TEXT, INTEGER), "marks per test"),
    ),
)
NATIVE = "user_id string, marks int, per_test map<string, int>"


def test_table_as_promised_comes_in_the_promised_order(spark):
    table = spark.createDataFrame([("u1", 3, {"a": 1})], NATIVE)

    conformed = SEATS.conform(table.select("per_test", "marks", "user_id"))

    assert conformed.columns == ["user_id", "marks", "per_test"]
    assert conformed.schema == SEATS.spark_schema()


def test_all_differences_are_told_at_once(spark):
    table = spark.range(1).select(F.lit("3").alias("marks"), F.lit(1).alias("rank"), "id")

    with pytest.raises(ContractError) as told:
        SEATS.conform(table)

    assert str(told.value) == (
        "Table `seats` breaks its contract (one row per learner):"
        " column `user_id` (string) is missing;"
        " column `per_test` (map<string,int>) is missing;"
        " column `marks` is string, promised int;"
        " column `rank` (int) was not promised;"
        " column `id` (bigint) was not promised."
        " Mend what makes the table, or change the contract and the changelog together."
    )
    assert ContractError.exit_code == 10


def test_loosened_column_may_be_empty_and_not_absent(spark):
    loose = SEATS.loosened("user_id")

    assert (loose.required, SEATS.required) == ([], ["user_id"])
    with pytest.raises(ContractError, match="`user_id`"):
        loose.conform(spark.createDataFrame([(3, {})], "marks int, per_test map<string, int>"))


@pytest.mark.parametrize("contract", TABLES.values(), ids=list(TABLES))
def test_every_contract_tells_its_grain_in_a_sentence_and_has_its_key_among_its_fields(contract):
    assert contract.grain
    assert set(contract.key) <= set(contract.columns)
    assert len(set(contract.columns)) == len(contract.columns)
    assert [field.name for field in contract.fields if not field.meaning] == []


@pytest.mark.parametrize("contract", TABLES.values(), ids=list(TABLES))
def test_arrow_and_spark_promise_the_same_columns(contract):
    assert contract.arrow_schema().names == contract.spark_schema().names == contract.columns
