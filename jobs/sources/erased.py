"""Rows of learners whose data was erased: no table is made of them, whatever the source holds."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# What the learner's column is called in Sunbird's tables and in ours.
LEARNER = ("userid", "user_id")


# Where an event can name a user.
NAMING = ("user_id", "object_id")


def unnamed(events: DataFrame, erased: Collection[str]) -> DataFrame:
    """All events, those of erased learners as nobody's: that they happened counts on."""
    if not erased:
        return events
    gone = sorted(erased)
    return events.withColumns(
        {name: F.when(~F.trim(name).isin(gone), F.col(name)) for name in NAMING}
    )


def without_learners(rows: DataFrame, erased: Collection[str]) -> DataFrame:
    """The rows of everybody else, those without a learner among them."""
    named = [name for name in rows.columns if name.lower() in LEARNER]
    if not erased or not named:
        return rows
    learner = F.trim(F.col(f"`{named[0]}`"))
    return rows.where(learner.isNull() | ~learner.isin(sorted(erased)))
