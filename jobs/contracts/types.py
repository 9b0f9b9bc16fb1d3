"""The types that a contract's field can have, and what each is in Spark, Arrow and PostgreSQL.

Spark and Arrow are imported when asked for: a command that only sends mail pays for neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql.types import DataType


@dataclass(frozen=True)
class Type:
    """One type under its three names; `parts` are the element, key and value, or struct fields."""

    name: str
    spark_class: str
    arrow_name: str
    postgres: str
    parts: tuple[tuple[str, Type], ...] = ()

    def spark(self) -> DataType:
        from pyspark.sql import types as T

        if self.spark_class == "ArrayType":
            return T.ArrayType(self.parts[0][1].spark())
        if self.spark_class == "MapType":
            return T.MapType(self.parts[0][1].spark(), self.parts[1][1].spark())
        if self.spark_class == "StructType":
            return T.StructType([T.StructField(n, part.spark()) for n, part in self.parts])
        made: DataType = getattr(T, self.spark_class)()
        return made

    def arrow(self) -> pa.DataType:
        import pyarrow as pa

        if self.arrow_name == "list":
            return pa.list_(self.parts[0][1].arrow())
        if self.arrow_name == "map":
            return pa.map_(self.parts[0][1].arrow(), self.parts[1][1].arrow())
        if self.arrow_name == "struct":
            return pa.struct([(n, part.arrow()) for n, part in self.parts])
        if self.arrow_name == "instant":
            return pa.timestamp("us", tz="UTC")
        return getattr(pa, self.arrow_name)()


TEXT = Type("text", "StringType", "string", "text")
INTEGER = Type("integer", "IntegerType", "int32", "integer")
LONG = Type("long", "LongType", "int64", "bigint")
DOUBLE = Type("double", "DoubleType", "float64", "double precision")
BOOLEAN = Type("boolean", "BooleanType", "bool_", "boolean")
DATE = Type("date", "DateType", "date32", "date")
INSTANT = Type("instant", "TimestampType", "instant", "timestamp with time zone")
JSON = Type("json", "StringType", "string", "jsonb")


def list_of(element: Type) -> Type:
    return Type(
        f"list of {element.name}",
        "ArrayType",
        "list",
        f"{element.postgres}[]",
        (("element", element),),
    )


def map_of(key: Type, value: Type) -> Type:
    return Type(
        f"map of {key.name} to {value.name}",
        "MapType",
        "map",
        "jsonb",
        (("key", key), ("value", value)),
    )


def struct_of(**fields: Type) -> Type:
    names = ", ".join(f"{name} {part.name}" for name, part in fields.items())
    return Type(f"struct of {names}", "StructType", "struct", "jsonb", tuple(fields.items()))
