"""Java's archive of the classes that Spark loads: made once for an environment, read at each start.

Half of a small Spark job is Java unpacking and checking the same sixteen thousand classes. Java
takes an archive only with the very jars and the very Java that it was made with; with others it
starts as if there were none.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from jobs.errors import UnavailableError
from jobs.storage.java import java_program, java_version

ARCHIVE, CACHE = ".jsa", ".aot"
# From this version on Java writes a cache in two steps, with what was called often in it.
OLDEST_WITH_CACHE = 25
PROJECT = Path(__file__).resolve().parents[2]


def archive_of(java_home: Path) -> Path | None:
    """This environment's archive for a Java; None where it was not made."""
    there = (place_of(java_home, kind) for kind in (CACHE, ARCHIVE))
    return next((path for path in there if path.is_file()), None)


def place_of(java_home: Path, kind: str) -> Path:
    import pyspark

    made_with = [java_program(java_home), Path(pyspark.__file__).parent / "jars"]
    told = "".join(f"{path} {path.stat().st_mtime_ns} " for path in made_with)
    name = hashlib.sha256(told.encode()).hexdigest()[:16]
    return Path(sys.prefix) / "share" / "sunbird-batch" / f"classes-{name}{kind}"


def reading_options(java_home: Path) -> str:
    """What Java is told of its archive, nothing where there is none.

    What it has to say of one that it does not take is a hint, and would go to standard output.
    """
    archive = archive_of(java_home)
    if archive is None:
        return ""
    if archive.suffix == CACHE:
        return f"-XX:AOTCache={archive} -Xlog:aot*=off -Xlog:cds*=off"
    return f"-XX:SharedArchiveFile={archive} -Xlog:cds*=off"


def make_archive(java_home: Path) -> Path:
    """The archive, made where there is none by a session of its own that loads what jobs load.

    Raises UnavailableError where this Java cannot.
    """
    there = archive_of(java_home)
    if there is not None:
        return there
    has_cache = java_version(java_program(java_home)) >= OLDEST_WITH_CACHE
    target = place_of(java_home, CACHE if has_cache else ARCHIVE)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        aside, recorded = Path(folder) / target.name, Path(folder) / "recorded"
        option = (
            f"-XX:AOTMode=record -XX:AOTConfiguration={recorded} -Xlog:aot*=off"
            if has_cache
            else f"-XX:ArchiveClassesAtExit={aside} -Xlog:cds*=off"
        )
        arguments = trained(Path(folder), java_home, option)
        if has_cache:
            write_cache(java_home, arguments, recorded, aside)
        if not aside.is_file():
            raise UnavailableError(
                f"The Java at {java_home} made no archive of its classes; a Java before"
                f" {OLDEST_WITH_CACHE} needs its own one, lib/server/classes.jsa, for that. Jobs"
                " run without, and start some seconds later each."
            )
        aside.chmod(0o644)
        aside.replace(target)
    return target


def trained(folder: Path, java_home: Path, option: str) -> list[str]:
    """Run the session in a process of its own; returns what its Java was started with."""
    told = folder / "arguments"
    module = "jobs.storage.class_training"
    program = [sys.executable, "-m", module, str(folder), str(told), option]
    environment = os.environ | {"SUNBIRD_BATCH_JAVA_HOME": str(java_home)}
    ended = subprocess.run(
        program, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode or not told.is_file():
        raise UnavailableError(f"The session that loads Spark's classes failed: {ended.stderr}")
    return told.read_text(encoding="utf-8").splitlines()


def write_cache(java_home: Path, arguments: list[str], recorded: Path, target: Path) -> None:
    kept = [one for one in arguments if not one.startswith(("-XX:AOT", "-Xlog:"))]
    line = [str(java_program(java_home)), *kept, "-XX:AOTMode=create", "-Xlog:aot*=off"]
    line += [f"-XX:AOTConfiguration={recorded}", f"-XX:AOTCache={target}"]
    subprocess.run(line, capture_output=True, check=False)
