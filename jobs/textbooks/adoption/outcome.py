"""What became of an adoption file, in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.contracts.adoptions import APPLIED, REFUSED
from jobs.textbooks.adoption.difference import NEW, UNCHANGED, UPDATED, Change
from jobs.textbooks.adoption.finding import ERROR, WARNING, Finding
from jobs.textbooks.adoption.judging import rejected
from jobs.textbooks.adoption.sheet import Refusal

# Taken in before: nothing is done or told again.
KNOWN = "known"


@dataclass(frozen=True)
class Outcome:
    """What was done, or would be: nothing where the file is refused or was taken in before."""

    status: str
    mode: str | None = None
    rows: int = 0
    changes: Sequence[Change] = ()
    findings: Sequence[Finding] = ()
    refusal: Refusal | None = None
    names: dict[str, str] = field(default_factory=dict)
    counts_before: dict[str, int] | None = None

    @property
    def counts(self) -> dict[str, int]:
        if self.counts_before is not None:
            return self.counts_before
        kinds = Counter(one.kind for one in self.changes)
        return {
            "rows": self.rows,
            NEW: kinds[NEW],
            UPDATED: kinds[UPDATED],
            # An equal row beside one that is applied says nothing more.
            UNCHANGED: self.rows - len(rejected(self.findings)) - kinds[NEW] - kinds[UPDATED],
            "rejected": len(rejected(self.findings)),
            "errors": sum(one.severity == ERROR for one in self.findings),
            "warnings": sum(one.severity == WARNING for one in self.findings),
        }

    def by_code(self, severity: str) -> dict[str, int]:
        """How often each code was found, the most frequent first."""
        found = Counter(one.code for one in self.findings if one.severity == severity)
        return dict(sorted(found.items(), key=lambda told: (-told[1], told[0])))


def refused(refusal: Refusal, mode: str | None = None) -> Outcome:
    return Outcome(REFUSED, mode, refusal=refusal)


def applied(
    mode: str, rows: int, changes: Sequence[Change], findings: Sequence[Finding],
    names: dict[str, str],
) -> Outcome:  # fmt: skip
    return Outcome(APPLIED, mode, rows, changes, findings, names=names)
