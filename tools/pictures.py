"""`make pictures`: the demo's mails and the page of its DAG, as a reader sees them.

Needs a Chromium on this machine; playwright from the requirements drives it.
"""

import base64
import os
import shutil
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image

from jobs.errors import BatchError
from jobs.settings import load_settings
from tools.airflow_api import AirflowApiError
from tools.airflow_home import ROOT
from tools.demo_report import new_mails
from tools.local_airflow import LocalAirflow, local_airflow
from tools.progress import Progress, ends_cleanly
from tools.running import LocalAirflowError

PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAIL_WIDTH = 760
DAG_SIZE = (1440, 860)
COLOURS = 256
DAG_ID = "progress_exhaust"


class PicturesError(Exception):
    """A picture cannot be made; the sentence says what is missing."""


def browser_path() -> str:
    tried = [os.environ.get("SUNBIRD_BATCH_CHROMIUM") or "/usr/bin/chromium", *BROWSERS]
    for name in tried:
        if found := shutil.which(name):
            return found
    raise PicturesError(
        f"Pictures need Chromium, and none was found as {', '.join(tried)}. Install one (Debian:"
        " apt-get install chromium), or set SUNBIRD_BATCH_CHROMIUM to its path."
    )


def last_mails(mailbox: Path, count: int = 3) -> list[EmailMessage]:
    """The newest messages, oldest of them first."""
    paths = new_mails(mailbox, datetime.min.replace(tzinfo=UTC))[-count:]
    if not paths:
        raise PicturesError(f"There is no mail in {mailbox}: run `make demo` first.")
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def page_of(message: EmailMessage) -> str:
    """The HTML part, with the pictures that it names by Content-ID put in its text."""
    body = message.get_body(preferencelist=("html",))
    if body is None:
        raise PicturesError(f"The mail {message['Subject']!r} has no HTML part.")
    html: str = body.get_content()
    for part in message.walk():
        name = (part["Content-ID"] or "").strip("<> ")
        if name:
            data = base64.b64encode(bytes(part.get_payload(decode=True))).decode()
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return html


def picture_name(message: EmailMessage) -> str:
    """By what it brings, since the order in which mails are sent says nothing."""
    count = len(list(message.iter_attachments()))
    return f"mail-with-{count}-file{'' if count == 1 else 's'}.png"


def shrink(picture: Path) -> None:
    """256 colours do for pages of text, and take a third of the room."""
    with Image.open(picture) as whole:
        few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def picture_mails(browser: Any, mailbox: Path, progress: Progress) -> None:
    page = browser.new_page(viewport={"width": MAIL_WIDTH, "height": 400})
    # A mail that fetched anything would tell its sender who reads it.
    page.route("**/*", lambda route: route.abort())
    for message in last_mails(mailbox):
        page.set_content(page_of(message))
        target = PICTURES / picture_name(message)
        page.screenshot(path=target, full_page=True)
        shrink(target)
        progress.say(f"{target.relative_to(ROOT)}: {message['Subject']}")
    page.close()


def picture_dag(browser: Any, airflow: LocalAirflow, progress: Progress) -> None:
    """The DAG's page, and its last run that had something to do."""
    run_id = last_full_run(airflow)
    width, height = DAG_SIZE
    context = browser.new_context(viewport={"width": width, "height": height})
    token = airflow.api.sign_in()
    context.add_cookies([{"name": "_token", "value": token, "url": airflow.url}])
    page = context.new_page()
    for name, path in (
        ("dag", f"/dags/{DAG_ID}"),
        ("dag-run", f"/dags/{DAG_ID}/runs/{quote(run_id, safe='')}"),
    ):
        page.goto(airflow.url + path)
        page.get_by_text("check", exact=True).first.wait_for(timeout=60_000)
        page.wait_for_load_state("networkidle")
        target = PICTURES / f"{name}.png"
        page.screenshot(path=target)
        shrink(target)
        progress.say(f"{target.relative_to(ROOT)}")
    context.close()


def last_full_run(airflow: LocalAirflow) -> str:
    path = f"/api/v2/dags/{DAG_ID}/dagRuns?order_by=-run_after&state=success&limit=50"
    for run in airflow.api.request("GET", path)["dag_runs"]:
        states = airflow.api.task_states(DAG_ID, run["dag_run_id"]).values()
        if {state for state, _ in states} == {"success"}:
            return str(run["dag_run_id"])
    raise PicturesError(f"{DAG_ID} has no run that answered a request: run `make demo` first.")


def make_pictures() -> None:
    program = browser_path()
    from playwright.sync_api import sync_playwright

    progress = Progress()
    home = load_settings().home
    mailbox = load_settings().mailbox
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start as root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            picture_mails(browser, mailbox, progress)
            with local_airflow(home, progress, runs_schedules=False) as airflow:
                airflow.wait_until_ready(progress)
                picture_dag(browser, airflow, progress)
        finally:
            browser.close()


def main() -> int:
    ends_cleanly()
    try:
        make_pictures()
    except KeyboardInterrupt:
        return 130
    except (PicturesError, LocalAirflowError, AirflowApiError, BatchError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
