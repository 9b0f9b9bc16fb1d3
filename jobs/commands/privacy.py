"""Who has whose data, how it goes away, and the log that tells of both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.arguments import done, person, utc_now
from jobs.errors import GateError, RequestError
from jobs.settings import load_settings
from jobs.terminal import print_table, told

SHOWN = ("made_at", "job_id", "batch_id", "request_id", "asked_by", "purpose", "recipients",
         "mailed_at", "openings", "removed")  # fmt: skip

privacy = typer.Typer(help="Who has whose data: report, breach, erase.", no_args_is_help=True)
audit = typer.Typer(help="The log of what was given out: verify, anchor.", no_args_is_help=True)

User = Annotated[str, typer.Option(help="the learner's id")]
By = Annotated[str | None, typer.Option(help="who asks, for the audit log; none: the account")]


@privacy.command()
def report(
    user: User,
    by: By = None,
    out: Annotated[Path | None, typer.Option(help="CSV with the columns of each file")] = None,
) -> None:
    """Every file that holds or held a learner, who got it, and when."""
    from jobs.privacy.reporting.job import report_learner, write_csv
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        files = report_learner(store, user, asked_by=person(by), now=utc_now())
    print_table([{name: file[name] for name in SHOWN} for file in files])
    print(f"files: {len(files)}")
    if out is not None:
        with out.open("w", encoding="utf-8-sig", newline="") as page:
            write_csv(files, page)


@privacy.command()
def breach(
    request: Annotated[str, typer.Option(help="the request whose files went astray")],
    tag: Annotated[str | None, typer.Option(help="its tag, where ids are not unique")] = None,
    by: By = None,
    out: Annotated[Path | None, typer.Option(help="CSV with the ids of the learners")] = None,
) -> None:
    """Whom the files of a request touch: the learners, the recipients and the columns."""
    from jobs.privacy.reporting.job import report_request, write_csv
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        found = report_request(store, request, tag=tag, asked_by=person(by), now=utc_now())
    print_table([{name: file[name] for name in (*SHOWN, "learners")} for file in found.files])
    for columns in sorted({file["columns"] for file in found.files if file["columns"]}):
        print(f"columns: {columns}")
    print(f"learners touched: {len(found.learners)}")
    if out is not None:
        with out.open("w", encoding="utf-8-sig", newline="") as page:
            write_csv([{"user_id": user_id} for user_id in found.learners], page)


@privacy.command()
def erase(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="do it; without it nothing changes")] = False,
    by: By = None,
    reason: Annotated[str | None, typer.Option(help="for the audit log; no names")] = None,
) -> None:
    """Take a learner out of tables, events, files and waiting messages, and prove it."""
    from jobs.privacy.erasing.job import Erasure, erase_learner
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    erasure = Erasure(user, person(by), reason, utc_now())
    with open_store(settings) as store:
        proof = erase_learner(settings, store, open_objects(settings), erasure, dry_run=not yes)
    print_table(proof.rows())
    if not yes:
        print(f"result: would erase {proof.left}; nothing was changed, add --yes to do it")
    elif proof.left:
        raise GateError(
            f"The erasure promised to leave nothing; {proof.left} are left, as the table says. Run"
            " the command again; what stays then is held by something that still writes."
        )
    else:
        print("result: erased; nothing is left")


@audit.command()
def verify(
    expected: Annotated[
        str | None, typer.Option(help="an end that was noted elsewhere, as NUMBER:HASH")
    ] = None,
) -> None:
    """Follow the log row by row; names the first row that was changed, lost or moved."""
    from jobs.privacy.verifying.job import verify as verify_log
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    noted = read_anchor(expected) if expected else None
    with open_store(settings) as store:
        found = verify_log(store, open_objects(settings), expected=noted)
    print(f"result: whole; {found.rows} rows, end {found.head.audit_id}:{found.head.row_hash}")


@audit.command()
def anchor() -> None:
    """Keep the log's end in the object store, apart from the log; retention does so each night."""
    from jobs.privacy.verifying.job import keep_anchor
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        kept = keep_anchor(store, open_objects(settings), utc_now())
    done(0 if kept is None else 1)
    if kept is not None:
        print(f"result: end {kept.audit_id}:{kept.row_hash}")


def read_anchor(text: str):  # type: ignore[no-untyped-def]
    from jobs.storage.audit_chain import Anchor

    number, _, row_hash = text.partition(":")
    if not number.isdigit() or len(row_hash) != 64:
        raise RequestError(f"--expected {text!r} is not NUMBER:HASH, as `audit verify` prints it.")
    return Anchor(int(number), row_hash)


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only tell what is too old")] = False,
) -> None:
    """Remove files, lists and users of events that are too old; fails where any is left."""
    from jobs.privacy.retention.job import run_retention
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        found = run_retention(settings, store, open_objects(settings), utc_now(), dry_run=dry_run)
    verb = "would remove" if dry_run else "removed"
    print(f"result: {verb} {told(found) if any(found.values()) else 'nothing'}")
    if not dry_run:
        print("older than allowed: none")
