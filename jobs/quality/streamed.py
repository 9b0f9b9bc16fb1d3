"""A contract's checks over rows that come page by page: for tables that no memory holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.contracts.contract import Contract, Field
from jobs.quality.suites import checks_of, checks_of_field, key_is_unique
from jobs.quality.verdicts import Verdict


def check_pages(
    pages: Iterable[pa.RecordBatch], contract: Contract, *, subject: str, columns: list[str]
) -> tuple[list[Verdict], int]:
    """The verdicts that the gate gives over the whole, and how many rows there are.

    The rows come in the order of the contract's key: one that is not greater than the one before
    breaks the key.
    """
    found: Counter[str] = Counter()
    row_count, last = 0, None
    key = [name for name in contract.key if name in columns]
    for page in pages:
        row_count += page.num_rows
        for field in contract.fields:
            if field.name in columns:
                found.update(broken(page.column(field.name), field))
        if key == list(contract.key):
            found[key_is_unique(contract.key).name] += not_in_order(page, key, last)
            last = {name: page.column(name)[-1:] for name in key} if page.num_rows else last
    return [
        Verdict(
            subject,
            check.name,
            check.severity,
            "failed"
            if (found[check.name] or (not row_count and check.severity == "warn"))
            else "passed",
            found[check.name],
            row_count,
        )
        for check in checks_of(contract, columns)
    ], row_count


def broken(values: pa.Array, field: Field) -> dict[str, int]:
    """How many values break each of the field's checks, in the order of these."""
    rules = []
    if field.required:
        rules.append(pc.is_null(values))
    if field.at_least is not None or field.at_most is not None:
        least, most = (
            -np.inf if field.at_least is None else field.at_least,
            np.inf if field.at_most is None else field.at_most,
        )
        numbers = values.cast(pa.float64())
        rules.append(pc.or_(pc.less(numbers, least), pc.greater(numbers, most)))
    if field.one_of:
        is_known = pc.is_in(values, value_set=pa.array(field.one_of, values.type))
        rules.append(pc.and_(pc.is_valid(values), pc.invert(is_known)))
    names = [check.name for check in checks_of_field(field)]
    return {name: int(pc.sum(rule).as_py() or 0) for name, rule in zip(names, rules, strict=True)}


def not_in_order(page: pa.RecordBatch, key: list[str], last: dict[str, pa.Array] | None) -> int:
    """How many rows are not greater, by the key, than the row before."""
    is_greater, is_equal = None, None
    for name in key:
        values = page.column(name)
        if last is not None:
            values = pa.concat_arrays([last[name], values])
        after, before = values[1:], values[:-1]
        greater = pc.fill_null(pc.greater(after, before), False).to_numpy(zero_copy_only=False)
        equal = pc.fill_null(pc.equal(after, before), False).to_numpy(zero_copy_only=False)
        if is_greater is None or is_equal is None:
            is_greater, is_equal = greater, equal
        else:
            is_greater, is_equal = is_greater | (is_equal & greater), is_equal & equal
    return 0 if is_greater is None else int(np.count_nonzero(~is_greater))
