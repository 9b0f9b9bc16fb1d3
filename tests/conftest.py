"""What every test may use: one Spark session, one store, real servers at the rim."""

import hypothesis
import pytest

# The same examples each run; a machine that is busy is no reason to fail.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True)
hypothesis.settings.load_profile("project")

pytest_plugins = [
    "tests.spark_fixtures",
    "tests.store_fixtures",
    "tests.mail_fixtures",
    "tests.lake_fixtures",
    "tests.command_fixtures",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of two processes one has the Spark session of the run; a module stays in one of them."""
    for item in items:
        group = "spark" if "spark" in item.fixturenames else item.location[0]
        item.add_marker(pytest.mark.xdist_group(group))
