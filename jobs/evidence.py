"""Whether what proves things still does: the log of what was given out, and certificates' keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jobs.errors import GateError
from jobs.findings import Finding
from jobs.settings import Settings

NOT_KNOWN = """
SELECT kid, count(*) AS certificate_count FROM operations.certificate_issued
WHERE kid IS NOT NULL AND kid <> ALL(%s) GROUP BY kid ORDER BY certificate_count DESC, kid
"""


def audit_log(settings: Settings) -> Iterator[Finding]:
    from jobs.privacy.verifying.job import verify
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    with open_store(settings) as store:
        try:
            found = verify(store, open_objects(settings))
        except GateError as error:
            yield Finding("audit log", ok=False, says=str(error), do="tell who protects the data")
        else:
            yield Finding("audit log", ok=True, says=f"{found.rows} rows, as they were written")


def certificate_keys(settings: Settings) -> Iterator[Finding]:
    """Looks alone: a first key is made when a certificate is."""
    from jobs.storage.certificate_keys import certificate_keys as open_keys
    from jobs.storage.certificate_keys import key_folder
    from jobs.storage.store import open_store

    folder = key_folder(settings)
    files = sorted(folder.glob("*.pem"))
    held = open_keys(settings) if files else None
    with open_store(settings) as store, store.transaction() as connection:
        lost = connection.execute(NOT_KNOWN, [list(held.public_pems) if held else []]).fetchall()
    readable = [path.name for path in files if path.stat().st_mode & 0o077 and is_private(path)]
    if lost:
        count = sum(row["certificate_count"] for row in lost)
        yield Finding(
            "certificate keys",
            ok=False,
            says=f"{count} certificates were signed with keys that are not in {folder}:"
            f" {', '.join(row['kid'] for row in lost)}. Nobody can verify them",
            do="put these keys back from the backup; their public parts are enough",
        )
    elif readable:
        yield Finding(
            "certificate keys",
            ok=False,
            says=f"others than their owner can read {', '.join(readable)} in {folder}, and sign",
            do=f"chmod 600 {folder}/*.pem; if a stranger may have read them, `python -m jobs"
            " certificate keys --rotate`",
        )
    else:
        told = f"{held.kid} signs, {len(held.public_pems)} verify" if held else "none is needed yet"
        yield Finding("certificate keys", ok=True, says=told)


def is_private(path: Path) -> bool:
    return b"PRIVATE KEY" in path.read_bytes()
