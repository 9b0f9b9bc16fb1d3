"""The page in a real browser: every panel, by keyboard, on a phone, in light and dark."""

import re

import pytest
from playwright.sync_api import expect

from tests.plugins.server import PASSWORD
from tools.airflow_home import ROOT

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

PANELS = [
    "Requests", "Batches", "Checks before publishing", "Missed certificates", "Mail",
    "Freshness of each table",
]  # fmt: skip
PLOTS = [
    "Download ratios", "QR code scans", "Content plays", "Completions",
    "Minutes from the request to the mail",
]  # fmt: skip
PAGES = ["/", "/trends", "/requests", "/requests/new", "/messages", "/tables",
         "/tables/usage_daily", "/run-books", "/run-books/refresh"]  # fmt: skip


def test_someone_signs_in_to_airflow_and_finds_the_page_in_its_menu(sunbird, chromium):
    page, _ = sunbird
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(page.url)
    tab.fill("input[name=username]", "viewer")
    tab.fill("input[name=password]", PASSWORD)
    tab.get_by_role("button", name="Sign in").click()

    tab.get_by_role("link", name="Sunbird Batch").first.click()

    inside = tab.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="Today", level=1)).to_be_visible(timeout=60_000)
    inside.get_by_role("link", name="Trends").click()
    expect(inside.get_by_role("heading", name="Trends", level=1)).to_be_visible(timeout=60_000)
    context.close()


def test_every_panel_of_today_and_every_plot_says_something(visit):
    today, trends = visit("/"), visit("/trends")

    for name in PANELS:
        panel = today.get_by_role("region", name=name, exact=True)
        expect(panel).to_be_visible()
    expect(today.get_by_role("region", name="Batches")).to_contain_text("running")
    freshness = today.get_by_role("region", name="Freshness of each table")
    expect(freshness).to_contain_text("group_activity")
    for name in PLOTS:
        expect(trends.get_by_role("region", name=name, exact=True)).to_be_visible()
    expect(trends.locator("svg.plot.half").first).to_be_visible()


@pytest.mark.parametrize("width", [380, 1280], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_reader_has_room_for(visit, width, scheme):
    tab = visit("/", width=width, color_scheme=scheme)
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    for path in PAGES:
        tab.goto(re.sub(r"/sunbird-batch/.*", f"/sunbird-batch{path}", tab.url))
        room = tab.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert (path, room) == (path, 0)
        assert tab.get_by_role("heading", level=1).count() == 1, path
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(visit, scheme):
    tab = visit("/", color_scheme=scheme)
    tones = tab.evaluate(
        "(() => { const s = getComputedStyle(document.documentElement);"
        " return Object.fromEntries(['ink', 'muted', 'blue', 'orange', 'card', 'paper', 'on-blue']"
        " .map((n) => [n, s.getPropertyValue('--' + n).trim()])); })()"
    )

    pairs = [(ink, behind) for ink in ("ink", "muted", "blue", "orange")
             for behind in ("card", "paper")] + [("on-blue", "blue")]  # fmt: skip
    too_close = {pair for pair in pairs if contrast(tones[pair[0]], tones[pair[1]]) < 4.5}
    assert too_close == set()


def contrast(one, other):
    """WCAG 2.2: 4.5 and more can be read by nearly everybody."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(tone):
    parts = [int(tone[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_plot_is_read_with_the_arrow_keys_as_its_table_says(visit):
    tab = visit("/trends")
    plot = tab.locator("[data-plot=scans]")
    rows = tab.locator("#scans-numbers tbody tr")
    day, found, nothing = rows.last.locator("th, td").all_text_contents()

    plot.focus()
    tab.keyboard.press("End")

    said = f"{day}: found something {found}, found nothing {nothing}"
    expect(tab.locator("#scans-readout")).to_have_text(said)
    assert plot.locator(".chosen").count() > 0


def test_the_keyboard_alone_reaches_the_content_and_then_everything(visit):
    tab = visit("/requests/new")
    tab.goto(tab.url.replace("/requests/new", "/messages"))

    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"


def test_pages_load_nothing_from_anywhere_else(sunbird, visit):
    page, _ = sunbird
    tab = visit("/tables")
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/trends", "/run-books/refresh"):
        tab.goto(f"{page.url}/sunbird-batch{path}")

    assert asked
    assert [url for url in asked if not url.startswith(f"{page.url}/sunbird-batch/")] == []


def test_the_run_books_are_those_of_the_project(visit):
    tab = visit("/run-books")

    shown = tab.locator(".tables dt").all_text_contents()
    books = sorted(path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md"))
    assert shown == books
