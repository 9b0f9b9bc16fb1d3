"""What a rule is judged by: the facts about one learner of a batch, and why one may be missing."""

from __future__ import annotations

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import BOOLEAN, INSTANT, INTEGER, LONG, TEXT, list_of

NO_ORGANISATION, NO_BIRTH_DATE = "no_organisation", "no_birth_date"
NO_TIME_SPENT, NO_SCORE, NO_STATUS = "no_time_spent", "no_score", "no_status"
NO_PROGRESS, MAX_SCORE_MISSING = "no_progress", "max_score_missing"
ATTEMPTS_GONE = "attempts_gone"
BATCH_NOT_ENDED, OTHERS_UNKNOWN = "batch_not_ended", "other_conditions_unknown"

RULE_FACTS = Contract(
    name="rule_facts",
    grain="one row per learner who completed a batch and version of a template there",
    key=("batch_id", "version_id", "user_id"),
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("version_id", TEXT, "the version of the template", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("rule_shape", TEXT, "the version's rule without its values"),
        Field("rule_values", list_of(TEXT), "the values of the rule, from left to right"),
        Field("root_org_id", TEXT, "the tenant of the learner"),
        Field("age", INTEGER, "whole years on the day of completion"),
        Field("timespent_ms", LONG, "time spent in the course"),
        Field("score_points", LONG, "millionths of a point won in the best attempt"),
        Field("score_max_points", LONG, "millionths that could be won in it"),
        Field("score_problem", TEXT, "why the score is not known, where more than no attempt"),
        Field("score_reached_at", INSTANT, "when the best attempt was made"),
        Field("status", INTEGER, "0 not started, 1 started, 2 completed"),
        Field("completed_count", LONG, "contents completed"),
        Field("leaf_count", LONG, "contents of the course"),
        Field("completed_at", INSTANT, "when completed"),
        Field("batch_has_ended", BOOLEAN, "whether the batch is over, so that ranks are final"),
    ),
)
