"""What a message says: counts and names of courses and batches, never a learner's data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from jobs.errors import DeliveryError


class Fact(BaseModel):
    """A part of a message's facts, stored as JSON and read back unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnFacts(Fact):
    """A column of the file and what it means; `part` is the name that the meaning has room for."""

    header: str
    meaning: str
    part: str = ""


class AnswerFacts(Fact):
    """How much a file of answers holds beside its rows; `manifest` lists its parts where it has
    several."""

    learners: int = Field(ge=0)
    attempts: int = Field(ge=0)
    rows_left_out: int = Field(0, ge=0)
    manifest: str = ""


class BatchFacts(Fact):
    """One batch's file: `enrolled` is the number of its rows, and the sum of the three stages
    where it tells of stages."""

    batch_id: str
    batch_name: str
    collection_id: str
    collection_name: str
    enrolled: int = Field(ge=0)
    has_stages: bool = True
    completed: int = Field(ge=0)
    in_progress: int = Field(ge=0)
    not_started: int = Field(ge=0)
    left_out: dict[str, int] = {}
    unknown_learners: int = 0
    undecryptable: dict[str, int] = {}
    quarantined: dict[str, int] = {}
    data_as_of: datetime
    is_stale: bool = False
    file_name: str
    columns: list[ColumnFacts] = []
    notes: list[str] = []
    # What the archive holds: the report in each format, and the list of rows kept out.
    files: list[str] = []
    quarantine_file: str = ""
    quarantine_rows: int = Field(0, ge=0)
    answers: AnswerFacts | None = None

    @model_validator(mode="after")
    def counts_add_up(self) -> Self:
        told = self.completed + self.in_progress + self.not_started
        if self.has_stages and self.enrolled != told:
            raise ValueError(
                f"batch {self.batch_id}: {self.enrolled} enrolled are not"
                f" {self.completed} + {self.in_progress} + {self.not_started}"
            )
        return self


class ExhaustFacts(Fact):
    """The answer to one request; `reason` says in a sentence why a failed one failed."""

    request_id: str
    tag: str
    job_id: str
    requested_at: datetime
    is_protected: bool = False
    # Sunbird's levels of the files, the weakest first; none in messages of an earlier version.
    security_levels: list[str] = []
    batches: list[BatchFacts] = []
    unknown_batches: list[str] = []
    retired_batches: list[str] = []
    withheld_batches: int = Field(0, ge=0)
    purpose: str = ""  # of the setting `purposes`; empty where the request needs none
    reason: str = ""
    language: str = "en"


class NoticeFacts(Fact):
    """What the team must know: which message or run is in trouble, and why; ids only."""

    delivery_id: str
    kind: str
    tag: str | None = None
    request_id: str | None = None
    dag_id: str | None = None
    reason: str
    language: str = "en"


class MissedBatchFacts(Fact):
    """What is open of one batch and template; `oldest_days` since the first was found."""

    batch_id: str
    batch_name: str
    course_name: str
    template_name: str
    new: int = Field(ge=0)
    pending: int = Field(ge=0)
    held: int = Field(ge=0)
    approved: int = Field(ge=0)
    oldest_days: int = Field(ge=0)


class MissedFacts(Fact):
    """A night's missed certificates, as counts by code; the lists of learners are in the files."""

    night: datetime
    data_as_of: datetime
    is_stale: bool = False
    by_state: dict[str, int]
    held: dict[str, int] = {}
    failed: dict[str, int] = {}
    problems: dict[str, int] = {}
    told_by_issuer: int = Field(0, ge=0)
    not_earned: dict[str, int] = {}
    repairs: dict[str, int] = {}
    batches: list[MissedBatchFacts] = []
    more_batches: int = Field(0, ge=0)
    language: str = "en"


class CertificateFacts(Fact):
    """A certificate that was issued; who it is for is told by nothing but the address."""

    certificate_id: str
    course_name: str
    batch_name: str
    template_name: str
    completed_at: datetime
    page: str = ""
    language: str = "en"


class AdoptionChangeFacts(Fact):
    """One adopted textbook that changed: each value of its own before and after."""

    textbook_id: str
    textbook_name: str
    board: str
    is_new: bool
    fields: dict[str, tuple[str, str]] = {}


class AdoptionFacts(Fact):
    """What became of an adoption file; `errors` and `warnings` are counts by code, and
    `refused_because` is the code where all of it was refused."""

    file_name: str
    tenant_name: str
    mode: str = ""
    taken_at: datetime
    data_as_of: datetime | None = None
    is_stale: bool = False
    refused_because: str = ""
    refused_detail: str = ""
    rows: int = Field(ge=0)
    added: int = Field(ge=0)
    updated: int = Field(ge=0)
    unchanged: int = Field(ge=0)
    rejected: int = Field(ge=0)
    errors: dict[str, int] = {}
    warnings: dict[str, int] = {}
    changes: list[AdoptionChangeFacts] = []
    more_changes: int = Field(0, ge=0)
    language: str = "en"


class WeeklyFigureFacts(Fact):
    """A number of the week and of the week before; `code` says which."""

    code: str
    now: int = Field(ge=0)
    before: int | None = Field(None, ge=0)


class WeeklyFacts(Fact):
    """The usage of a week that begins on `first_on`, a Monday; its last counts are to date."""

    first_on: date
    day_count: int = Field(ge=0, le=7)
    is_final: bool = False
    figures: list[WeeklyFigureFacts] = []
    issued_count: int = Field(0, ge=0)
    downloaded_certificate_count: int = Field(0, ge=0)
    batch_count: int = Field(0, ge=0)
    report_download_count: int = Field(0, ge=0)
    made_at: datetime
    language: str = "en"

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(days=6)


class Attachment(Fact):
    """A file to attach: its key in the object store, and what people see."""

    key: str
    file_name: str
    bytes: int = Field(ge=0)
    sha256: str


MessageFacts = (
    ExhaustFacts | NoticeFacts | MissedFacts | CertificateFacts | AdoptionFacts | WeeklyFacts
)
KINDS: dict[str, type[MessageFacts]] = {
    "exhaust_ready": ExhaustFacts,
    "exhaust_failed": ExhaustFacts,
    "exhaust_late": ExhaustFacts,
    "team_notice": NoticeFacts,
    "missed_certificates": MissedFacts,
    "certificate_issued": CertificateFacts,
    "textbook_adoption": AdoptionFacts,
    "usage_weekly": WeeklyFacts,
}


def read_facts(kind: str, stored: dict[str, Any]) -> MessageFacts:
    """The facts of a stored message; DeliveryError names what cannot be read."""
    model = KINDS.get(kind)
    if model is None:
        raise DeliveryError(
            f"Messages of the kind {kind} are unknown here; known: {', '.join(KINDS)}."
        )
    try:
        return model.model_validate(stored)
    except ValidationError as error:
        fields = sorted({".".join(map(str, one["loc"])) or one["msg"] for one in error.errors()})
        raise DeliveryError(
            f"The facts of a message {kind} cannot be read: {', '.join(fields)}."
        ) from None
