"""A small Sunbird with the page beside it, and a real browser that looks at it."""

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from jobs.settings import PREFIX
from jobs.storage import postgres
from tests.plugins.server import served
from tests.store_fixtures import opened
from tools.pictures import PicturesError, browser_path


@pytest.fixture(scope="session")
def sunbird(run_command):
    """A small Sunbird with a day of usage, and the page beside it."""
    root = Path(tempfile.mkdtemp(prefix="page-in-browser-"))
    # The account that runs the server for root must reach its folder.
    root.chmod(0o755)
    home = root / "var"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    environment |= {f"{PREFIX}HOME": str(home)}
    try:
        with postgres.using(home, durable=False) as url:
            fill(run_command, environment)
            store = opened(url, home)
            with served(home, store, {}) as page:
                page.environment = environment
                yield page, store
    finally:
        postgres.destroy(home)
        shutil.rmtree(root)


def fill(run_command, environment):
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    for command in (
        ["samples", "--learners", "300"],
        ["refresh"],
        ["batch-status"],
        ["usage", "--day", yesterday],
        ["collection-summary"],
    ):
        ended = run_command(environment, *command)
        assert ended.returncode == 0, ended.stderr[-2000:]


@pytest.fixture(scope="session")
def chromium():
    try:
        program = browser_path()
    except PicturesError as error:
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visit(sunbird, chromium):
    """visit(path, who, width=...) -> the page as that user sees it; nothing else is loaded."""
    page, _ = sunbird
    contexts = []

    def opened_page(path, who="user", *, width=1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.add_cookies([{"name": "_token", "value": page.tokens[who], "url": page.url}])
        tab = context.new_page()
        tab.goto(f"{page.url}/sunbird-batch{path}")
        return tab

    yield opened_page
    for context in contexts:
        context.close()
