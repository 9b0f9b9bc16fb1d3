"""The environment's words: secrets that stand in files, and which variables cannot be used."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from jobs.errors import SettingsError

PREFIX = "SUNBIRD_BATCH_"


def secrets_in_files(names: Iterable[str]) -> dict[str, str]:
    """The first line of each file that a variable with `_FILE` at its end names."""
    paths = {name: os.environ.get(f"{PREFIX}{name.upper()}_FILE") for name in names}
    return {name: first_line(Path(path)) for name, path in paths.items() if path}


def first_line(path: Path) -> str:
    line = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    if not line:
        raise SettingsError(f"The settings file {path} holds nothing in its first line.")
    return line


def without_effect(given: Iterable[str], known: Iterable[str]) -> list[str]:
    """A sentence for each of our variables that nothing reads, with the name that is nearest."""
    ours = {name.upper().removeprefix(PREFIX) for name in given if name.upper().startswith(PREFIX)}
    names = sorted(known)
    said = []
    for name in sorted(ours.difference(names)):
        nearest = get_close_matches(name, names, n=1)
        told = f"; the nearest that there is: {PREFIX}{nearest[0]}" if nearest else ""
        said.append(f"{PREFIX}{name} is no setting and has no effect{told}.")
    return said


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone of that name; one is Asia/Kolkata") from None
    return name


def told(error: ValueError) -> str:
    """Every variable that cannot be used, without its text, which can be a secret."""
    if isinstance(error, ValidationError):
        wrong = "; ".join(
            f"{PREFIX}{str(problem['loc'][0]).upper() if problem['loc'] else ''}: {problem['msg']}"
            for problem in error.errors(include_input=False)
        )
        return (
            f"The environment holds settings that cannot be used: {wrong}."
            " docs/settings.md says what each may be."
        )
    unparsed = re.search(r'field "(\w+)"', str(error))
    if unparsed:
        return f"{PREFIX}{unparsed[1].upper()} is not the JSON that docs/settings.md asks for."
    return f"The environment cannot be read: {error}."
