"""Checks in SQL: each file of a folder of sql/checks selects the rows that must not exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from psycopg import Connection

CHECKS = Path(__file__).resolve().parents[2] / "sql" / "checks"
PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
COMMENT = re.compile(r"^--.*$", re.MULTILINE)
SEVERITY = re.compile(r"^-- Severity +(fail|warn)\b", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """How many rows break one check."""

    check: str
    severity: Literal["fail", "warn"]
    row_count: int


def run_checks(
    connection: Connection[Any], folder: str, parameters: Mapping[str, Any]
) -> list[Found]:
    """Every check of a folder, in this transaction: what is not committed yet is looked at too."""
    return [run_check(connection, file, parameters) for file in sorted(files(folder))]


def files(folder: str) -> list[Path]:
    return list((CHECKS / folder).glob("*.sql"))


def run_check(connection: Connection[Any], file: Path, parameters: Mapping[str, Any]) -> Found:
    text = file.read_text(encoding="utf-8")
    severity = SEVERITY.search(text)
    query = COMMENT.sub("", text).replace("%", "%%").strip().rstrip(";")
    named = PARAMETER.sub(r"%(\1)s", query)
    row = connection.execute(
        f"SELECT count(*) AS n FROM ({named}) AS broken",  # noqa: S608 -- our own files
        parameters,
    ).fetchone()
    return Found(
        file.stem.replace("_", " "),
        "warn" if severity and severity.group(1) == "warn" else "fail",
        row["n"] if row else 0,
    )
