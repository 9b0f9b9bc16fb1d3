"""The kinds of file that are made, each described once; what makes them is the same for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jobs.contracts.contract import Contract
from jobs.contracts.exhausts import PROGRESS
from jobs.contracts.learning import ENROLMENTS
from jobs.contracts.responses import RESPONSES
from jobs.exhausts.layout import Column, columns_of
from jobs.exhausts.requests import refuse_unknown_kind
from jobs.exhausts.responses import ADDED as RESPONSES_ADDED
from jobs.exhausts.responses import NEEDED as RESPONSES_NEEDED
from jobs.exhausts.responses import response_columns, response_rows
from jobs.exhausts.selection import Report, reported_rows
from jobs.exhausts.user_info import CONSENTED_ON, consented_rows, user_info_columns
from jobs.exhausts.user_info import NEEDED as USER_INFO_NEEDED

# The columns of a file, of the layout that is set, the collection and the batch.
Columns = Callable[[str, dict[str, Any], dict[str, Any]], list[Column]]

# The tables whose sources name a batch in each row.
WITH_BATCH = ("enrolments", "activity", "attempts", "batches")


@dataclass(frozen=True)
class Kind:
    """One kind of file: what it is cut from, how it looks, and how careful its way must be.

    `needed` are columns that are read beside those shown, `added` those that `report` adds.
    `needs_consent`: only learners who agreed are in it. `must_protect`: it is never made without a
    key. `is_personal`: its message is never sent twice. `has_stages`: it tells how far learners
    are, so that its course must be readable. `is_long`: it is made page by page and in parts.
    `told_by` is the table whose rejected rows the message counts, `kept_out_of` those whose
    rejected rows are listed beside the file.
    """

    job_id: str
    table: Contract
    sheet: str
    columns: Columns
    report: Report
    needed: tuple[str, ...]
    added: tuple[str, ...] = ()
    needs_consent: bool = False
    must_protect: bool = False
    is_personal: bool = False
    has_stages: bool = True
    is_long: bool = False
    told_by: str = ENROLMENTS.name
    kept_out_of: tuple[str, ...] = WITH_BATCH


PROGRESS_EXHAUST = Kind(
    job_id="progress-exhaust",
    table=PROGRESS,
    sheet="Progress",
    columns=columns_of,
    report=reported_rows,
    needed=("user_id", "left_out_reason", "is_known", "root_org_id", "stage"),
)

USER_INFO_EXHAUST = Kind(
    job_id="userinfo-exhaust",
    table=PROGRESS,
    sheet="Learners",
    columns=user_info_columns,
    report=consented_rows,
    needed=USER_INFO_NEEDED,
    added=(CONSENTED_ON,),
    needs_consent=True,
    must_protect=True,
    is_personal=True,
    has_stages=False,
)

RESPONSE_EXHAUST = Kind(
    job_id="response-exhaust",
    table=RESPONSES,
    sheet="Responses",
    columns=response_columns,
    report=response_rows,
    needed=RESPONSES_NEEDED,
    added=RESPONSES_ADDED,
    has_stages=False,
    is_long=True,
    told_by=RESPONSES.name,
    kept_out_of=("attempts", RESPONSES.name),
)

KIND_OF = {kind.job_id: kind for kind in (PROGRESS_EXHAUST, USER_INFO_EXHAUST, RESPONSE_EXHAUST)}


def kind_of(job_id: str) -> Kind:
    """RequestError names the kinds that are made where this is none of them."""
    refuse_unknown_kind(job_id)
    return KIND_OF[job_id]
