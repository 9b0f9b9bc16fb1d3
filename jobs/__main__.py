"""The command line: names to job functions, expected failures to exit codes."""

from __future__ import annotations

import os
import sys

import typer

from jobs.commands import (
    alerts,
    batches,
    certificate_form,
    certificate_issue,
    certificate_papers,
    certificates,
    deliveries,
    enrolments,
    exhausts,
    issuers,
    lake,
    links,
    page,
    policies,
    privacy,
    scores,
    summaries,
    textbook_reports,
    textbooks,
    upkeep,
    usage,
    usage_events,
    usage_weekly,
)
from jobs.errors import BatchError
from jobs.lineage.sending import told
from jobs.settings import load_settings, without_effect
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
    alerts.alert,
    batches.batch_status,
    batches.drift,
    certificate_issue.missed_certificates,
    summaries.collection_summary,
    summaries.group_activity,
    links.links,
    privacy.retention,
    upkeep.doctor,
    upkeep.class_archive,
    upkeep.store,
    upkeep.docs,
):
    app.command(command.__name__.replace("_", "-"))(command)
app.add_typer(policies.policy, name="policy")
app.add_typer(deliveries.deliveries, name="deliveries")
app.add_typer(page.page, name="page")
app.add_typer(enrolments.enrolments, name="enrolments")
app.add_typer(scores.scores, name="scores")
app.add_typer(privacy.privacy, name="privacy")
app.add_typer(privacy.audit, name="audit")
textbooks.textbooks.command()(textbook_reports.reports)
app.add_typer(textbooks.textbooks, name="textbooks")
usage.usage.command("events")(usage_events.events)
usage.usage.command("weekly")(usage_weekly.weekly)
app.add_typer(usage.usage, name="usage")
certificates.certificate.add_typer(issuers.issuer, name="issuer")
certificates.certificate.command("form", hidden=True)(certificate_form.form)
for paper in (certificate_papers.verify, certificate_papers.keys):
    certificates.certificate.command(paper.__name__)(paper)
app.add_typer(certificates.certificate, name="certificate")


def command_name(arguments: list[str]) -> str:
    """The words that name a command, without what is asked of it."""
    command, words = typer.main.get_command(app), list[str]()
    for argument in arguments:
        below = getattr(command, "commands", {})
        if argument not in below:
            break
        command = below[argument]
        words.append(argument)
    return " ".join(words)


def main() -> None:
    configure_logging()
    try:
        settings = load_settings()
        for sentence in without_effect(os.environ):
            sys.stderr.write(f"warning: {sentence}\n")
        arm(settings.kill_at)
        with told(settings, command_name(sys.argv[1:])):
            app()
    except BatchError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
