"""The catalogue: which Spark source holds each raw table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobs.errors import SettingsError, UnavailableError

SHIPPED = Path(__file__).with_name("lake.toml")
FORMATS = {".parquet": "parquet", ".jsonl": "json", ".json": "json", ".csv": "csv"}


@dataclass(frozen=True)
class Source:
    """Where one raw table is; `format` None where nothing is there."""

    table: str
    format: str | None
    path: str | None
    options: dict[str, str] = field(default_factory=dict, repr=False)
    changed_at: str | None = None

    @property
    def byte_count(self) -> int | None:
        """The size of its files; None where they are not on this machine."""
        if self.format is None:
            return 0
        if self.path is None or not Path(self.path).exists():
            return None
        root = Path(self.path)
        parts = [root] if root.is_file() else root.rglob("*")
        return sum(part.stat().st_size for part in parts if part.is_file())


def load_catalogue(path: Path | None, lake: Path) -> dict[str, Source]:
    """Every table that the catalogue lists.

    Raises SettingsError naming the file and the entry that cannot be used.
    """
    file = path or SHIPPED
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"The lake catalogue {file} cannot be read: {error.strerror}."
            " SUNBIRD_BATCH_LAKE_CATALOGUE names it."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The lake catalogue {file} is not TOML: {error}.") from error
    return {table: source_of(file, table, entry, lake) for table, entry in entries.items()}


def source_in(sources: Mapping[str, Source], table: str) -> Source:
    """Where a table is: nowhere, if the catalogue does not list it."""
    return sources.get(table, Source(table, None, None))


def source_of(file: Path, table: str, entry: Any, lake: Path) -> Source:
    unknown = (
        set(entry) - {"format", "path", "options", "changed_at"}
        if isinstance(entry, dict)
        else {"it"}
    )
    if unknown:
        raise SettingsError(
            f"The lake catalogue {file} says {', '.join(sorted(unknown))} of `{table}`;"
            " a table has format, path, options and changed_at."
        )
    path = entry["path"].replace("{lake}", str(lake)) if "path" in entry else None
    options = {
        name: option_of(file, table, said) for name, said in entry.get("options", {}).items()
    }
    kind = entry.get("format", "auto")
    return Source(
        table,
        format_of(table, path) if kind == "auto" else kind,
        path,
        options,
        entry.get("changed_at"),
    )


def option_of(file: Path, table: str, said: Any) -> str:
    if not isinstance(said, dict):
        return str(said)
    try:
        return Path(said["file"]).read_text(encoding="utf-8").strip()
    except (KeyError, OSError) as error:
        raise SettingsError(
            f"The lake catalogue {file} names a secret of `{table}` that cannot be read: {error}."
        ) from error


def format_of(table: str, path: str | None) -> str | None:
    """The format that the endings of the files tell; None where there are no files."""
    if path is None or not Path(path).exists():
        return None
    root = Path(path)
    files = [root] if root.is_file() else [part for part in root.rglob("*") if part.is_file()]
    endings = {
        ending
        for part in files
        if not part.name.startswith((".", "_"))
        for ending in [part.with_suffix("").suffix if part.suffix == ".gz" else part.suffix]
    }
    formats = {FORMATS.get(ending, ending) for ending in endings}
    if not formats:
        return None
    if len(formats) > 1 or not formats <= set(FORMATS.values()):
        raise UnavailableError(
            f"The folder {root} of table `{table}` holds files ending in"
            f" {', '.join(sorted(endings))}; promised is one of .parquet, .jsonl, .json, .csv."
            " Move the others away, or say the format in the lake catalogue."
        )
    return formats.pop()
