"""The subject lines: course, batch and day, short enough to be read on a phone."""

from __future__ import annotations

from jobs.delivery.facts import BatchFacts, ExhaustFacts, NoticeFacts
from jobs.delivery.outbox import RUN_FAILED, RUN_LATE
from jobs.delivery.wording import Wording, cleaned, shortened

SUBJECT_LENGTH = 78


def course_name(batch: BatchFacts) -> str:
    return cleaned(batch.collection_name) or batch.collection_id


def batch_name(batch: BatchFacts) -> str:
    return cleaned(batch.batch_name) or batch.batch_id


def ready_subject(facts: ExhaustFacts, wording: Wording) -> str:
    _ = wording.say
    product = wording.product(facts.job_id)
    first = facts.batches[0] if facts.batches else None
    day = wording.day(first.data_as_of if first else facts.requested_at)
    courses = {course_name(batch) for batch in facts.batches}
    course = courses.pop() if len(courses) == 1 else ""
    batch = batch_name(first) if first and len(facts.batches) == 1 else ""
    if not batch:
        batch = _("%(n)s batches") % {"n": len(facts.batches)}
    room = SUBJECT_LENGTH - len(f"{product}: , {day}")
    if not course:
        return f"{product}: {shortened(batch, room)}, {day}"
    room -= len(" – ")
    batch = shortened(batch, max(room - len(course), room // 2))
    return f"{product}: {shortened(course, room - len(batch))} – {batch}, {day}"


def failed_subject(facts: ExhaustFacts, wording: Wording) -> str:
    _ = wording.say
    text = _("%(product)s could not be made, %(day)s") % {
        "product": wording.product(facts.job_id),
        "day": wording.day(facts.requested_at),
    }
    return shortened(text, SUBJECT_LENGTH)


def late_subject(facts: ExhaustFacts, wording: Wording) -> str:
    _ = wording.say
    text = _("%(product)s takes longer than usual, %(day)s") % {
        "product": wording.product(facts.job_id),
        "day": wording.day(facts.requested_at),
    }
    return shortened(text, SUBJECT_LENGTH)


def notice_subject(facts: NoticeFacts, wording: Wording) -> str:
    _ = wording.say
    if facts.kind == "exhaust_late":
        return _("A request runs late (%(id)s)") % {"id": cleaned(facts.request_id or "", 40)}
    if facts.kind == RUN_FAILED:
        return _("A run failed (%(id)s)") % {"id": cleaned(facts.dag_id or "", 40)}
    if facts.kind == RUN_LATE:
        return _("A run is late (%(id)s)") % {"id": cleaned(facts.dag_id or "", 40)}
    return _("A message could not be delivered (%(kind)s)") % {"kind": cleaned(facts.kind, 30)}
