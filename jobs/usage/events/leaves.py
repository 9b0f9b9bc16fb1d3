"""The values of a telemetry event, whatever form its file has them in."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

PAIRS = "array<struct<id:string,type:string>>"
TEXTS = "array<string>"

# Every value that is read of an event; a file that nests more of them is not read further.
PATHS = (
    "eid", "ets", "syncts", "@timestamp", "mid", "uid", "actor/id", "actor/type",
    "context/channel", "context/env", "context/pdata/id", "context/sid", "context/did",
    "context/cdata", "context/date_range/from", "object/id", "object/type", "object/rollup/l1",
    "edata/id", "edata/subtype", "edata/pageid", "edata/state", "edata/size", "edata/filters",
    "edata/filters/dialcodes", "edata/filters/dialCodes", "edata/extra", "edata/extra/values",
    "edata/eks/start_time", "edata/eks/time_spent", "dimensions/did", "dimensions/sid",
    "dimensions/channel", "dimensions/type", "dimensions/mode", "dimensions/pdata/id",
    "devicedata/countrycode", "devicedata/state", "devicedata/userdeclared/state",
    "devicedata/uaspec/system", "userdata/state", "dialcodedata/channel",
)  # fmt: skip


def flat(telemetry: DataFrame) -> DataFrame:
    """A column per value, named by its path: of a nested file no other columns are read."""
    found = {path: type_at(telemetry.schema, path) for path in PATHS}
    return telemetry.select(
        *[
            column_at(path).alias(path)
            for path, kind in found.items()
            # Of what is nested the parts are read.
            if kind is not None and not isinstance(kind, T.StructType)
        ],
        "_file",
        "_torn",
    )


def type_at(schema: T.StructType, path: str) -> T.DataType | None:
    found: T.DataType = schema
    for name in path.split("/"):
        if not isinstance(found, T.StructType) or name not in found.fieldNames():
            return None
        found = found[name].dataType
    return found


def column_at(path: str) -> Column:
    first, *inner = path.split("/")
    column = F.col(f"`{first}`")
    for name in inner:
        column = column.getField(name)
    return column


@dataclass(frozen=True)
class Leaves:
    """Columns of the values of a `flat` table; what it lacks is NULL."""

    schema: T.StructType

    def text(self, path: str) -> Column:
        """A value as text, as it was sent; a list with commas between."""
        if path not in self.schema.fieldNames():
            return F.lit(None).cast("string")
        kind = self.schema[path].dataType
        if isinstance(kind, T.ArrayType):
            return F.array_join(F.col(f"`{path}`").cast(TEXTS), ",")
        column = F.col(f"`{path}`")
        return column if isinstance(kind, T.StringType) else column.cast("string")

    def number(self, path: str) -> Column:
        """A value as a number; text that is none is NULL."""
        if self.is_a(path, T.NumericType):
            return F.col(f"`{path}`").cast("double")
        return self.text(path).try_cast("double")

    def millis(self, path: str) -> Column:
        """An instant in whole milliseconds, of a whole number or a double."""
        if self.is_a(path, T.LongType):
            return F.col(f"`{path}`")
        # Beyond this nothing is a date, and the cast of a larger one raises.
        number = self.number(path)
        return F.when(F.abs(number) < 1e15, number).cast("bigint")

    def pairs(self, path: str) -> Column:
        """A list of id and type, of a list or of its JSON."""
        found = self.schema[path].dataType if path in self.schema.fieldNames() else None
        if not isinstance(found, T.ArrayType):
            return F.from_json(self.text(path), PAIRS)
        # Where all lists of a file are empty, their type says nothing of what they would hold.
        element = found.elementType
        is_pair = isinstance(element, T.StructType) and {"id", "type"} <= set(element.fieldNames())
        return F.col(f"`{path}`") if is_pair else F.lit(None).cast(PAIRS)

    def first_course(self, path: str) -> Column:
        """The course of the first of a list of values."""
        values = f"{path}/values"
        if values in self.schema.fieldNames():
            return F.get(F.col(f"`{values}`").getField("courseId"), F.lit(0))
        return F.get_json_object(self.text(path), "$.values[0].courseId")

    def is_a(self, path: str, kind: type[T.DataType]) -> bool:
        return path in self.schema.fieldNames() and isinstance(self.schema[path].dataType, kind)
