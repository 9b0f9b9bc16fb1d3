"""What the answer to an adoption file says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from jobs.delivery.facts import AdoptionChangeFacts, AdoptionFacts
from jobs.textbooks.adoption.difference import NEW, UNCHANGED, UPDATED, Change
from jobs.textbooks.adoption.finding import ERROR, WARNING
from jobs.textbooks.adoption.outcome import Outcome
from jobs.textbooks.adoption.papers import told

SHOWN_CHANGES = 20
# The refresh before makes the tables of textbooks anew every hour.
STALE_AFTER = timedelta(hours=3)
LONGEST = 120


def adoption_facts(
    outcome: Outcome,
    *,
    file_name: str,
    tenant_name: str,
    taken_at: datetime,
    data_as_of: datetime | None,
    language: str,
) -> AdoptionFacts:
    counts, moved = outcome.counts, [one for one in outcome.changes if one.kind != UNCHANGED]
    lines = list(change_lines(moved[:SHOWN_CHANGES], outcome))
    return AdoptionFacts(
        file_name=file_name,
        tenant_name=tenant_name,
        mode=outcome.mode or "",
        taken_at=taken_at,
        data_as_of=data_as_of,
        is_stale=data_as_of is not None and taken_at - data_as_of > STALE_AFTER,
        refused_because=outcome.refusal.code if outcome.refusal else "",
        refused_detail=outcome.refusal.detail if outcome.refusal else "",
        rows=counts["rows"],
        added=counts[NEW],
        updated=counts[UPDATED],
        unchanged=counts[UNCHANGED],
        rejected=counts["rejected"],
        errors=outcome.by_code(ERROR),
        warnings=outcome.by_code(WARNING),
        changes=lines,
        more_changes=max(0, len(moved) - SHOWN_CHANGES),
        language=language,
    )


def change_lines(moved: Sequence[Change], outcome: Outcome) -> Iterator[AdoptionChangeFacts]:
    for one in moved:
        wanted = one.wanted
        yield AdoptionChangeFacts(
            textbook_id=wanted.textbook_id,
            textbook_name=outcome.names.get(wanted.textbook_id, ""),
            board=wanted.board,
            is_new=one.kind == NEW,
            fields={
                each.field: (told(each.before)[:LONGEST], told(each.after)[:LONGEST])
                for each in one.fields
            },
        )
