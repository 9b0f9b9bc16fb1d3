"""Asking for files, answering and sending them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.commands.arguments import done, instant, utc_now
from jobs.commands.lake import refresh_missing
from jobs.errors import RequestError
from jobs.settings import load_settings
from jobs.terminal import print_table, told

Kind = Annotated[str, typer.Argument(help="progress-exhaust, userinfo-exhaust or response-exhaust")]


def request(
    kind: Kind,
    requested_by: Annotated[str, typer.Option(help="the user who asks")],
    batch: Annotated[list[str] | None, typer.Option(help="the batch; several: repeat it")] = None,
    search: Annotated[
        str | None, typer.Option(help="or a search for courses: Sunbird's searchFilter, as JSON")
    ] = None,
    channel: Annotated[str | None, typer.Option(help="the tenant asked for")] = None,
    tag: Annotated[str | None, typer.Option(help="the requester's name for it")] = None,
    key_file: Annotated[Path | None, typer.Option(help="file with the key of the archive")] = None,
    purpose: Annotated[str | None, typer.Option(help="what learners' details are for")] = None,
) -> None:
    """Ask for a file, as a portal does; prints the request id."""
    from jobs.exhausts.job import submit_request
    from jobs.storage.store import open_store

    settings = load_settings()
    key = read_key(key_file) if key_file else None
    with open_store(settings) as store:
        print(
            submit_request(
                settings,
                store,
                kind=kind,
                batch_ids=batch or [],
                search_filter=json_object(search) if search else None,
                requested_by=requested_by,
                channel=channel,
                tag=tag,
                key=key,
                purpose=purpose,
                now=utc_now(),
            )
        )


def read_key(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"The key file {file} cannot be read: {error}.") from None


def json_object(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise RequestError(f"--search {text!r} is not a JSON object.")
    return read


def requests() -> None:
    """List the requests with their times."""
    from jobs.exhausts.job import list_requests
    from jobs.storage.lateness import waited
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        print_table(list_requests(settings, store, now=utc_now()))
        with store.transaction() as connection:
            took = waited(connection)
    if took is not None:
        print(
            f"answers sent: {took.answers}; minutes from the asking to the mail:"
            f" p50 {took.p50:.1f}, p95 {took.p95:.1f}, max {took.longest:.1f}"
        )


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
                # A first refresh takes minutes: the signs of life must not begin that late.
                now=utc_now(),
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


def bounces() -> None:
    """Take in the messages that came back, from <home>/bounces/."""
    from jobs.delivery.bounces.job import run_bounces
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        outcomes = run_bounces(settings, store, utc_now())
    print(told(outcomes))
    done(outcomes.total())
