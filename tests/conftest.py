"""What every test may use: one Spark session, one store, real servers at the rim."""

import sys

import hypothesis
import pytest

# The processes of pytest-xdist are started by `python -c`, where Spark Connect, which
# great-expectations imports, takes itself for a test of its own and ends.
sys.modules["__main__"].__dict__.setdefault("__file__", pytest.__file__)

# The same examples each run; a machine that is busy is no reason to fail.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True)
hypothesis.settings.load_profile("project")

pytest_plugins = [
    "tests.spark_fixtures",
    "tests.store_fixtures",
    "tests.mail_fixtures",
    "tests.lake_fixtures",
    "tests.command_fixtures",
    "tests.lineage_fixtures",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of two processes one has the Spark session of the run; a module stays in one of them."""
    with_spark = {item.location[0] for item in items if "spark" in item.fixturenames}
    for item in items:
        module = item.location[0]
        group = "spark" if module in with_spark else module
        # These share one small Sunbird, refreshed once.
        is_end_to_end = module.startswith("tests/end_to_end/")
        item.add_marker(pytest.mark.xdist_group("end to end" if is_end_to_end else group))
