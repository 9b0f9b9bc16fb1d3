"""A rule as one Spark column of three values: met, not met, or unknown with the reason."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark.sql import Column, Window
from pyspark.sql import functions as F

from jobs.certificates.rules import facts

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"

COMPARE: dict[str, Callable[[Column, Column], Column]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# A percent times points or contents: exact, and below Spark's 38 digits.
VALUE = "decimal(22,6)"
COUNT = "decimal(16,0)"
# Any whole number of 64 bits.
WHOLE = "decimal(20,0)"


@dataclass(frozen=True)
class Leaf:
    """One condition: true, false or NULL; why it is NULL; and its words."""

    truth: Column
    missing: Column
    words: Column


def verdict(shapes: Iterable[str]) -> Column:
    """struct<outcome, met, not_met, unknown> of a frame with the columns of RULE_FACTS.

    `outcome` is met, not_met or unknown; the lists hold the conditions in words, an unknown one
    with what is missing. A row whose shape is not among `shapes` gets NULL.
    """
    branches = [
        (F.col("rule_shape") == F.lit(shape), judged(shape)) for shape in sorted(set(shapes))
    ]
    nothing = F.lit(None).cast(
        "struct<outcome:string,met:array<string>,not_met:array<string>,unknown:array<string>>"
    )
    return reduce(
        lambda rest, branch: F.when(branch[0], branch[1]).otherwise(rest), reversed(branches),
        nothing,
    )  # fmt: skip


def judged(shape: str) -> Column:
    leaves: dict[int, Leaf] = {}
    is_this = F.col("rule_shape") == shape
    whole = truth_of(json.loads(shape), 0, leaves, is_this=is_this, others=[])
    ordered = [leaves[number] for number in sorted(leaves)]
    return F.struct(
        F.when(whole, MET).when(~whole, NOT_MET).otherwise(UNKNOWN).alias("outcome"),
        listed((one.truth, one.words) for one in ordered).alias("met"),
        listed((~one.truth, one.words) for one in ordered).alias("not_met"),
        listed(
            (one.truth.isNull(), F.concat(one.words, F.lit(": "), one.missing)) for one in ordered
        ).alias("unknown"),
    )


def listed(found: Iterable[tuple[Column, Column]]) -> Column:
    return F.array_compact(F.array(*(F.when(holds, words) for holds, words in found)))


def truth_of(
    part: dict[str, Any],
    first: int,
    leaves: dict[int, Leaf],
    *,
    is_this: Column,
    others: list[Column],
) -> Column:
    """True, false or NULL: Spark's own AND and OR of booleans have exactly these three values.

    `first` is the number of the part's first condition. `others` stand beside the part in the
    groups of AND around it: who meets them competes for the first N.
    """
    if "rules" not in part:
        ranks = part["key"] == "top"
        leaves[first] = ranked(first, is_this, others) if ranks else plain(part, first)
        return leaves[first].truth
    truths: list[Column] = []
    competing = others
    # Ranks need the truth of what stands beside them, so those come last.
    for one, number in sorted(numbered(part["rules"], first), key=lambda one: has_rank(one[0])):
        if has_rank(one) and part["op"] == "AND" and competing is others:
            competing = others + truths
        truths.append(truth_of(one, number, leaves, is_this=is_this, others=competing))
    return reduce(operator.and_ if part["op"] == "AND" else operator.or_, truths)


def numbered(parts: list[dict[str, Any]], first: int) -> list[tuple[dict[str, Any], int]]:
    """Each part with the number of its first condition."""
    return [(part, first + sum(map(size_of, parts[:place]))) for place, part in enumerate(parts)]


def size_of(part: dict[str, Any]) -> int:
    return sum(map(size_of, part["rules"])) if "rules" in part else 1


def has_rank(part: dict[str, Any]) -> bool:
    return any(map(has_rank, part["rules"])) if "rules" in part else part["key"] == "top"


def plain(part: dict[str, Any], number: int) -> Leaf:
    """A comparison; percents are compared as products, so that nothing is divided or rounded."""
    key, compare = part["key"], COMPARE[part["cmp"]]
    text = F.get("rule_values", F.lit(number))
    value = text.try_cast(VALUE)
    words = F.concat(F.lit(f"{key} {part['cmp']} "), text)
    if key == "rootOrgId":
        known = F.nullif(F.col("root_org_id"), F.lit(""))
        return Leaf(compare(known, text), F.lit(facts.NO_ORGANISATION), words)
    if key == "score":
        points, most = score()
        return Leaf(compare(points * 100, value * most), score_missing(), words)
    if key == "completed":
        most = F.when(F.col("leaf_count") > 0, F.col("leaf_count")).try_cast(COUNT)
        share = F.least(F.col("completed_count").try_cast(COUNT), most) * 100
        share = F.when(F.col("completed_count").isNotNull(), share)
        return Leaf(compare(share, value * most), F.lit(facts.NO_PROGRESS), words)
    column, missing = {
        "age": ("age", facts.NO_BIRTH_DATE),
        "timespent": ("timespent_ms", facts.NO_TIME_SPENT),
        "status": ("status", facts.NO_STATUS),
    }[key]
    return Leaf(compare(F.col(column).cast(WHOLE), value), F.lit(missing), words)


def score() -> tuple[Column, Column]:
    """Points and most points of the best attempt; NULL where the score is not known."""
    is_known = F.col("score_problem").isNull() & (F.col("score_max_points") > 0)
    most = F.when(is_known, F.col("score_max_points")).try_cast(COUNT)
    points = F.when(
        is_known & F.col("score_points").isNotNull(),
        F.least("score_points", "score_max_points"),
    ).try_cast(COUNT)
    return points, most


def score_missing() -> Column:
    return F.coalesce(
        F.col("score_problem"),
        F.when(F.col("score_points").isNull(), facts.NO_SCORE),
        F.lit(facts.MAX_SCORE_MISSING),
    )


def ranked(number: int, is_this: Column, others: list[Column]) -> Leaf:
    """Among the first N of the batch, ties at the last place included."""
    text = F.get("rule_values", F.lit(number))
    competes = reduce(operator.and_, others, F.lit(True))
    points, most = score()
    share = F.try_divide(points, most)
    is_ranked = F.coalesce(is_this & competes & share.isNotNull(), F.lit(False))
    place = F.rank().over(
        Window.partitionBy("batch_id", "version_id").orderBy(
            is_ranked.desc(),
            share.desc_nulls_last(),
            F.col("score_reached_at").asc_nulls_last(),
            F.col("completed_at").asc_nulls_last(),
        )
    )
    has_ended = F.coalesce(F.col("batch_has_ended"), F.lit(False))
    is_first = F.when(has_ended & share.isNotNull(), place <= text.try_cast("int"))
    truth = F.when(~competes, F.lit(False)).when(competes, is_first)
    missing = (
        F.when(competes.isNull(), facts.OTHERS_UNKNOWN)
        .when(~has_ended, facts.BATCH_NOT_ENDED)
        .otherwise(score_missing())
    )
    return Leaf(truth, missing, F.concat(F.lit("top "), text))
