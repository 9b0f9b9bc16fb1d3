"""Whether what was approved may still be issued, judged by what the platform holds now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.certificates.names import name_key_of
from jobs.contracts.missed_certificates import FAILED, MANUAL, RESOLVED

Row = Mapping[str, Any]
COMPLETED = 2


def refusal(
    approved: Row, *, enrolment: Row | None, learner: Row | None, version: Row | None
) -> tuple[str, str] | None:
    """The state that it goes to and why, as a code; None where it may be issued."""
    if version is None:
        return FAILED, "version_unknown"
    if enrolment is None or has_left(enrolment):
        return RESOLVED, "left_batch"
    if holds_another(approved, enrolment, version):
        return RESOLVED, "issued_elsewhere"
    if approved["reason"] != MANUAL and is_changed(approved, enrolment):
        return FAILED, "facts_changed"
    if learner is None:
        return FAILED, "learner_unknown"
    if learner["is_active"] is False:
        return FAILED, "learner_inactive"
    if not learner["user_name"]:
        return FAILED, "no_name"
    if not version["issuer_name"]:
        return FAILED, "issuer_missing"
    return None


def has_left(enrolment: Row) -> bool:
    return not enrolment["is_active"] and enrolment["has_active_mark"] is not False


def is_changed(approved: Row, enrolment: Row) -> bool:
    return (enrolment["status"], enrolment["completed_at"]) != (
        COMPLETED,
        approved["completed_at"],
    )


def holds_another(approved: Row, enrolment: Row, version: Row) -> bool:
    """A certificate of this name is there by now, other than the broken one to be replaced."""
    wanted = name_key_of(version["template_name"])
    ids = [
        (held.get("identifier") or held.get("id") or "").strip()
        for held in enrolment["certificates"] or []
        if wanted and name_key_of(held.get("name")) == wanted
    ]
    return any(one and one != approved["replaces_id"] for one in ids)
