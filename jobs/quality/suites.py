"""The checks that follow from a contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jobs.contracts.contract import Contract, Field
from jobs.quality.verdicts import Severity


@dataclass(frozen=True)
class Check:
    """One expectation of great-expectations, by the name of its class and its arguments."""

    name: str
    expectation: str
    arguments: dict[str, Any] = field(default_factory=dict)
    severity: Severity = "fail"


def checks_of(contract: Contract, columns: list[str] | None = None) -> list[Check]:
    """What the contract promises of these columns; none named: of all.

    What is promised stops a publish. That there are rows at all is expected, not promised.
    """
    looked_at = [one for one in contract.fields if columns is None or one.name in columns]
    checks = [
        Check("has rows", "ExpectTableRowCountToBeBetween", {"min_value": 1}, severity="warn")
    ]
    if set(contract.key) <= {one.name for one in looked_at}:
        checks.append(key_is_unique(contract.key))
    for one in looked_at:
        checks.extend(checks_of_field(one))
    return checks


def key_is_unique(key: tuple[str, ...]) -> Check:
    name = f"{', '.join(key)} is unique"
    if len(key) == 1:
        return Check(name, "ExpectColumnValuesToBeUnique", {"column": key[0]})
    return Check(name, "ExpectCompoundColumnsToBeUnique", {"column_list": list(key)})


def checks_of_field(one: Field) -> list[Check]:
    checks = []
    if one.required:
        checks.append(
            Check(f"{one.name} is not null", "ExpectColumnValuesToNotBeNull", {"column": one.name})
        )
    if one.at_least is not None or one.at_most is not None:
        bounds = {"min_value": one.at_least, "max_value": one.at_most}
        low = "" if one.at_least is None else f" at least {one.at_least:g}"
        high = "" if one.at_most is None else f" at most {one.at_most:g}"
        checks.append(
            Check(
                f"{one.name} is{low}{high}",
                "ExpectColumnValuesToBeBetween",
                {"column": one.name, **bounds},
            )
        )
    if one.one_of:
        checks.append(
            Check(
                f"{one.name} is a known value",
                "ExpectColumnValuesToBeInSet",
                {"column": one.name, "value_set": list(one.one_of)},
            )
        )
    return checks
