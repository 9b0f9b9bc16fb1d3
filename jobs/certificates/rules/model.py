"""The normal form of a rule: a tree of AND and OR over conditions, every value an exact text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Literal["rootOrgId", "age", "timespent", "score", "status", "completed", "top"]
Comparison = Literal["=", "!=", "<", "<=", ">", ">=", "max"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

MOST_CONDITIONS = 100
DEEPEST = 8
# The largest value of each key, and the digits after the point that it may have.
BOUNDS: dict[str, tuple[int, int, int]] = {
    "age": (0, 150, 0),
    "timespent": (0, 10**15, 0),
    "score": (0, 100, 6),
    "status": (0, 2, 0),
    "completed": (0, 100, 6),
    "top": (1, 10**6, 0),
}


class Condition(BaseModel):
    """One comparison of a fact about a learner with a value.

    `score` and `completed` are percents, `timespent` milliseconds, `age` whole years on the day of
    completion; `top` with `max` means the first N of the batch.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    cmp: Comparison
    value: Text

    @model_validator(mode="after")
    def fits(self) -> Self:
        if (self.key == "top") != (self.cmp == "max"):
            raise ValueError("`top` is compared with max, and nothing else is")
        if self.key == "rootOrgId" and self.cmp not in ("=", "!="):
            raise ValueError(f"`rootOrgId` is compared with = or !=, found {self.cmp}")
        if self.key != "rootOrgId":
            refuse_number(self.key, self.value)
        return self

    def __str__(self) -> str:
        return f"top {self.value}" if self.key == "top" else f"{self.key} {self.cmp} {self.value}"


class Group(BaseModel):
    """Conditions and groups of them, of which all or one must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    op: Literal["AND", "OR"]
    rules: Annotated[tuple[Condition | Group, ...], Field(min_length=1)]

    def text(self) -> str:
        """The rule as JSON, always in the same letters."""
        return json.dumps(self.model_dump(), ensure_ascii=False, separators=(",", ":"))

    def conditions(self) -> Iterator[Condition]:
        """The comparisons from left to right."""
        for rule in self.rules:
            if isinstance(rule, Condition):
                yield rule
            else:
                yield from rule.conditions()

    def depth(self) -> int:
        return 1 + max(rule.depth() if isinstance(rule, Group) else 0 for rule in self.rules)

    def keys(self) -> frozenset[str]:
        return frozenset(condition.key for condition in self.conditions())

    def __str__(self) -> str:
        said = [f"({rule})" if isinstance(rule, Group) else str(rule) for rule in self.rules]
        return f" {self.op} ".join(said)


def refuse_number(key: str, value: str) -> None:
    least, most, places = BOUNDS[key]
    number = Decimal(value) if is_number(value) else None
    if (
        number is None
        or not least <= number <= most
        or number != number.quantize(Decimal(1).scaleb(-places))
    ):
        kind = "a whole number" if places == 0 else f"a number of at most {places} decimals"
        raise ValueError(f"`{key}` is {kind} from {least} to {most}, found {value!r}")


def is_number(text: str) -> bool:
    """Plain digits with at most one point: no sign, exponent, NaN or other alphabet's digits."""
    whole, _, places = text.partition(".")
    digits = whole + places
    return digits.isascii() and digits.isdigit() and bool(whole) and not text.endswith(".")


def read_rule(text: str) -> Group:
    """A rule that is in the normal form already, as the ledger keeps it."""
    return Group.model_validate_json(text)


def shape_of(rule: Group) -> str:
    """The rule without its values: a platform has few of these and hundreds of rules."""

    def bare(part: Condition | Group) -> dict[str, object]:
        if isinstance(part, Condition):
            return {"key": part.key, "cmp": part.cmp}
        return {"op": part.op, "rules": [bare(inner) for inner in part.rules]}

    return json.dumps(bare(rule), separators=(",", ":"))


def values_of(rule: Group) -> list[str]:
    """The values that the shape lacks, from left to right."""
    return [condition.value for condition in rule.conditions()]


def keys_of(text: str) -> frozenset[str]:
    """The facts that a rule or a shape asks for."""

    def keys(part: dict[str, object]) -> frozenset[str]:
        inner = part.get("rules")
        if not isinstance(inner, list):
            return frozenset([str(part["key"])])
        return frozenset().union(*(keys(one) for one in inner))

    return keys(json.loads(text))
