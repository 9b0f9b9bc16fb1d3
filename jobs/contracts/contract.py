"""A contract: what one table promises to everybody who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs.contracts.types import Type
from jobs.errors import ContractError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class Field:
    """One column: its name, type and meaning, and what may be in it.

    `personal` marks what tells who somebody is: never in a log, a gate result or a reader's
    query. `at_least` and `at_most` bound a number, `one_of` lists the only values. `unit` is what
    a number counts, `null_means` why a value can be absent.
    """

    name: str
    type: Type
    meaning: str
    required: bool = False
    personal: bool = False
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = ()
    unit: str = ""
    null_means: str = ""

    @property
    def told(self) -> str:
        """The meaning with its unit and what an absent value says."""
        unit = f" [{self.unit}]" if self.unit else ""
        return f"{self.meaning}{unit}{f'; NULL: {self.null_means}' if self.null_means else ''}"


@dataclass(frozen=True)
class Contract:
    """A table's name, its grain in one sentence, its key and its fields in order."""

    name: str
    grain: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    source: str = ""
    freshness: str = ""

    @property
    def columns(self) -> list[str]:
        return [field.name for field in self.fields]

    @property
    def required(self) -> list[str]:
        return [field.name for field in self.fields if field.required]

    def loosened(self, *names: str) -> Contract:
        """The same contract where a row may lack these columns' values, not the columns."""
        fields = tuple(
            replace(field, required=field.required and field.name not in names)
            for field in self.fields
        )
        return replace(self, fields=fields)

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def spark_schema(self) -> StructType:
        from pyspark.sql.types import StructField, StructType

        return StructType([StructField(field.name, field.type.spark()) for field in self.fields])

    def arrow_schema(self) -> pa.Schema:
        import pyarrow as pa

        return pa.schema([(field.name, field.type.arrow()) for field in self.fields])

    def conform(self, table: DataFrame) -> DataFrame:
        """The promised columns in the promised order.

        Raises ContractError with every difference at once, columns that were not promised among
        them: a column too many is most often a join that went wrong.
        """
        found = {column.name: column.dataType.simpleString() for column in table.schema.fields}
        self.refuse(found, {f.name: f.type.spark().simpleString() for f in self.fields})
        return table.select(*self.columns)

    def refuse(self, found: Mapping[str, str], promised: Mapping[str, str]) -> None:
        """Raise ContractError unless the columns and types found are the promised ones."""
        differences = [
            f"column `{name}` ({kind}) is missing"
            for name, kind in promised.items()
            if name not in found
        ]
        differences += [
            f"column `{name}` is {found[name]}, promised {kind}"
            for name, kind in promised.items()
            if name in found and found[name] != kind
        ]
        differences += [
            f"column `{name}` ({kind}) was not promised"
            for name, kind in found.items()
            if name not in promised
        ]
        if differences:
            raise ContractError(
                f"Table `{self.name}` breaks its contract ({self.grain}): {'; '.join(differences)}."
                " Mend what makes the table, or change the contract and the changelog together."
            )
