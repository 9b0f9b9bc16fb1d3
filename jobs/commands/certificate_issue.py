"""Missed certificates: found at night, decided by a person, issued."""

from __future__ import annotations

import getpass
import json
from typing import Annotated

import typer

from jobs.commands.arguments import done, instant, utc_now
from jobs.commands.certificates import certificate
from jobs.settings import load_settings
from jobs.terminal import print_table, told

AsOf = Annotated[str | None, typer.Option(help="ISO 8601 instant of the night; none: now")]
Batch = Annotated[str, typer.Option(help="the batch")]
Version = Annotated[str | None, typer.Option(help="the template's version, where it has several")]
Why = Annotated[str | None, typer.Option("--reason", help="why they were listed; none: any")]
Exclude = Annotated[list[str], typer.Option(help="a learner to leave out; may be repeated")]
Note = Annotated[str | None, typer.Option(help="why, in your words")]
By = Annotated[str | None, typer.Option(help="who decides; none: the login name")]


def missed_certificates(
    as_of: AsOf = None,
    step: Annotated[str, typer.Option(help="build, publish or all")] = "all",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="write and tell nothing")] = False,
) -> None:
    """Find who earned a certificate and has none, and tell the team."""
    from jobs.certificates.nightly.job import build
    from jobs.certificates.reporting.job import publish
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    if step not in ("all", "build", "publish"):
        raise typer.BadParameter(f"{step!r} is not build, publish or all", param_hint="--step")
    settings, now = load_settings(), utc_now()
    night = instant(as_of) if as_of else now
    with open_store(settings) as store:
        if step != "publish":
            staged = build(settings, store, as_of=night)
            print(f"without a certificate, by rule: {told(staged.tally) or 'none'}")
        if step == "build":
            print(f"staged: data as of {staged.data_as_of.isoformat()}")
            return
        objects = open_objects(settings)
        run = publish(settings, store, objects, as_of=night, now=now, dry_run=dry_run)
    for about in ("held", "failed", "problems"):
        if run.counts[about]:
            print(f"{about}: {told(run.counts[about])}")
    if run.report_key:
        print(f"list: {objects.place(run.report_key)}")
    print(f"result: {'would be: ' if dry_run else ''}{told(run.counts['by_state']) or 'all clear'}")


@certificate.command()
def ask(
    batch: Annotated[str | None, typer.Option(help="of one batch alone")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one line, for a scheduler")] = False,
) -> None:
    """List what waits for a decision, the oldest first."""
    from jobs.certificates.deciding.job import questions
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        found = questions(settings, store, now=utc_now(), batch_id=batch)
    if as_json:
        if found:
            print(f"return: {json.dumps(found)}")
        print(f"result: {len(found)} questions")
        done(len(found))
        return
    names = ("batch", "version", "reason", "subject")
    print_table([{name: one[name] for name in names} for one in found])


@certificate.command()
def approve(
    batch: Batch,
    version: Version = None,
    reason: Why = None,
    exclude: Exclude = [],  # noqa: B006 -- typer reads it, nobody changes it
    by: By = None,
    note: Note = None,
    issue_version: Annotated[
        str | None, typer.Option(help="another version to issue, such as one with a new signature")
    ] = None,
) -> None:
    """Approve what waits of a batch: the next issue makes the certificates."""
    decide_groups(
        "approved", batch, version, reason, exclude, by, note, issue_version=issue_version
    )


@certificate.command()
def reject(
    batch: Batch,
    version: Version = None,
    reason: Why = None,
    exclude: Exclude = [],  # noqa: B006 -- typer reads it, nobody changes it
    by: By = None,
    note: Note = None,
) -> None:
    """Reject what waits of a batch: it is not reported again unless its facts change."""
    decide_groups("rejected", batch, version, reason, exclude, by, note, issue_version=None)


def decide_groups(
    decision: str,
    batch: str,
    version: str | None,
    reason: str | None,
    exclude: list[str],
    by: str | None,
    note: str | None,
    *,
    issue_version: str | None,
) -> None:
    from jobs.certificates.deciding.job import decide_batch
    from jobs.contracts.missed_certificates import BY_COMMAND
    from jobs.storage.certificate_approvals import Decision
    from jobs.storage.store import open_store

    now = utc_now()
    decided = Decision(
        batch_id=batch, version_id="", reason="", decision=decision, excluded=exclude,
        seen_until=now, decided_by=by or getpass.getuser(), decided_in=BY_COMMAND, note=note,
        issue_version_id=issue_version,
    )  # fmt: skip
    with open_store(load_settings()) as store:
        count = decide_batch(store, decided, version_id=version, reason=reason, now=now)
    print(f"result: {count} {decision}")


@certificate.command()
def answer(
    question: Annotated[str, typer.Option(help="the question as `ask --json` gave it")],
    chosen: Annotated[str, typer.Option(help="Approve, Reject or Later")],
    by: Annotated[str, typer.Option(help="who answered")],
    exclude: Annotated[str, typer.Option(help="user ids to leave out")] = "",
    note: Annotated[str, typer.Option(help="why, in that person's words")] = "",
) -> None:
    """Keep what a person answered in Airflow."""
    from jobs.certificates.deciding.job import keep_answer
    from jobs.storage.store import open_store

    with open_store(load_settings()) as store:
        count = keep_answer(
            store, json.loads(question), chosen=chosen, by=by, exclude=exclude, note=note,
            now=utc_now(),
        )  # fmt: skip
    print("result: put off" if count is None else f"result: {count} {chosen}")
    done(count or 0)


@certificate.command()
def issue(
    user: Annotated[str, typer.Option(help="the learner")],
    batch: Batch,
    template: Annotated[str, typer.Option(help="the template")],
    reason: Annotated[str, typer.Option(help="why the learner is owed it")],
    completed_at: Annotated[
        str | None, typer.Option(help="ISO 8601; only where the platform has no completion date")
    ] = None,
    by: By = None,
) -> None:
    """Put one learner before the approver by name; issued once that is approved."""
    from jobs.certificates.asserting.job import assert_manually
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        version = assert_manually(
            settings, store, user_id=user, batch_id=batch, template_id=template, reason=reason,
            asked_by=by or getpass.getuser(),
            completed_at=instant(completed_at) if completed_at else None, now=utc_now(),
        )  # fmt: skip
    print(
        "result: it waits for an approval:"
        f" python -m jobs certificate approve --batch {batch} --version {version} --reason manual"
    )


@certificate.command(name="issue-approved")
def issue_approved() -> None:
    """Issue what is approved, and tell the platform and the learners."""
    from jobs.certificates.issuing.job import issue_approved as run
    from jobs.storage.objects import open_objects
    from jobs.storage.store import open_store

    settings = load_settings()
    with open_store(settings) as store:
        ended = run(settings, store, open_objects(settings), now=utc_now())
    if ended.refused:
        print(f"not issued: {told(ended.refused)}")
    if ended.untold:
        print(f"events that wait: {told(ended.untold)}")
    print(f"result: {ended.issued} issued")
    done(ended.issued + sum(ended.refused.values()))
