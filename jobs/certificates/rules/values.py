"""The words and numbers of rules as people and programs write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jobs.certificates.rules.model import BOUNDS, is_number
from jobs.errors import RequestError

OPERATORS = {
    "=": "=", "==": "=", "eq": "=", "!=": "!=", "<>": "!=", "ne": "!=", "<": "<", "lt": "<",
    "<=": "<=", "lte": "<=", ">": ">", "gt": ">", ">=": ">=", "gte": ">=", "max": "max",
}  # fmt: skip
PLACEHOLDER = re.compile(r"\?\w+|\{\{.*\}\}|\$\{.*\}", re.DOTALL)
WRITTEN = re.compile(r"\s*(<=|>=|==|!=|<>|=|<|>)\s*(\S.*?)\s*", re.DOTALL)
MOST_DIGITS = 20
EXAMPLE = (
    '{"op":"AND","rules":[{"key":"status","cmp":"=","value":"2"},'
    '{"key":"score","cmp":">=","value":"80"}]}'
)


class UnusableRuleError(ValueError):
    """What of a rule cannot be used, and where in it."""


def refusal(problem: str) -> RequestError:
    return RequestError(
        f"The rule of a certificate promised conditions on"
        f" {', '.join(('rootOrgId', *BOUNDS))}; found: {problem}. Write it such as {EXAMPLE}."
    )


def number_text(text: str) -> str:
    """ "80", " 80 ", "80.0" and "80%" are 80; what is no number is left for the message."""
    bare = text.removesuffix("%").rstrip()
    if not is_number(bare):
        return bare
    whole, _, places = bare.partition(".")
    places = places.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{places}" if places else whole


def plain_number(value: int | Decimal, where: str) -> str:
    """The digits of a number that JSON wrote, whatever exponent it had."""
    # 1e999999999 would be a text of as many digits.
    if value != 0 and abs(Decimal(value).adjusted()) > MOST_DIGITS:
        raise UnusableRuleError(f"{where} has a number of more than {MOST_DIGITS} digits")
    return format(Decimal(value), "f")


def is_placeholder(text: str) -> bool:
    return PLACEHOLDER.search(text) is not None


def shown(value: Any) -> str:
    return (repr(value) if isinstance(value, str) else str(value))[:60]
