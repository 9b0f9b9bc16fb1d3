"""A raw table under its contract's types, with what cannot be read named row by row."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, DOUBLE, INSTANT, INTEGER, JSON, LONG, TEXT, Type
from jobs.errors import ContractError

MALFORMED = "_malformed"
REASON = "_reason"
# Never the same twice: or Spark would filter before it reads, and read the keys twice for that.
ROW = "_row"

# What makes every text form of an instant ISO 8601: milliseconds after a colon, a bare offset.
COLON_MILLIS = r"^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}):(\d{1,6})"
BARE_OFFSET = r"([+-]\d{2})(\d{2})$"
# Mixed line ends leave theirs at a line's last value.
BLANKS = " \t\r\n"
# No id of a platform holds such characters, and PostgreSQL keeps neither a NUL nor a longer key.
NO_ID = r"[\x00-\x1F\x7F\uFFFD]"
LONGEST_ID = 500
PLAIN_ID = r"\A[!-~]++\z"
# Days in any time zone stay days that Python and spreadsheets know.
KNOWN_INSTANTS = ("0001-01-02", "9999-12-31")


@dataclass(frozen=True)
class Refined:
    """The rows that a clean table is made of, and those kept out of it.

    `rows` may hold a key more than once, and columns beyond the contract's: `best_first` says
    which row of a key stays, and the other columns serve it. `kept_out` holds, by source table,
    the rows that cannot be used, each with its `reason`, `batch_id` and `user_id`.
    """

    rows: DataFrame
    best_first: list[Column]
    kept_out: dict[str, DataFrame]


def typed(table: DataFrame, contract: Contract, *, vital: tuple[str, ...] = ()) -> DataFrame:
    """Every column of the contract in its type, and `_reason`: why a row cannot be used.

    A row cannot be used when its line could not be split (`malformed_row`), a key column is
    blank (`missing_<column>`), or a key or the value of a `vital` column cannot be read
    (`unreadable_<column>`); any other value that cannot be read is a NULL. Raises ContractError
    with every missing required column and every column whose type can never be read, at once.
    """
    found = {column.name.lower(): column for column in table.schema.fields}
    _refuse(contract, found)
    readings = {
        field.name: reading(F.col(f"`{found[field.name].name}`"), found[field.name].dataType, field)
        for field in contract.fields
        if field.name in found
    }
    problems = [
        F.when(
            readings[name][0].isNull(),
            F.when(readings[name][1], f"unreadable_{name}").otherwise(f"missing_{name}"),
        )
        for name in contract.required
    ]
    problems += [
        F.when(readings[name][0].isNull() & readings[name][1], F.lit(f"unreadable_{name}"))
        for name in vital
        if name in readings
    ]
    if MALFORMED in found:
        problems.insert(0, F.when(F.col(MALFORMED).isNotNull(), F.lit("malformed_row")))
    columns = [
        readings[field.name][0].alias(field.name)
        if field.name in readings
        else F.lit(None).cast(field.type.spark()).alias(field.name)
        for field in contract.fields
    ]
    reason = F.coalesce(*problems, F.lit(None)).alias(REASON)
    return table.select(*columns, reason, F.monotonically_increasing_id().alias(ROW))


def usable(table: DataFrame) -> DataFrame:
    """The rows of a typed table that can be used."""
    return table.where(F.col(REASON).isNull() & (F.col(ROW) >= 0)).drop(REASON, ROW)


def unusable(table: DataFrame) -> DataFrame:
    """(reason, batch_id, user_id) of the rows of a typed table that cannot be used."""
    return table.where(F.col(REASON).isNotNull()).select(
        F.col(REASON).alias("reason"),
        _first_there(table, "batch_id", "batchid").alias("batch_id"),
        _first_there(table, "user_id", "userid").alias("user_id"),
    )


def _first_there(table: DataFrame, *names: str) -> Column:
    """The first of these columns that the table has; empty where the row has no value."""
    found = [F.col(name) for name in names if name in table.columns]
    return F.coalesce(*found[:1], F.lit(""))


def reading(column: Column, found: T.DataType, field: Field) -> tuple[Column, Column]:
    """The value in the contract's type, and whether the source gave any."""
    value, given = _reading(column, found, field)
    if field.type == INSTANT and not isinstance(found, T.StringType):
        return known_instant(value), given
    return finite(value) if field.type == DOUBLE else value, given


def _reading(column: Column, found: T.DataType, field: Field) -> tuple[Column, Column]:
    given = column.isNotNull()
    if isinstance(found, T.StringType):
        text = F.trim(column, F.lit(BLANKS))
        given = given & (text != "")
        return from_text(column, text, field), given
    if field.type in (TEXT, JSON):
        if isinstance(found, (T.ArrayType, T.MapType, T.StructType)):
            return F.to_json(column), given
        return column.cast("string"), given
    if field.type == INSTANT and isinstance(found, (T.LongType, T.IntegerType)):
        return F.timestamp_millis(column.cast("long")), given
    return column.try_cast(field.type.spark()), given


def from_text(column: Column, text: Column, field: Field) -> Column:
    kind = field.type
    if kind == TEXT:
        # A key with blanks around it would match nothing; other text is kept as it was written.
        return _id(column, text) if field.required else column
    if kind == JSON:
        return F.when(text != "", column)
    if kind in (INTEGER, LONG):
        return F.coalesce(
            text.try_cast(kind.spark()),
            # "2.0" is how some exporters write a whole number that may be NULL.
            F.when(text.rlike(r"^-?\d+\.0+$"), text.try_cast("double")).try_cast(kind.spark()),
        )
    if kind == DOUBLE:
        number = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
        return F.when(text.rlike(number), text.try_cast("double"))
    if kind == BOOLEAN:
        word = F.lower(text)
        return F.when(word.isin("true", "t", "1", "yes"), F.lit(True)).when(
            word.isin("false", "f", "0", "no"), F.lit(False)
        )
    if kind == INSTANT:
        return instant_from_text(text)
    return nested_from_text(text, kind)


def finite(number: Column) -> Column:
    """The number; NULL where it is infinite or none."""
    # NaN is greater than infinity here.
    return F.when(F.abs(number) < F.lit(float("inf")), number)


def known_instant(instant: Column) -> Column:
    first, last = (F.lit(day).cast("timestamp") for day in KNOWN_INSTANTS)
    return F.when(instant.between(first, last), instant)


def _id(column: Column, text: Column) -> Column:
    # Nearly every id is plain: then neither the blanks are taken off nor the rest is looked for.
    is_plain = (F.length(column) <= LONGEST_ID) & column.rlike(PLAIN_ID)
    is_usable = (text != "") & ~text.rlike(NO_ID) & (F.length(text) <= LONGEST_ID)
    return F.when(is_plain, column).when(is_usable, text)


def instant_from_text(text: Column) -> Column:
    """An instant from any text form that Sunbird's tables hold; NULL where it is none.

    ISO 8601; the same with a blank for the T, with milliseconds after a colon and with a bare
    offset; epoch milliseconds. Without a zone it is UTC, which is the session's zone.
    """
    millis = F.when(text.rlike(r"^-?\d{11,14}$"), F.timestamp_millis(text.try_cast("long")))
    iso = F.regexp_replace(F.regexp_replace(text, COLON_MILLIS, "$1.$2"), BARE_OFFSET, "$1:$2")
    # The offset's pattern would also take the end of a day apart: 2021-07-0102 is no instant.
    whole = F.when(text.rlike(r"^\d{4}-\d{2}-\d{2}($|[ T]\d{2}:)"), iso.try_cast("timestamp"))
    return known_instant(F.coalesce(whole, millis))


def nested_from_text(text: Column, kind: Type) -> Column:
    """A list or map from JSON text or Cassandra's text form; NULL where it is neither."""
    # Cassandra writes a set of texts between braces.
    json = (
        F.regexp_replace(text, r"^\{(.*)\}$", "[$1]") if kind.spark_class == "ArrayType" else text
    )
    return F.from_json(
        json, kind.spark().simpleString(), {"allowSingleQuotes": "true", "mode": "PERMISSIVE"}
    )


def latest(new: Column, old: Column) -> Column:
    """Sunbird's rule for a column that was replaced: the new one wins where it is given."""
    return F.coalesce(new, old)


def day_of(instant: Column, timezone: str) -> Column:
    """The day of an instant in the report time zone (the session's zone is UTC)."""
    return F.from_utc_timestamp(instant, timezone).cast("date")


def _refuse(contract: Contract, found: dict[str, T.StructField]) -> None:
    missing = [
        f"required column `{name}` is missing" for name in contract.required if name not in found
    ]
    nested = {"ArrayType": T.ArrayType, "MapType": T.MapType}
    wrong = [
        f"column `{field.name}` is {found[field.name].dataType.simpleString()}, promised is"
        f" {field.type.name}, as such or as text"
        for field in contract.fields
        if field.name in found
        and not isinstance(found[field.name].dataType, T.StringType)
        and (
            (field.type.spark_class in nested)
            != isinstance(found[field.name].dataType, (T.ArrayType, T.MapType))
            if field.type not in (TEXT, JSON)
            else isinstance(found[field.name].dataType, T.BinaryType)
        )
    ]
    if missing or wrong:
        columns = ", ".join(sorted(set(found) - {MALFORMED})) or "none"
        raise ContractError(
            f"The raw table `{contract.name}` ({contract.grain}) cannot be used:"
            f" {'; '.join(missing + wrong)}. Columns found: {columns}."
            " Mend the source, or its entry in the lake catalogue."
        )
