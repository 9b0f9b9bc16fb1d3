"""What a refresh makes, of what, and when a table is due again."""

from datetime import datetime, timedelta

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.learning import CLEAN_TABLES
from jobs.errors import RequestError

# What each table is made of; a table stands after everything that it reads.
READS: dict[str, tuple[str, ...]] = {
    "batches": ("course_batch",),
    "enrolments": ("user_enrolments",),
    "activity": ("user_activity_agg",),
    "attempts": ("assessment_aggregator",),
    "learners": ("users", "usr_external_identity", "organisation"),
    "collections": ("content_hierarchy", "content"),
    "contents": ("content",),
    "textbooks": ("content", "content_hierarchy"),
    "frameworks": ("channel_framework", "framework"),
    "consents": ("user_consent", "guardian_consent"),
    "platform_settings": ("system_settings",),
    "progress": ("enrolments", "learners", "collections", "activity", "attempts"),
    "responses": ("assessment_aggregator", "assessment_archive"),
}
# Without these a product has nothing to say; any other absent raw table is an empty one.
NEEDED = {"course_batch", "user_enrolments", "users", "content_hierarchy"}
SLOW = {"learners", "collections", "contents", "textbooks", "frameworks", "platform_settings"}
TABLES: dict[str, Contract] = CLEAN_TABLES | EXHAUST_TABLES


def wanted_tables(named: list[str]) -> list[str]:
    """The tables named, or all, in the order in which they are made.

    Raises RequestError for a table that there is not.
    """
    unknown = [name for name in named if name not in TABLES]
    if unknown:
        raise RequestError(
            f"There is no table {', '.join(unknown)}. The tables are: {', '.join(READS)}."
        )
    return [name for name in READS if name in (named or READS)]


def due_tables(
    wanted: list[str],
    data_as_of: dict[str, datetime | None],
    *,
    now: datetime,
    fast: timedelta,
    slow: timedelta,
) -> list[str]:
    """Those whose published version is old enough or absent, and what is made of them."""
    found: list[str] = []
    for name in wanted:
        published = data_as_of.get(name)
        is_old = published is None or now - published >= (slow if name in SLOW else fast)
        if is_old or any(read in found for read in READS[name]):
            found.append(name)
    return found
