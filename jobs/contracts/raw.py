"""Sunbird's own tables as they come in: names and columns are Sunbird's, nothing is renamed yet.

A required column that is missing is an error; any other missing column reads as NULL. The types
are what a column means: a source may hold the same as text (CSV, JSON lines), see `sources.raw`.
"""

from jobs.contracts.contract import Contract, Field
from jobs.contracts.raw_archive import archived
from jobs.contracts.raw_certificates import RAW_CERTIFICATE_TABLES
from jobs.contracts.raw_content import CONTENT as CONTENT
from jobs.contracts.raw_content import CONTENT_HIERARCHY as CONTENT_HIERARCHY
from jobs.contracts.raw_content import RAW_CONTENT_TABLES
from jobs.contracts.raw_frameworks import RAW_FRAMEWORK_TABLES
from jobs.contracts.raw_groups import RAW_GROUP_TABLES
from jobs.contracts.raw_privacy import PRIVACY_RAW_TABLES
from jobs.contracts.types import (
    BOOLEAN,
    DOUBLE,
    INSTANT,
    INTEGER,
    JSON,
    TEXT,
    list_of,
    map_of,
    struct_of,
)

CERTIFICATE_MAPS = list_of(map_of(TEXT, TEXT))
ROLES = list_of(struct_of(role=TEXT, scope=list_of(struct_of(organisationId=TEXT))))

COURSE_BATCH = Contract(
    name="course_batch",
    grain="one row per batch of a course",
    key=("courseid", "batchid"),
    fields=(
        Field("courseid", TEXT, "the collection that the batch runs", required=True),
        Field("batchid", TEXT, "the batch", required=True),
        Field("name", TEXT, "the batch's name"),
        Field("startdate", TEXT, "first day, old column"),
        Field("enddate", TEXT, "last day, old column"),
        Field("enrollmentenddate", TEXT, "last day to enrol, old column"),
        Field("start_date", INSTANT, "first day, new column: wins"),
        Field("end_date", INSTANT, "last day, new column: wins"),
        Field("enrollment_enddate", INSTANT, "last day to enrol, new column: wins"),
        Field("status", INTEGER, "0 upcoming, 1 ongoing, 2 ended"),
        Field("enrollmenttype", TEXT, "open or invite-only"),
        Field("createdby", TEXT, "the user who made the batch"),
        Field("createdfor", list_of(TEXT), "the organisations that the batch is for"),
        Field("mentors", list_of(TEXT), "the users who mentor the batch"),
        Field("cert_templates", map_of(TEXT, map_of(TEXT, TEXT)), "templates by their id"),
        Field("createddate", TEXT, "when made, old column"),
        Field("created_date", INSTANT, "when made, new column: wins"),
        Field("updateddate", TEXT, "when last changed, old column"),
        Field("updated_date", INSTANT, "when last changed, new column: wins"),
        Field("description", TEXT, "the batch's description"),
    ),
)

USER_ENROLMENTS = Contract(
    name="user_enrolments",
    grain="one row per learner and batch",
    key=("userid", "courseid", "batchid"),
    fields=(
        Field("userid", TEXT, "the learner", required=True),
        Field("courseid", TEXT, "the collection", required=True),
        Field("batchid", TEXT, "the batch", required=True),
        Field("active", BOOLEAN, "false once the learner left"),
        Field("enrolleddate", TEXT, "when enrolled, old column"),
        Field("enrolled_date", INSTANT, "when enrolled, new column: wins"),
        Field("completedon", INSTANT, "when completed"),
        Field("status", INTEGER, "0 not started, 1 started, 2 completed"),
        Field("progress", INTEGER, "contents completed"),
        Field("completionpercentage", INTEGER, "the platform's own figure, rounded down"),
        Field("contentstatus", map_of(TEXT, INTEGER), "content id to 0, 1 or 2 (completed)"),
        Field("certificates", CERTIFICATE_MAPS, "issued certificates, old list"),
        Field("issued_certificates", CERTIFICATE_MAPS, "issued certificates, new list"),
        Field("lastreadcontentid", TEXT, "the content opened last"),
        Field("datetime", INSTANT, "when the row was last written"),
        Field("addedby", TEXT, "who enrolled the learner"),
    ),
)

USER_ACTIVITY_AGG = Contract(
    name="user_activity_agg",
    grain="one row per learner, activity and context",
    key=("activity_type", "activity_id", "user_id", "context_id"),
    fields=(
        Field("activity_type", TEXT, "Course, for all that is counted here", required=True),
        Field("activity_id", TEXT, "the collection, or a collection nested in it", required=True),
        Field("user_id", TEXT, "the learner", required=True),
        Field("context_id", TEXT, "cb: and the batch id", required=True),
        Field("agg", map_of(TEXT, INTEGER), "old aggregates: completedCount"),
        Field("aggregates", map_of(TEXT, DOUBLE), "new aggregates: they win"),
        Field("agg_last_updated", map_of(TEXT, INSTANT), "when each aggregate changed"),
        Field("agg_details", list_of(TEXT), "one JSON text per attempt"),
    ),
)

ASSESSMENT_AGGREGATOR = Contract(
    name="assessment_aggregator",
    grain="one row per learner, batch, content and attempt",
    key=("user_id", "course_id", "batch_id", "content_id", "attempt_id"),
    fields=(
        Field("user_id", TEXT, "the learner", required=True),
        Field("course_id", TEXT, "the collection", required=True),
        Field("batch_id", TEXT, "the batch", required=True),
        Field("content_id", TEXT, "the assessment", required=True),
        Field("attempt_id", TEXT, "the attempt", required=True),
        Field("last_attempted_on", INSTANT, "when attempted"),
        Field("created_on", INSTANT, "when the row was made"),
        Field("updated_on", INSTANT, "when the row was changed"),
        Field("total_score", DOUBLE, "points won"),
        Field("total_max_score", DOUBLE, "points that could be won"),
        Field("grand_total", TEXT, "the same as text: won/could be won"),
        Field("question", JSON, "the answers, one object per question"),
    ),
)

USERS = Contract(
    name="users",
    grain="one row per user",
    key=("userid",),
    fields=(
        Field("userid", TEXT, "the user", required=True),
        Field("firstname", TEXT, "first name", personal=True),
        Field("lastname", TEXT, "last name", personal=True),
        Field("username", TEXT, "login name", personal=True),
        Field("email", TEXT, "e-mail, the platform's ciphertext or plain", personal=True),
        Field("phone", TEXT, "mobile, the platform's ciphertext or plain", personal=True),
        Field("rootorgid", TEXT, "the tenant of the user"),
        Field("orgname", TEXT, "the tenant's name"),
        Field("channel", TEXT, "the tenant's channel"),
        Field("state", TEXT, "declared state"),
        Field("district", TEXT, "declared district"),
        Field("block", TEXT, "declared block"),
        Field("cluster", TEXT, "declared cluster"),
        Field("schoolname", TEXT, "declared school"),
        Field("schooludisecode", TEXT, "the school's UDISE code"),
        Field("board", TEXT, "declared board, often a JSON list"),
        Field("usertype", TEXT, "teacher, student, ..."),
        Field("usersubtype", TEXT, "the finer type"),
        Field("status", INTEGER, "1 active, 0 inactive, 2 deleted"),
        Field("dob", TEXT, "day of birth", personal=True),
        Field("roles", ROLES, "roles and the organisations that they hold for"),
        Field("language", TEXT, "preferred language"),
    ),
)

USR_EXTERNAL_IDENTITY = Contract(
    name="usr_external_identity",
    grain="one row per user, provider and id type",
    key=("userid", "provider", "idtype", "externalid"),
    fields=(
        Field("userid", TEXT, "the user", required=True),
        Field("externalid", TEXT, "the state's own id", required=True, personal=True),
        Field("provider", TEXT, "the channel that gave it"),
        Field("idtype", TEXT, "what kind of id"),
        Field("originalexternalid", TEXT, "the id as it was written", personal=True),
    ),
)

ORGANISATION = Contract(
    name="organisation",
    grain="one row per organisation",
    key=("id",),
    fields=(
        Field("id", TEXT, "the organisation", required=True),
        Field("orgname", TEXT, "its name"),
        Field("slug", TEXT, "its short name in addresses"),
        Field("channel", TEXT, "its tenant's channel"),
        Field("rootorgid", TEXT, "its tenant"),
        Field("isrootorg", BOOLEAN, "whether it is a tenant itself"),
        Field("externalid", TEXT, "its id elsewhere"),
        Field("organisationtype", INTEGER, "2 for a school"),
        Field("status", INTEGER, "1 active"),
    ),
)

ASSESSMENT_ARCHIVE = archived(ASSESSMENT_AGGREGATOR)

RAW_TABLES = (
    {
        contract.name: contract
        for contract in (
            COURSE_BATCH,
            USER_ENROLMENTS,
            USER_ACTIVITY_AGG,
            ASSESSMENT_AGGREGATOR,
            ASSESSMENT_ARCHIVE,
            USERS,
            USR_EXTERNAL_IDENTITY,
            ORGANISATION,
        )
    }
    | RAW_CONTENT_TABLES
    | RAW_CERTIFICATE_TABLES
    | PRIVACY_RAW_TABLES
    | RAW_GROUP_TABLES
    | RAW_FRAMEWORK_TABLES
)
