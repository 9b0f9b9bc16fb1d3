"""The command line: names to job functions, expected failures to exit codes."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.errors import NOTHING_TO_DO, BatchError, RequestError
from jobs.settings import Settings, load_settings
from jobs.terminal import configure_logging, print_table, told

app = typer.Typer(
    help="The batch side of a Sunbird LMS.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ROOT = Path(__file__).resolve().parents[1]

Kind = Annotated[str, typer.Argument(help="progress-exhaust")]


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(text: str | None) -> datetime:
    """An ISO 8601 instant; now where none is given."""
    if text is None:
        return utc_now()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise RequestError(
            f"--as-of {text!r} is not an ISO 8601 instant such as 2026-11-21T18:30:00Z."
        ) from None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def done(count: int) -> None:
    """End with the exit code that tells a scheduler whether anything was there to do."""
    if count == 0:
        raise typer.Exit(NOTHING_TO_DO)


@app.command()
def refresh(
    tables: Annotated[list[str] | None, typer.Argument(help="none: all")] = None,
    due: Annotated[bool, typer.Option("--due", help="only tables that are old enough")] = False,
) -> None:
    """Turn raw tables into published snapshots, in one Spark application."""
    from jobs.refresh.job import run_refresh
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        made = run_refresh(settings, store, tables=tables or [], due_only=due, clock=utc_now)
    for table in made:
        kept_out = ", ".join(f"{n} {reason}" for reason, n in table.quarantined.items())
        print(
            f"{table.table}: {table.row_count} rows{f'; kept out: {kept_out}' if kept_out else ''}"
        )
    done(len(made))


@app.command()
def request(
    kind: Kind,
    batch: Annotated[list[str], typer.Option(help="the batch; several: repeat it")],
    requested_by: Annotated[str, typer.Option(help="the user who asks")],
    channel: Annotated[str | None, typer.Option(help="the tenant asked for")] = None,
    tag: Annotated[str | None, typer.Option(help="the requester's name for it")] = None,
    key_file: Annotated[Path | None, typer.Option(help="file with the key of the archive")] = None,
) -> None:
    """Ask for a file, as a portal does; prints the request id."""
    from jobs.exhausts.job import submit_request
    from jobs.storage.store import open_store

    settings = load_settings()
    key = key_file.read_text(encoding="utf-8").strip() if key_file else None
    with open_store(settings) as store:
        print(
            submit_request(
                settings,
                store,
                kind=kind,
                batch_ids=batch,
                requested_by=requested_by,
                channel=channel,
                tag=tag,
                key=key,
                now=utc_now(),
            )
        )


@app.command()
def requests() -> None:
    """List the requests with their times."""
    from jobs.exhausts.job import list_requests
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        print_table(list_requests(settings, store, now=utc_now()))


@app.command()
def exhaust(
    kind: Kind,
    as_of_text: Annotated[
        str | None, typer.Option("--as-of", help="ISO 8601 instant; none: now")
    ] = None,
    step: Annotated[str | None, typer.Option(help="claim, cut or check; none: all")] = None,
    run: Annotated[str | None, typer.Option(help="the run that the steps belong to")] = None,
) -> None:
    """Answer the pending requests: claim, cut, check, and without --step also deliver."""
    from jobs.exhausts.job import run_check, run_claim, run_cut, run_exhaust
    from jobs.storage.mail import open_mail
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings, now, as_of = load_settings(), utc_now(), instant(as_of_text)
    if step is not None and (run is None or step not in ("claim", "cut", "check")):
        raise RequestError("--step is claim, cut or check, and needs --run, the run's own name.")
    with open_store(settings) as store:
        objects = open_objects(settings)
        if step is None:
            refresh_missing(settings, store)
            outcomes, sent = run_exhaust(
                settings,
                store,
                objects,
                open_mail(settings),
                kind=kind,
                run_id=run or f"command-{now.isoformat()}",
                now=now,
                as_of=as_of,
            )
            print(
                f"{told(outcomes)}; sent {sent.sent}, failed {sent.failed}, waiting {sent.waiting}"
            )
            done(outcomes.total() + sent.sent + sent.failed)
        elif step == "claim":
            done(run_claim(settings, store, kind=kind, run_id=str(run), now=now))
        elif step == "cut":
            print(
                told(
                    run_cut(
                        settings, store, objects, kind=kind, run_id=str(run), now=now, as_of=as_of
                    )
                )
            )
        else:
            print(told(run_check(settings, store, objects, kind=kind, run_id=str(run), now=now)))


@app.command()
def deliver() -> None:
    """Send what waits in the outbox."""
    from jobs.delivery.job import run_deliver
    from jobs.storage.mail import open_mail
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        counts = run_deliver(
            settings, store, open_objects(settings), open_mail(settings), now=utc_now()
        )
    print(f"sent {counts.sent}, failed {counts.failed}, waiting {counts.waiting}")
    done(counts.sent + counts.failed)


@app.command()
def query(sql: Annotated[str, typer.Argument(help="one SELECT")]) -> None:
    """Print the rows of a read-only query as CSV, as the role analyst."""
    from jobs.storage.query import query_csv
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        query_csv(store, sql, sys.stdout)


@app.command()
def doctor() -> None:
    """Check each part and say what to do."""
    from jobs.doctor import examine

    findings = examine(load_settings())
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'FAIL'} {finding.part}: {finding.says}")
        if not finding.ok and finding.do:
            print(f"     do: {finding.do}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.command()
def samples(
    learners: Annotated[int, typer.Option(help="how many learners", min=1)] = 5000,
    as_of: Annotated[str | None, typer.Option(help="the day that the dates are around")] = None,
) -> None:
    """Write a small Sunbird into the lake."""
    from jobs.samples.job import run_samples

    settings = load_settings()
    run_samples(settings, learners=learners, as_of=instant(as_of))
    print(f"A small Sunbird is in {settings.lake}.")


@app.command()
def store(action: Annotated[str, typer.Argument(help="up, down or status")]) -> None:
    """Start, stop or look at the embedded PostgreSQL."""
    from jobs.storage import postgres

    actions = {"up": postgres.up, "down": postgres.down, "status": postgres.status}
    if action not in actions:
        raise RequestError(f"There is no action {action!r}; the actions are up, down and status.")
    print(actions[action](load_settings().home))


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="only tell what is stale")] = False,
) -> None:
    """Write the pages that are made from the code."""
    from jobs.documentation import pages, stale_pages

    stale = stale_pages(ROOT)
    if check:
        for name in stale:
            print(f"{name} is stale: run `python -m jobs docs`.")
        raise typer.Exit(1 if stale else 0)
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(pages()[name], encoding="utf-8")
        print(f"{name} written")


def refresh_missing(settings: Settings, store: Any) -> None:
    """Refresh what an exhaust reads and was never published: the first run of a new lake."""
    from jobs.refresh.plan import TABLES
    from jobs.storage.snapshots import latest

    with store.transaction() as connection:
        missing = [name for name in TABLES if latest(connection, name) is None]
    if missing:
        from jobs.refresh.job import run_refresh

        run_refresh(settings, store, tables=missing, due_only=False, clock=utc_now)


def main() -> None:
    configure_logging()
    try:
        app()
    except BatchError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
