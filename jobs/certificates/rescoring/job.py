"""Checks the attempts of one batch without Spark; applied, keeps copies and counts scores anew."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import structlog
from psycopg import Connection
from psycopg.rows import DictRow

from jobs.certificates.mends import write_score_statements
from jobs.certificates.report import write_rows
from jobs.certificates.score_check import (
    Key,
    ScoreCheck,
    affected,
    instructions,
    key_of,
    score_check,
)
from jobs.contracts.learning import ATTEMPTS, BATCHES, COLLECTIONS, CONTENTS, ENROLMENTS
from jobs.contracts.repairs import INVALID_ATTEMPT, SCORE_CORRECTION
from jobs.contracts.responses import RESPONSES
from jobs.errors import RequestError
from jobs.settings import Settings
from jobs.storage import score_checks as table
from jobs.storage.aside import folder_aside
from jobs.storage.clustered import ClusteredTable, open_table
from jobs.storage.objects import Objects
from jobs.storage.store import Store

log = structlog.get_logger()

READ = (BATCHES, ATTEMPTS, RESPONSES, CONTENTS, COLLECTIONS, ENROLMENTS)
OF_ATTEMPT = ["user_id", "content_id", "attempt_id"]
INVALID = (
    "batch_id", "course_id", "user_id", "content_id", "attempt_id", "reason", "question_count",
    "total_questions", "attempted_at", "score", "max_score",
)  # fmt: skip
AFFECTED = (
    "batch_id", "course_id", "user_id", "certificate_id", "certificate_name", "contents",
    "lost_points",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """What came of a batch's check: attempts by what was found, learners, certificates, files."""

    named: dict[str, int]
    learner_count: int
    certificate_count: int
    files: dict[str, str] = field(default_factory=dict)


def check_scores(
    settings: Settings,
    store: Store,
    objects: Objects,
    *,
    batch_id: str,
    now: datetime,
    apply: bool,
    by: str,
    list_to: Path | None = None,
) -> Checked:
    """Report a batch's invalid attempts; applied, copy them and count the scores without them.

    Raises RequestError for a batch that is not known, UnavailableError where a table was never
    refreshed. Nothing of the platform is written.
    """
    with store.transaction() as connection:
        tables = {contract.name: open_table(connection, contract) for contract in READ}
        taken_out = table.applied(connection, INVALID_ATTEMPT, batch_id)
    batch = tables["batches"].rows(batch_id)
    if not batch:
        raise RequestError(
            f"There is no batch {batch_id} in the table `batches`. Look at its id, or run"
            " `python -m jobs refresh batches`."
        )
    found = judged(settings, tables, batch_id, batch[0]["collection_id"], taken_out)
    invalid = [one | {"course_id": one["collection_id"]} for one in found.invalid]
    certificates = affected(found.corrections, certificates_of(tables, batch_id, found.corrections))
    files: dict[str, str] = {}
    with folder_aside() as aside:
        folder = list_to or aside
        folder.mkdir(parents=True, exist_ok=True)
        made = write_reports(settings, folder, invalid, certificates, found.corrections, now=now)
        if apply:
            with store.transaction() as connection:
                keep(connection, tables, batch_id, invalid, found.corrections, certificates,
                     now=now, by=by)  # fmt: skip
                files = put(objects, batch_id, made)
    log.info("score check", batch_id=batch_id, is_dry=not apply, **found.named)
    learners = {one["user_id"] for one in found.corrections}
    return Checked(found.named, len(learners), len(certificates), files)


def judged(
    settings: Settings,
    tables: dict[str, ClusteredTable],
    batch_id: str,
    course_id: str,
    taken_out: Sequence[Row],
) -> ScoreCheck:
    contents = {
        row["content_id"]: row
        for page in tables["contents"].scan(["content_id", "content_type", "total_questions"])
        for row in page.to_pylist()
    }
    course = tables["collections"].rows(course_id)
    attempts = [row for page in tables["attempts"].batches(batch_id) for row in page.to_pylist()]
    counts = question_counts(tables["responses"], batch_id)
    # Taken out of the attempts since, and still on the platform: its answers are.
    gone = counts.keys() - {key_of(row) for row in attempts}
    return score_check(
        attempts,
        counts,
        contents,
        taken_out=[
            one | {"collection_id": one["course_id"]} for one in taken_out if key_of(one) in gone
        ],
        assessments={one["id"] for row in course for one in row["assessments"] or ()},
        content_types=settings.assessment_content_types,
    )


def question_counts(responses: ClusteredTable, batch_id: str) -> dict[Key, int]:
    """Questions by attempt; 0 where it holds none, no entry where its answers are unreadable."""
    pages = list(responses.batches(batch_id, [*OF_ATTEMPT, "question_id", "unnamed_number"]))
    if not pages:
        return {}
    rows = pa.Table.from_batches(pages)
    is_question = pa.compute.or_(
        pa.compute.not_equal(rows["question_id"], ""), pa.compute.greater(rows["unnamed_number"], 0)
    )
    counted = (
        rows.append_column("is_question", is_question.cast(pa.int64()))
        .group_by(OF_ATTEMPT)
        .aggregate([("is_question", "sum")])
    )
    return {key_of(row): row["is_question_sum"] for row in counted.to_pylist()}


def certificates_of(
    tables: dict[str, ClusteredTable], batch_id: str, corrections: Sequence[Row]
) -> dict[str, list[Row]]:
    wanted = {one["user_id"] for one in corrections}
    pages = tables["enrolments"].batches(batch_id, ["user_id", "certificates"]) if wanted else ()
    return {
        row["user_id"]: row["certificates"]
        for page in pages
        for row in page.to_pylist(maps_as_pydicts="lossy")
        if row["user_id"] in wanted and row["certificates"]
    }


def keep(
    connection: Connection[DictRow],
    tables: dict[str, ClusteredTable],
    batch_id: str,
    invalid: Sequence[Row],
    corrections: Sequence[Row],
    certificates: Sequence[Row],
    *,
    now: datetime,
    by: str,
) -> None:
    """Copies first: whatever is told to the platform afterwards can be put back from them."""
    signed = {"applied_at": now, "applied_by": by}
    answers = answers_of(tables["responses"], batch_id, {key_of(one) for one in invalid})
    table.keep_copies(
        connection,
        (one | signed | {"answers": table.as_json(answers[key_of(one)])} for one in invalid),
    )
    held = Counter(one["user_id"] for one in certificates)
    known = {"data_as_of": tables["attempts"].snapshot.data_as_of}
    table.keep_corrections(
        connection,
        (one | signed | known | {"certificate_count": held[one["user_id"]]} for one in corrections),
    )


def answers_of(responses: ClusteredTable, batch_id: str, wanted: set[Key]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {key: [] for key in wanted}
    for page in responses.batches(batch_id) if wanted else ():
        keys = zip(*(page[name].to_pylist() for name in OF_ATTEMPT), strict=True)
        places = [place for place, key in enumerate(keys) if key in wanted]
        for row in page.take(pa.array(places, pa.int64())).to_pylist() if places else ():
            found[key_of(row)].append(row)
    return found


def write_reports(
    settings: Settings,
    folder: Path,
    invalid: Sequence[Row],
    certificates: Sequence[Row],
    corrections: Sequence[Row],
    *,
    now: datetime,
) -> list[Path]:
    today = now.astimezone(ZoneInfo(settings.report_timezone)).date()
    lists: tuple[tuple[str, Sequence[str], Iterable[Row]], ...] = (
        ("invalid-attempts.csv", INVALID, invalid),
        ("affected-certificates.csv", AFFECTED, certificates),
        ("corrected-scores.csv", CORRECTED, corrections),
    )
    for name, columns, rows in lists:
        write_rows(folder / name, columns, [rows], today=today)
    events = folder / "instruction-events.json"
    with events.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(one) + "\n" for one in instructions(corrections, invalid))
    statements = folder / "score-corrections.cql"
    write_score_statements(statements, invalid, corrections)
    return [*(folder / name for name, _, _ in lists), events, statements]


CORRECTED = tuple(
    name
    for name in SCORE_CORRECTION.columns
    if name not in ("certificate_count", "data_as_of", "applied_at", "applied_by")
)


def put(objects: Objects, batch_id: str, made: Sequence[Path]) -> dict[str, str]:
    """The reports in the object store, under a key that tells their contents: key by name."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made)).hexdigest()[:16]
    place = hashlib.sha256(batch_id.encode()).hexdigest()[:16]
    files = {path.name: f"reports/score-checks/{place}/{digest}/{path.name}" for path in made}
    for path in made:
        objects.put(files[path.name], path)
    return files
