"""The user-info file: learners who agreed, with what they agreed to share.

Header: Sunbird's user-info exhaust, and `Status` of its newest release.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jobs.delivery import consent
from jobs.errors import RequestError
from jobs.exhausts.layout import USER_ID, Column, batch_columns
from jobs.exhausts.selection import CutCounts, Selection, reasons, rows_without_reason

CONSENTED_ON = "consented_on"
NEEDED = ("left_out_reason", "is_known", "root_org_id", *consent.NEEDED)


def user_info_columns(
    layout: str, collection: dict[str, Any], batch: dict[str, Any]
) -> list[Column]:
    """The same for every batch: the portal's word for the layout is of the progress file."""
    return [*batch_columns(collection, batch), *USER_INFO]


def consented_rows(
    batch: pa.RecordBatch, selection: Selection, counts: CutCounts
) -> pa.RecordBatch:
    """The rows of learners who agreed, with the day of their consent; the others are counted."""
    if selection.consents is None:
        raise ValueError("A file of personal data needs the consents of its learners.")
    why, days = selection.consents.judged(batch)
    reason = pc.coalesce(reasons(batch, selection), why)
    with_day = batch.append_column(pa.field(CONSENTED_ON, pa.date32()), days)
    reported = rows_without_reason(with_day, reason, counts)
    counts.unknown += reported.num_rows - (pc.sum(reported.column("is_known")).as_py() or 0)
    return reported


def refuse_unasked(collection: dict[str, Any], batch_id: str) -> None:
    """RequestError where the course never asks its learners whether their data may be shared."""
    if (collection.get("user_consent") or "").strip().casefold() != "yes":
        raise RequestError(
            f"The course of the batch {batch_id} does not ask learners for their consent, so their"
            " details cannot be shared. Leave this batch out; the progress report has the learners"
            " without their addresses."
        )


USER_INFO = [
    Column("User UUID", USER_ID, "text", "user_id"),
    Column("User Name", "First and last name.", "text", "user_name"),
    Column("User Type", "Teacher, student or another.", "text", "user_type"),
    Column("User Sub Type", "The type more closely, where it is known.", "text", "user_sub_type"),
    Column("State", "The state that the learner declared.", "text", "state"),
    Column("District", "The district that the learner declared.", "text", "district"),
    Column("Block", "The block that the learner declared.", "text", "block"),
    Column("Cluster", "The cluster that the learner declared.", "text", "cluster"),
    Column("School Id", "The school's UDISE code.", "text", "school_id"),
    Column("School Name", "The school that the learner declared.", "text", "school_name"),
    Column("Org Name", "The learner's organisation.", "text", "org_name"),
    Column("Email ID", "The e-mail address.", "open_email", "email_cipher"),
    Column("Mobile Number", "The mobile number.", "open_mobile", "phone_cipher"),
    Column("Consent Provided", "Always true: only who agreed is in the file.", "same", "true"),
    Column("Consent Provided Date", "The day on which the learner agreed.", "day", CONSENTED_ON),
    Column("Status", "Whether the learner's account is active.", "account", "account_status"),
]
