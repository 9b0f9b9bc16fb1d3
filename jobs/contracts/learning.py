"""The clean tables: what Sunbird holds, under our names, one meaning a column."""

from jobs.contracts.consents import CONSENT_TABLES
from jobs.contracts.contract import Contract, Field
from jobs.contracts.frameworks import FRAMEWORK_TABLES
from jobs.contracts.textbooks import TEXTBOOK_TABLES
from jobs.contracts.types import (
    BOOLEAN,
    DATE,
    DOUBLE,
    INSTANT,
    INTEGER,
    TEXT,
    list_of,
    map_of,
    struct_of,
)

BATCHES = Contract(
    name="batches",
    grain="one row per batch",
    key=("batch_id",),
    source="course_batch",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("collection_id", TEXT, "the collection that the batch runs", required=True),
        Field("batch_name", TEXT, "the batch's name"),
        Field("start_on", DATE, "first day, in the report time zone"),
        Field("end_on", DATE, "last day, inclusive"),
        Field("enrolment_end_on", DATE, "last day to enrol, inclusive"),
        Field("status", INTEGER, "0 upcoming, 1 ongoing, 2 ended, as the platform holds it"),
        Field("enrolment_type", TEXT, "open or invite-only"),
        Field("created_by", TEXT, "the user who made the batch"),
        Field("created_for", list_of(TEXT), "the organisations that the batch is for"),
        Field("mentors", list_of(TEXT), "the users who mentor the batch"),
        Field("has_certificate_template", BOOLEAN, "whether the batch gives a certificate"),
        Field(
            "certificate_templates",
            map_of(TEXT, map_of(TEXT, TEXT)),
            "the templates that the platform holds now, by their id, as they are written",
        ),
    ),
)

ENROLMENTS = Contract(
    name="enrolments",
    grain="one row per learner and batch",
    key=("batch_id", "user_id"),
    source="user_enrolments",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("collection_id", TEXT, "the collection", required=True),
        Field("is_active", BOOLEAN, "false once the learner left the batch", required=True),
        Field("has_active_mark", BOOLEAN, "whether the platform says so; false on old rows"),
        Field("has_enrolment_date", BOOLEAN, "whether the platform holds one, readable or not"),
        Field("enrolled_at", INSTANT, "when enrolled; NULL where none can be read"),
        Field("completed_at", INSTANT, "when completed; NULL until then"),
        Field("status", INTEGER, "0 not started, 1 started, 2 completed, as the platform holds it"),
        Field("content_status", map_of(TEXT, INTEGER), "content id to 0, 1 or 2 (completed)"),
        Field("certificates", list_of(map_of(TEXT, TEXT)), "issued certificates, both lists"),
    ),
)

LEARNERS = Contract(
    name="learners",
    grain="one row per user",
    key=("user_id",),
    source="users, usr_external_identity, organisation",
    fields=(
        Field("user_id", TEXT, "the user", required=True),
        Field("user_name", TEXT, "first and last name", personal=True),
        Field("email_cipher", TEXT, "e-mail as the platform's ciphertext", personal=True),
        Field("phone_cipher", TEXT, "mobile as the platform's ciphertext", personal=True),
        Field("external_id", TEXT, "the state's own id of the user", personal=True),
        Field("root_org_id", TEXT, "the tenant of the user"),
        Field("channel", TEXT, "the tenant's channel"),
        Field("org_name", TEXT, "the tenant's name"),
        Field("state", TEXT, "declared state"),
        Field("district", TEXT, "declared district"),
        Field("block", TEXT, "declared block"),
        Field("cluster", TEXT, "declared cluster"),
        Field("school_id", TEXT, "the school's UDISE code"),
        Field("school_name", TEXT, "declared school"),
        Field("board", TEXT, "declared board, the first where several are"),
        Field("user_type", TEXT, "teacher, student, ..."),
        Field("user_sub_type", TEXT, "the finer type"),
        Field("is_active", BOOLEAN, "false where the account is inactive or deleted"),
        Field("account_status", INTEGER, "1 active, 0 inactive, 2 deleted, as the platform has it"),
        Field(
            "roles",
            list_of(struct_of(role=TEXT, organisation_ids=list_of(TEXT))),
            "roles and the organisations that they hold for",
        ),
        Field("language", TEXT, "preferred language"),
        Field("born_on", DATE, "day of birth, where a whole one is declared", personal=True),
    ),
)

COLLECTIONS = Contract(
    name="collections",
    grain="one row per collection (course or textbook)",
    key=("collection_id",),
    source="content_hierarchy, content",
    fields=(
        Field("collection_id", TEXT, "the collection", required=True),
        Field("collection_name", TEXT, "its name"),
        Field("status", TEXT, "Live, Unlisted, Review, Draft or Retired"),
        Field("channel", TEXT, "the tenant that owns it"),
        Field("user_consent", TEXT, "Yes where learners are asked for consent"),
        Field("hierarchy_problem", TEXT, "why the hierarchy cannot be used; NULL where it can"),
        Field("leaf_nodes", list_of(TEXT), "its contents, in course order"),
        Field("mandatory_nodes", list_of(TEXT), "its contents but the optional ones"),
        Field(
            "modules",
            list_of(struct_of(id=TEXT, name=TEXT, mandatory_nodes=list_of(TEXT))),
            "the collections nested in it, first level, in course order",
        ),
        Field(
            "assessments",
            list_of(struct_of(id=TEXT, name=TEXT)),
            "its assessments, in course order",
        ),
    ),
)

ACTIVITY = Contract(
    name="activity",
    grain="one row per learner, batch and activity (a collection or one nested in it)",
    key=("batch_id", "user_id", "activity_type", "activity_id"),
    source="user_activity_agg",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("activity_type", TEXT, "Course, as a rule", required=True),
        Field("activity_id", TEXT, "the collection, or a collection nested in it", required=True),
        Field("aggregates", map_of(TEXT, DOUBLE), "completedCount, score:<content>, ..."),
        Field("last_updated_at", INSTANT, "when any of the aggregates last changed"),
    ),
)

ATTEMPTS = Contract(
    name="attempts",
    grain="one row per learner, batch, content and attempt",
    key=("batch_id", "user_id", "content_id", "attempt_id"),
    source="assessment_aggregator",
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("collection_id", TEXT, "the collection", required=True),
        Field("content_id", TEXT, "the assessment", required=True),
        Field("attempt_id", TEXT, "the attempt", required=True),
        Field("attempted_at", INSTANT, "when attempted"),
        Field("score", DOUBLE, "points won", at_least=0),
        Field("max_score", DOUBLE, "points that could be won", at_least=0),
    ),
)

CONTENTS = Contract(
    name="contents",
    grain="one row per content or collection",
    key=("content_id",),
    source="content",
    fields=(
        Field("content_id", TEXT, "the content", required=True),
        Field("content_name", TEXT, "its title"),
        Field("content_type", TEXT, "Course, SelfAssess, Resource, ..."),
        Field("total_questions", INTEGER, "questions of an assessment"),
    ),
)

CLEAN_TABLES = (
    {
        contract.name: contract
        for contract in (BATCHES, ENROLMENTS, LEARNERS, COLLECTIONS, ACTIVITY, ATTEMPTS, CONTENTS)
    }
    | TEXTBOOK_TABLES
    | FRAMEWORK_TABLES
    | CONSENT_TABLES
)
