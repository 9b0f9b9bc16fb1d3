"""What a check found, and what must not be published because of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from jobs.errors import GateError

Severity = Literal["fail", "warn"]
Outcome = Literal["passed", "failed", "could not check"]


@dataclass(frozen=True)
class Verdict:
    """One check of something about to be published: counts, and never a value."""

    subject: str
    check_name: str
    severity: Severity
    verdict: Outcome
    found_count: int | None = None
    checked_count: int | None = None

    def __str__(self) -> str:
        if self.verdict == "could not check":
            return f"{self.check_name} (could not be checked)"
        return f"{self.check_name} ({self.found_count} of {self.checked_count})"


def exact(subject: str, check_name: str, found: int, promised: int) -> Verdict:
    """Whether two counts that must be the same are; what is missing or too many is the finding."""
    return Verdict(
        subject=subject,
        check_name=check_name,
        severity="fail",
        verdict="passed" if found == promised else "failed",
        found_count=abs(found - promised),
        checked_count=promised,
    )


def stop_on_failure(verdicts: Iterable[Verdict]) -> None:
    """Raise GateError naming every check that stops the publish, for each subject.

    What could not be checked stops it too: nobody knows whether it holds.
    """
    stopping = [v for v in verdicts if v.severity == "fail" and v.verdict != "passed"]
    if not stopping:
        return
    subjects = ", ".join(dict.fromkeys(verdict.subject for verdict in stopping))
    raise GateError(
        f"The gate stopped {subjects}, which promised to hold its contract. Found:"
        f" {'; '.join(str(verdict) for verdict in stopping)}. Nothing was published; the rows are"
        " told by the table operations.gate_verdict, by count. Mend the source, or the rule that"
        " made the rows, and run again."
    )
