"""`make demo`: mentors ask, a real Airflow works, mails arrive; then says what came out."""

import contextlib
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from psycopg import sql
from psycopg.types.json import Jsonb

from jobs.errors import BatchError
from jobs.samples.requests import SAMPLE_REQUESTS
from jobs.settings import Settings, load_settings
from jobs.sources.cipher import encrypt
from jobs.storage.store import Store, open_store
from tools.airflow_api import AirflowApiError
from tools.airflow_home import ROOT
from tools.demo_certificates import approve, set_up
from tools.demo_report import report
from tools.demo_textbooks import adopt_earlier, hand_over
from tools.follow import RunFailedError, Step, follow_all
from tools.local_airflow import local_airflow
from tools.progress import Progress, ends_cleanly
from tools.running import LocalAirflowError


class DemoError(Exception):
    """A step of the demo failed; the sentence says which and where to look."""


def run_demo(settings: Settings) -> bool:
    """Whether every request was answered and its answer sent."""
    progress = Progress()
    began = datetime.now(UTC)
    set_up()
    progress.say(f"Everything of the demo is in {settings.home}; a small Sunbird is made")
    with (
        samples(settings) as made,
        # Nothing runs by the clock: the demo itself starts each DAG when what it reads is there.
        local_airflow(settings.home, progress, runs_schedules=False) as airflow,
    ):
        progress.say("Airflow: starts")
        progress.say(f"Samples: {made()}")
        # Read again: the samples brought the key of their users.
        settings = load_settings()
        with open_store(settings) as store:
            asked = ask(settings, store)
            progress.say(f"Portal: {len(asked)} requests are in the table job_request")
            airflow.wait_until_ready(progress)
            progress.say("Airflow: ready")
            follow_all(airflow, steps(settings, store, progress), progress)
            text, is_complete = report(settings, store, list(asked), since=began)
    progress.say("Airflow is stopped again")
    print(text)
    return is_complete


def steps(settings: Settings, store: Store, progress: Progress) -> list[Step]:
    """Every DAG once, each as soon as what it reads is there; mails go out at the end."""
    refreshed = ("refresh",)
    before = [
        Step("batch_status"),
        Step("refresh"),
        Step("progress_exhaust", refreshed),
        Step("userinfo_exhaust", refreshed),
        Step("response_exhaust", refreshed),
        Step("certificate_watch", refreshed),
        Step(
            "textbook_adoption",
            refreshed,
            hand_over(settings),
            lambda: adopt_earlier(settings, store, progress),
        ),
        Step("missed_certificates", ("certificate_watch",)),
        Step("usage_metrics", ("textbook_adoption",)),
        Step("collection_summary", refreshed),
        Step("group_activity", refreshed),
        Step("textbook_reports", ("usage_metrics",)),
        Step("usage_weekly", ("usage_metrics",)),
        Step("certificate_issue", ("missed_certificates",), None, lambda: approve(store, progress)),
    ]
    return [*before, Step("delivery", tuple(step.dag_id for step in before))]


@contextlib.contextmanager
def samples(settings: Settings) -> Iterator[Callable[[], str]]:
    """The small Sunbird being made meanwhile; the call waits for it, and says what there is."""
    if (settings.lake / "MADE_BY_SAMPLES").is_file() and (settings.lake / "users").is_dir():
        yield lambda: "the small Sunbird is there already"
        return
    command = [sys.executable, "-m", "jobs", "samples"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as making:

        def made() -> str:
            said, complained = making.communicate()
            if making.returncode:
                raise DemoError(f"The samples could not be made:\n{complained[-2000:]}")
            return said.strip()

        try:
            yield made
        finally:
            making.kill()


def ask(settings: Settings, store: Store) -> dict[str, str]:
    """Request id to what it shows; written as a portal writes, with a portal's rights."""
    now = datetime.now(UTC)
    asked = {}
    insert = sql.SQL(
        "INSERT INTO public.{} (tag, request_id, job_id, status, request_data, requested_by,"
        " requested_channel, dt_job_submitted, iteration, encryption_key)"
        " VALUES (%s, %s, %s, 'SUBMITTED', %s, %s, %s, %s, 0, %s)"
    ).format(sql.Identifier(settings.job_request_table))
    with store.transaction() as connection:
        connection.execute("SET LOCAL ROLE portal")
        for sample in SAMPLE_REQUESTS:
            request_id = uuid.uuid4().hex.upper()
            asked[request_id] = sample.about
            connection.execute(
                insert,
                [
                    f"{sample.tag}-{now:%Y%m%d-%H%M%S}:{sample.channel}",
                    request_id,
                    sample.job_id,
                    Jsonb(sample.request_data),
                    sample.user_id,
                    sample.channel,
                    now,
                    protected(settings, sample.encryption_key),
                ],
            )
    return asked


def protected(settings: Settings, key: str | None) -> str | None:
    """The archive's key as a portal stores it: never in clear."""
    if key is None:
        return None
    if settings.platform_key is None or settings.platform_salt is None:
        raise DemoError(
            "A request with a key needs the platform's key and salt, and there are none in"
            f" {settings.home / 'secrets'}: remove {settings.lake} and start again."
        )
    return encrypt(
        key,
        key=settings.platform_key.get_secret_value(),
        salt=settings.platform_salt.get_secret_value(),
    )


def main() -> int:
    ends_cleanly()
    home: Path | None = None
    try:
        settings = load_settings()
        home = settings.home
        return 0 if run_demo(settings) else 1
    except KeyboardInterrupt:
        print("\nThe demo was stopped; nothing of it runs any more.", file=sys.stderr)
        return 130
    except (DemoError, RunFailedError, LocalAirflowError, AirflowApiError, BatchError) as error:
        print(f"\nThe demo failed. {error}", file=sys.stderr)
        if home is not None:
            print(f"Logs: {home / 'airflow' / 'logs'}. Nothing runs any more.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
