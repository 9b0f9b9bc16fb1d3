"""A search index and a content service that answer over real HTTP."""

import pytest

from tests.jobs.batches import lms_server


@pytest.fixture
def search():
    with lms_server.running() as server:
        yield server


@pytest.fixture
def content():
    with lms_server.running() as server:
        yield server
