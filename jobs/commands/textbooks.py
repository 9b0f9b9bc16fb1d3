"""Textbooks: adopted by a state from their publisher, and what readers see of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.arguments import done, utc_now
from jobs.contracts.adoptions import MODES
from jobs.errors import RequestError
from jobs.settings import load_settings
from jobs.terminal import print_table, told

if TYPE_CHECKING:
    from jobs.textbooks.adoption.outcome import Outcome

textbooks = typer.Typer(
    help="Textbooks: who adopted which, and what readers see.", no_args_is_help=True
)

State = Annotated[str, typer.Option(help="the adopting tenant: its channel, state or state code")]
Adopter = Annotated[str, typer.Option(help="the user who adopts: a reviewer of the tenant")]
Board = Annotated[
    str | None, typer.Option(help="the board, where the tenant has several and the file names none")
]
DryRun = Annotated[bool, typer.Option("--dry-run/--no-dry-run", help="say it, and write nothing")]
SHOWN_ERRORS = 20


@textbooks.command()
def adopt(
    file: Annotated[Path, typer.Argument(help="CSV, UTF-8: do_id[,board,medium[,grade,...]]")],
    state: State,
    adopter: Adopter,
    mode: Annotated[
        str | None, typer.Option(help=f"{', '.join(MODES)}; none: as the header says")
    ] = None,
    board: Board = None,
    again: Annotated[
        bool, typer.Option("--again", help="once more, although the file was taken in before")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option(help="where to write the list of errors, as it is mailed")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Adopt the textbooks of a file; the answer goes to the adopter by mail."""
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store
    from jobs.textbooks.adoption.job import adopt as take_in
    from jobs.textbooks.adoption.order import Order
    from jobs.textbooks.adoption.papers import findings_file

    if mode is not None and mode not in MODES:
        raise RequestError(f"There is no mode {mode}; the modes are: {', '.join(MODES)}.")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RequestError(f"The file {file} cannot be read: {error.strerror}.") from None
    settings, now = load_settings(), utc_now()
    order = Order(file.name, data, state, adopter, mode, board, now.isoformat() if again else "")
    with open_store(settings) as store:
        outcome = take_in(settings, store, open_objects(settings), order, now=now, dry_run=dry_run)
    if errors is not None:
        errors.write_bytes(findings_file(file.name, outcome.findings))
    tell(outcome, dry_run=dry_run)


def tell(outcome: Outcome, *, dry_run: bool) -> None:
    """What came out; RequestError where the file was refused whole."""
    if outcome.refusal is not None:
        raise RequestError(
            f"The file was refused whole and nothing was changed: {outcome.refusal.code}"
            f" ({outcome.refusal.detail}). Correct it, or the adopter, and hand it over again."
        )
    for one in outcome.findings[:SHOWN_ERRORS]:
        where = f"row {one.row_number}, {one.field or 'the row'}"
        print(f"{one.severity}: {where}: {one.code}: {one.value!r}: {one.message}")
    if len(outcome.findings) > SHOWN_ERRORS:
        print(f"... and {len(outcome.findings) - SHOWN_ERRORS} more")
    if outcome.status == "known":
        print("The file was taken in before: nothing is done again. --again would.")
    print(f"result: {'would be: ' if dry_run else ''}{outcome.status}; {told(outcome.counts)}")


@textbooks.command()
def remove(
    textbook_ids: Annotated[list[str], typer.Argument(help="the textbooks' ids")],
    state: State,
    by: Annotated[str, typer.Option(help="the user who removes: a reviewer of the tenant")],
    board: Annotated[str | None, typer.Option(help="of this board alone")] = None,
    dry_run: DryRun = False,
) -> None:
    """End adoptions: the textbooks are no longer shown, and the history stays."""
    from jobs.storage.store import open_store
    from jobs.textbooks.removing.job import remove as end

    settings = load_settings()
    with open_store(settings) as store:
        removed = end(
            settings, store, textbook_ids, state=state, by=by, board=board, now=utc_now(),
            dry_run=dry_run,
        )  # fmt: skip
    print(f"result: {'would be: ' if dry_run else ''}{removed} removed")
    done(removed)


@textbooks.command()
def adoptions(
    state: Annotated[str | None, typer.Option(help="of one channel; none: of all")] = None,
    history: Annotated[bool, typer.Option("--history", help="ended ones too")] = False,
) -> None:
    """List what is adopted, by whom and as what."""
    from jobs.storage.adoptions import of_channel
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store, store.transaction() as connection:
        rows = [row for row in of_channel(connection, state) if history or row["is_current"]]
    names = ("textbook_id", "board", "mode", "mediums", "name", "valid_from", "valid_to")
    print_table([{name: row[name] for name in names} for row in rows])
    print(f"adoptions: {len(rows)}")


@textbooks.command()
def catalogue(
    board: Annotated[str | None, typer.Option(help="the reader's board")] = None,
    medium: Annotated[str | None, typer.Option(help="the reader's medium")] = None,
    grade: Annotated[str | None, typer.Option(help="the reader's grade")] = None,
    subject: Annotated[str | None, typer.Option(help="the subject looked for")] = None,
    page: Annotated[str | None, typer.Option(help="the tenant's page: its channel")] = None,
    limit: Annotated[int, typer.Option(help="the most that is listed")] = 100,
    refresh: Annotated[bool, typer.Option("--refresh", help="make it anew first")] = False,
) -> None:
    """List the textbooks that a reader sees, in the order of a tenant's page."""
    from jobs.storage.store import open_store
    from jobs.textbooks.catalogue.job import look, refresh_catalogue

    with open_store(load_settings()) as store:
        if refresh:
            print(f"result: {told(refresh_catalogue(store, now=utc_now()))}")
            return
        rows = look(
            store, board=board, medium=medium, grade=grade, subject=subject, page=page, limit=limit
        )
    names = ("textbook_id", "name", "board", "mediums", "grades", "subjects", "is_adopted")
    print_table([{name: row[name] for name in names} for row in rows])
    print(f"textbooks: {len(rows)}")


@textbooks.command("take-in")
def take_in_inbox(
    file: Annotated[
        str, typer.Option(help="one file of the inbox, <channel>/<user id>/<name>.csv; none: all")
    ] = "",
    mode: Annotated[str, typer.Option(help=f"{', '.join(MODES)}; none: as the header says")] = "",
    board: Annotated[str, typer.Option(help="for a file that names none")] = "",
    dry_run: DryRun = False,
) -> None:
    """Take in the adoption files that wait in the inbox, each on its own."""
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store
    from jobs.textbooks.inbox.job import take_in

    settings = load_settings()
    with open_store(settings) as store:
        counts = take_in(
            settings, store, open_objects(settings), file or None, mode=mode or None,
            board=board or None, now=utc_now(), dry_run=dry_run,
        )  # fmt: skip
    if counts:
        print(f"result: {'would be: ' if dry_run else ''}{told(counts)}")
    done(sum(counts.values()))
