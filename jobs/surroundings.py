"""Whether what lies around the jobs works: variables, objects, mail, Java and packages."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

from jobs.findings import Finding
from jobs.settings import Settings, without_effect


def variables() -> Iterator[Finding]:
    unknown = without_effect(os.environ)
    yield Finding(
        "variables",
        ok=not unknown,
        says=" ".join(unknown) or "every one of ours is a setting",
        do="correct the names, or remove them; docs/settings.md lists all",
    )


def objects(settings: Settings) -> Iterator[Finding]:
    from jobs.storage.objects import open_objects

    place = open_objects(settings)
    key = f"doctor/{uuid4().hex}"
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe"
        probe.write_bytes(b"probe")
        place.put(key, probe)
    is_same = place.read(key) == b"probe"
    where = place.place(key).removesuffix(key)
    place.delete(key)
    yield Finding(
        "objects",
        ok=is_same,
        says=f"{where} takes, gives back and forgets"
        if is_same
        else f"{where} gave back something else than it took",
        do="use another disk or object store",
    )


def mail(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_host is None:
        yield Finding(
            "mail", ok=True, says=f"no server is set: mails are kept in {settings.mailbox}"
        )
        return
    from jobs.storage.smtp import YagmailCarrier, close

    carrier = YagmailCarrier(settings)
    client = carrier.client()
    try:
        with carrier.before_the_message():
            client.login()
    finally:
        close(client)
    yield Finding("mail", ok=True, says=f"{settings.smtp_host}:{settings.smtp_port} lets us in")


def java(settings: Settings) -> Iterator[Finding]:
    from jobs.storage.class_archive import archive_of
    from jobs.storage.java import find_java

    found = find_java(settings.java_home, settings.home)
    archive = (
        "with Spark's classes archived"
        if archive_of(found)
        else "jobs start sooner after `python -m jobs class-archive`"
    )
    yield Finding("Java", ok=True, says=f"{found}; {archive}")


def package(part: str, name: str) -> Iterator[Finding]:
    try:
        yield Finding(part, ok=True, says=version(name))
    except PackageNotFoundError:
        yield Finding(
            part, ok=False, says=f"{name} is not installed", do="install requirements.txt"
        )
