"""A request's answer and the mail made of it, as a mail program reads it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from zoneinfo import ZoneInfo

from jobs.delivery.facts import BatchFacts, ColumnFacts, ExhaustFacts
from jobs.delivery.job import DeliverCounts
from jobs.delivery.message import compose
from jobs.sources.cipher import encrypt

ID = "2b0a6f5e-8f63-5f55-9c1e-0f3f4a1f7c11"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY, SALT = "0123456789abcdef", "salt"
COLUMNS = [ColumnFacts(header="Course Progress", meaning="mandatory contents done, 0 to 100")]


def batch(**changes):
    values = {
        "batch_id": "0130",
        "batch_name": "Cohort B",
        "collection_id": "do_1",
        "collection_name": "Teaching <Maths> & more",
        "enrolled": 100_000,
        "completed": 62_000,
        "in_progress": 25_500,
        "not_started": 12_500,
        "data_as_of": AT,
        "file_name": "progress_maths_0130_2026-11-21.zip",
        "columns": COLUMNS,
    }
    return BatchFacts(**(values | changes))


def answer(*batches, **changes):
    values = {
        "request_id": "9F86D081",
        "tag": "maths:ka",
        "job_id": "progress-exhaust",
        "requested_at": AT,
        "batches": list(batches),
    }
    return ExhaustFacts(**(values | changes))


def mail(facts=None, kind="exhaust_ready", **changes):
    facts = facts or answer(batch())
    files = [(one.file_name, b"PK") for one in getattr(facts, "batches", [])]
    values = {
        "recipient_address": "asha@school.example",
        "sender": "reports@sunbird.invalid",
        "sender_name": "Sunbird Reports",
        "reply_to": "help@school.example",
        "delivery_id": ID,
        "attachments": files,
        "now": AT,
        "timezone": ZoneInfo("Asia/Kolkata"),
        "language": "en",
    }
    composed = compose(kind, facts, **(values | changes))
    # As a mail program reads it.
    return message_from_bytes(composed.as_bytes(), policy=SMTP)


def text(message):
    return message.get_body(("plain",)).get_content()


def html(message):
    return message.get_body(("html",)).get_content()


def sealed(address):
    return encrypt(address, key=KEY, salt=SALT)


def counts(sent=0, failed=0, waiting=0):
    return DeliverCounts(sent=sent, failed=failed, waiting=waiting)
