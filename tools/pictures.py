"""`make pictures`: the mails of the demo, a certificate, its DAG and the page in Airflow.

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

import pypdfium2
from PIL import Image

from jobs.errors import BatchError
from jobs.samples.requests import SAMPLE_REQUESTS
from jobs.settings import load_settings
from tools.airflow_api import AirflowApiError
from tools.airflow_home import ROOT
from tools.demo_report import new_mails
from tools.local_airflow import LocalAirflow, local_airflow
from tools.page_pictures import picture_pages
from tools.progress import Progress, ends_cleanly
from tools.running import LocalAirflowError

PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAIL_WIDTH = 760
# An answer to each request, and the night's report of missed certificates.
MAILS = len(SAMPLE_REQUESTS) + 1
# By how the name of the first attached file begins.
OF_FILES = {
    "userinfo": "mail-of-learner-details.png",
    "response": "mail-of-answers.png",
    "missed-certificates": "mail-of-missed-certificates.png",
}
PAPER_DOTS_PER_INCH = 100
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


def last_mails(mailbox: Path, count: int = MAILS) -> list[EmailMessage]:
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
    names = sorted(part.get_filename() or "" for part in message.iter_attachments())
    for beginning, picture in OF_FILES.items():
        if names and names[0].startswith(beginning):
            return picture
    count = len(names)
    return f"mail-with-{count}-file{'' if count == 1 else 's'}.png"


def one_of_each(messages: list[EmailMessage]) -> list[EmailMessage]:
    """One message for each picture: of two that are refused, always the same one."""
    by_subject = sorted(messages, key=lambda message: str(message["Subject"]))
    return list({picture_name(message): message for message in by_subject}.values())


def shrink(picture: Path) -> None:
    """256 colours do for pages of text, and take a third of the room."""
    with Image.open(picture) as whole:
        few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def picture_mails(browser: Any, mailbox: Path, progress: Progress) -> None:
    page = browser.new_page(viewport={"width": MAIL_WIDTH, "height": 400})
    # A mail that fetched anything would tell its sender who reads it.
    page.route("**/*", lambda route: route.abort())
    for message in one_of_each(last_mails(mailbox)):
        page.set_content(page_of(message))
        target = PICTURES / picture_name(message)
        page.screenshot(path=target, full_page=True)
        shrink(target)
        progress.say(f"{target.relative_to(ROOT)}: {message['Subject']}")
    page.close()


def picture_certificate(objects: Path, progress: Progress) -> None:
    papers = sorted(objects.glob("certificates/*/*.pdf"))
    if not papers:
        raise PicturesError(f"There is no certificate in {objects}: run `make demo` first.")
    target = PICTURES / "certificate.png"
    with pypdfium2.PdfDocument(papers[0]) as document:
        document[0].render(scale=PAPER_DOTS_PER_INCH / 72).to_pil().save(target)
    shrink(target)
    progress.say(f"{target.relative_to(ROOT)}")


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
    objects = load_settings().objects
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start as root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            picture_mails(browser, mailbox, progress)
            picture_certificate(objects, progress)
            with local_airflow(home, progress, runs_schedules=False) as airflow:
                airflow.wait_until_ready(progress)
                picture_dag(browser, airflow, progress)
                for target in picture_pages(browser, airflow, PICTURES):
                    shrink(target)
                    progress.say(f"{target.relative_to(ROOT)}")
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
