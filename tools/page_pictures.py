"""Pictures of the page Sunbird Batch in Airflow, as its readers see it at a desk and on a phone."""

from pathlib import Path
from typing import Any

from jobs.samples import batches
from tools.local_airflow import LocalAirflow

DESK, PHONE = (1200, 800), (390, 800)
FORM = f"/requests/new/{batches.BIG.batch_id}"
# The picture's name, its address, the window, and light or dark.
PICTURES = (
    ("page-today", "/", DESK, "light"),
    ("page-today-phone", "/", PHONE, "dark"),
    ("page-trends", "/trends", DESK, "light"),
    ("page-trends-phone", "/trends", PHONE, "dark"),
    ("page-form", FORM, (760, 800), "light"),
    ("page-requests", "/requests", DESK, "light"),
    ("page-tables", "/tables/usage_daily", DESK, "light"),
)
# A picture of a whole phone page is a ribbon that nobody looks at.
TALLEST = 1900


def picture_pages(browser: Any, airflow: LocalAirflow, folder: Path) -> list[Path]:
    """The files that were written."""
    written = []
    token = airflow.api.sign_in()
    for name, path, (width, height), scheme in PICTURES:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        context.add_cookies([{"name": "_token", "value": token, "url": airflow.url}])
        page = context.new_page()
        page.goto(f"{airflow.url}/sunbird-batch{path}")
        tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        written.append(folder / f"{name}.png")
        page.set_viewport_size({"width": width, "height": tall})
        page.screenshot(path=written[-1])
        context.close()
    written.append(folder / "page-in-airflow.png")
    in_airflow(browser, airflow, token, written[-1])
    return written


def in_airflow(browser: Any, airflow: LocalAirflow, token: str, target: Path) -> None:
    """The page inside Airflow's own frame."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "_token", "value": token, "url": airflow.url}])
    page = context.new_page()
    page.goto(f"{airflow.url}/plugin/sunbird-batch")
    page.frame_locator("iframe").get_by_role("heading", name="Today").wait_for(timeout=60_000)
    page.screenshot(path=target)
    context.close()
