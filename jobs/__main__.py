"""The command line: names to job functions, expected failures to exit codes."""

from __future__ import annotations

import sys

import typer

from jobs.commands import batches, exhausts, lake, links, upkeep
from jobs.errors import BatchError
from jobs.settings import load_settings
from jobs.storage.crash_points import arm
from jobs.terminal import configure_logging

app = typer.Typer(
    help="The batch side of a Sunbird LMS.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    lake.samples,
    lake.refresh,
    lake.query,
    exhausts.request,
    exhausts.requests,
    exhausts.exhaust,
    exhausts.deliver,
    exhausts.bounces,
    batches.batch_status,
    batches.drift,
    links.links,
    upkeep.doctor,
    upkeep.store,
    upkeep.docs,
):
    app.command(command.__name__.replace("_", "-"))(command)


def main() -> None:
    configure_logging()
    try:
        arm(load_settings().kill_at)
        app()
    except BatchError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
