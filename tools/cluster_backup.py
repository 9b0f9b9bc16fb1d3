"""Backup, drill and restore of all that cannot be made again: databases, keys, clean tables, files.

`python -m tools.cluster_backup make | drill | restore FOLDER` works on whatever the settings name:
the embedded store of this home, or the cluster's. Raw tables are the platform's own and are not
in it; a bucket is backed up by who runs it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow
from pydantic import SecretStr

from jobs.errors import BatchError
from jobs.settings import Settings, load_settings
from jobs.storage import postgres
from jobs.storage.audit import head, rows
from jobs.storage.audit_chain import verified
from jobs.storage.store import Store, open_store
from tools.cluster_dumps import BackupError, counts_of, dump, empty_server, restore_dump
from tools.progress import Progress

STORE, AIRFLOW, MANIFEST = "store.dump", "airflow.dump", "manifest.json"
# Below the home: keys, what refresh made, the files for people, and files that wait to be taken in.
FOLDERS = ("secrets", "lake/clean", "objects", "inbox", "bounces")
# A cluster's own Spark file, which the setup makes out of .env.
LEFT_OUT = "spark"


def make(settings: Settings, store: Store, folder: Path, airflow_url: str | None) -> dict[str, Any]:
    """The backup's manifest, which is written last: a folder without one is not a backup."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty. A backup goes into a folder of its own.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    # The store first: what it names is copied afterwards, and is kept while it is named.
    tables = dump(store.url, folder / STORE, requests=settings.job_request_table)
    if airflow_url:
        dump(airflow_url, folder / AIRFLOW)
    for name in FOLDERS:
        if (settings.home / name).is_dir():
            left_out = shutil.ignore_patterns(LEFT_OUT) if name == "secrets" else None
            shutil.copytree(settings.home / name, folder / "home" / name, ignore=left_out)
    manifest = {
        "made_at": datetime.now(UTC).isoformat(),
        "home": str(settings.home),
        "request_table": settings.job_request_table,
        "tables": tables,
        "files": {str(file.relative_to(folder)): digest(file) for file in files_of(folder)},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def drill(settings: Settings, folder: Path) -> str:
    """Restores all of it to a new server and folder that are thrown away; says what came back."""
    manifest = checked(folder)
    aside = settings.home / "tmp"
    aside.mkdir(parents=True, exist_ok=True)
    with empty_server(aside) as url, tempfile.TemporaryDirectory(dir=aside) as home:
        elsewhere = settings.model_copy(update={"home": Path(home), "store_url": SecretStr(url)})
        restore(elsewhere, folder, None, replace=False)
        found = counts_of(url, requests=manifest["request_table"])
        for table, count in manifest["tables"].items():
            if found.get(table) != count:
                raise BackupError(
                    f"{folder} does not bring back {table}: {found.get(table)} rows of {count}."
                )
        # This version's own look at it: it migrates, and its log of what was given out is whole.
        with open_store(elsewhere) as store, store.transaction() as connection:
            finding = verified(rows(connection), head(connection))
            if finding.fault:
                raise BackupError(f"{folder}: the audit log is not whole: {finding.fault}.")
            missing = [
                path for path, count in published(connection) if count and not files_of(Path(path))
            ]
        if missing:
            raise BackupError(f"{folder} lacks published tables: {', '.join(missing)}.")
    count = sum(manifest["tables"].values())
    return f"{len(manifest['tables'])} tables with {count} rows, {len(manifest['files'])} files"


def restore(settings: Settings, folder: Path, airflow_url: str | None, *, replace: bool) -> None:
    """Puts everything back; refuses where something is, unless it is to be replaced."""
    manifest = checked(folder)
    there = [name for name in FOLDERS if any(files_of(settings.home / name))]
    # Not opened as a store: that would make its tables.
    with store_url(settings) as url:
        held = sum(counts_of(url, requests=manifest["request_table"]).values())
        if (there or held) and not replace:
            raise BackupError(
                f"{settings.home} and its store hold something already ({held} rows;"
                f" {', '.join(there) or 'no files'}). Stop what runs and add --replace to lose it."
            )
        restore_dump(url, folder / STORE, requests=manifest["request_table"])
        move_tables(url, manifest["home"], str(settings.home))
    if airflow_url and (folder / AIRFLOW).is_file():
        restore_dump(airflow_url, folder / AIRFLOW, schemas=("public",))
    for name in FOLDERS:
        if (folder / "home" / name).is_dir():
            shutil.rmtree(settings.home / name, ignore_errors=True)
            shutil.copytree(folder / "home" / name, settings.home / name)


def move_tables(url: str, old: str, new: str) -> None:
    """Published tables are known by their folders, which a new machine may have elsewhere."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE operations.snapshot SET path = %(new)s || substr(path, length(%(old)s) + 1)"
            " WHERE starts_with(path, %(old)s || '/')",
            {"old": old, "new": new},
        )


def checked(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose files are all there as they were written."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupError(f"{folder} has no {MANIFEST}: it is no whole backup.") from None
    changed = [
        name
        for name, known in manifest["files"].items()
        if not (folder / name).is_file() or digest(folder / name) != known
    ]
    if changed:
        raise BackupError(f"{folder}: changed or missing since it was made: {', '.join(changed)}.")
    return manifest


def published(connection: Connection[DictRow]) -> list[tuple[str, int]]:
    """Folder and number of rows of each table's latest version."""
    found = connection.execute(
        "SELECT DISTINCT ON (table_name) path, row_count FROM operations.snapshot"
        " ORDER BY table_name, published_at DESC"
    )
    return [(row["path"], row["row_count"]) for row in found]


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def airflow_database() -> str | None:
    """Airflow's database in psycopg's words, where the environment names one."""
    url = os.environ.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN")
    return url.replace("postgresql+psycopg2:", "postgresql:", 1) if url else None


@contextlib.contextmanager
def store_url(settings: Settings) -> Iterator[str]:
    if settings.store_url is not None:
        yield settings.store_url.get_secret_value()
        return
    with postgres.using(settings.home) as url:
        yield url


def main(arguments: list[str]) -> int:
    words = [word for word in arguments if word != "--replace"]
    if len(words) != 2 or words[0] not in ("make", "drill", "restore"):
        print("python -m tools.cluster_backup make|drill|restore FOLDER [--replace]")
        return 2
    action, folder, progress = words[0], Path(words[1]).resolve(), Progress()
    try:
        settings = load_settings()
        if action == "restore":
            restore(settings, folder, airflow_database(), replace="--replace" in arguments)
            progress.say(f"Restored from {folder}")
            return 0
        if action == "make":
            with open_store(settings) as store:
                make(settings, store, folder, airflow_database())
            progress.say(f"A backup is in {folder}")
        progress.say(f"Drill: restored and compared, {drill(settings, folder)}")
    except (BackupError, BatchError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
