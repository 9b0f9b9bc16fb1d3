"""docs/gates.md: every check in SQL, what it looks for and what it stops."""

from __future__ import annotations

import re
from pathlib import Path

from jobs.documentation.tables import MADE
from jobs.storage.checks import CHECKS, SEVERITY

ABOUT = re.compile(r"\A((?:-- .+\n)+)--\n")


def gates_page() -> str:
    parts = [
        "# Gates",
        MADE,
        "A check selects the rows that must not exist. It runs in the transaction that publishes:"
        " where one with the severity `fail` finds a row, nothing of it becomes visible, the"
        " command ends with a `GateError` (11), and the last good version stays. `warn` is told"
        " and publishes. Beside these, every row is held to [its contract](tables.md). What to do:"
        " [recovery](recovery.md#a-gate-stopped-it).",
    ]
    folders = sorted({file.parent for file in CHECKS.glob("*/*.sql")} | {CHECKS})
    for folder in folders:
        files = sorted(folder.glob("*.sql"))
        if files:
            parts += [f"## {folder.name if folder != CHECKS else 'All'}", table(files)]
    return "\n\n".join(parts) + "\n"


def table(files: list[Path]) -> str:
    rows = [row(file) for file in files]
    return "\n".join(["| Check | Severity | It finds |", "| --- | --- | --- |", *rows])


def row(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    severity, about = SEVERITY.search(text), ABOUT.search(text)
    told = " ".join(line.removeprefix("-- ") for line in about[1].splitlines()) if about else ""
    name = file.stem.replace("_", " ")
    return f"| {name} | {severity[1] if severity else 'fail'} | {told} |"
