"""Making the small Sunbird in the home, and never over a lake that somebody else filled."""

import shutil
from datetime import datetime
from pathlib import Path

import structlog

from jobs.errors import SettingsError
from jobs.samples.archive import ARCHIVE
from jobs.samples.telemetry import TELEMETRY
from jobs.samples.writer import FEWEST_LEARNERS, TABLES, SampleSummary, write_samples
from jobs.settings import Settings

MARKER = "MADE_BY_SAMPLES"
SECRETS = ("platform_key", "platform_salt")
log = structlog.get_logger()


def run_samples(settings: Settings, *, learners: int, as_of: datetime) -> SampleSummary:
    if learners < FEWEST_LEARNERS:
        raise SettingsError(
            f"{learners} learners are too few for the samples: ask for {FEWEST_LEARNERS} or more."
        )
    secrets = settings.home / "secrets"
    refuse_what_is_not_ours(settings.lake, secrets)
    log.info("samples.started", learners=learners)
    settings.lake.mkdir(parents=True, exist_ok=True)
    # First, so that what a killed run leaves behind is known as ours.
    (settings.lake / MARKER).write_text(
        "The tables beside this file are generated: `python -m jobs samples` replaces them.\n",
        encoding="utf-8",
    )
    for table in (*TABLES, ARCHIVE, TELEMETRY):
        shutil.rmtree(settings.lake / table, ignore_errors=True)
    summary = write_samples(settings.lake, secrets, as_of=as_of, learners=learners)
    log.info("samples.written", rows=sum(summary.rows.values()), tables=len(summary.rows))
    return summary


def refuse_what_is_not_ours(lake: Path, secrets: Path) -> None:
    if (lake / MARKER).is_file():
        return
    found = [
        str(lake / table) for table in (*TABLES, ARCHIVE, TELEMETRY) if (lake / table).exists()
    ]
    found += [str(secrets / name) for name in SECRETS if (secrets / name).exists()]
    if found:
        raise SettingsError(
            f"The samples would overwrite what they did not make: {', '.join(found)}."
            " Set SUNBIRD_BATCH_HOME to another folder, or move these away."
        )
