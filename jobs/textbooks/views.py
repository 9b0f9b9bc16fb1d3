"""What the queries of the reports read, made of textbooks, adoptions, tenants and scans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pyspark.sql import DataFrame

from jobs.textbooks.listings import listings
from jobs.textbooks.tallies import tallies, tally_groups
from jobs.textbooks.units import textbook_units, version_counts

Keep = Callable[[DataFrame, str], DataFrame]


def report_views(
    textbooks: DataFrame,
    adoptions: DataFrame,
    tenants: DataFrame,
    code_scans: DataFrame,
    *,
    as_of: datetime,
    timezone: str,
    keep: Keep,
) -> dict[str, DataFrame]:
    """The views by name; `keep` computes a frame that several queries read once."""
    listed = keep(
        listings(textbooks, adoptions, tenants, as_of=as_of, timezone=timezone), "listings"
    )
    units = keep(textbook_units(textbooks), "units")
    tallied = keep(tallies(listed), "tallies")
    return {
        "listings": listed,
        "units": units,
        "version_counts": keep(version_counts(units), "version_counts"),
        "tallies": tallied,
        "tally_groups": tally_groups(tallied, tenants),
        "code_scans": code_scans,
    }
