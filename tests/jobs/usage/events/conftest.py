"""A platform's telemetry for the tests of its events."""

import pytest

from tests.jobs.usage.events.telemetry_platform import Platform


@pytest.fixture
def platform(spark, store, tmp_path):
    """A home with telemetry, on the tests' own Spark session and a fresh store."""
    return Platform(spark, store, tmp_path / "home")
