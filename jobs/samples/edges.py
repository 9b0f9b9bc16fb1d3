"""Every oddity that the small Sunbird holds: a sentence each, and the ids to find it by."""

from dataclasses import dataclass
from enum import Enum

from jobs.samples import batches, courses, staff
from jobs.samples.staff import fixed_id


class Edge(Enum):
    """What is odd, in a sentence."""

    DUPLICATE_ENROLMENTS = "A learner is in a batch three times: the row written last counts."
    NULL_IDS = "Rows of six tables have no id where one is needed: they go to the quarantine."
    BATCH_WITHOUT_LEARNERS = "Nobody is enrolled in the batch."
    COURSE_WITHOUT_LEAF_NODES = "The course holds no content, so nobody can be through with it."
    COURSE_BROKEN_HIERARCHY = "The JSON of the course's hierarchy is torn off."
    COURSE_MISSING_HIERARCHY = "The course has no row in the hierarchy table."
    COURSE_RETIRED = "The course was retired after learners had completed it."
    LEARNER_WITHOUT_NAME = "The learner has neither a first nor a last name."
    LEARNER_WITHOUT_LAST_NAME = "The learner's last name is a blank."
    LEARNER_UNKNOWN = "Learners of two batches are not in the user table."
    ENROLMENT_DATE_UNPARSABLE = "The only enrolment date is a word."
    ENROLMENT_WITHOUT_DATE = "Learners of two batches have no enrolment date."
    ENROLMENT_DATES_DISAGREE = "The old and the new date of enrolment differ: the new one counts."
    ENROLMENT_IN_THE_EVENING = "Enrolled at 20:00 UTC, which is the next day in India."
    ENROLMENT_INACTIVE = "The learner left the batch."
    BATCH_DATES_DISAGREE = "The old and the new first day of the batch differ: the new one counts."
    BATCH_DATES_UNPARSABLE = "The batch's first day is a word and its last day does not exist."
    BATCH_STATUS_BEHIND = "The batch has ended and its status says that it is ongoing."
    BATCH_STATUS_MISSING = "The batch has no status."
    BATCH_START_MOVED = "The batch was ongoing when its first day was moved to the future."
    BATCH_WITHOUT_START = "The batch has no first day."
    OPTIONAL_CONTENTS_LEFT_OUT = "All but the optional contents are completed: that is all of it."
    OPTIONAL_CONTENTS_ONLY = "Only optional contents are completed: that is none of it."
    STALE_CONTENT = "A completed content is no longer part of the course."
    PREFIX_CONTENT_IDS = "Only the assessment whose id begins with another's id was attempted."
    FORMULA_NAMES = "Names that a spreadsheet would run as formulas."
    NAME_WITH_COMMA_QUOTE_NEWLINE = "A name with a comma, quotes and a line break."
    PHONE_UNDECRYPTABLE = "The mobile number was enciphered with another key."
    EMAIL_PLAIN = "The e-mail address is plain text where ciphertext is promised."
    BOARD_AS_LIST = "The declared board is a JSON list of two."
    EXTERNAL_IDS_SEVERAL = "The learner has two ids of the tenant: the one of its own type counts."
    REQUESTER_WITHOUT_ADDRESS = "The mentor of a batch has no e-mail address."
    REQUESTER_INACTIVE = "A mentor's account is inactive."
    LEARNERS_OF_ANOTHER_TENANT = "The batch runs another tenant's course for learners of both."
    TENANT_WITH_A_NAMED_CHANNEL = (
        "The tenant's channel is a name and not the id of its organisation."
    )
    NOBODY_ATTEMPTED = "Nobody of the batch attempted an assessment."
    SCORE_OF_7_IN_25 = "7 of 25 points are 28 percent; divided first in binary they come to 29."
    SCORE_OF_THREE_TENTHS = "Three times 0.1 of 0.3 points is 100 percent and not 101."
    MORE_POINTS_THAN_MAXIMUM = "12 of 10 points were won."
    GRAND_TOTAL_ONLY = "The points are in the text 7/10 only, both numbers are missing."
    ACTIVITY_ONLY = "Progress is in the activity table only, the enrolment has no content status."
    AGGREGATES_IN_CASSANDRAS_FORM = "The maps of the activity are as Cassandra prints them."
    CERTIFICATES_IN_THE_OLD_LIST = "The certificate is in the old list only."
    ANSWERS_ARCHIVED = "Two attempts are in the archive only, one in each way to write a quote."
    ANSWERS_ARCHIVED_AND_LIVE = "An attempt is in the archive and in the table: it counts once."
    ANSWERS_OF_ANOTHER_BATCH = "An attempt in another batch of the course is not this batch's."
    ANSWERS_TORN = "The JSON of an attempt's answers is torn off: they go to the quarantine."
    ANSWERS_MISSING = "An attempt holds no answers: it is one row without a question."
    ANSWERS_OF_TWO_SETS = "Two question sets were attempted under one attempt id."
    ARCHIVE_ROW_MISPLACED = "A row of the archive stands in another batch's folder."
    COMPLETED_WITHOUT_CONTENT_STATUS = "The enrolment was completed and has no content status."
    CONSENT_NEVER_GIVEN = "The learner was asked for consent and never agreed."
    CONSENT_WITHDRAWN = "The learner agreed and withdrew."
    CONSENT_EXPIRED = "The learner's consent has expired."
    CONSENT_WITHOUT_EXPIRY = "The learner's consent does not say until when it holds."
    CONSENT_WITHOUT_STATUS = "The learner's consent has no status."
    CONSENT_IN_SMALL_LETTERS = "The learner agrees, and the status is in small letters."
    CONSENT_FOR_ANOTHER_ORGANISATION = "The learner agreed to share with another organisation."
    CONSENT_FOR_ANOTHER_COURSE = "The learner agreed to share details of another course."
    MINOR_WITHOUT_GUARDIAN = "A learner of fourteen agrees, and no guardian did."
    MINOR_WITH_GUARDIAN = "A learner of fourteen agrees, and so did a guardian."
    STUDENT_WITHOUT_BIRTHDAY = "A student without a day of birth counts as a minor."
    REQUESTER_OF_THE_CUSTODIAN = "A mentor of the custodian organisation: nobody agrees to it."
    COURSE_WITHOUT_CONSENT = "The course never asks its learners for their consent."
    TEMPLATE_RULE_AS_LIST = "The rule is a list of conditions, the first five among them."
    TEMPLATE_STATUS_AS_TEXT = "The rule asks for the status 2 as a text, which the platform misses."
    TEMPLATE_SCORE_BARE = "The rule names a score without saying whether more or less is meant."
    TEMPLATE_CHANNEL_OF_TWO = "The rule says ?channel, and the batch is of two tenants."
    TEMPLATE_RULE_EMPTY = "The rule is an empty object."
    TEMPLATE_RULE_TORN = "The JSON of the rule is torn off."
    TEMPLATE_RULE_OF_UNKNOWN_KEY = "The rule has a score where a section should be."
    TEMPLATE_WITHOUT_ARTWORK = "The template has a preview and no artwork."
    TEMPLATES_OF_ONE_NAME = "Two templates of the batch differ in case and blanks of their name."
    CERTIFICATE_MISSED = "The learner completed and has no certificate."
    CERTIFICATE_ISSUE_FAILED = "The live issuer told of a failure, and there is no certificate."
    CERTIFICATE_IN_OTHER_LETTERS = "The certificate's name differs in case and blanks."
    CERTIFICATE_WITHOUT_ID = "The certificate is listed without an id."
    CERTIFICATE_UNREGISTERED = "The registry does not know the certificate."
    CERTIFICATE_REVOKED = "The certificate was revoked and is listed no more."
    CERTIFICATE_OF_1970 = "Completed on the first day of 1970."
    CERTIFICATE_DATE_MISSING = "The enrolment has the status completed and no date of it."
    CERTIFICATE_STATUS_MISSING = "The enrolment has a date of completion and the status begun."
    CERTIFICATE_OF_UNMARKED = "An old enrolment that is marked neither active nor left."
    CERTIFICATE_OF_NAMELESS = "A learner without a name completed."
    COMPLETION_UNNOTED = "All contents are completed, and the enrolment tells no completion."
    ANSWERS_TOO_MANY = "An attempt holds three answers where the assessment has two questions."
    GROUP_MEMBER_LEFT = "A member left the group, and the row is still there."
    GROUP_MEMBER_OF_TWO_BATCHES = "A member is in two batches of the group's course: one counts."
    GROUP_MEMBER_TWICE = "A member of a group is listed twice, as member and as admin."
    GROUP_WITHOUT_MEMBERS = "A group has an activity and no member."
    GROUP_UNKNOWN = "A member and an activity name a group that there is not."
    TELEMETRY_TORN = "A line of telemetry is torn off."
    TELEMETRY_SENT_AGAIN = "An event came twice in one file and once more two days later."
    TELEMETRY_SAME_MID = "Two events that differ have one id."
    TELEMETRY_LATE = "A click came five days after it was made."
    TELEMETRY_TOO_LATE = "A click came twenty days after it was made."
    TELEMETRY_CLOCK_AHEAD = "The device's clock is three days ahead."
    TELEMETRY_OF_1970 = "The device's clock stands in 1970."
    TELEMETRY_CODES_AS_LIST = "The code of a scan is a list of one, elsewhere a text."
    TELEMETRY_TWO_CODES = "Two codes were asked for at once."
    TELEMETRY_BLANK_CODE = "The code of a scan is a list of an empty text: nothing was scanned."
    TELEMETRY_CODE_IN_SMALL_LETTERS = "The code is in small letters with blanks around it."
    TELEMETRY_CODES_MISSPELT = "The search does not know its filter: it finds all there is."
    TELEMETRY_SIZE_MISSING = "A scan does not say how much was found."
    TELEMETRY_FILTER_AS_OBJECT = "An event that is no search has a filter of codes."
    TELEMETRY_CDATA_NULL = "An event has null where a list is promised."
    TELEMETRY_WITHOUT_OBJECT = "A play does not say of what."
    TELEMETRY_EMPTY_ROLLUP = "A play was not reached through a textbook."
    TELEMETRY_WITHOUT_MID = "An event has no id."
    TELEMETRY_SUMMED_UP_LATER = "A play was summed up on the day after it."
    TELEMETRY_IN_THE_EVENING = "A session at 20:00 UTC, which is the next day in India."
    TELEMETRY_DOUBLE_CLICK = "A certificate was clicked twice within a second."
    TELEMETRY_OF_OTHERS = "Somebody else's certificate was clicked."
    TELEMETRY_DOWNLOAD_ELSEWHERE = "A button `download` on a page that has no report."
    TELEMETRY_OF_NOBODY = "A certificate was clicked by somebody who is not signed in."
    TELEMETRY_BY_DESKTOP = "The desktop app downloaded a content."
    TELEMETRY_STATES_DISAGREE = "The declared state is not the one of the device's address."


@dataclass(frozen=True)
class Place:
    """Where an edge is to be found; an empty part does not apply."""

    user_ids: tuple[str, ...] = ()
    batch_ids: tuple[str, ...] = ()
    collection_id: str = ""
    content_ids: tuple[str, ...] = ()


FORMULAS = ("=1+1", "@SUM(A1:A9)", "+919812345678", "-2+3", "\t=cmd", "\r=1+1")


def learner(edge: Edge, number: int = 1) -> str:
    return fixed_id(f"learner {edge.name} {number}")


def at_batch(batch: batches.Batch) -> Place:
    return Place((), (batch.batch_id,), batch.course.course_id)


def at_learner(edge: Edge, *content_ids: str) -> Place:
    return Place(
        (learner(edge),),
        (batches.EDGES.batch_id,),
        courses.LANGUAGE.course_id,
        content_ids,
    )


PLACES: dict[Edge, Place] = {
    Edge.BATCH_WITHOUT_LEARNERS: at_batch(batches.WITHOUT_LEARNERS),
    Edge.COURSE_WITHOUT_LEAF_NODES: at_batch(batches.OF_EMPTY_COURSE),
    Edge.COURSE_BROKEN_HIERARCHY: at_batch(batches.OF_TORN_COURSE),
    Edge.COURSE_MISSING_HIERARCHY: at_batch(batches.OF_MISSING_COURSE),
    Edge.COURSE_RETIRED: at_batch(batches.OF_RETIRED_COURSE),
    Edge.BATCH_DATES_DISAGREE: at_batch(batches.DATES_DISAGREE),
    Edge.BATCH_DATES_UNPARSABLE: at_batch(batches.DATES_UNPARSABLE),
    Edge.BATCH_STATUS_BEHIND: at_batch(batches.STATUS_BEHIND),
    Edge.BATCH_STATUS_MISSING: at_batch(batches.STATUS_MISSING),
    Edge.BATCH_START_MOVED: at_batch(batches.START_MOVED),
    Edge.BATCH_WITHOUT_START: at_batch(batches.WITHOUT_START),
    Edge.LEARNERS_OF_ANOTHER_TENANT: at_batch(batches.FOREIGN),
    Edge.TENANT_WITH_A_NAMED_CHANNEL: at_batch(batches.OF_NAMED_TENANT),
    Edge.TEMPLATE_RULE_AS_LIST: at_batch(batches.FINISHED),
    Edge.TEMPLATE_STATUS_AS_TEXT: at_batch(batches.OF_NAMED_TENANT),
    Edge.TEMPLATE_SCORE_BARE: at_batch(batches.SOUTHERN),
    Edge.TEMPLATE_CHANNEL_OF_TWO: at_batch(batches.FOREIGN),
    Edge.TEMPLATE_RULE_EMPTY: at_batch(batches.OF_EMPTY_COURSE),
    Edge.TEMPLATE_RULE_TORN: at_batch(batches.OF_TORN_COURSE),
    Edge.TEMPLATE_RULE_OF_UNKNOWN_KEY: at_batch(batches.OF_MISSING_COURSE),
    Edge.TEMPLATE_WITHOUT_ARTWORK: at_batch(batches.OF_RETIRED_COURSE),
    Edge.TEMPLATES_OF_ONE_NAME: at_batch(batches.NOT_ATTEMPTED),
    Edge.NOBODY_ATTEMPTED: at_batch(batches.NOT_ATTEMPTED),
    Edge.NULL_IDS: Place(batch_ids=(batches.EDGES.batch_id,)),
    Edge.REQUESTER_WITHOUT_ADDRESS: Place(
        (staff.MENTOR_WITHOUT_ADDRESS,), (batches.NOT_ATTEMPTED.batch_id,)
    ),
    Edge.REQUESTER_OF_THE_CUSTODIAN: Place((staff.MENTOR_OF_CUSTODIAN,), (batches.BIG.batch_id,)),
    Edge.COURSE_WITHOUT_CONSENT: at_batch(batches.FINISHED),
    Edge.REQUESTER_INACTIVE: Place((staff.FORMER_MENTOR,), (batches.EDGES.batch_id,)),
    Edge.LEARNER_UNKNOWN: Place(
        (learner(Edge.LEARNER_UNKNOWN), learner(Edge.LEARNER_UNKNOWN, 2)),
        (batches.EDGES.batch_id, batches.BIG.batch_id),
    ),
    Edge.ENROLMENT_WITHOUT_DATE: Place(
        (learner(Edge.ENROLMENT_WITHOUT_DATE), learner(Edge.ENROLMENT_WITHOUT_DATE, 2)),
        (batches.EDGES.batch_id, batches.BIG.batch_id),
    ),
    Edge.FORMULA_NAMES: Place(
        tuple(learner(Edge.FORMULA_NAMES, n) for n in range(1, len(FORMULAS) + 1)),
        (batches.EDGES.batch_id,),
        courses.LANGUAGE.course_id,
    ),
    Edge.OPTIONAL_CONTENTS_LEFT_OUT: at_learner(
        Edge.OPTIONAL_CONTENTS_LEFT_OUT, *courses.OPTIONAL_IDS
    ),
    Edge.OPTIONAL_CONTENTS_ONLY: at_learner(Edge.OPTIONAL_CONTENTS_ONLY, *courses.OPTIONAL_IDS),
    Edge.STALE_CONTENT: at_learner(Edge.STALE_CONTENT, courses.STALE_ID),
    Edge.PREFIX_CONTENT_IDS: at_learner(
        Edge.PREFIX_CONTENT_IDS, courses.PREFIX_ID, courses.LONGER_ID
    ),
}
# In the batch that has ended and gives two certificates.
PLACES |= {
    edge: Place((learner(edge),), (batches.FINISHED.batch_id,), batches.FINISHED.course.course_id)
    for edge in Edge
    if edge.name.startswith("CERTIFICATE_")
}
# In the big batch, whose course asks for consent.
PLACES |= {
    edge: Place((learner(edge),), (batches.BIG.batch_id,), courses.READING.course_id)
    for edge in Edge
    if edge not in PLACES and edge.name.startswith(("CONSENT_", "MINOR_", "STUDENT_"))
}
PLACES |= {edge: Place() for edge in Edge if edge.name.startswith("GROUP_")}
# In the telemetry, under an id of its own.
PLACES |= {edge: Place() for edge in Edge if edge.name.startswith("TELEMETRY_")}
# All the others are one learner each, in the batch of edges.
PLACES |= {edge: at_learner(edge) for edge in Edge if edge not in PLACES}
