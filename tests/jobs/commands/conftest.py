"""Commands on a store of the test's own."""

import os

import pytest

from jobs.settings import PREFIX


@pytest.fixture
def typed(store, jobs, tmp_path, monkeypatch):
    """typed("query", "SELECT 1", smtp_host=...) -> Ended."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    places = {
        "home": tmp_path / "home", "store_url": store.url, "analyst_store_url": store.analyst_url,
        "operator_store_url": store.operator_url,
    }  # fmt: skip
    return lambda *arguments, **settings: jobs(*arguments, **(places | settings))
